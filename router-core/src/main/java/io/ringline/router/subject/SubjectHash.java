package io.ringline.router.subject;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.security.SecureRandom;
import org.agrona.DirectBuffer;

/**
 * Hash of subjects and aggregate keys, eight bytes at a time, keyed with a secret of this process so that nobody can choose
 * subjects that collide. Never leaves the process.
 */
public final class SubjectHash {
    /** What {@link #validateAndHash} answers where the bytes are no literal subject. */
    public static final long INVALID = 0;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long KEY = RANDOM.nextLong();
    private static final long LOW_MULTIPLIER = RANDOM.nextLong() | 1;
    private static final long HIGH_MULTIPLIER = RANDOM.nextLong() | 1;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long LOWS = ~HIGHS;
    private static final long FILLER = 'a' * ONES;

    private SubjectHash() {}

    /**
     * Hashes bytes.
     *
     * @param buffer memory.
     * @param offset of the bytes.
     * @param length how many.
     * @return never {@link #INVALID}.
     */
    public static long hash(final DirectBuffer buffer, final int offset, final int length) {
        long hash = KEY ^ length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = mix(hash, buffer.getLong(offset + i, LITTLE_ENDIAN));
        }
        return finish(i == length ? hash : mix(hash, tail(buffer, offset + i, length - i)));
    }

    /**
     * Hashes a subject and checks that it is a literal one, in the same pass.
     *
     * @param buffer memory.
     * @param offset of the subject.
     * @param length in bytes.
     * @return its hash, the same as {@link #hash}'s, or {@link #INVALID}.
     */
    public static long validateAndHash(final DirectBuffer buffer, final int offset, final int length) {
        if (length == 0 || buffer.getByte(offset + length - 1) == '.') {
            return INVALID;
        }
        long hash = KEY ^ length;
        long suspects = 0;
        long pairs = 0;
        long dotBefore = 0x80; // as if a dot stood before the first byte
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            final long word = buffer.getLong(offset + i, LITTLE_ENDIAN);
            hash = mix(hash, word);
            suspects |= suspects(word);
            final long dots = equal(word, '.');
            pairs |= dots & (dots << 8 | dotBefore);
            dotBefore = dots >>> 56;
        }
        if (i < length) {
            final int left = length - i;
            final long word = tail(buffer, offset + i, left);
            hash = mix(hash, word);
            final long filled = word | FILLER << (left << 3);
            suspects |= suspects(filled);
            final long dots = equal(filled, '.');
            pairs |= dots & (dots << 8 | dotBefore);
        }
        if (pairs != 0 || suspects != 0 && !isLiteral(buffer, offset, length)) {
            return INVALID;
        }
        return finish(hash);
    }

    /**
     * Hash of a token that two words stand for, see {@link Tokens}: 32 bits, of which any are good. The upper half of a sum
     * of products by secret odd numbers is universal, so tokens cannot be chosen to collide, and costs next to nothing.
     */
    static long ofToken(final long low, final long high) {
        return low * LOW_MULTIPLIER + high * HIGH_MULTIPLIER >>> 32;
    }

    /** The last one to seven bytes as a word, zeros above. */
    private static long tail(final DirectBuffer buffer, final int offset, final int length) {
        long word = 0;
        int at = 0;
        if ((length & 4) != 0) {
            word = buffer.getInt(offset, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
            at = 4;
        }
        if ((length & 2) != 0) {
            word |= (buffer.getShort(offset + at, LITTLE_ENDIAN) & 0xFFFFL) << (at << 3);
            at += 2;
        }
        if ((length & 1) != 0) {
            word |= (buffer.getByte(offset + at) & 0xFFL) << (at << 3);
        }
        return word;
    }

    private static long mix(final long hash, final long word) {
        final long mixed = (hash ^ word) * MULTIPLIER;
        return mixed ^ mixed >>> 32;
    }

    private static long finish(final long hash) {
        final long mixed = hash * 0xD6E8_FEB8_6659_FD93L;
        final long done = mixed ^ mixed >>> 29;
        return done == INVALID ? 1 : done;
    }

    /** The top bit of each byte that equals a given one; exact. */
    static long equal(final long word, final char wanted) {
        final long difference = word ^ wanted * ONES;
        return ~((difference & LOWS) + LOWS | difference | LOWS);
    }

    /** Not zero where a byte is at most a space, or a star, or a greater-than; may be so for others as well. */
    private static long suspects(final long word) {
        final long upToSpace = word - 0x21 * ONES & ~word & HIGHS;
        final long star = word ^ '*' * ONES;
        final long greater = word ^ '>' * ONES;
        return upToSpace | star - ONES & ~star & HIGHS | greater - ONES & ~greater & HIGHS;
    }

    /** The exact rule, byte by byte, for the few subjects that hold a suspect. */
    static boolean isLiteral(final DirectBuffer buffer, final int offset, final int length) {
        int start = 0;
        for (int i = 0; i <= length; i++) {
            final byte b = i < length ? buffer.getByte(offset + i) : (byte) '.';
            if (SubjectRules.isBlank(b)) {
                return false;
            }
            if (b == '.') {
                if (i == start) {
                    return false;
                }
                final byte first = buffer.getByte(offset + start);
                if (i - start == 1 && (first == '*' || first == '>')) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }
}
