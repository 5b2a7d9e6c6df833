package io.ringline.router.subject;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Subjects seen before and the consumers they match: sets of four entries, compared in full, the oldest of a set making
 * room. Fixed size, so a flood of ever-new subjects costs each an uncached match and nothing more. Subjects over
 * {@link #MAX_KEY_BYTES} are not kept. Single-threaded, never allocates.
 */
final class MatchCache {
    /** Longest subject that is kept, in bytes. */
    static final int MAX_KEY_BYTES = 128;

    /** The answer where there is no entry. */
    static final int NOT_FOUND = -1;

    private static final int WAYS = 4;
    private static final int LENGTH_OFFSET = 8;
    private static final int WORDS_OFFSET = 16;

    private final int words;
    private final int keyOffset;
    private final int stride;
    private final int setMask;
    private final UnsafeBuffer memory;
    private final byte[] turn;
    private final int[] generations;

    /**
     * An empty cache.
     *
     * @param entries a power of two, from 4.
     * @param words   of match bits.
     */
    MatchCache(final int entries, final int words) {
        this.words = words;
        this.keyOffset = WORDS_OFFSET + words * Long.BYTES;
        this.stride = BitUtil.align(keyOffset + MAX_KEY_BYTES, BitUtil.CACHE_LINE_LENGTH);
        final int sets = entries / WAYS;
        this.setMask = sets - 1;
        final ByteBuffer bytes = BufferUtil.allocateDirectAligned(entries * stride, BitUtil.CACHE_LINE_LENGTH);
        this.memory = new UnsafeBuffer(bytes);
        this.turn = new byte[sets];
        this.generations = new int[entries];
    }

    /** Finds a subject: its entry, with the result set, or -1. */
    int get(final long hash, final DirectBuffer subject, final int offset, final int length, final long[] result) {
        final int first = ((int) (hash >>> 32) & setMask) * WAYS;
        int entry = first * stride;
        for (int way = 0; way < WAYS; way++, entry += stride) {
            if (memory.getLong(entry) == hash
                    && memory.getInt(entry + LENGTH_OFFSET) == length
                    && same(entry + keyOffset, subject, offset, length)) {
                for (int i = 0; i < words; i++) {
                    result[i] = memory.getLong(entry + WORDS_OFFSET + i * Long.BYTES);
                }
                return first + way;
            }
        }
        return NOT_FOUND;
    }

    /** How often an entry has been given to another subject: entry and generation together stand for one subject. */
    int generation(final int entry) {
        return generations[entry];
    }

    /** Keeps a subject, in the place of another if need be: its entry, or -1 where it is too long. */
    int put(final long hash, final DirectBuffer subject, final int offset, final int length, final long[] result) {
        if (length > MAX_KEY_BYTES) {
            return NOT_FOUND;
        }
        final int set = (int) (hash >>> 32) & setMask;
        final int way = turn[set]++ & WAYS - 1;
        final int entry = (set * WAYS + way) * stride;
        memory.putLong(entry, hash);
        memory.putInt(entry + LENGTH_OFFSET, length);
        for (int i = 0; i < words; i++) {
            memory.putLong(entry + WORDS_OFFSET + i * Long.BYTES, result[i]);
        }
        memory.putBytes(entry + keyOffset, subject, offset, length);
        generations[set * WAYS + way]++;
        return set * WAYS + way;
    }

    private boolean same(final int key, final DirectBuffer subject, final int offset, final int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (memory.getLong(key + i) != subject.getLong(offset + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (memory.getByte(key + i) != subject.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
