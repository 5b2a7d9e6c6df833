package io.ringline.router.subject;

import java.nio.ByteOrder;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/**
 * Eight bytes at a time, in little-endian order, from memory whose bounds the caller has checked once for a whole subject: a
 * check for each word costs about as much as all the rest of hashing it.
 */
final class SubjectWords {
    private static final boolean REVERSED = ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN;
    private static final long GATHER = 0x0002_0408_1020_4081L;

    private SubjectWords() {}

    /** The word at an address. @param base array, or null for an address outside the heap. */
    static long word(final byte @Nullable [] base, final long address) {
        final long word = UnsafeApi.getLong(base, address);
        return REVERSED ? Long.reverseBytes(word) : word;
    }

    /** Up to seven bytes as a word, zeros above; they may be read twice, but no byte beside them is. */
    static long shortWord(final byte @Nullable [] base, final long address, final int length) {
        if (length >= Integer.BYTES) {
            final int last = length - Integer.BYTES;
            return intAt(base, address) | intAt(base, address + last) << (last << 3);
        }
        if (length == 0) {
            return 0;
        }
        final int middle = length >>> 1;
        final int last = length - 1;
        return byteAt(base, address)
                | byteAt(base, address + middle) << (middle << 3)
                | byteAt(base, address + last) << (last << 3);
    }

    private static long intAt(final byte @Nullable [] base, final long address) {
        final int value = UnsafeApi.getInt(base, address);
        return (REVERSED ? Integer.reverseBytes(value) : value) & 0xFFFF_FFFFL;
    }

    private static long byteAt(final byte @Nullable [] base, final long address) {
        return UnsafeApi.getByte(base, address) & 0xFFL;
    }

    /** A bit for each byte, the lowest for the first, from the top bits of a word's bytes; its other bits are zero. */
    static long bitOfEach(final long tops) {
        return tops * GATHER >>> 56;
    }
}
