package io.ringline.router.subject;

/**
 * Has a change of the subscriptions touched a subject since some version? Answered in a few loads, without a look at the
 * changes themselves, so that a cache keeps what they do not touch however many they are. It may say yes for nothing, by
 * chance, and then a subject is matched anew once; it never says no where a change touches the subject.
 *
 * <p>By their first four tokens patterns have one of 16 shapes: each token is literal (or there is none any more), or any will
 * do. For each shape there are buckets by the literal ones, with the version that last changed a pattern of that bucket. A
 * change touches a subject only where the subject's own tokens lead to its bucket.
 *
 * <p>One for all snapshots. The writer notes a change before it publishes the snapshot that has it, and who took that snapshot
 * from {@link Subscriptions} sees the note; a reader that holds an older one may see it already, and believes its subject
 * touched, which is safe. Versions only rise, and a long is read whole.
 */
final class ChangeFilter {
    private static final int DEPTHS = 4;
    private static final int SHAPES = 1 << DEPTHS;
    private static final int LANE_BITS = 16;
    private static final long LANE_MASK = (1L << LANE_BITS) - 1;
    private static final int BUCKET_BITS = 12;
    private static final int BUCKET_MASK = (1 << BUCKET_BITS) - 1;
    private static final int MULTIPLIER = 0x9E37_79B1;
    private static final long[] LITERAL_LANES = new long[SHAPES];

    static {
        for (int shape = 0; shape < SHAPES; shape++) {
            for (int depth = 0; depth < DEPTHS; depth++) {
                LITERAL_LANES[shape] |= (shape >>> depth & 1) == 0 ? LANE_MASK << depth * LANE_BITS : 0;
            }
        }
    }

    // A shape has a bit for each depth at which any token will do.
    private final int[] shapes = new int[SHAPES];
    private final long[] ofShape = new long[SHAPES];
    private final long[] ofBucket = new long[SHAPES << BUCKET_BITS];
    private int shapeCount;

    /** Notes that a pattern came or went. The writer's. */
    void changed(final Tokens pattern, final long version) {
        int shape = 0;
        boolean open = false;
        for (int depth = 0; depth < DEPTHS; depth++) {
            final boolean there = depth < pattern.count();
            open |= there && pattern.is(depth, '>');
            shape |= open || there && pattern.is(depth, '*') ? 1 << depth : 0;
        }
        if (ofShape[shape] == 0) {
            shapes[shapeCount++] = shape;
        }
        ofShape[shape] = version;
        ofBucket[bucket(keyOf(pattern), shape)] = version;
    }

    /** What {@link #touchedSince} asks for: 16 bits of hash for each of the first tokens, zero where there is none. */
    static long keyOf(final Tokens tokens) {
        long key = 0;
        final int count = Math.min(tokens.count(), DEPTHS);
        for (int depth = 0; depth < count; depth++) {
            // The same token hashes differently at each place, as a bucket is all of them, one upon the other.
            final int hash = ((int) tokens.table()[depth * Tokens.STRIDE + Tokens.HASH] + depth) * MULTIPLIER;
            key |= (long) (hash >>> LANE_BITS) << depth * LANE_BITS;
        }
        return key;
    }

    /** Whether a change after a version may touch the subject with that key. */
    boolean touchedSince(final long since, final long key) {
        for (int i = 0; i < shapeCount; i++) {
            final int shape = shapes[i];
            if (ofShape[shape] > since && ofBucket[bucket(key, shape)] > since) {
                return true;
            }
        }
        return false;
    }

    private static int bucket(final long key, final int shape) {
        final long literal = key & LITERAL_LANES[shape];
        final long half = literal ^ literal >>> 32;
        return shape << BUCKET_BITS | (int) (half ^ half >>> LANE_BITS) & BUCKET_MASK;
    }
}
