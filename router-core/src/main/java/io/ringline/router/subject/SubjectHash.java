package io.ringline.router.subject;

import java.security.SecureRandom;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Hash of subjects and aggregate keys, keyed with secrets of this process so that nobody can choose subjects that collide.
 * Never leaves the process.
 *
 * <p>Made for some 20 to 60 bytes, where a loop over words and then over bytes costs a mispredicted branch or two
 * for each subject: a first half is read from the start, a second half up to the end, and the two overlap in the middle. The
 * product of two words, both halves of it folded, is the primitive of Wang Yi's wyhash.
 */
public final class SubjectHash {
    /** What {@link #validateAndHash} answers where the bytes are no literal subject. */
    public static final long INVALID = 0;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long KEY_0 = RANDOM.nextLong();
    private static final long KEY_1 = RANDOM.nextLong();
    private static final long KEY_2 = RANDOM.nextLong();
    private static final long KEY_3 = RANDOM.nextLong();
    private static final long KEY_4 = RANDOM.nextLong();
    private static final long KEY_5 = RANDOM.nextLong();
    private static final long KEY_6 = RANDOM.nextLong();
    private static final long KEY_7 = RANDOM.nextLong();
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
     * @throws IndexOutOfBoundsException where the buffer does not hold them.
     */
    public static long hash(final DirectBuffer buffer, final int offset, final int length) {
        buffer.boundsCheck(offset, length);
        return hash(buffer.byteArray(), buffer.addressOffset() + offset, length);
    }

    /**
     * Hashes a subject and checks that it is a literal one.
     *
     * @param buffer memory.
     * @param offset of the subject.
     * @param length in bytes.
     * @return its hash, the same as {@link #hash}'s, or {@link #INVALID}.
     * @throws IndexOutOfBoundsException where the buffer does not hold it.
     */
    public static long validateAndHash(final DirectBuffer buffer, final int offset, final int length) {
        buffer.boundsCheck(offset, length);
        final byte[] base = buffer.byteArray();
        final long at = buffer.addressOffset() + offset;
        if (length == 0 || isSuspect(base, at, length) && !isLiteral(buffer, offset, length)) {
            return INVALID;
        }
        return hash(base, at, length);
    }

    /** The same for memory whose bounds are checked. */
    static long hash(final byte @Nullable [] base, final long at, final int length) {
        if (length < Long.BYTES) {
            return finish(fold(SubjectWords.shortWord(base, at, length) ^ KEY_0, KEY_1), length);
        }
        final long last = at + length - Long.BYTES;
        long sum = pair(base, at, last, KEY_0, KEY_1);
        if (length > 16) {
            sum += pair(base, at + 8, last - 8, KEY_2, KEY_3);
        }
        if (length > 32) {
            sum += pair(base, at + 16, last - 16, KEY_4, KEY_5);
        }
        if (length > 48) {
            sum += pair(base, at + 24, last - 24, KEY_6, KEY_7);
        }
        return finish(length > 64 ? middle(base, at, length, sum) : sum, length);
    }

    /** What is between the first and the last 32 bytes, from the start, as far as it takes. */
    private static long middle(final byte @Nullable [] base, final long at, final int length, final long sum) {
        long hash = sum;
        for (int i = 32; i < length - 32; i += 32) {
            final long block =
                    pair(base, at + i, at + i + 8, KEY_0, KEY_1) + pair(base, at + i + 16, at + i + 24, KEY_2, KEY_3);
            hash = fold(hash ^ KEY_4, block ^ KEY_5);
        }
        return hash;
    }

    private static long pair(
            final byte @Nullable [] base, final long one, final long other, final long keyOne, final long keyOther) {
        return fold(SubjectWords.word(base, one) ^ keyOne, SubjectWords.word(base, other) ^ keyOther);
    }

    /**
     * Both halves of the unsigned product, one upon the other. Of the signed one they would be the same for {@code a} and
     * {@code b} as for both negated, and that is a change of bytes that needs no key. (JDK 17 has no unsigned one.)
     */
    private static long fold(final long a, final long b) {
        final long high = Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
        return a * b ^ high;
    }

    private static long finish(final long sum, final int length) {
        final long mixed = (sum ^ length) * MULTIPLIER;
        final long done = mixed ^ mixed >>> 32;
        return done == INVALID ? 1 : done;
    }

    /**
     * Hash of a token that two words stand for, see {@link Tokens}: 32 bits, of which any are good. The upper half of a sum
     * of products by secret odd numbers is universal, so tokens cannot be chosen to collide, and costs next to nothing.
     */
    static long ofToken(final long low, final long high) {
        return low * LOW_MULTIPLIER + high * HIGH_MULTIPLIER >>> 32;
    }

    /** The top bit of each byte that equals a given one; exact. */
    static long equal(final long word, final char wanted) {
        final long difference = word ^ wanted * ONES;
        return ~((difference & LOWS) + LOWS | difference | LOWS);
    }

    /**
     * Whether bytes may break a rule of literal subjects, a word at a time: false only where they break none. A wildcard that
     * is a whole token stands between dots, or at an end: so for a first look it is a dot itself, one that follows another or
     * comes first or last.
     */
    private static boolean isSuspect(final byte @Nullable [] base, final long at, final int length) {
        if (length < Long.BYTES) {
            final long word = SubjectWords.shortWord(base, at, length) | FILLER << (length << 3);
            return (blanks(word) & HIGHS | wrong(dots(word), length)) != 0;
        }
        if (length > 64) {
            return isLongSuspect(base, at, length);
        }
        final int last = length - Long.BYTES;
        final long first = SubjectWords.word(base, at);
        final long end = SubjectWords.word(base, at + last);
        long blanks = blanks(first) | blanks(end);
        long dots = dots(first) | dots(end) << last;
        if (length > 16) {
            final long front = SubjectWords.word(base, at + 8);
            final long back = SubjectWords.word(base, at + last - 8);
            blanks |= blanks(front) | blanks(back);
            dots |= dots(front) << 8 | dots(back) << last - 8;
        }
        if (length > 32) {
            final long front = SubjectWords.word(base, at + 16);
            final long back = SubjectWords.word(base, at + last - 16);
            blanks |= blanks(front) | blanks(back);
            dots |= dots(front) << 16 | dots(back) << last - 16;
        }
        if (length > 48) {
            final long front = SubjectWords.word(base, at + 24);
            final long back = SubjectWords.word(base, at + last - 24);
            blanks |= blanks(front) | blanks(back);
            dots |= dots(front) << 24 | dots(back) << last - 24;
        }
        return (blanks & HIGHS | wrong(dots, length)) != 0;
    }

    private static boolean isLongSuspect(final byte @Nullable [] base, final long at, final int length) {
        long blanks = 0;
        long wrong = 0;
        long before = 1; // as if a dot stood before the first byte
        for (int block = 0; block < length; block += 64) {
            // The last block ends with the subject and overlaps the one before: a dot may then seem to follow itself.
            final int from = Math.min(block, length - 64);
            long dots = 0;
            for (int i = 0; i < 64; i += 8) {
                final long word = SubjectWords.word(base, at + from + i);
                blanks |= blanks(word);
                dots |= dots(word) << i;
            }
            wrong |= dots & (dots << 1 | before);
            before = dots >>> 63;
        }
        return (blanks & HIGHS | wrong | before) != 0;
    }

    /** Dots that follow a dot, or come first or last. */
    private static long wrong(final long dots, final int length) {
        return dots & (dots << 1 | 1) | dots >>> length - 1;
    }

    /** A bit for each byte that is a dot, a wildcard or a colon, which is the price of one test for all; and for some behind. */
    private static long dots(final long word) {
        final long difference = (word | ('*' ^ '>') * ONES) ^ '>' * ONES;
        return SubjectWords.bitOfEach(difference - ONES & ~difference & HIGHS);
    }

    /** In the top bits of bytes: not zero where a byte is at most a space. */
    private static long blanks(final long word) {
        return word - 0x21 * ONES & ~word;
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
