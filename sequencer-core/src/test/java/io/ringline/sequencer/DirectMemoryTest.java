package io.ringline.sequencer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What becomes of a new aggregate where there is no memory outside the heap for it: a refusal that changes nothing. */
class DirectMemoryTest {
    private static final int RING = 16;

    private final DirectMemory direct = new DirectMemory(this::allocate);
    private int left = Integer.MAX_VALUE; // so often there is memory
    private int asked;
    private long now;

    private ByteBuffer allocate(final int bytes, final int alignment) {
        asked++;
        if (left-- <= 0) {
            throw new OutOfMemoryError("Cannot reserve " + bytes + " bytes of direct buffer memory");
        }
        return BufferUtil.allocateDirectAligned(bytes, alignment);
    }

    /** Of each three keys one is an id, one short, one long; a hash of many is the same. */
    private static UnsafeBuffer key(final int number) {
        final String text = number % 3 == 1 ? "k" + number : "a key that does not fit a line: " + number;
        return new UnsafeBuffer(text.getBytes(ISO_8859_1));
    }

    private static long hash(final int number) {
        return number % 10 == 0 ? 7 : number;
    }

    private static int find(final AggregateTable table, final int number) {
        final UnsafeBuffer key = key(number);
        return number % 3 == 0 ? table.findId(number) : table.findBytes(key, 0, key.capacity(), hash(number));
    }

    private static int add(final AggregateTable table, final int number) {
        final UnsafeBuffer key = key(number);
        return number % 3 == 0 ? table.addId(number) : table.addBytes(key, 0, key.capacity(), hash(number));
    }

    private void memoryComesBack() {
        direct.pause(now);
        now += DirectMemory.PAUSE_NS;
        direct.pause(now);
    }

    @Test
    void anAggregateThatIsRefusedAnywhereOnItsWayInLeavesTheTableAsItWas() {
        for (final int cap : new int[] {0, 12_000}) {
            final SequencerStatistics statistics = new SequencerStatistics();
            left = Integer.MAX_VALUE;
            final AggregateTable table = new AggregateTable(cap, 1, statistics, direct);
            int refused = 0;
            for (int number = 0; number < 30_000; number++) {
                final int size = table.size();
                final long evicted = statistics.evicted();
                int index = AggregateTable.NONE;
                for (int enough = 0; index == AggregateTable.NONE; enough++) {
                    assertThat(find(table, number)).isEqualTo(AggregateTable.NONE);
                    assertThat(table.size()).isEqualTo(size);
                    assertThat(statistics.evicted()).isEqualTo(evicted);
                    left = enough;
                    index = add(table, number);
                    refused += index == AggregateTable.NONE ? 1 : 0;
                    memoryComesBack();
                }
                assertThat(find(table, number)).isEqualTo(index);
            }
            assertThat(refused).as("lines, index and keys grow").isGreaterThan(4);
            assertThat(table.withoutMemory()).isEqualTo(refused);
            for (int number = 30_000 - (cap == 0 ? 30_000 : cap); number < 30_000; number++) {
                assertThat(find(table, number)).isEqualTo(cap == 0 ? number : number % cap);
            }
        }
    }

    private Sequencer sequencer(final Ordering ordering) {
        final SequencerSettings settings = new SequencerSettings(ordering, 10, 10, 20, 1_000, OnGapTooWide.FORCE);
        return new Sequencer(new Reorder(settings, RING, SequencerHarness.GIVEN_UP, direct));
    }

    @Test
    void theEventIsRefusedAndCountedAndThoseOfKnownAggregatesGoOn() {
        final Sequencer sequencer = sequencer(Ordering.GLOBAL);
        assertThat(sequencer.offerId(1, 1, 1, now)).isEqualTo(Sequencer.RELEASED);
        final UnsafeBuffer key = key(2);
        left = 0;
        assertThat(sequencer.offerId(1, 2, 3, now)).isEqualTo(Sequencer.HELD);
        assertThat(sequencer.offerBytes(key, 0, key.capacity(), 9, 1, 2, now)).isEqualTo(Sequencer.TOO_MANY_AGGREGATES);
        assertThat(sequencer.releaseCount())
                .as("what waited for it in its source")
                .isEqualTo(1);
        assertThat(sequencer.lastIndex()).isEqualTo(-1);
        assertThat(sequencer.offerId(1, 3, 4, now)).isEqualTo(Sequencer.RELEASED);
        assertThat(sequencer.offerId(3, 1, 5, now)).as("there is a line").isEqualTo(Sequencer.RELEASED);
        assertThat(sequencer.starts().startBytes(key, 0, key.capacity(), 9, 7, now))
                .isEqualTo(Sequencer.TOO_MANY_AGGREGATES);
        assertThat(sequencer.aggregates().size()).isEqualTo(2);
        assertThat(sequencer.aggregates().withoutMemory()).isEqualTo(2);
        assertThat(sequencer.statistics().tooManyAggregates()).isEqualTo(1);
        assertThat(sequencer.statistics().unaccounted(0)).isZero();
    }

    @Test
    void memoryThatIsNotThereIsNotAskedForByEveryEvent() {
        final Sequencer sequencer = sequencer(Ordering.AGGREGATE);
        left = 0;
        final int before = asked;
        final long random = new Random(3).nextLong();
        for (int i = 0; i < 1_000; i++) {
            assertThat(sequencer.offerId(random + i, 1, 0, now + i)).isEqualTo(Sequencer.TOO_MANY_AGGREGATES);
        }
        assertThat(asked - before).isEqualTo(1);
        left = 1;
        now += DirectMemory.PAUSE_NS - 1;
        assertThat(sequencer.offerId(5, 1, 0, now)).isEqualTo(Sequencer.TOO_MANY_AGGREGATES);
        assertThat(sequencer.offerId(5, 1, 0, now)).isEqualTo(Sequencer.TOO_MANY_AGGREGATES);
        assertThat(sequencer.offerId(5, 1, 0, now + 1)).isEqualTo(Sequencer.TOO_MANY_AGGREGATES);
        assertThat(sequencer.offerId(5, 1, 0, now + 1)).isEqualTo(Sequencer.RELEASED);
        assertThat(sequencer.aggregates().withoutMemory()).isEqualTo(1_003);
    }

    @Test
    void whatCannotBeRefusedStillSaysThatThereIsNone() {
        left = 0;
        assertThatThrownBy(() -> new ChunkedMemory(8, 4, direct).ensure(0)).isInstanceOf(OutOfMemoryError.class);
        assertThat(new ChunkedMemory(8, 4, direct).tryEnsure(0)).isFalse();
    }
}
