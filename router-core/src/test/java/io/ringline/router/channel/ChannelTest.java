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
import java.util.function.Predicate;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private static final int MAX_RECORD = 16_000;

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final List<Long> seen = new ArrayList<>();
    private final Predicate<EventRecord> takeAll = record -> seen.add(record.globalSequence());

    private static Channel channel(final int events, final int bytes, final int maxRecordBytes) {
        return new Channel(events, bytes, maxRecordBytes, new ChannelMemory(Channel.bytes(bytes)));
    }

    private static boolean offer(final ChannelWriter writer, final EventRecord record) {
        return writer.offer(0, record.buffer(), record.offset(), record.length());
    }

    /** Offers a record of a given length; together with its header it takes the next multiple of 8 from 8 bytes more. */
    private static boolean offer(final ChannelWriter writer, final long sequence, final int length) {
        return offer(writer, TestRecords.event("s", sequence, length - EventRecord.HEADER_BYTES - 1));
    }

    @Test
    void isBoundedInEvents() {
        final Channel channel = channel(3, 65_536, MAX_RECORD);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        for (int i = 1; i <= 3; i++) {
            assertThat(offer(writer, TestRecords.event("a", i, 10))).isTrue();
        }
        assertThat(offer(writer, TestRecords.event("a", 4, 10))).isFalse();
        final TestReader reader = new TestReader(channel, record -> true);
        assertThat(reader.poll(1)).isEqualTo(1);
        assertThat(offer(writer, TestRecords.event("a", 4, 10))).isTrue();
        assertThat(offer(writer, TestRecords.event("a", 5, 10))).isFalse();
        assertThat(channel.offered()).isEqualTo(4);
        assertThat(channel.consumed()).isEqualTo(1);
    }

    @Test
    void whatWasTakenBeforeSomethingWasThrownDoesNotComeAgain() {
        final Channel channel = channel(3, 65_536, MAX_RECORD);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        for (int i = 1; i <= 3; i++) {
            offer(writer, TestRecords.event("a", i, 10));
        }
        final boolean[] fails = {true};
        final TestReader reader = new TestReader(channel, record -> {
            if (fails[0] && record.globalSequence() == 3) {
                throw new OutOfMemoryError("on purpose");
            }
            return seen.add(record.globalSequence());
        });
        assertThatThrownBy(() -> reader.poll(10)).isInstanceOf(OutOfMemoryError.class);
        assertThat(channel.consumed()).isEqualTo(2);
        fails[0] = false;
        assertThat(reader.poll(10)).isEqualTo(1);
        assertThat(seen).containsExactly(1L, 2L, 3L);
        assertThat(channel.consumed()).isEqualTo(3);
        assertThat(channel.isEmpty()).isTrue();
    }

    @Test
    void isBoundedInBytesUpToTheLastThatLeavesRoomForAHeader() {
        final Channel channel = channel(100, 4_096, 1_000);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final TestReader reader = new TestReader(channel, takeAll);
        for (int i = 1; i <= 7; i++) {
            assertThat(offer(writer, i, 504)).isTrue(); // 512 with its header
        }
        assertThat(offer(writer, 8, 504)).as("no place for the header after it").isFalse();
        assertThat(offer(writer, 8, 496)).as("to the last byte").isTrue();
        assertThat(offer(writer, 9, 65)).isFalse();
        assertThat(channel.offered()).isEqualTo(8);
        assertThat(reader.poll(100)).isEqualTo(8);
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(channel.ring().producerPosition()).isEqualTo(4_088);
        assertThat(reader.poll(100)).isZero();
        assertThat(channel.isEmpty()).isTrue();
    }

    @Test
    void aRecordThatEndsWhereTheMemoryEndsNeedsNoPadding() {
        final Channel channel = channel(100, 4_096, 1_000);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final TestReader reader = new TestReader(channel, takeAll);
        for (int lap = 0; lap < 3; lap++) {
            for (int i = 1; i <= 8; i++) {
                assertThat(offer(writer, lap * 8 + i, 504)).isTrue();
                assertThat(reader.poll(2)).isEqualTo(1);
            }
            assertThat(channel.ring().producerPosition()).isEqualTo((lap + 1) * 4_096L);
        }
        assertThat(seen).hasSize(24).isSorted();
        assertThat(reader.poll(1)).isZero();
    }

    @Test
    void whatDoesNotFitTheEndIsPaddedAndTheRecordGoesToTheStart() {
        final Channel channel = channel(100, 4_096, 1_000);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final TestReader reader = new TestReader(channel, takeAll);
        for (int i = 1; i <= 4; i++) {
            assertThat(offer(writer, i, 1_000)).isTrue(); // 1,008 with its header: 64 bytes are left
        }
        assertThat(reader.poll(1)).isEqualTo(1);
        assertThat(offer(writer, 5, 1_000))
                .as("1,008 free at the start, and no place for a header")
                .isFalse();
        assertThat(channel.ring().producerPosition())
                .as("nothing was written, no padding either")
                .isEqualTo(4_032);
        assertThat(reader.poll(1)).isEqualTo(1);
        assertThat(offer(writer, 5, 1_000)).isTrue();
        assertThat(channel.ring().producerPosition()).isEqualTo(4_096 + 1_008);
        assertThat(reader.poll(3)).as("padding is no record").isEqualTo(3);
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(channel.isEmpty()).isTrue();
        assertThat(reader.poll(1)).isZero();
    }

    @Test
    void theLeastPaddingIsAHeader() {
        final Channel channel = channel(100, 4_096, 1_000);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final TestReader reader = new TestReader(channel, takeAll);
        for (int i = 1; i <= 8; i++) {
            assertThat(offer(writer, i, i < 8 ? 504 : 496)).isTrue();
            assertThat(reader.poll(1)).isEqualTo(1);
        }
        assertThat(channel.ring().producerPosition()).isEqualTo(4_096 - 8);
        assertThat(offer(writer, 9, 65)).isTrue();
        assertThat(channel.ring().producerPosition()).isEqualTo(4_096 + 80);
        assertThat(reader.poll(10)).isEqualTo(1);
        assertThat(seen).hasSize(9).isSorted();
    }

    @Test
    void aRecordThatIsLeftStaysAtTheHead() {
        final Channel channel = channel(10, 65_536, MAX_RECORD);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        offer(writer, TestRecords.event("a", 1, 10));
        offer(writer, TestRecords.event("a", 2, 12_000));
        final boolean[] take = {true, false, false, true};
        final TestReader reader = new TestReader(channel, record -> {
            seen.add(record.globalSequence());
            return take[seen.size() - 1];
        });
        assertThat(reader.poll(10)).as("one taken, one left").isEqualTo(~1);
        assertThat(channel.isEmpty()).isFalse();
        assertThat(channel.consumed()).isEqualTo(1);
        assertThat(reader.poll(10)).isEqualTo(~0);
        assertThat(reader.poll(10)).isEqualTo(1);
        assertThat(seen).containsExactly(1L, 2L, 2L, 2L);
        assertThat(channel.isEmpty()).isTrue();
    }

    @Test
    void aRecordThatIsLeftBehindPaddingStaysToo() {
        final Channel channel = channel(100, 4_096, 1_000);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final TestReader reader =
                new TestReader(channel, record -> seen.add(record.globalSequence()) && seen.size() != 5);
        for (int i = 1; i <= 4; i++) {
            offer(writer, i, 1_000);
        }
        assertThat(reader.poll(4)).isEqualTo(4);
        assertThat(offer(writer, 5, 1_000)).isTrue();
        assertThat(reader.poll(4)).isEqualTo(~0);
        assertThat(channel.isEmpty()).isFalse();
        assertThat(reader.poll(4)).isEqualTo(1);
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 5L);
        assertThat(channel.isEmpty()).isTrue();
    }

    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> channel(0, 65_536, 100)).hasMessageContaining("channelCapacity");
        assertThatThrownBy(() -> channel(1, 65_535, 100)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> channel(1, 16_384, 10_000)).hasMessageContaining("32768");
    }

    @Test
    void aRecordThatNoEmptyChannelTakesIsAnErrorAndNotAFullChannel() {
        final Channel channel = channel(10, 4_096, 1_000);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final EventRecord huge = TestRecords.event("s", 1, 4_096);
        assertThatThrownBy(() -> offer(writer, huge))
                .hasMessageContaining("4096")
                .hasMessageContaining("longer");
        assertThat(channel.offered()).isZero();
        assertThat(offer(writer, 1, 100)).isTrue();
        assertThat(new TestReader(channel, takeAll).poll(10)).isEqualTo(1);
    }

    private static EventRecord randomRecord(final Random random, final long sequence) {
        final int most = random.nextInt(20) == 0 ? MAX_RECORD - 70 : 200;
        return TestRecords.event("s", sequence, random.nextInt(most));
    }

    @Test
    void agreesWithAQueueOnRandomRecordsAndReads() {
        System.out.println("ChannelTest seed " + seed);
        final Random random = new Random(seed);
        final Channel channel = channel(50, 32_768, MAX_RECORD);
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final Deque<EventRecord> model = new ArrayDeque<>();
        final TestReader reader = new TestReader(channel, record -> {
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
                final EventRecord record = randomRecord(random, next);
                if (offer(writer, record)) {
                    model.add(record);
                    next++;
                } else {
                    refused++;
                }
            } else {
                reader.poll(1 + random.nextInt(5));
            }
            assertThat(channel.offered() - channel.consumed())
                    .as("seed %d", seed)
                    .isEqualTo(model.size());
            assertThat(channel.isEmpty()).as("seed %d", seed).isEqualTo(model.isEmpty());
        }
        while (!channel.isEmpty()) {
            reader.poll(100);
        }
        assertThat(model).as("seed %d", seed).isEmpty();
        assertThat(refused).as("seed %d: full channels were met", seed).isPositive();
    }

    @Test
    void theLargestRecordPassesAnEmptyChannelOfTheLeastSizeFromAnyPlace() {
        final Random random = new Random(5);
        for (final int max : new int[] {2_024, 2_025, 2_032, 2_033, MAX_RECORD, 16_376}) {
            final Channel channel = channel(10, Channel.minCapacityBytes(max), max);
            final ChannelWriter writer = new ChannelWriter(List.of(channel));
            seen.clear();
            final TestReader reader = new TestReader(channel, takeAll);
            for (long i = 1; i <= 1_000; i += 2) {
                assertThat(offer(writer, i, max)).isTrue();
                assertThat(reader.poll(1)).isEqualTo(1);
                assertThat(offer(writer, i + 1, 65 + random.nextInt(300))).isTrue();
                assertThat(reader.poll(1)).isEqualTo(1);
            }
            assertThat(seen).hasSize(1_000).isSorted();
        }
    }

    @Test
    void channelsShareAMemoryAndNothingElse() {
        for (final long announced : new long[] {0, 20_000, 1 << 20}) { // too little: some get a piece of their own
            final ChannelMemory memory = new ChannelMemory(announced);
            final List<Channel> channels = new ArrayList<>();
            for (final int bytes : new int[] {4_096, 16_384, 8_192, 4_096}) {
                channels.add(new Channel(1_000, bytes, 1_000, memory));
            }
            final ChannelWriter writer = new ChannelWriter(channels);
            final int[] offered = new int[channels.size()];
            for (int i = 0; i < 400; i++) {
                final UnsafeBuffer record = TestRecords.event("s", i, 100).buffer();
                final int to = i % channels.size();
                offered[to] += writer.offer(to, record, 0, record.capacity()) ? 1 : 0;
            }
            for (int i = 0; i < offered.length; i++) {
                seen.clear();
                assertThat(channels.get(i).offered()).isEqualTo(offered[i]).isPositive();
                assertThat(new TestReader(channels.get(i), takeAll).poll(1_000)).isEqualTo(offered[i]);
                final int index = i;
                assertThat(seen).isSorted().allMatch(sequence -> sequence % channels.size() == index);
            }
        }
    }
}
