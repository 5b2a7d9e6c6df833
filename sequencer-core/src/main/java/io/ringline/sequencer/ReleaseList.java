package io.ringline.sequencer;

import org.agrona.BitUtil;

/**
 * What is released, in order, at ever rising positions; a ring that the sequencer's thread appends to and later threads read
 * once a position has been handed to them. A position is used again only after {@code reclaim} has passed it.
 */
final class ReleaseList {
    private final int mask;
    private final int[] entries;
    private final int[] gaps;
    private final int[] outcomes;
    private final int[] others;
    private final long[] globals;
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
    }

    void append(final int entry, final int gap, final int outcome, final int other, final long global) {
        if (end - reclaimed > mask) {
            throw new IllegalStateException("the release list is full: reclaim() is not called; this is a bug");
        }
        final int at = (int) end & mask;
        entries[at] = entry;
        gaps[at] = gap;
        outcomes[at] = outcome;
        others[at] = other;
        globals[at] = global;
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

    int entry(final long position) {
        return entries[(int) position & mask];
    }

    int gap(final long position) {
        return gaps[(int) position & mask];
    }

    int outcome(final long position) {
        return outcomes[(int) position & mask];
    }

    void outcome(final long position, final int outcome) {
        outcomes[(int) position & mask] = outcome;
    }

    int other(final long position) {
        return others[(int) position & mask];
    }

    long global(final long position) {
        return globals[(int) position & mask];
    }
}
