package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.sequencer.SequencerHarness.Token;
import io.ringline.sequencer.model.Result;
import io.ringline.sequencer.model.Result.Fate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract's ordering, line by line; an event's content is its number unless a test says otherwise. */
class SequencerTest {
    private static final long TIMEOUT = 30;

    private SequencerHarness harness = harness(Ordering.AGGREGATE, 100, 1_000, 10_000, OnGapTooWide.FORCE);
    private long now;
    private long ids;

    private static SequencerHarness harness(
            final Ordering ordering, final int gap, final int buffer, final int held, final OnGapTooWide tooWide) {
        return new SequencerHarness(new SequencerSettings(ordering, gap, buffer, held, TIMEOUT, tooWide), 1 << 14);
    }

    private String offer(final int aggregate, final long... sequences) {
        final List<Result<Token>> results = new ArrayList<>();
        for (final long sequence : sequences) {
            results.addAll(harness.offer(aggregate, sequence, 0, now, new Token(++ids, sequence)));
        }
        return text(results);
    }

    private String tick(final long nowNs) {
        now = nowNs;
        return text(harness.tick(nowNs));
    }

    /** {@code 3} is number 3, released; {@code +2:3} the same after two were given up; {@code LATE:3} is late. */
    private static String text(final List<Result<Token>> results) {
        final List<String> words = new ArrayList<>();
        for (final Result<Token> r : results) {
            final String gap = r.gap() > 0 ? "+" + r.gap() + ":" : "";
            words.add((r.fate() == Fate.RELEASED ? gap : r.fate() + ":")
                    + r.event().content());
        }
        return String.join(" ", words);
    }

    private static long[] range(final long from, final long to) {
        return java.util.stream.LongStream.rangeClosed(from, to).toArray();
    }

    private SequencerStatistics totals() {
        return harness.sequencer.statistics();
    }

    @Test
    void noneReleasesAsItComes() {
        harness = harness(Ordering.NONE, 100, 1_000, 10_000, OnGapTooWide.FORCE);
        assertThat(offer(0, 3, 1, 1, -7)).isEqualTo("3 1 1 -7");
        assertThat(harness.sequencer.lastGlobalSequence()).isEqualTo(4);
    }

    @Test
    void swappedEventsRelease() {
        assertThat(offer(0, 2)).isEmpty();
        assertThat(offer(0, 1)).isEqualTo("1 2");
        assertThat(offer(0, 3)).isEqualTo("3");
        assertThat(totals().reordered()).isEqualTo(1);
    }

    @Test
    void allThatIsReadyIsReleasedInOrderInOneCall() {
        assertThat(offer(0, 4, 3, 2, 6)).isEmpty();
        assertThat(offer(0, 1)).isEqualTo("1 2 3 4");
        assertThat(offer(0, 5)).isEqualTo("5 6");
    }

    @Test
    void aGapInOneAggregateNeverStallsAnother() {
        offer(0, 2);
        assertThat(offer(1, 1, 2, 3)).isEqualTo("1 2 3");
    }

    @Test
    void theGapsTimeRunsFromItsFirstHeldEventAndNotFromTheAggregatesLast() {
        now = 10;
        offer(0, 3);
        now = 39;
        offer(0, 4, 5);
        assertThat(tick(39)).isEmpty();
        assertThat(tick(40)).isEqualTo("+2:3 4 5");
        assertThat(totals().forcedByTimeout()).isEqualTo(1);
        assertThat(totals().missing()).isEqualTo(2);
    }

    @Test
    void aGapThatIsGivenUpReleasesUpToTheNextWhoseOwnTimeThenCounts() {
        offer(0, 2);
        now = 10;
        offer(0, 3, 5);
        assertThat(tick(30)).isEqualTo("+1:2 3");
        assertThat(tick(39)).isEmpty();
        assertThat(tick(40)).isEqualTo("+1:5");
    }

    @Test
    void theSecondGapIsDueWithTheFirstWhereAnEventBehindBothCameFirst() {
        offer(0, 5);
        now = 10;
        offer(0, 2);
        assertThat(tick(30)).isEqualTo("+1:2 +2:5");
    }

    @Test
    void afterATimeoutTheNextNumberIsTheLastDeliveredPlusOne() {
        offer(0, 3);
        assertThat(tick(30)).isEqualTo("+2:3");
        assertThat(offer(0, 4)).isEqualTo("4");
    }

    @Test
    void lateAfterASkipIsReportedAndNotSwallowed() {
        offer(0, 3);
        tick(30);
        assertThat(offer(0, 1, 2, 3)).isEqualTo("LATE:1 LATE:2 DUPLICATE:3");
        assertThat(totals().late()).isEqualTo(2);
    }

    @Test
    void releasedOrHeldIsADuplicateAndOtherBytesAConflict() {
        offer(0, 1, 3);
        assertThat(offer(0, 1, 3)).isEqualTo("DUPLICATE:1 DUPLICATE:3");
        assertThat(text(harness.offer(0, 3, 0, now, new Token(99, 77)))).isEqualTo("CONFLICT:77");
        assertThat(offer(0, 2)).isEqualTo("2 3");
    }

    @Test
    void withNothingHeldGap100IsHeldAnd101Refused() {
        offer(0, 1);
        assertThat(offer(0, 102)).isEmpty();
        offer(1, 1);
        assertThat(offer(1, 103)).isEqualTo("GAP_TOO_WIDE:103");
        assertThat(offer(1, 2)).isEqualTo("2");
        assertThat(totals().gaps()).isZero();
    }

    @Test
    void oneLostEventInAFastStreamCostsThatEventAndNoOther() {
        offer(0, 1);
        assertThat(offer(0, range(3, 102))).isEmpty();
        final String released = offer(0, 103);
        assertThat(released).startsWith("+1:3 4 ").endsWith(" 102 103");
        assertThat(offer(0, range(104, 1_000))).doesNotContain(":");
        assertThat(totals().tooWide()).isZero();
        assertThat(totals().forcedByGap()).isEqualTo(1);
    }

    @Test
    void asFewGapsAsWillDoAreGivenUpOldestFirst() {
        assertThat(offer(0, 2, 4, 6)).isEmpty();
        assertThat(offer(0, 103))
                .as("2 needs one gap given up: 3 is expected, 103 is 100 ahead")
                .isEqualTo("+1:2");
        assertThat(offer(0, 3)).isEqualTo("3 4");
        assertThat(totals().forcedByGap()).isEqualTo(1);
    }

    @Test
    void aWildNumberGivesNothingUp() {
        offer(0, 2, 50);
        assertThat(offer(0, 152, Long.MAX_VALUE)).isEqualTo("GAP_TOO_WIDE:152 GAP_TOO_WIDE:" + Long.MAX_VALUE);
        assertThat(totals().gaps()).isZero();
        assertThat(offer(0, 1)).isEqualTo("1 2");
    }

    @Test
    void heldEventsProveTwiceTheGapAtMost() {
        offer(0, 101);
        assertThat(offer(0, 203)).isEqualTo("GAP_TOO_WIDE:203");
        assertThat(offer(0, 202)).as("held: 102 is expected").isEqualTo("+100:101");
    }

    @Test
    void deadLetterModeGivesNothingUp() {
        harness = harness(Ordering.AGGREGATE, 100, 1_000, 10_000, OnGapTooWide.DEAD_LETTER);
        offer(0, 2);
        assertThat(offer(0, 102)).isEqualTo("GAP_TOO_WIDE:102");
        assertThat(offer(0, 1)).isEqualTo("1 2");
    }

    @Test
    void maxBufferSizeReallyBounds() {
        harness = harness(Ordering.AGGREGATE, 100, 3, 10_000, OnGapTooWide.FORCE);
        assertThat(offer(0, 3, 5, 7)).isEmpty();
        assertThat(offer(0, 9)).isEqualTo("+2:3");
        assertThat(harness.sequencer.heldNow()).isEqualTo(3);
        assertThat(totals().forcedByPressure()).isEqualTo(1);
    }

    @Test
    void underPressureAnEventBelowAllHeldOnesIsReleasedAtOnce() {
        harness = harness(Ordering.AGGREGATE, 100, 1, 10_000, OnGapTooWide.FORCE);
        offer(0, 9);
        assertThat(offer(0, 3)).isEqualTo("+2:3");
        assertThat(offer(0, 4)).isEqualTo("4");
        assertThat(offer(0, 5, 6, 7, 8)).isEqualTo("5 6 7 8 9");
    }

    @Test
    void theTotalIsBoundedOldestFirst() {
        harness = harness(Ordering.AGGREGATE, 100, 1_000, 3, OnGapTooWide.FORCE);
        offer(5, 2);
        offer(6, 3);
        assertThat(offer(7, 4)).isEqualTo("+1:2");
        assertThat(harness.sequencer.heldNow()).isEqualTo(2);
        assertThat(offer(5, 3)).isEqualTo("3");
    }

    @Test
    void aTotalOfOneHoldsNothing() {
        harness = harness(Ordering.AGGREGATE, 100, 1_000, 1, OnGapTooWide.FORCE);
        assertThat(offer(0, 3)).isEqualTo("+2:3");
        harness.consume(1);
        assertThat(offer(0, 6)).isEqualTo("+2:6");
    }

    @Test
    void numbersBelowZeroAreRefusedAndNotDuplicates() {
        assertThat(offer(0, -1, Long.MIN_VALUE)).isEqualTo("INVALID:-1 INVALID:" + Long.MIN_VALUE);
        assertThat(totals().invalid()).isEqualTo(2);
        assertThat(totals().duplicates()).isZero();
    }

    @Test
    void timeNeverGoesBack() {
        tick(100);
        now = 5;
        offer(0, 2);
        assertThat(tick(129)).as("it counts as arrived at 100").isEmpty();
        assertThat(tick(130)).isEqualTo("+1:2");
    }

    @Test
    void aTimeoutThatNeverEndsIsNoneAtAll() {
        harness = new SequencerHarness(
                new SequencerSettings(Ordering.AGGREGATE, 100, 10, 10, Long.MAX_VALUE, OnGapTooWide.FORCE), 8);
        now = -5;
        offer(0, 2);
        assertThat(tick(-4)).isEmpty();
    }

    @Test
    void theEndOfInputReleasesAllOldestFirst() {
        offer(0, 5);
        offer(1, 3);
        offer(0, 2);
        assertThat(text(harness.releaseAll())).isEqualTo("+1:2 +2:5 +2:3");
        assertThat(harness.sequencer.heldNow()).isZero();
    }

    @Test
    void forceOldestGivesUpOneGapOrNothing() {
        assertThat(harness.forceOldest()).isEmpty();
        offer(0, 2, 4);
        assertThat(text(harness.forceOldest())).isEqualTo("+1:2");
    }

    @Test
    void globalSequenceHasNoGapAndGoesOnAfterARestart() {
        final Sequencer again = new Sequencer(
                new SequencerSettings(Ordering.AGGREGATE, 100, 10, 10, TIMEOUT, OnGapTooWide.FORCE), 8, 41);
        assertThat(again.offerId(0, 1, 0, 0)).isEqualTo(Sequencer.RELEASED);
        assertThat(again.lastGlobalSequence()).isEqualTo(42);
        assertThat(again.offerId(1, 2, 0, 0)).isEqualTo(Sequencer.HELD);
        again.releaseAll();
        assertThat(again.releases().globalSequence(again.releaseFrom())).isEqualTo(43);
    }

    @Test
    void busyChangesNothingAndEndsWithAReclaim() {
        final Sequencer sequencer =
                new Sequencer(new SequencerSettings(Ordering.AGGREGATE, 100, 10, 1, TIMEOUT, OnGapTooWide.FORCE), 8, 0);
        assertThat(sequencer.offerId(0, 2, 0, 0)).isEqualTo(Sequencer.HELD);
        assertThat(sequencer.releaseCount()).isEqualTo(1);
        assertThat(sequencer.offerId(0, 4, 0, 0)).isEqualTo(Sequencer.BUSY);
        assertThat(sequencer.releaseCount()).isZero();
        assertThat(sequencer.offerId(0, 3, 0, 0)).as("in order needs no entry").isEqualTo(Sequencer.RELEASED);
        sequencer.reclaim(1);
        assertThat(sequencer.offerId(0, 5, 0, 0)).isEqualTo(Sequencer.HELD);
    }

    @Test
    void anIndexThatStandsForNoAggregateIsForgotten() {
        offer(0, 1);
        final Sequencer sequencer = harness.sequencer;
        final int known = sequencer.lastIndex();
        final int generation = sequencer.generation(known);
        for (final int index : new int[] {-1, Integer.MIN_VALUE, known + 1, 5_000, 100_000, Integer.MAX_VALUE}) {
            assertThat(sequencer.offerKnown(index, 0, 1, 0, now))
                    .as("index %d", index)
                    .isEqualTo(Sequencer.FORGOTTEN);
        }
        assertThat(sequencer.offerKnown(known, generation + 1, 2, 0, now)).isEqualTo(Sequencer.FORGOTTEN);
        assertThat(sequencer.aggregates().size()).isEqualTo(1);
        assertThat(totals().accepted()).isEqualTo(1);
        assertThat(sequencer.offerKnown(known, generation, 2, 0, now)).isEqualTo(Sequencer.RELEASED);
    }

    @Test
    void theGenerationOfAnIndexThatNoAggregateHasIsAnErrorWithItsReason() {
        offer(0, 1);
        assertThat(harness.sequencer.generation(0)).isZero();
        for (final int index : new int[] {-1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> harness.sequencer.generation(index))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("" + index);
        }
    }

    private static SequencerHarness ofOneAggregate(final FirstSequence first) {
        return new SequencerHarness(
                new SequencerSettings(Ordering.AGGREGATE, 100, 10, 10, TIMEOUT, OnGapTooWide.FORCE, 1, first), 64);
    }

    @Test
    void aWildNumberOfAnUnknownAggregateEvictsNobody() {
        harness = ofOneAggregate(FirstSequence.ONE);
        offer(0, 1, 2, 3);
        assertThat(offer(1, 999)).isEqualTo("GAP_TOO_WIDE:999");
        assertThat(offer(3, 102)).isEqualTo("GAP_TOO_WIDE:102");
        assertThat(harness.sequencer.lastIndex()).isEqualTo(-1);
        assertThat(offer(0, 3, 4)).isEqualTo("DUPLICATE:3 4");
        assertThat(totals().evicted()).isZero();
        assertThat(totals().tooWide()).isEqualTo(2);
        assertThat(totals().accepted()).isEqualTo(7);
        assertThat(offer(1, 101)).as("just within reach").isEmpty();
        assertThat(totals().evicted()).isEqualTo(1);
    }

    @Test
    void aNumberThatNoStreamCanStartWithEvictsNobody() {
        harness = ofOneAggregate(FirstSequence.FIRST_SEEN);
        offer(0, 7, 8);
        final long wild = Sequencer.MAX_FIRST + 1;
        assertThat(offer(1, wild)).isEqualTo("GAP_TOO_WIDE:" + wild);
        assertThat(offer(0, 8, 9)).isEqualTo("DUPLICATE:8 9");
        assertThat(totals().evicted()).isZero();
        assertThat(offer(1, 999)).isEqualTo("999");
    }
}
