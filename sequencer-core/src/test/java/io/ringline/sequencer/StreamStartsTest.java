package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Epochs and first numbers, at the borders; the model's random steps have the rest. */
class StreamStartsTest {
    private Sequencer sequencer = sequencer(FirstSequence.ONE);

    private static Sequencer sequencer(final FirstSequence first) {
        return new Sequencer(
                new SequencerSettings(Ordering.AGGREGATE, 100, 10, 10, 30, OnGapTooWide.FORCE, 0, first), 8, 0);
    }

    private int offer(final long sequence) {
        return sequencer.offerId(1, sequence, 0, 0);
    }

    private int start(final long first) {
        return sequencer.starts().startId(1, first, 0);
    }

    private long next() {
        final AggregateState state = new AggregateState();
        assertThat(sequencer.aggregates().describeId(1, state)).isTrue();
        return state.next();
    }

    @Test
    void startingOverReleasesWhatIsHeldAndForgetsWhatWasGivenUp() {
        offer(1);
        offer(3);
        offer(7);
        assertThat(start(0)).isEqualTo(Sequencer.RELEASED);
        assertThat(sequencer.releaseCount()).isEqualTo(2);
        assertThat(sequencer.releases().gap(sequencer.releaseFrom())).isEqualTo(1);
        assertThat(sequencer.releases().gap(sequencer.releaseFrom() + 1)).isEqualTo(3);
        assertThat(next()).isEqualTo(1);
        assertThat(offer(1)).isEqualTo(Sequencer.RELEASED);
        assertThat(offer(2)).as("given up in the epoch before").isEqualTo(Sequencer.RELEASED);
        assertThat(offer(2)).isEqualTo(Sequencer.DUPLICATE);
        assertThat(sequencer.statistics().epochs()).isEqualTo(1);
        assertThat(sequencer.statistics().forcedByStart()).isEqualTo(2);
        assertThat(sequencer.statistics().missing()).isEqualTo(4);
    }

    @Test
    void startingFurtherOnMakesWhatIsPassedOverLateAndNotMissing() {
        offer(1);
        assertThat(start(1L << 62)).isEqualTo(Sequencer.RELEASED);
        assertThat(offer(2)).isEqualTo(Sequencer.LATE);
        assertThat(offer((1L << 62) - 1)).isEqualTo(Sequencer.LATE);
        assertThat(offer(1)).isEqualTo(Sequencer.DUPLICATE);
        assertThat(offer(1L << 62)).isEqualTo(Sequencer.RELEASED);
        assertThat(sequencer.statistics().missing()).isZero();
        assertThat(sequencer.statistics().baselines()).isEqualTo(1);
    }

    @Test
    void startingInTheMidstOfWhatIsHeldKeepsWhatIsAbove() {
        offer(3);
        offer(6);
        offer(9);
        start(6);
        assertThat(sequencer.releaseCount()).as("3, with its gap, and 6").isEqualTo(2);
        assertThat(sequencer.releases().gap(sequencer.releaseFrom() + 1)).isZero();
        assertThat(sequencer.heldNow()).isEqualTo(1);
        assertThat(offer(4)).isEqualTo(Sequencer.LATE);
        assertThat(offer(7)).isEqualTo(Sequencer.RELEASED_WITH);
    }

    @Test
    void startingBelowWhatIsExpectedIsAnEpoch() {
        offer(1);
        offer(2);
        start(2);
        assertThat(sequencer.statistics().epochs()).isEqualTo(1);
        assertThat(offer(1)).as("below where the epoch started").isEqualTo(Sequencer.LATE);
        assertThat(offer(2)).isEqualTo(Sequencer.RELEASED);
    }

    @Test
    void anUnknownAggregateStartsWhereItIsSaidTo() {
        start(500);
        assertThat(offer(499)).isEqualTo(Sequencer.LATE);
        assertThat(offer(500)).isEqualTo(Sequencer.RELEASED);
        assertThat(sequencer.aggregates().size()).isEqualTo(1);
    }

    @Test
    void numbersOutOfRangeStartNothing() {
        for (final long wrong : new long[] {-1, Long.MIN_VALUE, (1L << 62) + 1, Long.MAX_VALUE}) {
            assertThat(start(wrong)).isEqualTo(Sequencer.INVALID_SEQUENCE);
        }
        assertThat(sequencer.aggregates().size()).isZero();
    }

    @Test
    void theFirstSeenIsTheBaselineAndNumbersBelowItAreLate() {
        sequencer = sequencer(FirstSequence.FIRST_SEEN);
        assertThat(offer(50)).isEqualTo(Sequencer.RELEASED_WITH);
        assertThat(offer(49)).isEqualTo(Sequencer.LATE);
        assertThat(offer(51)).isEqualTo(Sequencer.RELEASED);
        assertThat(sequencer.statistics().baselines()).isEqualTo(1);
        assertThat(sequencer.offerId(2, Long.MAX_VALUE, 0, 0)).isEqualTo(Sequencer.GAP_TOO_WIDE);
        assertThat(sequencer.offerId(2, 0, 0, 0)).as("a number of our own").isEqualTo(Sequencer.RELEASED_WITH);
        assertThat(sequencer.lastSequence()).isEqualTo(1);
    }

    @Test
    void aStartThatLeadsNowhereNewChangesNothing() {
        offer(1);
        start(2);
        assertThat(next()).isEqualTo(2);
        assertThat(sequencer.statistics().epochs()).isZero();
        assertThat(sequencer.statistics().gaps()).isZero();
    }
}
