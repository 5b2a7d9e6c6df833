package io.ringline.sequencer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Exact aggregate keys to an index, 0, 1, 2 and so on in the order in which they were first seen, and all that is known of
 * each aggregate, in one cache line. A key is a 64-bit id or a run of bytes; the two kinds are never equal, and keys are
 * compared in full. Growth costs one chunk or one split of a segment: nothing doubles. Not thread-safe.
 *
 * <pre>
 *   0 i64 next number (0: not started)      8 i64 first number of its epoch: what is below is late
 *  16 i32 held in its window | i32 held anywhere
 *  24 i32 tag of its key | i32 key's length, or -1 for an id
 *  32 the key's first 16 bytes, zero-padded; the id; or a longer key's place in the arena
 *  48 i64 newest of its given-up ranges     56 i32 entry of its lowest held number, plus 1 | i32 generation
 * </pre>
 *
 * <p>With a cap, adding one more evicts the aggregate that has been idle for longest among those that hold nothing: the new
 * one gets its index, with the next generation.
 */
final class AggregateTable {
    static final int NONE = -1;
    static final int LINE_BYTES = 64;
    static final int LINES_PER_CHUNK = 4_096;
    static final int INLINE_BYTES = 16;
    static final int NEXT = 0;
    static final int FIRST = 8;
    static final int HELD = 16;
    static final int PINNED = 20;
    static final int GIVEN_UP = 48;
    static final int LOWEST = 56;
    static final int GENERATION = 60;
    static final int TAG = 24;
    static final int LENGTH = 28;
    static final int KEY = 32;
    static final int ID = -1;

    private static final int KEY_END = 40;
    private static final long SECRET = secret();
    private static final long MULTIPLIER = secret() | 1;

    final ChunkedMemory lines;
    final KeyArena keys;
    final SegmentedIndex index;
    final IdleList idle;
    private final int max;
    private final long firstNext;
    private final SequencerStatistics statistics;
    private int size;
    private long withoutMemory;

    /**
     * An empty table.
     *
     * @param max       aggregates at most; 0 for no cap.
     * @param firstNext what a new aggregate expects first; 0 where that is not known yet.
     * @param statistics where evictions are counted.
     * @param direct     where its memory comes from.
     */
    AggregateTable(
            final int max, final long firstNext, final SequencerStatistics statistics, final DirectMemory direct) {
        this.lines = new ChunkedMemory(LINE_BYTES, LINES_PER_CHUNK, direct);
        this.keys = new KeyArena(direct);
        this.index = new SegmentedIndex(direct);
        this.statistics = statistics;
        this.max = max == 0 ? Integer.MAX_VALUE : max;
        this.firstNext = firstNext;
        this.idle = new IdleList(max != 0, direct);
    }

    int size() {
        return size;
    }

    /** Finds an id. @return its index, or {@link #NONE}. */
    int findId(final long id) {
        final int tag = tagOf(id);
        final int found = findId(index.homeAddress(tag), tag, id);
        if (found != NONE || !index.hasChains()) {
            return found;
        }
        int chained = NONE;
        int segment = index.behind(index.segment(tag));
        while (chained == NONE && segment != SegmentedIndex.NONE) {
            chained = findId(index.bucketAddress(segment, tag), tag, id);
            segment = index.behind(segment);
        }
        return chained;
    }

    private int findId(final long home, final int tag, final long id) {
        long bucket = home;
        long word;
        do {
            word = UnsafeApi.getLong(bucket);
            long candidates = SegmentedIndex.candidates(word, tag);
            while (candidates != 0) {
                final int number = UnsafeApi.getInt(bucket + SegmentedIndex.entryAt(candidates)) - 1;
                if (isId(number, id)) {
                    return number;
                }
                candidates &= candidates - 1;
            }
            bucket = SegmentedIndex.nextBucket(bucket);
        } while (SegmentedIndex.hasPassed(word) && bucket != home);
        return NONE;
    }

    private boolean isId(final int number, final long id) {
        final long line = lines.address(number);
        return UnsafeApi.getLong(line + KEY) == id && UnsafeApi.getInt(line + LENGTH) == ID;
    }

    /** Finds a key of bytes. @return its index, or {@link #NONE}. */
    int findBytes(final DirectBuffer key, final int offset, final int length, final long hash) {
        final int tag = tagOf(hash);
        final int found = findBytes(index.homeAddress(tag), tag, key, offset, length);
        if (found != NONE || !index.hasChains()) {
            return found;
        }
        int chained = NONE;
        int segment = index.behind(index.segment(tag));
        while (chained == NONE && segment != SegmentedIndex.NONE) {
            chained = findBytes(index.bucketAddress(segment, tag), tag, key, offset, length);
            segment = index.behind(segment);
        }
        return chained;
    }

    private int findBytes(final long home, final int tag, final DirectBuffer key, final int offset, final int length) {
        final boolean isShort = length <= INLINE_BYTES;
        final long start = isShort ? word(key, offset, Math.min(length, Long.BYTES)) : 0;
        final long end = isShort && length > Long.BYTES ? word(key, offset + Long.BYTES, length - Long.BYTES) : 0;
        long bucket = home;
        long word;
        do {
            word = UnsafeApi.getLong(bucket);
            long candidates = SegmentedIndex.candidates(word, tag);
            while (candidates != 0) {
                final int number = UnsafeApi.getInt(bucket + SegmentedIndex.entryAt(candidates)) - 1;
                if (isShort ? isShort(number, start, end, length) : isLong(number, key, offset, length)) {
                    return number;
                }
                candidates &= candidates - 1;
            }
            bucket = SegmentedIndex.nextBucket(bucket);
        } while (SegmentedIndex.hasPassed(word) && bucket != home);
        return NONE;
    }

    private boolean isShort(final int number, final long start, final long end, final int length) {
        final long line = lines.address(number);
        return UnsafeApi.getLong(line + KEY) == start
                && UnsafeApi.getLong(line + KEY_END) == end
                && UnsafeApi.getInt(line + LENGTH) == length;
    }

    private boolean isLong(final int number, final DirectBuffer key, final int offset, final int length) {
        return lines.getInt(number, LENGTH) == length && keys.same(lines.getLong(number, KEY), key, offset, length);
    }

    /** Up to eight bytes as one word, zero-padded, as they stand in memory. */
    private static long word(final DirectBuffer key, final int offset, final int length) {
        if (length == Long.BYTES) {
            return key.getLong(offset);
        }
        if (length >= Integer.BYTES) {
            final long low = key.getInt(offset, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
            final long high = key.getInt(offset + length - Integer.BYTES, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
            return low | high << (length - Integer.BYTES) * Byte.SIZE;
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (key.getByte(offset + i) & 0xFFL) << i * Byte.SIZE;
        }
        return word;
    }

    /**
     * Adds an id that is not there. @return its index, or {@link #NONE} where there is no room and nothing to evict, or no
     * memory; nothing has changed then.
     */
    int addId(final long id) {
        final int tag = tagOf(id);
        if (!reserve(tag)) {
            return NONE;
        }
        final int number = take();
        lines.chunk(number).putLong(lines.offset(number) + KEY, id);
        finish(number, tag, ID);
        return number;
    }

    /** Adds a key that is not there. @return as {@link #addId}. */
    int addBytes(final DirectBuffer key, final int offset, final int length, final long hash) {
        final int tag = tagOf(hash);
        if (!reserve(tag)) {
            return NONE;
        }
        final boolean isLong = length > INLINE_BYTES;
        final long place = isLong ? keys.add(key, offset, length) : 0;
        if (place == KeyArena.NONE) {
            withoutMemory++;
            return NONE;
        }
        final int number = take();
        final UnsafeBuffer line = lines.chunk(number);
        final int at = lines.offset(number) + KEY;
        if (isLong) {
            line.putLong(at, place);
        } else {
            line.putBytes(at, key, offset, length);
        }
        finish(number, tag, length);
        return number;
    }

    /** Whether one can be added: sets aside what that takes before anything changes, so that nothing fails half way. */
    private boolean reserve(final int tag) {
        final boolean full = size == max;
        if (full && idle.oldest() == NONE) {
            return false;
        }
        final boolean reserved = (full || lines.tryEnsure(size) && idle.tryEnsure(size)) && index.reserve(tag);
        withoutMemory += reserved ? 0 : 1;
        return reserved;
    }

    /** How many could not be added as there was no memory for them. */
    long withoutMemory() {
        return withoutMemory;
    }

    private int take() {
        if (size < max) {
            return size++;
        }
        final int number = idle.oldest();
        evict(number);
        return number;
    }

    private void evict(final int number) {
        lines.beforeWrite(number);
        final UnsafeBuffer line = lines.chunk(number);
        final int at = lines.offset(number);
        index.remove(line.getInt(at + TAG), number);
        if (line.getInt(at + LENGTH) > INLINE_BYTES) {
            keys.free(line.getLong(at + KEY), line.getInt(at + LENGTH));
        }
        final int generation = line.getInt(at + GENERATION);
        line.setMemory(at, LINE_BYTES, (byte) 0);
        line.putInt(at + GENERATION, generation + 1);
        idle.remove(number);
        statistics.evicted++;
    }

    private void finish(final int number, final int tag, final int length) {
        lines.putInt(number, TAG, tag);
        lines.putInt(number, LENGTH, length);
        lines.putLong(number, NEXT, firstNext);
        lines.putLong(number, FIRST, firstNext);
        index.add(tag, number);
        idle.add(number);
    }

    /** Notes that an aggregate is not idle. */
    void touch(final int number) {
        if (idle.on() && lines.getInt(number, PINNED) == 0) {
            idle.remove(number);
            idle.add(number);
        }
    }

    /** One more of its events is held: it cannot be evicted. */
    void pin(final int number) {
        final int pinned = lines.getInt(number, PINNED);
        lines.putInt(number, PINNED, pinned + 1);
        if (pinned == 0) {
            idle.remove(number);
        }
    }

    /** One of its events is not held any longer. */
    void unpin(final int number) {
        final int pinned = lines.getInt(number, PINNED) - 1;
        lines.putInt(number, PINNED, pinned);
        if (pinned == 0) {
            idle.add(number);
        }
    }

    /** What all of it takes: lines, index, keys, and the list of the idle. */
    long bytes() {
        return lines.bytes() + index.bytes() + keys.bytes() + idle.bytes();
    }

    /** 64 bits that nobody can foretell: of a random UUID all but six are. */
    private static long secret() {
        return UUID.randomUUID().getMostSignificantBits() ^ UUID.randomUUID().getLeastSignificantBits();
    }

    /** Keyed with a secret of this process, so that nobody can choose keys that meet. */
    static int tagOf(final long hash) {
        long mixed = (hash ^ SECRET) * MULTIPLIER;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return (int) (mixed >>> 32);
    }
}
