package io.ringline.sequencer;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Tags to numbers, by extendible hashing: a directory over segments of 1,024 slots, of which one that is three quarters full
 * splits alone. So growth costs one segment, whatever the number of entries; only the directory doubles, four bytes for some
 * four hundred entries. A slot holds a tag and a number; which of several entries of one tag is meant, the caller knows.
 *
 * <p>The tag's high bits choose the segment, its low ones the place in it. Where tags are too much alike for a split to part
 * them, which keyed hashes make unlikely, a segment gets another one behind it instead: memory stays in proportion.
 */
final class SegmentedIndex {
    static final int SLOTS = 1_024;
    static final int MASK = SLOTS - 1;
    static final int NONE = -1;

    private static final int FULL = SLOTS * 3 / 4;
    private static final int PER_CHUNK = 32;
    private static final int MAX_DEPTH = 22;

    private final ChunkedMemory slots = new ChunkedMemory(SLOTS * Long.BYTES, PER_CHUNK);
    private final long[] scratch = new long[SLOTS];
    private int[] directory = {0, 1};
    private int depth = 1;
    private int segments;
    private int[] used = new int[16];
    private int[] depths = new int[16];
    private int[] behind = new int[16];
    private long work;

    SegmentedIndex() {
        newSegment(1);
        newSegment(1);
    }

    private int newSegment(final int ofDepth) {
        final int segment = segments++;
        if (segment == used.length) {
            used = Arrays.copyOf(used, segment * 2);
            depths = Arrays.copyOf(depths, segment * 2);
            behind = Arrays.copyOf(behind, segment * 2);
            work += 3L * segment;
        }
        slots.ensure(segment);
        depths[segment] = ofDepth;
        behind[segment] = NONE;
        return segment;
    }

    int segment(final int tag) {
        return directory[tag >>> Integer.SIZE - depth];
    }

    /** The segment to look in next, or {@link #NONE}. */
    int behind(final int segment) {
        return behind[segment];
    }

    UnsafeBuffer memory(final int segment) {
        return slots.chunk(segment);
    }

    int offset(final int segment) {
        return slots.offset(segment);
    }

    static int tagOf(final long slot) {
        return (int) (slot >>> Integer.SIZE);
    }

    static int numberOf(final long slot) {
        return (int) slot - 1;
    }

    private static long slot(final int tag, final int number) {
        return (long) tag << Integer.SIZE | number + 1 & 0xFFFF_FFFFL;
    }

    /** Entries moved, and directory entries copied, so far: what growth has cost. */
    long work() {
        return work;
    }

    /** What it takes, all told. */
    long bytes() {
        return slots.bytes() + Integer.BYTES * (directory.length + 3L * used.length) + (long) Long.BYTES * SLOTS;
    }

    void add(final int tag, final int number) {
        int segment = segment(tag);
        boolean inDirectory = true;
        while (used[segment] == FULL) {
            if (behind[segment] != NONE) {
                segment = behind[segment];
                inDirectory = false;
            } else if (inDirectory && canSplit(segment)) {
                split(segment, tag);
                segment = segment(tag);
            } else {
                behind[segment] = newSegment(depths[segment]);
            }
        }
        put(segment, slot(tag, number));
        used[segment]++;
    }

    private void put(final int segment, final long slot) {
        final UnsafeBuffer memory = slots.chunk(segment);
        final int base = slots.offset(segment);
        int at = tagOf(slot) & MASK;
        while (memory.getLong(base + at * Long.BYTES) != 0) {
            at = at + 1 & MASK;
        }
        memory.putLong(base + at * Long.BYTES, slot);
    }

    private boolean canSplit(final int segment) {
        final boolean shared = depths[segment] < depth;
        return shared || depth < MAX_DEPTH && directory.length <= 8 * segments + 32;
    }

    private void split(final int segment, final int tag) {
        if (depths[segment] == depth) {
            doubleDirectory();
        }
        final int newDepth = depths[segment] + 1;
        final int other = newSegment(newDepth);
        depths[segment] = newDepth;
        // Of the directory's entries for the segment the upper half, those with the next bit set, are the other's.
        final int run = 1 << depth - newDepth;
        final int from = (tag >>> Integer.SIZE - newDepth | 1) << depth - newDepth;
        Arrays.fill(directory, from, from + run, other);
        work += run;
        final UnsafeBuffer memory = slots.chunk(segment);
        final int base = slots.offset(segment);
        for (int at = 0; at < SLOTS; at++) {
            scratch[at] = memory.getLong(base + at * Long.BYTES);
        }
        memory.setMemory(base, SLOTS * Long.BYTES, (byte) 0);
        used[segment] = 0;
        for (final long slot : scratch) {
            if (slot != 0) {
                final int to = (tagOf(slot) >>> Integer.SIZE - newDepth & 1) == 0 ? segment : other;
                put(to, slot);
                used[to]++;
            }
        }
        work += FULL;
    }

    private void doubleDirectory() {
        final int[] wider = new int[directory.length * 2];
        for (int i = 0; i < wider.length; i++) {
            wider[i] = directory[i >>> 1];
        }
        work += wider.length;
        directory = wider;
        depth++;
    }

    /** Takes out an entry that is there. */
    void remove(final int tag, final int number) {
        final long wanted = slot(tag, number);
        int segment = segment(tag);
        int at = find(segment, wanted);
        while (at == NONE) {
            segment = behind[segment];
            at = find(segment, wanted);
        }
        used[segment]--;
        close(segment, at);
    }

    private int find(final int segment, final long wanted) {
        final UnsafeBuffer memory = slots.chunk(segment);
        final int base = slots.offset(segment);
        int at = tagOf(wanted) & MASK;
        long slot = memory.getLong(base + at * Long.BYTES);
        while (slot != wanted) {
            if (slot == 0) {
                return NONE;
            }
            at = at + 1 & MASK;
            slot = memory.getLong(base + at * Long.BYTES);
        }
        return at;
    }

    /** Moves back whatever could not be found across a hole. */
    private void close(final int segment, final int from) {
        final UnsafeBuffer memory = slots.chunk(segment);
        final int base = slots.offset(segment);
        int hole = from;
        int at = hole + 1 & MASK;
        long slot = memory.getLong(base + at * Long.BYTES);
        while (slot != 0) {
            final int home = tagOf(slot) & MASK;
            if ((at - home & MASK) >= (at - hole & MASK)) {
                memory.putLong(base + hole * Long.BYTES, slot);
                hole = at;
            }
            at = at + 1 & MASK;
            slot = memory.getLong(base + at * Long.BYTES);
        }
        memory.putLong(base + hole * Long.BYTES, 0);
    }
}
