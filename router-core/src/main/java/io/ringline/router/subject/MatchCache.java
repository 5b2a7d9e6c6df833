package io.ringline.router.subject;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Subjects seen before, as entries that stand for them: sets of four, compared in full. Fixed size, so a flood of ever-new
 * subjects costs each an uncached match and nothing more; in a full set an entry that was asked for since the last time round
 * stays, so that the flood drives out its own subjects and not those that come again. Subjects over {@link #MAX_KEY_BYTES} are
 * not kept. Single-threaded, never allocates.
 *
 * <p>For each set a word holds 16 bits of each entry's hash, so that the entry is found without a look at the other three. An
 * entry is two cache lines, where the collector leaves a large array where it is: a word with the length in its upper half and
 * below it the generation and, lowest bit, asked for; then the subject, see {@link #isSame}.
 */
final class MatchCache {
    /** Longest subject that is kept, in bytes. */
    static final int MAX_KEY_BYTES = 112;

    /** The answer where there is no entry. */
    static final int NOT_FOUND = -1;

    private static final int WAYS = 4;
    private static final int WAYS_SHIFT = 2;
    private static final int TAG_SHIFT = 4;
    private static final long TAG_MASK = 0xFFFF;
    private static final long TAG_ONES = 0x0001_0001_0001_0001L;
    private static final long TAG_TOPS = 0x8000_8000_8000_8000L;
    private static final int LINE_WORDS = BitUtil.CACHE_LINE_LENGTH / Long.BYTES;
    private static final int ARRAY_HEADER_WORDS = 2;
    private static final int FIRST = LINE_WORDS - ARRAY_HEADER_WORDS;
    private static final int ENTRY_SHIFT = 4;
    private static final int KEY = 1;
    private static final int ASKED_FOR = 1;
    private static final int ONE_GENERATION = 2;

    private final int setMask;
    private final long[] memory;
    private final long[] tags;
    private final byte[] turn;

    /** An empty cache. @param entries a power of two, from 4. */
    MatchCache(final int entries) {
        final int sets = entries / WAYS;
        this.setMask = sets - 1;
        this.memory = new long[FIRST + (entries << ENTRY_SHIFT)];
        this.tags = new long[sets];
        this.turn = new byte[sets];
    }

    /** Finds a subject: its entry, or -1. */
    int find(final long hash, final DirectBuffer subject, final int offset, final int length) {
        subject.boundsCheck(offset, length);
        final int set = set(hash);
        final long difference = tags[set] ^ tag(hash) * TAG_ONES;
        long hits = difference - TAG_ONES & ~difference & TAG_TOPS;
        while (hits != 0) {
            final int entry = (set << WAYS_SHIFT) + (Long.numberOfTrailingZeros(hits) >>> TAG_SHIFT);
            final int at = at(entry);
            final long state = memory[at];
            if ((int) (state >>> 32) == length
                    && isSame(at + KEY, subject.byteArray(), subject.addressOffset() + offset, length)) {
                if ((state & ASKED_FOR) == 0) {
                    memory[at] = state | ASKED_FOR;
                }
                return entry;
            }
            hits &= hits - 1;
        }
        return NOT_FOUND;
    }

    private int set(final long hash) {
        return (int) (hash >>> 32) & setMask;
    }

    /** Never zero, which is a free entry's. */
    private static long tag(final long hash) {
        return hash & TAG_MASK | 1;
    }

    private int at(final int entry) {
        return FIRST + (entry << ENTRY_SHIFT);
    }

    /** How often an entry has been given to another subject: entry and generation together stand for one subject. */
    int generation(final int entry) {
        return (int) memory[at(entry)] >>> 1;
    }

    /** Keeps a subject, in the place of another if need be: its entry, or -1 where it is too long. */
    int put(final long hash, final DirectBuffer subject, final int offset, final int length) {
        if (length > MAX_KEY_BYTES) {
            return NOT_FOUND;
        }
        subject.boundsCheck(offset, length);
        final int set = set(hash);
        final int way = victim(set);
        final int entry = (set << WAYS_SHIFT) + way;
        final int at = at(entry);
        final int shift = way << TAG_SHIFT;
        tags[set] = tags[set] & ~(TAG_MASK << shift) | tag(hash) << shift;
        final int generation = ((int) memory[at] & ~ASKED_FOR) + ONE_GENERATION;
        memory[at] = (long) length << 32 | generation & 0xFFFF_FFFFL;
        keep(at + KEY, subject.byteArray(), subject.addressOffset() + offset, length);
        return entry;
    }

    /** Whose turn it is in a set: the next that was not asked for since its last turn. */
    private int victim(final int set) {
        int way = turn[set];
        int state = at((set << WAYS_SHIFT) + way);
        while ((memory[state] & ASKED_FOR) != 0) {
            memory[state] &= ~ASKED_FOR;
            way = way + 1 & WAYS - 1;
            state = at((set << WAYS_SHIFT) + way);
        }
        turn[set] = (byte) (way + 1 & WAYS - 1);
        return way;
    }

    /**
     * Whether the subject kept is these bytes, of which it has as many. It is kept as the words that are compared: in pairs,
     * one from the start, one up to the end, and the two meet or overlap in the middle. So most subjects take the same way
     * through here, which a loop over words and then bytes would not let them.
     */
    private boolean isSame(final int key, final byte @Nullable [] base, final long at, final int length) {
        final long[] kept = memory;
        if (length < Long.BYTES) {
            return kept[key] == SubjectWords.shortWord(base, at, length);
        }
        final long last = at + length - Long.BYTES;
        long difference = kept[key] ^ SubjectWords.word(base, at) | kept[key + 1] ^ SubjectWords.word(base, last);
        if (length > 16) {
            difference |=
                    kept[key + 2] ^ SubjectWords.word(base, at + 8) | kept[key + 3] ^ SubjectWords.word(base, last - 8);
        }
        if (length > 32) {
            difference |= kept[key + 4] ^ SubjectWords.word(base, at + 16)
                    | kept[key + 5] ^ SubjectWords.word(base, last - 16);
        }
        if (length > 48) {
            difference |= kept[key + 6] ^ SubjectWords.word(base, at + 24)
                    | kept[key + 7] ^ SubjectWords.word(base, last - 24);
        }
        return difference == 0 && (length <= 64 || isSameBeyond(key, base, at, length));
    }

    private boolean isSameBeyond(final int key, final byte @Nullable [] base, final long at, final int length) {
        long difference = 0;
        final long last = at + length - Long.BYTES;
        for (int i = 32; i << 1 < length; i += Long.BYTES) {
            difference |= memory[key + (i >>> 2)] ^ SubjectWords.word(base, at + i)
                    | memory[key + (i >>> 2) + 1] ^ SubjectWords.word(base, last - i);
        }
        return difference == 0;
    }

    private void keep(final int key, final byte @Nullable [] base, final long at, final int length) {
        if (length < Long.BYTES) {
            memory[key] = SubjectWords.shortWord(base, at, length);
            return;
        }
        for (int i = 0; i == 0 || i << 1 < length; i += Long.BYTES) {
            memory[key + (i >>> 2)] = SubjectWords.word(base, at + i);
            memory[key + (i >>> 2) + 1] = SubjectWords.word(base, at + length - Long.BYTES - i);
        }
    }
}
