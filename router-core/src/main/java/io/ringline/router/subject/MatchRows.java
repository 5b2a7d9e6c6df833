package io.ringline.router.subject;

import java.util.Arrays;
import org.agrona.BitUtil;

/**
 * What subjects match, a row for each token: an entry of the match cache, from {@link SubjectMatcher#CACHE_ENTRIES} a handle, or
 * -1 for a subject that is neither. A row of 65 to 320 consumers is a cache line, where the collector leaves a large array where
 * it is. Readers take the match bits where they stand: copying four words costs more than finding them. Single-threaded.
 *
 * <pre>
 *   0  version of the snapshot it was matched with, or -1 where it was not
 *   1  what changes must touch to touch it, two words, see {@link ChangeFilter}
 *   3  one bit for each consumer, in words of 64
 * </pre>
 */
final class MatchRows {
    private static final long NEVER = -1;
    private static final int CHANGES = 1;
    private static final int BITS = 3;
    private static final int LINE_WORDS = BitUtil.CACHE_LINE_LENGTH / Long.BYTES;
    private static final int ARRAY_HEADER_WORDS = 2;

    /** To the row of token -1, which is the first, at the start of a line. */
    private static final int FIRST = LINE_WORDS - ARRAY_HEADER_WORDS;

    private final int words;
    private final int shift;
    private long[] memory = new long[0];

    /** Rows of tokens from -1. @param rows how many, to begin with. @param words of match bits. */
    MatchRows(final int rows, final int words) {
        this.words = words;
        this.shift = Integer.numberOfTrailingZeros(BitUtil.findNextPositivePowerOfTwo(BITS + words));
        grow(rows);
    }

    /** Makes room for a token. */
    void ensure(final int token) {
        if (at(token) >= memory.length) {
            grow(2 * token + 2);
        }
    }

    private void grow(final int rows) {
        final int from = Math.max(memory.length, FIRST);
        memory = Arrays.copyOf(memory, FIRST + (rows << shift));
        for (int at = from; at < memory.length; at += 1 << shift) {
            memory[at] = NEVER;
        }
    }

    private int at(final int token) {
        return FIRST + (token + 1 << shift);
    }

    /** Whether a token's row is of this very version. */
    boolean isOf(final int token, final long version) {
        return memory[at(token)] == version;
    }

    /** Whether a token's row is true for a snapshot, as a look at one change mostly tells; false where it does not. */
    boolean isFar(final int token, final SubjectTrie trie) {
        final int at = at(token);
        return trie.isFarSince(memory[at], memory[at + CHANGES], memory[at + CHANGES + 1]);
    }

    /** Notes that a row is true for a snapshot too, or says that it must be matched anew. */
    boolean confirm(final int token, final SubjectTrie trie) {
        final int at = at(token);
        if (trie.touchedSince(memory[at], memory[at + CHANGES], memory[at + CHANGES + 1])) {
            return false;
        }
        memory[at] = trie.version();
        return true;
    }

    /** Sets a row to what the subject that a scratch was matched with last matches. */
    void set(final int token, final long version, final SubjectTrie.Scratch scratch, final long[] result) {
        final int at = at(token);
        memory[at] = version;
        memory[at + CHANGES] = scratch.changesFront();
        memory[at + CHANGES + 1] = scratch.changesBack();
        System.arraycopy(result, 0, memory, at + BITS, words);
    }

    /** All rows; another array when there is a token greater than any before. */
    long[] memory() {
        return memory;
    }

    /** Where a token's match bits start in {@link #memory}. */
    int bits(final int token) {
        return at(token) + BITS;
    }
}
