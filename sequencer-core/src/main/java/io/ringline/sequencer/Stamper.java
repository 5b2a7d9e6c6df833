package io.ringline.sequencer;

import java.util.Arrays;

/**
 * Numbers the events of aggregates whose publishers do not: one more than the highest number seen in the aggregate.
 *
 * <p>Where an aggregate has both kinds of events, a number that its publisher gives counts as seen only if it is at most
 * {@code maxSequenceGap} ahead of the highest so far: one wild number must not spoil the aggregate for good. Looks at what
 * was accepted only, so the numbers are the same whichever threads run the stages. Not thread-safe.
 */
public final class Stamper {
    private final int maxSequenceGap;
    private long[] highest = new long[1_024];

    /**
     * A stamper that has seen nothing.
     *
     * @param maxSequenceGap see the class.
     */
    public Stamper(final int maxSequenceGap) {
        this.maxSequenceGap = maxSequenceGap;
    }

    /** Gives a number. @param aggregate dense index. @return from 1. */
    public long stamp(final int aggregate) {
        ensure(aggregate);
        return ++highest[aggregate];
    }

    /**
     * Notes a number that a publisher gave.
     *
     * @param aggregate dense index.
     * @param sequence  the number.
     */
    public void seen(final int aggregate, final long sequence) {
        ensure(aggregate);
        final long before = highest[aggregate];
        if (sequence > before && sequence - before <= maxSequenceGap + 1L) {
            highest[aggregate] = sequence;
        }
    }

    private void ensure(final int aggregate) {
        if (aggregate >= highest.length) {
            highest = Arrays.copyOf(highest, Math.max(aggregate + 1, highest.length * 2));
        }
    }
}
