package io.ringline.router.subject;

/**
 * Has a change of the subscriptions touched a subject since some version? Answered by a few loads, without a look at the
 * changes themselves, so that a cache keeps what they do not touch however many they are. It may say yes for nothing, by
 * chance, and then a subject is matched anew once; it never says no where a change touches the subject.
 *
 * <p>A change is noted twice, as a subject must find both notes to be touched.
 * <ul>
 *   <li>At one of its pattern's first tokens: a literal one, and of these the one that tells most patterns apart, mostly an id.
 *       There are buckets for tokens, by hash, for each of the first places. A subject looks with its own tokens: a few loads.
 *   <li>By all of its first tokens together. Of these some are literal (or not there), at the others any will do, which makes 16
 *       shapes; for each shape there are buckets by the literal ones. Exact but for chance, and asked only where the first finds
 *       something.
 * </ul>
 *
 * <p>One for all snapshots. The writer notes a change before it publishes the snapshot that has it, and who took that snapshot
 * from {@link Subscriptions} sees the note; a reader that holds an older one may see it already, and believes its subject
 * touched, which is safe. Versions only rise, and a long is read whole.
 */
final class ChangeFilter {
    /** How many of the first tokens are looked at. */
    static final int DEPTHS = 4;

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

    private final long[] byToken = new long[DEPTHS << BUCKET_BITS];
    private long byNone;
    // A shape has a bit for each depth at which any token will do.
    private final long[] byShape = new long[SHAPES << BUCKET_BITS];
    private final int[] shapes = new int[SHAPES];
    private final boolean[] known = new boolean[SHAPES];
    private int shapeCount;

    /**
     * Notes that a pattern came or went. The writer's.
     *
     * @param telling depth of the token to note it at, below {@link #DEPTHS} and no wildcard; -1 where there is none.
     */
    void changed(final Tokens pattern, final int telling, final long version) {
        final long key = keyOf(pattern);
        final int shape = shapeOf(pattern);
        if (!known[shape]) {
            known[shape] = true;
            shapes[shapeCount++] = shape;
        }
        byShape[shapeBucket(key, shape)] = version;
        if (telling < 0) {
            byNone = version;
        } else {
            byToken[tokenBucket(key, telling)] = version;
        }
    }

    private static int shapeOf(final Tokens pattern) {
        int shape = 0;
        boolean open = false;
        for (int depth = 0; depth < DEPTHS; depth++) {
            final boolean there = depth < pattern.count();
            open |= there && pattern.is(depth, '>');
            shape |= open || there && pattern.is(depth, '*') ? 1 << depth : 0;
        }
        return shape;
    }

    /** What {@link #touchedSince} asks for: 16 bits of hash for each of a subject's first tokens, zero where there is none. */
    static long keyOf(final Tokens tokens) {
        long key = 0;
        final int count = Math.min(tokens.count(), DEPTHS);
        for (int depth = 0; depth < count; depth++) {
            // The same token hashes differently at each place, as a shape's bucket is all of them, one upon the other.
            final int hash = ((int) tokens.table()[depth * Tokens.STRIDE + Tokens.HASH] + depth) * MULTIPLIER;
            key |= (long) (hash >>> LANE_BITS) << depth * LANE_BITS;
        }
        return key;
    }

    /** Whether a change after a version may touch the subject with that key. */
    boolean touchedSince(final long since, final long key) {
        final long front = Math.max(byToken[tokenBucket(key, 0)], byToken[tokenBucket(key, 1)]);
        final long back = Math.max(byToken[tokenBucket(key, 2)], byToken[tokenBucket(key, 3)]);
        return Math.max(byNone, Math.max(front, back)) > since && touchedByShape(since, key);
    }

    private boolean touchedByShape(final long since, final long key) {
        long latest = 0;
        for (int i = 0; i < shapeCount; i++) {
            latest = Math.max(latest, byShape[shapeBucket(key, shapes[i])]);
        }
        return latest > since;
    }

    private static int tokenBucket(final long key, final int depth) {
        return depth << BUCKET_BITS | (int) (key >>> depth * LANE_BITS) & BUCKET_MASK;
    }

    private static int shapeBucket(final long key, final int shape) {
        final long literal = key & LITERAL_LANES[shape];
        final long half = literal ^ literal >>> 32;
        return shape << BUCKET_BITS | (int) (half ^ half >>> LANE_BITS) & BUCKET_MASK;
    }
}
