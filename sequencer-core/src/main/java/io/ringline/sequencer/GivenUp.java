package io.ringline.sequencer;

import java.util.Arrays;

/**
 * The numbers that were given up, as ranges, so that one that comes after all is known as late rather than taken for a
 * duplicate. Keeps the newest {@code limit} ranges; of those forgotten it remembers that there were some, and calls an
 * older number of that key late: nothing is swallowed for want of memory. Not thread-safe.
 *
 * <p>A key's ranges are a list from the newest, the highest, down. Each also points some way ahead, so that a look-up
 * takes a number of steps that is logarithmic in the length of the list (Myers, "An applicative random-access stack").
 */
final class GivenUp {
    private final int limit;
    private long[] first = new long[16];
    private long[] last = new long[16];
    private long[] older = new long[16];
    private long[] ahead = new long[16];
    private int[] depth = new int[16];
    private long[] newestOfKey = new long[16];
    private long newest;

    /**
     * Nothing given up.
     *
     * @param limit of ranges, a power of two from 16.
     */
    GivenUp(final int limit) {
        this.limit = limit;
    }

    /** How many ranges are forgotten. */
    long forgotten() {
        return Math.max(0, newest - limit);
    }

    void add(final int key, final long from, final long to) {
        if (key >= newestOfKey.length) {
            newestOfKey = Arrays.copyOf(newestOfKey, Math.max(key + 1, newestOfKey.length * 2));
        }
        if (newest + 1 >= first.length && first.length < limit) {
            grow(first.length * 2);
        }
        final long id = ++newest;
        final int at = at(id);
        final long parent = newestOfKey[key];
        first[at] = from;
        last[at] = to;
        older[at] = parent;
        ahead[at] = aheadOf(parent);
        depth[at] = isKept(parent) ? depth[at(parent)] + 1 : 0;
        newestOfKey[key] = id;
    }

    /** The second leap of the parent where its first two are equally long: then both become one. */
    private long aheadOf(final long parent) {
        if (isKept(parent)) {
            final long one = ahead[at(parent)];
            if (isKept(one)) {
                final long two = ahead[at(one)];
                if (isKept(two) && depth[at(parent)] - depth[at(one)] == depth[at(one)] - depth[at(two)]) {
                    return two;
                }
            }
        }
        return parent;
    }

    /** Whether a number below the key's next one was given up; true also where that cannot be told any more. */
    boolean contains(final int key, final long sequence) {
        long id = key < newestOfKey.length ? newestOfKey[key] : 0;
        while (isKept(id)) {
            final int at = at(id);
            if (sequence > last[at]) {
                return false;
            }
            if (sequence >= first[at]) {
                return true;
            }
            final long leap = ahead[at];
            id = isKept(leap) && sequence <= last[at(leap)] ? leap : older[at];
        }
        return id != 0;
    }

    private boolean isKept(final long id) {
        return id > newest - first.length && id > 0;
    }

    private int at(final long id) {
        return (int) id & first.length - 1;
    }

    /** A range keeps its place, as its id is still below the old length. */
    private void grow(final int size) {
        first = Arrays.copyOf(first, size);
        last = Arrays.copyOf(last, size);
        older = Arrays.copyOf(older, size);
        ahead = Arrays.copyOf(ahead, size);
        depth = Arrays.copyOf(depth, size);
    }
}
