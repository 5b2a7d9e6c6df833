package io.ringline.router.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.TestRecords;
import io.ringline.router.record.EventRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;

/** What a channel's memory is to Agrona: its own class reads what we wrote, and we read what it wrote. */
class ChannelInteropTest {
    private static final int BYTES = 16_384;
    private static final int STEPS = 50_000;

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Channel channel = new Channel(Integer.MAX_VALUE, BYTES, 4_000, new ChannelMemory(0));
    private final ChannelWriter writer = new ChannelWriter(List.of(channel));
    private final OneToOneRingBuffer ring = channel.ring();
    private final Deque<EventRecord> model = new ArrayDeque<>();
    private final TestReader reader = new TestReader(channel, this::matchesTheOldest);
    private long next = 1;
    private int refused;

    private boolean matchesTheOldest(final EventRecord record) {
        final EventRecord expected = model.remove();
        assertThat(record.length()).as("seed %d", seed).isEqualTo(expected.length());
        assertThat(record.globalSequence()).as("seed %d", seed).isEqualTo(expected.globalSequence());
        assertThat(record.payload()).as("seed %d", seed).isEqualTo(expected.payload());
        return true;
    }

    private void write(final boolean ours) {
        final int most = ring.maxMsgLength() - EventRecord.HEADER_BYTES - 1; // an eighth of the ring is Agrona's most
        final EventRecord record = TestRecords.event("s", next, random.nextInt(most));
        final boolean taken = ours
                ? writer.offer(0, record.buffer(), 0, record.length())
                : ring.write(Channel.RECORD_TYPE, record.buffer(), 0, record.length());
        if (taken) {
            model.add(record);
            next++;
        } else {
            refused++;
        }
    }

    private void read(final boolean ours) {
        final int limit = 1 + random.nextInt(8);
        if (ours) {
            reader.poll(limit);
        } else {
            ring.read(
                    (type, buffer, index, length) -> {
                        assertThat(type).as("seed %d", seed).isEqualTo(Channel.RECORD_TYPE);
                        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
                        buffer.getBytes(index, copy, 0, length);
                        assertThat(matchesTheOldest(new EventRecord().wrap(copy, 0)))
                                .isTrue();
                    },
                    limit);
        }
    }

    private void run(final int oursWriteOf4, final int oursReadOf4) {
        for (int step = 0; step < STEPS; step++) {
            if (random.nextBoolean()) {
                write(random.nextInt(4) < oursWriteOf4);
            } else if (random.nextInt(4) != 0) { // fewer reads than writes, so that it gets full
                read(random.nextInt(4) < oursReadOf4);
            }
        }
        while (!model.isEmpty()) {
            final int before = model.size();
            read(oursReadOf4 > 0);
            read(oursReadOf4 > 0); // Agrona's stops where the memory ends
            assertThat(model.size()).as("seed %d", seed).isLessThan(before);
        }
        assertThat(ring.size()).as("seed %d", seed).isZero();
        assertThat(channel.isEmpty()).as("seed %d", seed).isTrue();
        assertThat(refused).as("seed %d: full rings were met", seed).isPositive();
    }

    @Test
    void agronaReadsWhatWeWrote() {
        System.out.println("ChannelInteropTest seed " + seed);
        run(4, 0);
    }

    @Test
    void weReadWhatAgronaWrote() {
        System.out.println("ChannelInteropTest seed " + seed);
        run(0, 4);
    }

    @Test
    void bothWriteAndReadByTurns() {
        System.out.println("ChannelInteropTest seed " + seed);
        run(2, 2);
    }
}
