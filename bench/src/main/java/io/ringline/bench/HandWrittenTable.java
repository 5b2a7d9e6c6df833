package io.ringline.bench;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A byte-keyed table of known subjects: open addressing, the hash compared first, then eight bytes at a time. */
final class HandWrittenTable {
    private final int mask;
    private final int[] hashes;
    private final int[] ids;
    private final UnsafeBuffer[] keys;

    HandWrittenTable(final byte[][] subjects) {
        final int capacity = BitUtil.findNextPositivePowerOfTwo(subjects.length * 4);
        mask = capacity - 1;
        hashes = new int[capacity];
        ids = new int[capacity];
        keys = new UnsafeBuffer[capacity];
        for (int i = 0; i < subjects.length; i++) {
            final UnsafeBuffer key = new UnsafeBuffer(subjects[i]);
            final int hash = hash(key, 0, subjects[i].length);
            int at = hash & mask;
            while (keys[at] != null) {
                at = at + 1 & mask;
            }
            hashes[at] = hash;
            ids[at] = i;
            keys[at] = key;
        }
    }

    static int hash(final DirectBuffer buffer, final int offset, final int length) {
        long hash = length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = (hash ^ buffer.getLong(offset + i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        for (; i < length; i++) {
            hash = (hash ^ buffer.getByte(offset + i)) * 0x9E3779B97F4A7C15L;
        }
        return (int) (hash ^ hash >>> 29);
    }

    int find(final int hash, final DirectBuffer buffer, final int offset, final int length) {
        int at = hash & mask;
        while (keys[at] != null) {
            if (hashes[at] == hash && same(keys[at], buffer, offset, length)) {
                return ids[at];
            }
            at = at + 1 & mask;
        }
        throw new IllegalStateException("unknown subject");
    }

    private static boolean same(final UnsafeBuffer key, final DirectBuffer buffer, final int offset, final int length) {
        if (key.capacity() != length) {
            return false;
        }
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if (key.getLong(i) != buffer.getLong(offset + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (key.getByte(i) != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
