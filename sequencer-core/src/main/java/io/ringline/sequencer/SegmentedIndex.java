package io.ringline.sequencer;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Tags to numbers, by extendible hashing: a directory over segments, of which one that is full splits alone. So growth costs
 * one segment, whatever the number of entries; only the directory doubles, twelve bytes for some four hundred entries. Which of
 * several entries of one tag is meant, the caller knows.
 *
 * <p>A segment has 128 buckets, each one cache line with seven entries. The first word of a bucket has a byte of each entry's
 * tag, compared all at once, so that a look-up seldom takes a branch that depends on memory it has yet to wait for; and how
 * many entries that belong here, or passed by, stand in buckets behind. The tag's high bits choose the segment, its low ones
 * the bucket. Where tags are too much alike for a split to part them, which keyed hashes make unlikely, a segment gets another
 * one behind it instead: memory stays in proportion.
 *
 * <pre>
 *   0 u8 mark of each of seven entries, 0 for none   7 u8 entries that passed, 255 for as many or more
 *   8 seven entries of u32 number, plus 1 | u32 tag
 * </pre>
 */
final class SegmentedIndex {
    static final int NONE = -1;
    static final int BUCKET_BYTES = 64;
    static final int ENTRIES_AT = 8;

    private static final int BUCKETS = 128;
    private static final int BUCKET_MASK = BUCKETS - 1;
    private static final int PER_BUCKET = 7;
    private static final int SEGMENT_BYTES = BUCKETS * BUCKET_BYTES;
    private static final int FULL = 688; // of 896: few entries stand elsewhere than where they belong
    private static final int PER_CHUNK = 32;
    private static final int MAX_DEPTH = 22;
    private static final int PASSED_AT = 7;
    private static final int MANY = 255;
    private static final long ONES = 0x0001_0101_0101_0101L;
    private static final long LOWS = 0x007F_7F7F_7F7F_7F7FL;
    private static final long HIGHS = 0x0080_8080_8080_8080L;

    private final ChunkedMemory buckets;
    private final long[] scratch = new long[BUCKETS * PER_BUCKET];
    private int[] directory = {0, 1};
    private long[] addresses = new long[2]; // of the directory's segments: one load the less on the way to a bucket
    private boolean hasChains;
    private int shift = Integer.SIZE - 1;
    private int segments;
    private int[] used = new int[16];
    private int[] depths = new int[16];
    private int[] behind = new int[16];
    private long work;

    SegmentedIndex(final DirectMemory direct) {
        buckets = new ChunkedMemory(SEGMENT_BYTES, PER_CHUNK, direct);
        addresses[0] = buckets.address(newSegment(1));
        addresses[1] = buckets.address(newSegment(1));
    }

    private int newSegment(final int ofDepth) {
        final int segment = segments++;
        if (segment == used.length) {
            used = Arrays.copyOf(used, segment * 2);
            depths = Arrays.copyOf(depths, segment * 2);
            behind = Arrays.copyOf(behind, segment * 2);
            work += 3L * segment;
        }
        buckets.ensure(segment);
        depths[segment] = ofDepth;
        behind[segment] = NONE;
        return segment;
    }

    /** Where the bucket stands that a tag belongs to. */
    long homeAddress(final int tag) {
        return addresses[tag >>> shift] + (long) (tag & BUCKET_MASK) * BUCKET_BYTES;
    }

    /** Whether any segment has another one behind it. */
    boolean hasChains() {
        return hasChains;
    }

    int segment(final int tag) {
        return directory[tag >>> shift];
    }

    /** The segment to look in next, or {@link #NONE}. */
    int behind(final int segment) {
        return behind[segment];
    }

    /** The same in any segment. */
    long bucketAddress(final int segment, final int tag) {
        return buckets.address(segment) + (long) (tag & BUCKET_MASK) * BUCKET_BYTES;
    }

    /** The one behind another, in the same segment: segments stand at multiples of their size. */
    static long nextBucket(final long address) {
        return address & -SEGMENT_BYTES | address + BUCKET_BYTES & SEGMENT_BYTES - 1;
    }

    private int bucket(final int segment, final int tag) {
        return buckets.offset(segment) + (tag & BUCKET_MASK) * BUCKET_BYTES;
    }

    private static int nextBucket(final int bucket) {
        return bucket & -SEGMENT_BYTES | bucket + BUCKET_BYTES & SEGMENT_BYTES - 1;
    }

    private static int mark(final int tag) {
        return tag >>> 7 & 0xFF | 1; // never 0
    }

    /**
     * A bit for each entry of a bucket whose mark is a tag's, and now and then for another one; the lowest first.
     *
     * @param word the bucket's first.
     */
    static long candidates(final long word, final int tag) {
        final long differences = word ^ mark(tag) * ONES;
        // No carry passes from byte to byte: an entry that is not there is never a candidate.
        return ~((differences & LOWS) + LOWS | differences) & HIGHS;
    }

    /** Where in its bucket the lowest candidate stands. */
    static int entryAt(final long candidates) {
        return ENTRIES_AT + (Long.numberOfTrailingZeros(candidates) & ~7);
    }

    static boolean hasPassed(final long word) {
        return word >>> PASSED_AT * Byte.SIZE != 0;
    }

    private static int tagOf(final long entry) {
        return (int) (entry >>> Integer.SIZE);
    }

    private static long entry(final int tag, final int number) {
        return (long) tag << Integer.SIZE | number + 1 & 0xFFFF_FFFFL;
    }

    /** Entries moved, and directory entries copied, so far: what growth has cost. */
    long work() {
        return work;
    }

    /** What it takes, all told. */
    long bytes() {
        return buckets.bytes()
                + 3L * Integer.BYTES * (directory.length + used.length)
                + (long) Long.BYTES * scratch.length;
    }

    /**
     * Makes room for all the segments that adding a tag may take: one for each of the tag's bits that parts a full one, and one
     * behind. @return false where there is no memory for them.
     */
    boolean reserve(final int tag) {
        return used[segment(tag)] < FULL || buckets.tryEnsure(segments + MAX_DEPTH);
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
                hasChains = true;
            }
        }
        put(segment, entry(tag, number));
    }

    private void put(final int segment, final long entry) {
        final UnsafeBuffer memory = buckets.chunk(segment);
        int bucket = bucket(segment, tagOf(entry));
        int at = freeIn(memory.getLong(bucket));
        while (at == PER_BUCKET) {
            final int passed = memory.getByte(bucket + PASSED_AT) & 0xFF;
            memory.putByte(bucket + PASSED_AT, (byte) Math.min(MANY, passed + 1));
            bucket = nextBucket(bucket);
            at = freeIn(memory.getLong(bucket));
        }
        memory.putByte(bucket + at, (byte) mark(tagOf(entry)));
        memory.putLong(bucket + ENTRIES_AT + at * Long.BYTES, entry);
        used[segment]++;
    }

    private static int freeIn(final long word) {
        int at = 0;
        while (at < PER_BUCKET && (word >>> at * Byte.SIZE & 0xFF) != 0) {
            at++;
        }
        return at;
    }

    private boolean canSplit(final int segment) {
        final boolean shared = depths[segment] < Integer.SIZE - shift;
        return shared || Integer.SIZE - shift < MAX_DEPTH && directory.length <= 8 * segments + 32;
    }

    private void split(final int segment, final int tag) {
        if (depths[segment] == Integer.SIZE - shift) {
            doubleDirectory();
        }
        final int newDepth = depths[segment] + 1;
        final int other = newSegment(newDepth);
        depths[segment] = newDepth;
        // Of the directory's entries for the segment the upper half, those with the next bit set, are the other's.
        final int runShift = Integer.SIZE - shift - newDepth;
        final int from = (tag >>> Integer.SIZE - newDepth | 1) << runShift;
        Arrays.fill(directory, from, from + (1 << runShift), other);
        Arrays.fill(addresses, from, from + (1 << runShift), buckets.address(other));
        work += (1 << runShift) + FULL;
        final int moved = takeOut(segment);
        for (int i = 0; i < moved; i++) {
            final boolean stays = (tagOf(scratch[i]) >>> Integer.SIZE - newDepth & 1) == 0;
            put(stays ? segment : other, scratch[i]);
        }
    }

    /** Empties a segment into the scratch. @return how many entries it had. */
    private int takeOut(final int segment) {
        final UnsafeBuffer memory = buckets.chunk(segment);
        final int base = buckets.offset(segment);
        int count = 0;
        for (int bucket = base; bucket < base + SEGMENT_BYTES; bucket += BUCKET_BYTES) {
            for (int at = 0; at < PER_BUCKET; at++) {
                if (memory.getByte(bucket + at) != 0) {
                    scratch[count++] = memory.getLong(bucket + ENTRIES_AT + at * Long.BYTES);
                }
            }
        }
        memory.setMemory(base, SEGMENT_BYTES, (byte) 0);
        used[segment] = 0;
        return count;
    }

    private void doubleDirectory() {
        final int[] wider = new int[directory.length * 2];
        final long[] widerAddresses = new long[wider.length];
        for (int i = 0; i < wider.length; i++) {
            wider[i] = directory[i >>> 1];
            widerAddresses[i] = addresses[i >>> 1];
        }
        work += wider.length;
        directory = wider;
        addresses = widerAddresses;
        shift--;
    }

    /** Takes out an entry that is there. */
    void remove(final int tag, final int number) {
        int segment = segment(tag);
        while (!removeFrom(segment, entry(tag, number))) {
            segment = behind[segment];
        }
    }

    private boolean removeFrom(final int segment, final long wanted) {
        final UnsafeBuffer memory = buckets.chunk(segment);
        final int home = bucket(segment, tagOf(wanted));
        int bucket = home;
        int at = find(memory, bucket, wanted);
        while (at == PER_BUCKET) {
            final boolean further = memory.getByte(bucket + PASSED_AT) != 0;
            bucket = nextBucket(bucket);
            if (!further || bucket == home) {
                return false;
            }
            at = find(memory, bucket, wanted);
        }
        memory.putByte(bucket + at, (byte) 0);
        used[segment]--;
        for (int passed = home; passed != bucket; passed = nextBucket(passed)) {
            final int count = memory.getByte(passed + PASSED_AT) & 0xFF;
            memory.putByte(passed + PASSED_AT, (byte) (count == MANY ? MANY : count - 1));
        }
        return true;
    }

    private static int find(final UnsafeBuffer memory, final int bucket, final long wanted) {
        int at = 0;
        while (at < PER_BUCKET
                && (memory.getByte(bucket + at) == 0
                        || memory.getLong(bucket + ENTRIES_AT + at * Long.BYTES) != wanted)) {
            at++;
        }
        return at;
    }
}
