package io.ringline.router.subject;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Subjects seen before and the consumers they match: sets of four entries, compared in full. Fixed size, so a flood of
 * ever-new subjects costs each an uncached match and nothing more; in a full set an entry that was asked for since the last
 * time round stays, so that the flood drives out its own subjects and not those that come again. Subjects over
 * {@link #MAX_KEY_BYTES} are not kept. Single-threaded, never allocates.
 *
 * <pre>
 *   0 i64 hash | i64 version of the snapshot it was matched with | i32 length | i32 generation and, lowest bit, asked for
 *  24 one bit for each consumer, in words of 64, then the subject
 * </pre>
 */
final class MatchCache {
    /** Longest subject that is kept, in bytes. */
    static final int MAX_KEY_BYTES = 128;

    /** The answer where there is no entry. */
    static final int NOT_FOUND = -1;

    private static final int WAYS = 4;
    private static final int VERSION_OFFSET = 8;
    private static final int LENGTH_OFFSET = 16;
    private static final int GENERATION_OFFSET = 20;
    private static final int WORDS_OFFSET = 24;
    private static final int ASKED_FOR = 1;
    private static final int ONE_GENERATION = 2;

    private final int words;
    private final int keyOffset;
    private final int stride;
    private final int setMask;
    private final UnsafeBuffer memory;
    private final byte[] turn;

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
    }

    /** Finds a subject: its entry, or -1. */
    int find(final long hash, final DirectBuffer subject, final int offset, final int length) {
        final int first = ((int) (hash >>> 32) & setMask) * WAYS;
        int at = first * stride;
        for (int way = 0; way < WAYS; way++, at += stride) {
            if (memory.getLong(at) == hash
                    && memory.getInt(at + LENGTH_OFFSET) == length
                    && same(at + keyOffset, subject, offset, length)) {
                final int asked = memory.getInt(at + GENERATION_OFFSET);
                if ((asked & ASKED_FOR) == 0) {
                    memory.putInt(at + GENERATION_OFFSET, asked | ASKED_FOR);
                }
                return first + way;
            }
        }
        return NOT_FOUND;
    }

    /** The version of the snapshot that an entry was matched with. */
    long version(final int entry) {
        return memory.getLong(entry * stride + VERSION_OFFSET);
    }

    /** How often an entry has been given to another subject: entry and generation together stand for one subject. */
    int generation(final int entry) {
        return memory.getInt(entry * stride + GENERATION_OFFSET) >>> 1;
    }

    /** Sets a result to what an entry holds. */
    void result(final int entry, final long[] result) {
        final int at = entry * stride + WORDS_OFFSET;
        for (int i = 0; i < words; i++) {
            result[i] = memory.getLong(at + i * Long.BYTES);
        }
    }

    /** Notes that what an entry holds is true for another snapshot too. */
    void confirm(final int entry, final long version) {
        memory.putLong(entry * stride + VERSION_OFFSET, version);
    }

    /** Sets what an entry holds, for the same subject. */
    void update(final int entry, final long version, final long[] result) {
        confirm(entry, version);
        final int at = entry * stride + WORDS_OFFSET;
        for (int i = 0; i < words; i++) {
            memory.putLong(at + i * Long.BYTES, result[i]);
        }
    }

    /** Keeps a subject, in the place of another if need be: its entry, or -1 where it is too long. */
    int put(
            final long hash,
            final DirectBuffer subject,
            final int offset,
            final int length,
            final long version,
            final long[] result) {
        if (length > MAX_KEY_BYTES) {
            return NOT_FOUND;
        }
        final int entry = victim((int) (hash >>> 32) & setMask);
        final int at = entry * stride;
        memory.putLong(at, hash);
        memory.putInt(at + LENGTH_OFFSET, length);
        memory.putInt(at + GENERATION_OFFSET, (memory.getInt(at + GENERATION_OFFSET) & ~ASKED_FOR) + ONE_GENERATION);
        memory.putBytes(at + keyOffset, subject, offset, length);
        update(entry, version, result);
        return entry;
    }

    /** Whose turn it is in a set: the next that was not asked for since its last turn. */
    private int victim(final int set) {
        int way = turn[set];
        int generation = memory.getInt((set * WAYS + way) * stride + GENERATION_OFFSET);
        while ((generation & ASKED_FOR) != 0) {
            memory.putInt((set * WAYS + way) * stride + GENERATION_OFFSET, generation & ~ASKED_FOR);
            way = way + 1 & WAYS - 1;
            generation = memory.getInt((set * WAYS + way) * stride + GENERATION_OFFSET);
        }
        turn[set] = (byte) (way + 1 & WAYS - 1);
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
