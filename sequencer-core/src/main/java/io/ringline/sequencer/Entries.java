package io.ringline.sequencer;

/**
 * The entries of all held events and of those released that the caller has not given back: the numbers on each, when it
 * arrived, and which are free. Sized at start. Not thread-safe.
 */
final class Entries {
    final int[] aggregate;
    final long[] sequence;
    final long[] arrivalNs;
    /** Rises with each arrival: tells apart those of the same time. */
    final long[] arrivalOrder;

    private final int[] free;
    private int freeCount;
    private int released;
    private long arrivals;

    Entries(final int count) {
        aggregate = new int[count];
        sequence = new long[count];
        arrivalNs = new long[count];
        arrivalOrder = new long[count];
        free = new int[count];
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i;
        }
        freeCount = count;
    }

    boolean noneFree() {
        return freeCount == 0;
    }

    /** Whether none is free, and none will be when the caller has given back what is released. */
    boolean allHeld() {
        return freeCount == 0 && released == 0;
    }

    int take(final int forAggregate, final long forSequence, final long nowNs) {
        final int entry = free[--freeCount];
        aggregate[entry] = forAggregate;
        sequence[entry] = forSequence;
        arrivalNs[entry] = nowNs;
        arrivalOrder[entry] = ++arrivals;
        return entry;
    }

    /** It waits no longer, but downstream stages still read it. */
    void onReleased() {
        released++;
    }

    void giveBack(final int entry) {
        released--;
        free[freeCount++] = entry;
    }
}
