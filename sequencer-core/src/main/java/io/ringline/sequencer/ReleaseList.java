package io.ringline.sequencer;

import org.agrona.BitUtil;

/**
 * What is released, in order, at ever rising positions; a ring that the sequencer's thread appends to and later threads read
 * once a position has been handed to them. A position is used again only after {@code reclaim} has passed it.
 */
public final class ReleaseList {
    private final int mask;
    private final int[] entries;
    private final int[] gaps;
    private final int[] outcomes;
    private final int[] others;
    private final long[] globals;
    private final long[] numbers;
    private long end;
    private long reclaimed;

    ReleaseList(final int capacity) {
        final int size = BitUtil.findNextPositivePowerOfTwo(capacity);
        mask = size - 1;
        entries = new int[size];
        gaps = new int[size];
        outcomes = new int[size];
        others = new int[size];
        globals = new long[size];
        numbers = new long[size];
    }

    /**
     * Appends.
     *
     * @param gap    numbers given up; below 0 for the source's.
     * @param number the event's in its aggregate; of a gap in the source's order, the first that is missing.
     */
    void append(
            final int entry, final int gap, final int outcome, final int other, final long global, final long number) {
        if (end - reclaimed > mask) {
            throw new IllegalStateException("the release list is full: reclaim() is not called; this is a bug");
        }
        final int at = (int) end & mask;
        entries[at] = entry;
        gaps[at] = gap;
        outcomes[at] = outcome;
        others[at] = other;
        globals[at] = global;
        numbers[at] = number;
        end++;
    }

    long end() {
        return end;
    }

    long reclaimed() {
        return reclaimed;
    }

    /** The next position that is not reclaimed; passes it. */
    int reclaimNext() {
        return entries[(int) reclaimed++ & mask];
    }

    /** What stands at a position. @param position not reclaimed. @return an entry, {@code SELF} or {@code NO_ENTRY}. */
    public int entry(final long position) {
        return entries[(int) position & mask];
    }

    /** Numbers given up just before it: see {@link #isSourceGap}. @param position not reclaimed. @return from 0. */
    public int gap(final long position) {
        return Math.abs(gaps[(int) position & mask]);
    }

    /**
     * Whether the gap is one in the source's order. An event's own aggregate's gap comes first: one of the source's is then
     * shown on the next event that has none. @param position not reclaimed. @return false for the aggregate's.
     */
    public boolean isSourceGap(final long position) {
        return gaps[(int) position & mask] < 0;
    }

    /** {@code RELEASED}, {@code SOURCE_GAP}, or why its aggregate refused it. @param position not reclaimed. @return a code. */
    public int outcome(final long position) {
        return outcomes[(int) position & mask];
    }

    void outcome(final long position, final int outcome) {
        outcomes[(int) position & mask] = outcome;
    }

    /** Which entry has the same number, where the outcome is {@code ALREADY_HELD}. @param position of the last call. @return an entry. */
    public int other(final long position) {
        return others[(int) position & mask];
    }

    /**
     * Its number in the order of release.
     *
     * @param position not reclaimed.
     * @return from 1; 0 where refused; for a gap in the source's order the number that the next release has.
     */
    public long globalSequence(final long position) {
        return globals[(int) position & mask];
    }

    /**
     * Its number in its aggregate.
     *
     * @param position not reclaimed.
     * @return from 1; for a gap in the source's order the first number that is missing there.
     */
    public long sequence(final long position) {
        return numbers[(int) position & mask];
    }
}
