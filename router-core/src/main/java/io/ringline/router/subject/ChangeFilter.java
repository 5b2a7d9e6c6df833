package io.ringline.router.subject;

/**
 * Has a change of the subscriptions touched a subject since some version? Answered by a few loads, without a look at the
 * changes themselves, so that a cache keeps what they do not touch however many they are. It goes by the first eight tokens,
 * and by their hashes: it may say yes for nothing, and then a subject is matched anew once; it never says no where a change
 * touches the subject.
 *
 * <p>A change is noted twice, as a subject must find both notes to be touched.
 * <ul>
 *   <li>At one of its pattern's tokens: a literal one, and of these the one that tells most patterns apart, mostly an id. There
 *       are buckets for tokens, by hash, for each place. A subject looks with its own tokens: a few loads, or one where most
 *       changes are noted.
 *   <li>By all its tokens together. Of these some are literal (or not there), at the others any will do, which makes the
 *       pattern's shape; there are buckets by shape and literal tokens. Asked only where the first finds something.
 * </ul>
 *
 * <p>One for all snapshots. The writer notes a change before it publishes the snapshot that has it, and who took that snapshot
 * from {@link Subscriptions} sees the note; a reader that holds an older one may see it already, and believes its subject
 * touched, which is safe. Versions only rise, and a long is read whole by the 64-bit JVMs that this needs.
 */
final class ChangeFilter {
    /** How many of the first tokens are looked at. */
    static final int DEPTHS = 8;

    private static final int HALF = DEPTHS / 2;
    private static final int SHAPES = 1 << DEPTHS;
    private static final int LANE_BITS = 16;
    private static final long LANE_MASK = (1L << LANE_BITS) - 1;
    private static final int TOKEN_BITS = 12;
    private static final int TOKEN_MASK = (1 << TOKEN_BITS) - 1;
    private static final int SHAPE_BITS = 15;
    private static final int MANY_NOTES = 1 << 20;
    private static final long FRONT_MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final long BACK_MULTIPLIER = 0xD6E8_FEB8_6659_FD93L;
    private static final long[] LITERAL_LANES = new long[1 << HALF];

    static {
        for (int shape = 0; shape < LITERAL_LANES.length; shape++) {
            for (int depth = 0; depth < HALF; depth++) {
                LITERAL_LANES[shape] |= (shape >>> depth & 1) == 0 ? LANE_MASK << depth * LANE_BITS : 0;
            }
        }
    }

    private final long[] byToken = new long[DEPTHS << TOKEN_BITS];
    private long byNone;
    private long byOther; // what is not noted at the main depth
    private final int[] notes = new int[DEPTHS];
    private int mainDepth;
    // A shape has a bit for each depth at which any token will do.
    private final long[] byShape = new long[1 << SHAPE_BITS];
    private final int[] shapes = new int[SHAPES];
    private final boolean[] known = new boolean[SHAPES];
    private int shapeCount;

    /**
     * Notes that a pattern came or went. The writer's.
     *
     * @param telling depth of the token to note it at, below {@link #DEPTHS} and no wildcard; -1 where there is none.
     */
    void changed(final Tokens pattern, final int telling, final long version) {
        final long front = front(pattern);
        final long back = back(pattern);
        final int shape = shapeOf(pattern);
        if (!known[shape]) {
            known[shape] = true;
            shapes[shapeCount++] = shape;
        }
        byShape[shapeBucket(front, back, shape)] = version;
        if (telling < 0) {
            byNone = version;
            byOther = version;
        } else {
            byToken[tokenBucket(telling < HALF ? front : back, telling)] = version;
            noteDepth(telling, version);
        }
    }

    /** Sees to it that most changes are noted at the main depth; a new one holds from this version on. */
    private void noteDepth(final int telling, final long version) {
        if (++notes[telling] == MANY_NOTES) {
            for (int depth = 0; depth < DEPTHS; depth++) {
                notes[depth] >>= 1;
            }
        }
        if (telling != mainDepth) {
            byOther = version;
            if (notes[telling] > 2 * notes[mainDepth]) {
                mainDepth = telling;
            }
        }
    }

    /** Where most changes are noted. The writer's; readers have it with their snapshot. */
    int mainDepth() {
        return mainDepth;
    }

    /**
     * Whether no change after a version touches the subject with these hashes, as far as its token at the main depth tells: false
     * where a change is not noted there.
     *
     * @param depth the main depth of the snapshot that is asked about: what is newer than that matters not.
     */
    boolean isFarSince(final long since, final long front, final long back, final int depth) {
        final long lanes = depth < HALF ? front : back;
        return (since - byOther | since - byToken[tokenBucket(lanes, depth)]) >= 0;
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

    /** What {@link #touchedSince} asks for: 16 bits of hash for each of a subject's first four tokens, zero where there is none. */
    static long front(final Tokens tokens) {
        return lanes(tokens, 0);
    }

    /** The same for the next four. */
    static long back(final Tokens tokens) {
        return lanes(tokens, HALF);
    }

    private static long lanes(final Tokens tokens, final int from) {
        long lanes = 0;
        final int end = Math.min(tokens.count(), from + HALF);
        for (int depth = from; depth < end; depth++) {
            final long hash = tokens.table()[depth * Tokens.STRIDE + Tokens.HASH];
            lanes |= (hash & LANE_MASK) << (depth - from) * LANE_BITS;
        }
        return lanes;
    }

    /** Whether a change after a version may touch the subject with these hashes. */
    boolean touchedSince(final long since, final long front, final long back) {
        // Differences, whose signs add up, as a comparison may become a branch that nobody can predict.
        final long near = since - ofToken(front, 0) | since - ofToken(front, 1);
        final long middle = since - ofToken(front, 2) | since - ofToken(front, 3);
        final long far = since - ofToken(back, 4) | since - ofToken(back, 5);
        final long last = since - ofToken(back, 6) | since - ofToken(back, 7);
        return (since - byNone | near | middle | far | last) < 0 && touchedByShape(since, front, back);
    }

    private long ofToken(final long lanes, final int depth) {
        return byToken[tokenBucket(lanes, depth)];
    }

    private boolean touchedByShape(final long since, final long front, final long back) {
        long signs = 0;
        for (int i = 0; i < shapeCount; i++) {
            signs |= since - byShape[shapeBucket(front, back, shapes[i])];
        }
        return signs < 0 || since < 0;
    }

    private static int tokenBucket(final long lanes, final int depth) {
        return depth << TOKEN_BITS | (int) (lanes >>> (depth % HALF) * LANE_BITS) & TOKEN_MASK;
    }

    private static int shapeBucket(final long front, final long back, final int shape) {
        final long hash = (front & LITERAL_LANES[shape & LITERAL_LANES.length - 1]) * FRONT_MULTIPLIER
                + ((back & LITERAL_LANES[shape >>> HALF]) + shape) * BACK_MULTIPLIER;
        return (int) (hash >>> Long.SIZE - SHAPE_BITS);
    }
}
