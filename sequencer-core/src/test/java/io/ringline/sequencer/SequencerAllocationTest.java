package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** In steady state nothing is allocated: in order, swapped, and with an event lost now and then. */
class SequencerAllocationTest {
    private static final int AGGREGATES = 1_000;
    private static final int EVENTS = 400_000;

    private final Sequencer sequencer = new Sequencer(
            new SequencerSettings(Ordering.AGGREGATE, 100, 1_000, 16_384, 1_000, OnGapTooWide.FORCE), 1_024, 0);
    private final long[] turns = new long[AGGREGATES];

    @Test
    void allocatesNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // The least of some: the measuring itself, and the compiler, may allocate now and then.
        for (int i = 0; i < 5; i++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            run(i);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(1_000);
        assertThat(sequencer.statistics().reordered()).isPositive();
        assertThat(sequencer.statistics().gaps()).isPositive();
    }

    private void run(final int round) {
        for (int i = 0; i < EVENTS; i++) {
            final int aggregate = i % AGGREGATES;
            final long turn = ++turns[aggregate];
            final long swapped = turn % 10 == 0 ? turn + 1 : turn % 10 == 1 && turn > 1 ? turn - 1 : turn;
            final boolean lost = aggregate == 7 && turn % 50 == 5;
            if (!lost) {
                sequencer.offerId(aggregate, swapped, 0, i);
            }
            if (i % 256 == 0) {
                sequencer.tick(round * (long) EVENTS + i);
                sequencer.reclaim(sequencer.releaseFrom() + sequencer.releaseCount());
            }
        }
    }
}
