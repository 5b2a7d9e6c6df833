package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A set of small numbers behind an entry, as words of 64 bits: see {@link Frame}. Of up to two words each is written; of more
 * those that are not 0, after one bit for each of them that tells which, so that few of very many numbers take little room.
 */
final class Marks {
    private static final int DENSE_WORDS = 2;

    private Marks() {}

    /** How many bytes a set takes. */
    static int length(final long[] marks) {
        if (marks.length <= DENSE_WORDS) {
            return marks.length * Long.BYTES;
        }
        int words = heads(marks.length);
        for (final long word : marks) {
            words += word == 0 ? 0 : 1;
        }
        return words * Long.BYTES;
    }

    /** Writes a set. */
    static void write(final MutableDirectBuffer to, final int at, final long[] marks) {
        final int words = marks.length;
        final boolean dense = words <= DENSE_WORDS;
        int next = dense ? at : at + heads(words) * Long.BYTES;
        long head = 0;
        for (int i = 0; i < words; i++) {
            if (dense || marks[i] != 0) {
                to.putLong(next, marks[i], LITTLE_ENDIAN);
                next += Long.BYTES;
                head |= 1L << i;
            }
            if (!dense && ((i & 63) == 63 || i == words - 1)) {
                to.putLong(at + (i >>> 6) * Long.BYTES, head, LITTLE_ENDIAN);
                head = 0;
            }
        }
    }

    /** How many bytes the set takes that stands somewhere; -1 where that is more than are left there. */
    static int length(final DirectBuffer from, final int at, final int left, final int words) {
        int length = words <= DENSE_WORDS ? words * Long.BYTES : heads(words) * Long.BYTES;
        if (length > left) {
            return -1;
        }
        if (words > DENSE_WORDS) {
            final int ends = at + length;
            for (int head = at; head < ends; head += Long.BYTES) {
                length += Long.bitCount(from.getLong(head, LITTLE_ENDIAN)) * Long.BYTES;
            }
        }
        return length > left ? -1 : length;
    }

    /** One word of a set that is whole. */
    static long word(final DirectBuffer from, final int at, final int words, final int word) {
        if (word >= words) {
            return 0;
        }
        if (words <= DENSE_WORDS) {
            return from.getLong(at + word * Long.BYTES, LITTLE_ENDIAN);
        }
        int place = heads(words);
        for (int i = 0; i < word >>> 6; i++) {
            place += Long.bitCount(from.getLong(at + i * Long.BYTES, LITTLE_ENDIAN));
        }
        final long head = from.getLong(at + (word >>> 6) * Long.BYTES, LITTLE_ENDIAN);
        if ((head & 1L << word) == 0) {
            return 0;
        }
        place += Long.bitCount(head & (1L << word) - 1);
        return from.getLong(at + place * Long.BYTES, LITTLE_ENDIAN);
    }

    private static int heads(final int words) {
        return (words + 63) >>> 6;
    }
}
