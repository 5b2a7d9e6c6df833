package io.ringline.cli;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8, strictly as Unicode defines it (table 3-7): nothing overlong, no surrogates, nothing past U+10FFFF. */
final class Utf8 {
    /** {@link #encode} met a surrogate without its other half. */
    static final int LONE_SURROGATE = -1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** The offset of the first byte that does not belong to well-formed UTF-8, or -1 where all do. */
    static int malformedAt(final byte[] bytes, final int offset, final int length) {
        final int end = offset + length;
        int i = offset;
        while (i < end) {
            if (end - i >= Long.BYTES && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
                i += Long.BYTES;
            } else if (bytes[i] >= 0) {
                i++;
            } else {
                final int size = sequenceLength(bytes, i, end);
                if (size == 0) {
                    return i;
                }
                i += size;
            }
        }
        return -1;
    }

    /** How many bytes the character at {@code i}, not ASCII, has; 0 where it is malformed. */
    static int sequenceLength(final byte[] bytes, final int i, final int end) {
        final int lead = bytes[i] & 0xFF;
        final int second = i + 1 < end ? bytes[i + 1] & 0xFF : 0;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return isContinuation(second) ? 2 : 0;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            final int least = lead == 0xE0 ? 0xA0 : 0x80;
            final int most = lead == 0xED ? 0x9F : 0xBF;
            return second >= least && second <= most && continues(bytes, i + 2, end) ? 3 : 0;
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            final int least = lead == 0xF0 ? 0x90 : 0x80;
            final int most = lead == 0xF4 ? 0x8F : 0xBF;
            final boolean whole = continues(bytes, i + 2, end) && continues(bytes, i + 3, end);
            return second >= least && second <= most && whole ? 4 : 0;
        }
        return 0;
    }

    private static boolean continues(final byte[] bytes, final int i, final int end) {
        return i < end && isContinuation(bytes[i] & 0xFF);
    }

    private static boolean isContinuation(final int b) {
        return (b & 0xC0) == 0x80;
    }

    /**
     * Encodes text.
     *
     * @param to with room for 3 bytes for each char after {@code at}.
     * @return how many bytes, or {@link #LONE_SURROGATE}.
     */
    static int encode(final char[] chars, final int offset, final int length, final byte[] to, final int at) {
        int out = at;
        for (int i = offset; i < offset + length; i++) {
            final char c = chars[i];
            if (c < 0x80) {
                to[out++] = (byte) c;
            } else if (c < 0x800) {
                to[out++] = (byte) (0xC0 | c >> 6);
                to[out++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                to[out++] = (byte) (0xE0 | c >> 12);
                to[out++] = (byte) (0x80 | c >> 6 & 0x3F);
                to[out++] = (byte) (0x80 | c & 0x3F);
            } else {
                if (i + 1 == offset + length || !Character.isSurrogatePair(c, chars[i + 1])) {
                    return LONE_SURROGATE;
                }
                final int point = Character.toCodePoint(c, chars[++i]);
                to[out++] = (byte) (0xF0 | point >> 18);
                to[out++] = (byte) (0x80 | point >> 12 & 0x3F);
                to[out++] = (byte) (0x80 | point >> 6 & 0x3F);
                to[out++] = (byte) (0x80 | point & 0x3F);
            }
        }
        return out - at;
    }
}
