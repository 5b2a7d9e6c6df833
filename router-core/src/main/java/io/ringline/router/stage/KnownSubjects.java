package io.ringline.router.stage;

import java.util.Arrays;

/**
 * Which aggregate a subject was found to be, by its token: what was looked up once for these very bytes need not be again.
 * Grows by chunks. Not thread-safe.
 */
final class KnownSubjects {
    static final int NONE = -1;

    private static final int SHIFT = 12;
    private static final int MASK = (1 << SHIFT) - 1;
    private static final long GENERATION_MASK = 0xFFFF_FFFF_0000_0000L;

    // For each token: the subject's generation and the aggregate's index, plus 1; and the aggregate's generation.
    private long[][] chunks = new long[4][];

    /** The index of a subject's aggregate, or {@link #NONE}. */
    int index(final int token, final int generation) {
        final int chunk = token >>> SHIFT;
        if (chunk >= chunks.length || chunks[chunk] == null) {
            return NONE;
        }
        final long known = chunks[chunk][2 * (token & MASK)];
        return (known & GENERATION_MASK) == (long) generation << Integer.SIZE ? (int) known - 1 : NONE;
    }

    /** The generation of a known subject's aggregate. */
    int aggregateGeneration(final int token) {
        return (int) chunks[token >>> SHIFT][2 * (token & MASK) + 1];
    }

    void remember(final int token, final int generation, final int index, final int aggregateGeneration) {
        final int chunk = token >>> SHIFT;
        if (chunk >= chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(chunk + 1, chunks.length * 2)); // of references
        }
        if (chunks[chunk] == null) {
            chunks[chunk] = new long[2 * (MASK + 1)];
        }
        chunks[chunk][2 * (token & MASK)] = SlotMemory.pair(index + 1, generation);
        chunks[chunk][2 * (token & MASK) + 1] = aggregateGeneration;
    }
}
