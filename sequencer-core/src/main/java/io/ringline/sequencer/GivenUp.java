package io.ringline.sequencer;

import java.util.Arrays;

/**
 * The numbers that were given up, as ranges, so that one that comes after all is known as late rather than taken for a
 * duplicate. Keeps the newest {@code limit} ranges; of those forgotten it remembers that there were some, and calls an
 * older number of that key late: nothing is swallowed for want of memory. Not thread-safe.
 */
final class GivenUp {
    private final int limit;
    private long[] first = new long[16];
    private long[] last = new long[16];
    private long[] olderOfKey = new long[16];
    private long[] newestOfKey = new long[16];
    private long newest;

    GivenUp(final int limit) {
        this.limit = limit;
    }

    void add(final int key, final long from, final long to) {
        if (key >= newestOfKey.length) {
            newestOfKey = Arrays.copyOf(newestOfKey, Math.max(key + 1, newestOfKey.length * 2));
        }
        final long id = ++newest;
        if (id >= first.length && first.length < limit) {
            final int size = Math.min(limit, first.length * 2);
            first = Arrays.copyOf(first, size);
            last = Arrays.copyOf(last, size);
            olderOfKey = Arrays.copyOf(olderOfKey, size);
        }
        final int at = (int) (id % first.length);
        first[at] = from;
        last[at] = to;
        olderOfKey[at] = newestOfKey[key];
        newestOfKey[key] = id;
    }

    /** Whether a number below the key's next one was given up; true also where that cannot be told any more. */
    boolean contains(final int key, final long sequence) {
        long id = key < newestOfKey.length ? newestOfKey[key] : 0;
        while (id > 0) {
            if (id <= newest - first.length) {
                return true; // forgotten
            }
            final int at = (int) (id % first.length);
            if (sequence > last[at]) {
                return false; // a key's ranges are ascending, the newest is the highest
            }
            if (sequence >= first[at]) {
                return true;
            }
            id = olderOfKey[at];
        }
        return false;
    }
}
