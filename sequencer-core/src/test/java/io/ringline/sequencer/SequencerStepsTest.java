package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What single calls cost, in entries looked at: time would depend on the machine. */
class SequencerStepsTest {
    private static final int HELD = 50_000;

    private final Reorder reorder = new Reorder(
            new SequencerSettings(
                    Ordering.AGGREGATE, Integer.MAX_VALUE - 1, HELD + 1, HELD + 10, 1_000, OnGapTooWide.FORCE),
            64,
            1 << 20);
    private final Sequencer sequencer = new Sequencer(reorder);

    private long steps() {
        return reorder.aggregates.steps();
    }

    private void reclaim() {
        sequencer.reclaim(sequencer.releaseFrom() + sequencer.releaseCount());
    }

    @Test
    void noEventOfAHostileAggregateCostsMoreThanAFewDozenSteps() {
        long worst = 0;
        for (int i = 0; i < HELD / 2; i++) { // every second number, from both ends inward: no two next to each other
            final long sequence = i % 2 == 0 ? 4L + 2 * i : 4L * HELD - 2L * i;
            final long before = steps();
            assertThat(sequencer.offerId(1, sequence, 0, 0)).isEqualTo(Sequencer.HELD);
            worst = Math.max(worst, steps() - before);
        }
        for (int i = 0; i < HELD / 4; i++) { // each gives one gap up
            final long before = steps();
            sequencer.forceOldest();
            worst = Math.max(worst, steps() - before);
            reclaim();
        }
        System.out.println("SequencerStepsTest: at most " + worst + " steps");
        assertThat(worst).isLessThan(600);
    }

    @Test
    void aTickCostsWhatIsDueAndNothingForWhatWaits() {
        for (int id = 0; id < HELD; id++) {
            sequencer.offerId(id, 2, 0, id / 100);
        }
        long before = steps();
        sequencer.tick(999);
        assertThat(steps() - before).as("nothing is due").isZero();
        sequencer.tick(1_000);
        assertThat(sequencer.releaseCount()).isEqualTo(100);
        assertThat(steps() - before).as("a hundred are due").isLessThan(100 * 100);
        reclaim();
        before = steps();
        sequencer.tick(1_000);
        assertThat(steps() - before).isZero();
    }

    @Test
    void whetherAWildNumberIsInReachIsKnownWithoutALook() {
        for (long sequence = 3; sequence < 2 * HELD; sequence += 2) {
            sequencer.offerId(1, sequence, 0, 0);
        }
        final long before = steps();
        assertThat(sequencer.offerId(1, Long.MAX_VALUE, 0, 0)).isEqualTo(Sequencer.GAP_TOO_WIDE);
        assertThat(steps() - before).isLessThan(100);
    }
}
