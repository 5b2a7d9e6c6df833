package io.ringline.router.subject;

import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/**
 * A subject (or pattern) taken apart: for each token two words that stand for it, and their hash. A token of up to 15 bytes
 * is its two words: bytes in memory order from the lowest up, and its length in the top byte. Of a longer one the words hold
 * the first 8 bytes, the length and 40 bits of hash, so its bytes must be compared as well. One thread's working memory; it
 * grows where a subject is longer than any before, else nothing is allocated.
 */
final class Tokens {
    /** Longest token that its two words stand for alone, in bytes. */
    private static final int SHORT_BYTES = 15;

    /** How many bytes past a subject's end may be read (and are masked away). */
    private static final int PADDING = 16;

    /** Of a token there are, one behind the other: its two words, their hash, and of a long one where it starts. */
    static final int STRIDE = 4;

    static final int HIGH = 1;
    static final int HASH = 2;
    private static final int START = 3;

    /** The second word of a token of one byte. */
    static final long ONE_BYTE = 1L << 56;

    private static final int BLOCK = 64;
    private static final long LONG_TOKEN = 1L << 63;
    private static final long LENGTH_MASK = 0x7F_FFFF;
    private static final int LENGTH_SHIFT = 40;

    /** Which bits of a token's first eight bytes, and of the next eight, are its own, by its length. */
    private static final long[] LOW_MASKS = new long[SHORT_BYTES + 1];

    private static final long[] HIGH_MASKS = new long[SHORT_BYTES + 1];

    static {
        for (int size = 0; size <= SHORT_BYTES; size++) {
            LOW_MASKS[size] = size < Long.BYTES ? (1L << (size << 3)) - 1 : -1;
            HIGH_MASKS[size] = size < Long.BYTES ? 0 : (1L << (size - Long.BYTES << 3)) - 1;
        }
    }

    private long[] table;
    private byte[] padded = new byte[128];
    private byte @Nullable [] base = padded;
    private long address;
    private int count;

    Tokens(final int maxBytes) {
        table = new long[(maxBytes / 2 + 1) * STRIDE];
    }

    /**
     * Takes a subject apart.
     *
     * @param subject   memory, which must not change until the last question about it.
     * @param at        offset of a valid subject or pattern.
     * @param bytes     its length.
     * @param hashMask  -1; fewer bits where a test wants collisions.
     */
    void parse(final DirectBuffer subject, final int at, final int bytes, final long hashMask) {
        subject.boundsCheck(at, bytes);
        if ((bytes >> 1) + 1 > table.length / STRIDE) {
            table = new long[bytes * STRIDE];
        }
        read(subject, at, bytes);
        int next = 0;
        int start = 0;
        for (int block = 0; block <= bytes; block += BLOCK) {
            for (long ends = ends(block, bytes); ends != 0; ends &= ends - 1) {
                final int end = block + Long.numberOfTrailingZeros(ends);
                put(next, start, end - start, hashMask);
                next += STRIDE;
                start = end + 1;
            }
        }
        count = next / STRIDE;
    }

    /** Takes the subject where it is, or a copy with some bytes behind it, so that words may be read past its end. */
    private void read(final DirectBuffer subject, final int at, final int bytes) {
        if (at + bytes <= subject.capacity() - PADDING) {
            setBase(subject.byteArray());
            address = subject.addressOffset() + at;
            return;
        }
        if (padded.length < bytes + PADDING) {
            padded = new byte[bytes + PADDING + bytes / 2];
        }
        subject.getBytes(at, padded, 0, bytes);
        setBase(padded);
        address = UnsafeApi.arrayBaseOffset(byte[].class);
    }

    /** The next subject is mostly in the same memory, and a store of a reference costs a barrier with a fence. */
    @SuppressWarnings("ReferenceEquality")
    private void setBase(final byte @Nullable [] memory) {
        if (base != memory) {
            base = memory;
        }
    }

    /** A bit for each token's end among the 64 bytes from a place. */
    private long ends(final int block, final int bytes) {
        final int left = Math.min(bytes - block, BLOCK);
        final long from = address + block;
        // By halves that meet or overlap in the middle, as in SubjectHash, where the subject is long enough.
        final int last = Math.max(left - Long.BYTES, 0);
        long dots = dots(from) | dots(from + last) << last;
        if (left > 16) {
            dots |= dots(from + 8) << 8 | dots(from + last - 8) << last - 8;
        }
        if (left > 32) {
            dots |= dots(from + 16) << 16 | dots(from + last - 16) << last - 16;
        }
        if (left > 48) {
            dots |= dots(from + 24) << 24 | dots(from + last - 24) << last - 24;
        }
        return left == BLOCK ? dots : dots & (1L << left) - 1 | 1L << left;
    }

    private long dots(final long at) {
        return SubjectWords.bitOfEach(SubjectHash.equal(SubjectWords.word(base, at), '.'));
    }

    private void put(final int to, final int start, final int size, final long hashMask) {
        final long[] tokens = table;
        final long at = address + start;
        long low;
        long high;
        if (size <= SHORT_BYTES) {
            low = SubjectWords.word(base, at) & LOW_MASKS[size];
            high = SubjectWords.word(base, at + Long.BYTES) & HIGH_MASKS[size] | (long) size << 56;
        } else {
            low = SubjectWords.word(base, at);
            final long hash = SubjectHash.hash(base, at, size) & hashMask;
            high = LONG_TOKEN | (size & LENGTH_MASK) << LENGTH_SHIFT | hash >>> 64 - LENGTH_SHIFT;
            tokens[to + START] = start;
        }
        tokens[to] = low;
        tokens[to + HIGH] = high;
        tokens[to + HASH] = SubjectHash.ofToken(low, high) & hashMask;
    }

    int count() {
        return count;
    }

    /** The tokens, {@link #STRIDE} words each; valid until the next subject. */
    long[] table() {
        return table;
    }

    /** Whether a token is the given wildcard. */
    boolean is(final int token, final char wildcard) {
        return table[token * STRIDE] == wildcard && table[token * STRIDE + HIGH] == ONE_BYTE;
    }

    /** How long a token is that is not short, by its second word. */
    private static int longSize(final long high) {
        return (int) (high >>> LENGTH_SHIFT & LENGTH_MASK);
    }

    /** How many words the bytes take that a token's two words do not hold, by its second word. */
    static int textWords(final long high) {
        return high >= 0 ? 0 : longSize(high) + Long.BYTES - 1 >>> 3;
    }

    /** Writes a token's bytes as words, zeros above, where it is a long one. @return the place behind them. */
    int putText(final int token, final long[] to, final int at) {
        final int start = (int) table[token * STRIDE + START];
        final int words = textWords(table[token * STRIDE + HIGH]);
        for (int i = 0; i < words; i++) {
            to[at + i] = word(start, i, longSize(table[token * STRIDE + HIGH]));
        }
        return at + words;
    }

    /** A token as a node's key. */
    TrieNode.Key keyOf(final int token) {
        final long high = table[token * STRIDE + HIGH];
        final long[] text = high < 0 ? new long[textWords(high)] : null;
        if (text != null) {
            putText(token, text, 0);
        }
        return new TrieNode.Key(table[token * STRIDE], high, text);
    }

    /** Whether a long token's bytes are these words from a place. */
    boolean isText(final int token, final long[] text, final int from) {
        final int start = (int) table[token * STRIDE + START];
        final int size = longSize(table[token * STRIDE + HIGH]);
        final int words = textWords(table[token * STRIDE + HIGH]);
        for (int i = 0; i < words; i++) {
            if (text[from + i] != word(start, i, size)) {
                return false;
            }
        }
        return true;
    }

    private long word(final int start, final int index, final int size) {
        final long word = SubjectWords.word(base, address + start + (index << 3));
        final int left = size - (index << 3);
        return left >= Long.BYTES ? word : word & -1L >>> (-left << 3);
    }
}
