package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each line of the contract's section on ordering, by hand-moved time; the model proof covers their mixtures. */
class SequencerTest {
    private static final long TIMEOUT = 1_000;

    private final Map<Integer, Long> sequenceOfEntry = new HashMap<>();
    private final List<String> released = new ArrayList<>();
    private Sequencer sequencer = make(Ordering.AGGREGATE, 100, 1_000, 256, OnGapTooWide.FORCE);

    private static Sequencer make(
            final Ordering ordering, final int gap, final int buffer, final int held, final OnGapTooWide mode) {
        return new Sequencer(new SequencerSettings(ordering, gap, buffer, held, TIMEOUT, mode), 16, 0);
    }

    private int offer(final int aggregate, final long sequence, final long now) {
        return offer(aggregate, sequence, 0, now);
    }

    private int offer(final int aggregate, final long sequence, final long source, final long now) {
        final int answer = sequencer.offer(aggregate, sequence, source, now);
        if (answer == Sequencer.HELD) {
            sequenceOfEntry.put(sequencer.heldEntry(), sequence);
        }
        if (answer == Sequencer.RELEASED) {
            released.add(sequence + "@" + sequencer.lastGlobalSequence());
        } else if (answer != Sequencer.BUSY) {
            collect(sequence);
        }
        return answer;
    }

    private void collect(final long self) {
        final long from = sequencer.releaseFrom();
        for (long position = from; position < from + sequencer.releaseCount(); position++) {
            final int entry = sequencer.releaseEntry(position);
            final long sequence = entry == Sequencer.SELF ? self : sequenceOfEntry.get(entry);
            final int gap = sequencer.releaseGap(position);
            released.add(sequence + "@" + sequencer.releaseGlobalSequence(position) + (gap > 0 ? " gap " + gap : ""));
        }
        sequencer.reclaim(from + sequencer.releaseCount());
    }

    private void tick(final long now) {
        sequencer.tick(now);
        collect(0);
    }

    @Test
    void eventsInOrderAreReleasedAsTheyCome() {
        assertThat(offer(0, 1, 0)).isEqualTo(Sequencer.RELEASED);
        assertThat(offer(0, 2, 0)).isEqualTo(Sequencer.RELEASED);
        assertThat(released).containsExactly("1@1", "2@2");
    }

    @Test
    void swappedEventsAreReleasedInOrderInOnePass() {
        assertThat(offer(0, 3, 0)).isEqualTo(Sequencer.HELD);
        assertThat(offer(0, 2, 0)).isEqualTo(Sequencer.HELD);
        assertThat(offer(0, 1, 0)).isEqualTo(Sequencer.RELEASED_WITH);
        assertThat(released).containsExactly("1@1", "2@2", "3@3");
        assertThat(sequencer.heldNow()).isZero();
        assertThat(sequencer.statistics().reordered()).isEqualTo(2);
    }

    @Test
    void aGapInOneAggregateNeverStallsAnother() {
        offer(0, 2, 0);
        assertThat(offer(1, 1, 0)).isEqualTo(Sequencer.RELEASED);
        assertThat(released).containsExactly("1@1");
    }

    @Test
    void theTimeoutIsMeasuredFromTheFirstEventBehindTheGap() {
        offer(0, 3, 100);
        offer(0, 4, 900);
        tick(100 + TIMEOUT - 1);
        assertThat(released).isEmpty();
        tick(100 + TIMEOUT);
        assertThat(released).containsExactly("3@1 gap 2", "4@2");
        assertThat(sequencer.statistics().forcedByTimeout()).isEqualTo(1);
        assertThat(sequencer.statistics().missing()).isEqualTo(2);
    }

    @Test
    void afterAGapTheNextGapsOwnDeadlineCounts() {
        offer(0, 2, 0);
        offer(0, 4, 500);
        tick(TIMEOUT);
        assertThat(released).containsExactly("2@1 gap 1");
        tick(500 + TIMEOUT - 1);
        assertThat(released).hasSize(1);
        tick(500 + TIMEOUT);
        assertThat(released).containsExactly("2@1 gap 1", "4@2 gap 1");
    }

    @Test
    void afterATimeoutTheNextNumberIsTheLastDeliveredPlusOne() {
        offer(0, 3, 0);
        tick(TIMEOUT);
        assertThat(offer(0, 4, TIMEOUT)).isEqualTo(Sequencer.RELEASED);
    }

    @Test
    void aNumberThatWasGivenUpIsLateAndNoDuplicate() {
        offer(0, 1, 0);
        offer(0, 3, 0);
        tick(TIMEOUT);
        assertThat(offer(0, 2, TIMEOUT)).isEqualTo(Sequencer.LATE);
        assertThat(offer(0, 1, TIMEOUT)).isEqualTo(Sequencer.DUPLICATE);
        assertThat(offer(0, 3, TIMEOUT)).isEqualTo(Sequencer.DUPLICATE);
    }

    @Test
    void aSecondOneUnderAHeldNumberIsTheCallersToCompare() {
        offer(0, 5, 0);
        final int entry = sequencer.heldEntry();
        assertThat(offer(0, 5, 0)).isEqualTo(Sequencer.ALREADY_HELD);
        assertThat(sequencer.heldEntry()).isEqualTo(entry);
    }

    @Test
    void withNothingHeldAGapOf100IsHeldAnd101IsRefused() {
        assertThat(offer(0, 102, 0)).isEqualTo(Sequencer.GAP_TOO_WIDE);
        assertThat(offer(0, 101, 0)).isEqualTo(Sequencer.HELD);
        assertThat(released).isEmpty();
    }

    @Test
    void oneLostEventInAFastStreamCostsThatEventAndNoOther() {
        for (int sequence = 2; sequence <= 300; sequence++) {
            assertThat(offer(0, sequence, 0)).as("%d", sequence).isNotEqualTo(Sequencer.GAP_TOO_WIDE);
        }
        assertThat(released).hasSize(299).first().isEqualTo("2@1 gap 1");
    }

    @Test
    void oneWildNumberNeverCostsTheRealOnes() {
        offer(0, 2, 0);
        assertThat(offer(0, 1_000_000, 0)).isEqualTo(Sequencer.GAP_TOO_WIDE);
        assertThat(released).isEmpty();
        assertThat(offer(0, 1, 0)).isEqualTo(Sequencer.RELEASED_WITH);
    }

    @Test
    void forcingCanBeTurnedOff() {
        sequencer = make(Ordering.AGGREGATE, 5, 1_000, 64, OnGapTooWide.DEAD_LETTER);
        offer(0, 2, 0);
        assertThat(offer(0, 7, 0)).isEqualTo(Sequencer.GAP_TOO_WIDE);
        assertThat(released).isEmpty();
    }

    @Test
    void forcingGivesUpAsFewGapsAsWillDo() {
        sequencer = make(Ordering.AGGREGATE, 5, 1_000, 256, OnGapTooWide.FORCE);
        offer(0, 2, 0);
        offer(0, 4, 0);
        assertThat(offer(0, 8, 0)).isEqualTo(Sequencer.HELD);
        assertThat(released).containsExactly("2@1 gap 1");
        assertThat(sequencer.statistics().forcedByGap()).isEqualTo(1);
    }

    @Test
    void maxBufferSizeReallyBounds() {
        sequencer = make(Ordering.AGGREGATE, 100, 2, 64, OnGapTooWide.FORCE);
        offer(0, 3, 0);
        offer(0, 5, 0);
        assertThat(offer(0, 7, 0)).isEqualTo(Sequencer.HELD);
        assertThat(released).containsExactly("3@1 gap 2");
        assertThat(sequencer.heldNow()).isEqualTo(2);
        assertThat(sequencer.statistics().forcedByPressure()).isEqualTo(1);
    }

    @Test
    void theTotalBoundsAndEntriesComeBackOnlyWhenReclaimed() {
        sequencer = make(Ordering.AGGREGATE, 100, 1_000, 2, OnGapTooWide.FORCE);
        assertThat(sequencer.offer(0, 2, 0, 0)).isEqualTo(Sequencer.HELD);
        assertThat(sequencer.offer(1, 2, 0, 0)).isEqualTo(Sequencer.HELD);
        assertThat(sequencer.releaseCount())
                .as("the oldest gap is given up at once")
                .isEqualTo(1);
        assertThat(sequencer.offer(2, 2, 0, 0)).isEqualTo(Sequencer.BUSY);
        assertThat(sequencer.offer(3, 1, 0, 0))
                .as("what is in order needs no entry")
                .isEqualTo(Sequencer.RELEASED);
        sequencer.reclaim(1);
        assertThat(sequencer.offer(2, 2, 0, 0)).isEqualTo(Sequencer.HELD);
    }

    @Test
    void theEndReleasesAllThatIsHeldOldestFirst() {
        offer(0, 5, 3);
        offer(1, 4, 4);
        offer(0, 2, 5);
        sequencer.releaseAll();
        collect(0);
        assertThat(released).containsExactly("2@1 gap 1", "5@2 gap 2", "4@3 gap 3");
    }

    @Test
    void withoutOrderingAllIsReleasedAsItComes() {
        sequencer = make(Ordering.NONE, 100, 1_000, 256, OnGapTooWide.FORCE);
        offer(0, 7, 0);
        offer(0, 7, 0);
        offer(0, 1, 0);
        assertThat(released).containsExactly("7@1", "7@2", "1@3");
    }

    @Test
    void globalOrderingKeepsTheSourcesOrderAndEachAggregatesWithinIt() {
        sequencer = make(Ordering.GLOBAL, 100, 1_000, 256, OnGapTooWide.FORCE);
        assertThat(offer(0, 1, 2, 0)).isEqualTo(Sequencer.HELD);
        assertThat(offer(1, 11, 3, 0)).isEqualTo(Sequencer.HELD);
        assertThat(offer(2, 1, 1, 0)).isEqualTo(Sequencer.RELEASED_WITH);
        assertThat(released).as("aggregate 1 waits for its first ten").containsExactly("1@1", "1@2");
        assertThat(sequencer.heldNow()).isEqualTo(1);
        tick(TIMEOUT);
        assertThat(released).last().isEqualTo("11@3 gap 10");
        assertThat(offer(2, 1, 1, TIMEOUT)).isEqualTo(Sequencer.DUPLICATE);
    }

    @Test
    void timeNeverGoesBack() {
        offer(0, 2, 5_000);
        offer(1, 2, 10);
        tick(20);
        assertThat(released).isEmpty();
        tick(5_000 + TIMEOUT);
        assertThat(released).hasSize(2);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> make(Ordering.NONE, 0, 1, 1, OnGapTooWide.FORCE))
                .hasMessageContaining("maxSequenceGap");
        assertThatThrownBy(() -> make(Ordering.NONE, 1, 0, 1, OnGapTooWide.FORCE))
                .hasMessageContaining("maxBufferSize");
        assertThatThrownBy(() -> make(Ordering.NONE, 1, 1, 0, OnGapTooWide.FORCE))
                .hasMessageContaining("maxHeld");
    }
}
