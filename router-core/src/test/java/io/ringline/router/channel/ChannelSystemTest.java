package io.ringline.router.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** One thread offers, another reads: each record comes once, whole, in order. */
class ChannelSystemTest {
    private static final int RECORDS = 1_000_000;
    private static final int MAX_WORDS = 240;
    private static final int MAX_RECORD = EventRecord.HEADER_BYTES + MAX_WORDS * Long.BYTES;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final long deadline = System.nanoTime() + LIMIT_NS;

    private static long word(final long sequence, final int index) {
        return (sequence * 1_000 + index) * 0x9E37_79B9_7F4A_7C15L;
    }

    private void offerAll(final ChannelWriter writer) {
        final Random random = new Random(seed);
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[MAX_RECORD]);
        final EventRecord record = new EventRecord().wrap(memory, 0);
        for (long sequence = 1; sequence <= RECORDS; sequence++) {
            final int words = random.nextInt(16) == 0 ? random.nextInt(MAX_WORDS + 1) : random.nextInt(8);
            final int length = record.init(RecordType.EVENT, 0, 0, 0, 0, words * Long.BYTES);
            record.globalSequence(sequence);
            for (int i = 0; i < words; i++) {
                memory.putLong(record.payloadOffset() + i * Long.BYTES, word(sequence, i));
            }
            while (!writer.offer(0, memory, 0, length)) {
                assertThat(System.nanoTime()).as("seed %d: stuck", seed).isLessThan(deadline);
                Thread.yield();
            }
        }
    }

    /** Checks each record, and now and then leaves one at the head first. */
    private final class Checker {
        private final Random sizes = new Random(seed);
        private final Random random = new Random(seed + 1);
        private long expected = 1;
        private boolean leftBefore;

        boolean onRecord(final EventRecord record) {
            if (!leftBefore && random.nextInt(64) == 0) {
                leftBefore = true;
                return false;
            }
            leftBefore = false;
            final int words = sizes.nextInt(16) == 0 ? sizes.nextInt(MAX_WORDS + 1) : sizes.nextInt(8);
            boolean right = record.globalSequence() == expected && record.payloadLength() == words * Long.BYTES;
            for (int i = 0; right && i < words; i++) {
                right = record.buffer().getLong(record.payloadOffset() + i * Long.BYTES) == word(expected, i);
            }
            assertThat(right)
                    .as("seed %d: record %d is %s", seed, expected, record)
                    .isTrue();
            expected++;
            return true;
        }
    }

    private void run(final int capacityEvents, final int capacityBytes) throws Exception {
        System.out.println("ChannelSystemTest seed " + seed);
        final Channel channel =
                new Channel(capacityEvents, capacityBytes, MAX_RECORD, new ChannelMemory(Channel.bytes(capacityBytes)));
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final CompletableFuture<Void> offering = CompletableFuture.runAsync(() -> offerAll(writer));
        final Checker checker = new Checker();
        final TestReader reader = new TestReader(channel, checker::onRecord);
        while (checker.expected <= RECORDS && System.nanoTime() < deadline) {
            if (reader.poll(1 + (int) (checker.expected & 63)) == 0) {
                assertThat(offering).as("seed %d", seed).isNotCompletedExceptionally();
                Thread.yield();
            }
        }
        offering.get(1, TimeUnit.SECONDS);
        assertThat(checker.expected).as("seed %d", seed).isEqualTo(RECORDS + 1L);
        assertThat(reader.poll(1)).as("seed %d", seed).isZero();
        assertThat(channel.isEmpty()).as("seed %d", seed).isTrue();
        assertThat(channel.offered()).isEqualTo(RECORDS);
        assertThat(channel.consumed()).isEqualTo(RECORDS);
    }

    @Test
    void recordsComeOnceAndWholeAndInOrderWhereBytesAreTheBound() throws Exception {
        run(1_000_000, Channel.minCapacityBytes(MAX_RECORD));
    }

    @Test
    void recordsComeOnceAndWholeAndInOrderWhereEventsAreTheBound() throws Exception {
        run(7, 65_536);
    }
}
