package io.ringline.router.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.TestRecords;
import io.ringline.router.record.EventRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private static final int MAX_RECORD = 16_000;

    private static boolean offer(final Channel channel, final EventRecord record) {
        return channel.offer(record.buffer(), record.offset(), record.length());
    }

    @Test
    void isBoundedInEvents() {
        final Channel channel = new Channel(3, 65_536, MAX_RECORD);
        for (int i = 1; i <= 3; i++) {
            assertThat(offer(channel, TestRecords.event("a", i, 10))).isTrue();
        }
        assertThat(offer(channel, TestRecords.event("a", 4, 10))).isFalse();
        final ChannelReader reader = new ChannelReader(channel, MAX_RECORD, record -> true);
        assertThat(reader.read(1)).isEqualTo(1);
        assertThat(offer(channel, TestRecords.event("a", 4, 10))).isTrue();
        assertThat(offer(channel, TestRecords.event("a", 5, 10))).isFalse();
        assertThat(channel.offered()).isEqualTo(4);
        assertThat(channel.consumed()).isEqualTo(1);
    }

    @Test
    void aRecordThatIsLeftStaysAtTheHead() {
        final Channel channel = new Channel(10, 65_536, MAX_RECORD);
        offer(channel, TestRecords.event("a", 1, 10));
        offer(channel, TestRecords.event("a", 2, 12_000));
        final List<Long> seen = new ArrayList<>();
        final boolean[] take = {true, false, false, true};
        final ChannelReader reader = new ChannelReader(channel, MAX_RECORD, record -> {
            seen.add(record.globalSequence());
            return take[seen.size() - 1];
        });
        assertThat(reader.read(10)).isEqualTo(1);
        assertThat(channel.isEmpty()).isFalse();
        assertThat(reader.read(10)).isZero();
        assertThat(reader.read(10)).isEqualTo(1);
        assertThat(seen).containsExactly(1L, 2L, 2L, 2L);
        assertThat(channel.isEmpty()).isTrue();
    }

    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> new Channel(0, 65_536, 100)).hasMessageContaining("channelCapacity");
        assertThatThrownBy(() -> new Channel(1, 65_535, 100)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> new Channel(1, 16_384, 10_000)).hasMessageContaining("32768");
    }

    @Test
    void agreesWithAQueueOnRandomRecordsAndReads() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Channel channel = new Channel(50, 32_768, MAX_RECORD);
        final Deque<EventRecord> model = new ArrayDeque<>();
        final ChannelReader reader = new ChannelReader(channel, MAX_RECORD, record -> {
            if (random.nextInt(10) == 0) {
                return false;
            }
            final EventRecord expected = model.remove();
            assertThat(record.globalSequence()).as("seed %d", seed).isEqualTo(expected.globalSequence());
            assertThat(record.payload()).as("seed %d", seed).isEqualTo(expected.payload());
            return true;
        });
        long next = 1;
        int refused = 0;
        for (int step = 0; step < 50_000; step++) {
            if (random.nextBoolean()) {
                final int size = random.nextInt(20) == 0 ? random.nextInt(MAX_RECORD - 70) : random.nextInt(200);
                final EventRecord record = TestRecords.event("s", next, size);
                if (offer(channel, record)) {
                    model.add(record);
                    next++;
                } else {
                    refused++;
                }
            } else {
                reader.read(1 + random.nextInt(5));
            }
            assertThat(channel.offered() - channel.consumed())
                    .as("seed %d", seed)
                    .isEqualTo(model.size());
        }
        while (!channel.isEmpty()) {
            reader.read(100);
        }
        assertThat(model).as("seed %d", seed).isEmpty();
        assertThat(refused).as("seed %d: full channels were met", seed).isPositive();
    }

    @Test
    void theLargestRecordPassesAnEmptyChannelOfTheLeastSizeAgainAndAgain() {
        final Channel channel = new Channel(10, Channel.minCapacityBytes(MAX_RECORD), MAX_RECORD);
        final List<Long> seen = new ArrayList<>();
        final ChannelReader reader = new ChannelReader(channel, MAX_RECORD, record -> {
            assertThat(record.length()).isEqualTo(MAX_RECORD);
            return seen.add(record.globalSequence());
        });
        for (long i = 1; i <= 100; i++) {
            assertThat(offer(channel, TestRecords.event("s", i, MAX_RECORD - 65)))
                    .isTrue();
            assertThat(reader.read(1)).isEqualTo(1);
        }
        assertThat(seen).hasSize(100).isSorted();
    }
}
