package io.ringline.router.subject;

/**
 * Has a change of the subscriptions touched a subject since some version? Answered by a few loads, without a look at the
 * changes themselves, so that a cache keeps what they do not touch however many they are. It may say yes for nothing, by
 * chance, and then a subject is matched anew once; it never says no where a change touches the subject.
 *
 * <p>A change is noted at one of its pattern's first tokens: a literal one, and of these the one that tells most patterns apart,
 * mostly an id. A subject that the pattern matches has that token there, so it finds the note with one of its own tokens. There
 * are buckets for tokens, by hash, for each of the first places, and each holds the version that last changed something there.
 *
 * <p>One for all snapshots. The writer notes a change before it publishes the snapshot that has it, and who took that snapshot
 * from {@link Subscriptions} sees the note; a reader that holds an older one may see it already, and believes its subject
 * touched, which is safe. Versions only rise, and a long is read whole.
 */
final class ChangeFilter {
    /** How many of the first tokens are looked at. */
    static final int DEPTHS = 4;

    private static final int LANE_BITS = 16;
    private static final int BUCKETS = 1 << 12;
    private static final int NO_TOKEN = 0;

    private final long[] ofToken = new long[DEPTHS * BUCKETS];
    private long ofAny;

    /**
     * Notes that a pattern came or went. The writer's.
     *
     * @param depth of the token to note it at, below {@link #DEPTHS} and not a wildcard; or -1 where there is none.
     */
    void changed(final Tokens pattern, final int depth, final long version) {
        if (depth < 0) {
            ofAny = version;
        } else {
            ofToken[depth * BUCKETS + bucket(pattern, depth)] = version;
        }
    }

    /** What {@link #touchedSince} asks for: the buckets of a subject's first tokens. */
    static long keyOf(final Tokens subject) {
        long key = 0;
        for (int depth = 0; depth < DEPTHS; depth++) {
            final int bucket = depth < subject.count() ? bucket(subject, depth) : NO_TOKEN;
            key |= (long) bucket << depth * LANE_BITS;
        }
        return key;
    }

    private static int bucket(final Tokens tokens, final int depth) {
        return (int) tokens.table()[depth * Tokens.STRIDE + Tokens.HASH] & BUCKETS - 1;
    }

    /** Whether a change after a version may touch the subject with that key. */
    boolean touchedSince(final long since, final long key) {
        final long one = Math.max(at(0, key), at(1, key >>> LANE_BITS));
        final long other = Math.max(at(2, key >>> 2 * LANE_BITS), at(3, key >>> 3 * LANE_BITS));
        return Math.max(ofAny, Math.max(one, other)) > since;
    }

    private long at(final int depth, final long key) {
        return ofToken[depth * BUCKETS + ((int) key & BUCKETS - 1)];
    }
}
