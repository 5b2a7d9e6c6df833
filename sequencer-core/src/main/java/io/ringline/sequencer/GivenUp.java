package io.ringline.sequencer;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The numbers that were given up, as ranges, so that one that comes after all is known as late rather than taken for a
 * duplicate. Keeps the newest {@code limit} ranges; of those forgotten it remembers that there were some, and calls an
 * older number of that key late: nothing is swallowed for want of memory. Memory comes in chunks, as it is needed. Not
 * thread-safe.
 *
 * <p>A key's ranges are a list from the newest, the highest, down; whoever has the key keeps the newest one's id, 0 for none.
 * Each also points some way ahead, so that a look-up takes a number of steps that is logarithmic in the length of the list
 * (Myers, "An applicative random-access stack").
 *
 * <pre>
 *   0 i64 first   8 i64 last   16 i32 how far back the older one is, 0 for none   20 i32 the same for the one ahead
 *  24 i32 depth in the list
 * </pre>
 */
final class GivenUp {
    static final int RANGE_BYTES = 32;
    static final int RANGES_PER_CHUNK = 4_096;
    static final int FIRST = 0;
    static final int LAST = 8;
    static final int OLDER = 16;
    static final int AHEAD = 20;
    static final int DEPTH = 24;

    final ChunkedMemory ranges;
    private final int limit;
    private long newest;

    /**
     * Nothing given up.
     *
     * @param limit of ranges, a power of two from 16.
     */
    GivenUp(final int limit) {
        this.limit = limit;
        ranges = new ChunkedMemory(RANGE_BYTES, Math.min(limit, RANGES_PER_CHUNK));
    }

    int limit() {
        return limit;
    }

    /** The id of the last range that was added; ids go up by one. */
    long newest() {
        return newest;
    }

    void newest(final long id) {
        newest = id;
    }

    /** How many ranges are forgotten. */
    long forgotten() {
        return Math.max(0, newest - limit);
    }

    /** Adds a range above all others of its key. @return its id, from now on the key's newest. */
    long add(final long parent, final long from, final long to) {
        final long id = newest + 1;
        final int at = place(id);
        ranges.ensure(at);
        // Looked up first: the range that makes room may be the very one that the parent's leap goes to.
        final long ahead = aheadOf(parent);
        final int depth = isKept(parent) ? depth(parent) + 1 : 0;
        ranges.beforeWrite(at);
        final UnsafeBuffer memory = ranges.chunk(at);
        final int offset = ranges.offset(at);
        memory.putLong(offset + FIRST, from);
        memory.putLong(offset + LAST, to);
        memory.putInt(offset + OLDER, back(id, parent));
        memory.putInt(offset + AHEAD, back(id, ahead));
        memory.putInt(offset + DEPTH, depth);
        newest = id;
        return id;
    }

    private static int back(final long from, final long to) {
        return to == 0 ? 0 : (int) Math.min(from - to, Integer.MAX_VALUE);
    }

    /** The second leap of the parent where its first two are equally long: then both become one. */
    private long aheadOf(final long parent) {
        if (isKept(parent)) {
            final long one = leap(parent, AHEAD);
            if (isKept(one)) {
                final long two = leap(one, AHEAD);
                if (isKept(two) && depth(parent) - depth(one) == depth(one) - depth(two)) {
                    return two;
                }
            }
        }
        return parent;
    }

    private int depth(final long id) {
        return ranges.getInt(place(id), DEPTH);
    }

    /** The id that a range points to; 0 for none, and any that is not kept for one that is forgotten. */
    private long leap(final long id, final int field) {
        final int back = ranges.getInt(place(id), field);
        return back == 0 ? 0 : back == Integer.MAX_VALUE ? Long.MIN_VALUE : id - back;
    }

    /** Whether a number below the key's next one was given up; true also where that cannot be told any more. */
    boolean contains(final long newestOfKey, final long sequence) {
        long id = newestOfKey;
        while (isKept(id)) {
            final int at = place(id);
            if (sequence > ranges.getLong(at, LAST)) {
                return false;
            }
            if (sequence >= ranges.getLong(at, FIRST)) {
                return true;
            }
            final long leap = leap(id, AHEAD);
            id = isKept(leap) && sequence <= ranges.getLong(place(leap), LAST) ? leap : leap(id, OLDER);
        }
        return id != 0;
    }

    boolean isKept(final long id) {
        return id > 0 && id > newest - limit;
    }

    int place(final long id) {
        return (int) id & limit - 1;
    }
}
