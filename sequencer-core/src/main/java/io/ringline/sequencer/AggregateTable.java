package io.ringline.sequencer;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Exact aggregate keys to a dense index, 0, 1, 2 and so on, in the order in which they were first seen. A key is a 64-bit
 * id or a run of bytes; the two kinds are never equal. Keys are compared in full. Allocates only when it grows. Not
 * thread-safe.
 */
public final class AggregateTable {
    private static final int ID = -1;
    private static final int ENTRY = 4;
    private static final int KEY = 1;
    private static final int LENGTH = 2;
    private static final int MAX_KEY_BYTES = Integer.MAX_VALUE - 8;

    private int mask = 4_095;
    private int[] slots = new int[mask + 1];
    // For each aggregate, in one cache line: its hash, its id or its key's offset, its key's length or ID.
    private long[] entries = new long[1_024 * ENTRY];
    private byte[] keyBytes = new byte[1 << 16];
    private final UnsafeBuffer keys = new UnsafeBuffer(keyBytes);
    private int keysEnd;
    private int size;

    /** An empty table. */
    public AggregateTable() {
        // arrays are set up above
    }

    /** How many aggregates there are. @return from 0. */
    public int size() {
        return size;
    }

    /** Finds or adds an id. @param id any. @return its index. */
    public int indexOfId(final long id) {
        final long hash = mix(id);
        int at = (int) hash & mask;
        while (slots[at] != 0) {
            final int index = slots[at] - 1;
            if (entries[index * ENTRY + KEY] == id && entries[index * ENTRY + LENGTH] == ID) {
                return index;
            }
            at = at + 1 & mask;
        }
        return add(at, hash, id, ID);
    }

    /**
     * Finds or adds a key of bytes.
     *
     * @param key    memory.
     * @param offset of the key.
     * @param length in bytes, from 0.
     * @param hash   of the key's bytes; the same for the same bytes.
     * @return its index.
     */
    public int indexOfBytes(final DirectBuffer key, final int offset, final int length, final long hash) {
        int at = (int) hash & mask;
        while (slots[at] != 0) {
            final int index = slots[at] - 1;
            if (entries[index * ENTRY] == hash
                    && entries[index * ENTRY + LENGTH] == length
                    && same(index, key, offset, length)) {
                return index;
            }
            at = at + 1 & mask;
        }
        if (keysEnd + length + Long.BYTES > keyBytes.length) {
            // Doubling passes what an array can be while there is still room in one.
            final long wanted = Math.max(keyBytes.length * 2L, keysEnd + length + Long.BYTES);
            keyBytes = Arrays.copyOf(keyBytes, (int) Math.min(wanted, MAX_KEY_BYTES));
            keys.wrap(keyBytes);
        }
        keys.putBytes(keysEnd, key, offset, length);
        final int index = add(at, hash, keysEnd, length);
        keysEnd += length;
        return index;
    }

    private boolean same(final int index, final DirectBuffer key, final int offset, final int length) {
        final int stored = (int) entries[index * ENTRY + KEY];
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (keys.getLong(stored + i) != key.getLong(offset + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (keys.getByte(stored + i) != key.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private int add(final int at, final long hash, final long idOrOffset, final int length) {
        final int index = size++;
        if (index * ENTRY == entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        entries[index * ENTRY] = hash;
        entries[index * ENTRY + KEY] = idOrOffset;
        entries[index * ENTRY + LENGTH] = length;
        slots[at] = index + 1;
        if (size * 2 > mask) {
            rehash();
        }
        return index;
    }

    private void rehash() {
        mask = mask * 2 + 1;
        slots = new int[mask + 1];
        for (int index = 0; index < size; index++) {
            int at = (int) entries[index * ENTRY] & mask;
            while (slots[at] != 0) {
                at = at + 1 & mask;
            }
            slots[at] = index + 1;
        }
    }

    private static long mix(final long id) {
        long hash = (id ^ id >>> 32) * 0x9E37_79B9_7F4A_7C15L;
        hash ^= hash >>> 29;
        hash *= 0xBF58_476D_1CE4_E5B9L;
        return hash ^ hash >>> 32;
    }
}
