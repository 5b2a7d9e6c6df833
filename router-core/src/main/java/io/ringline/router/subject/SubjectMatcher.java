package io.ringline.router.subject;

import org.agrona.DirectBuffer;

/**
 * The match stage's matcher: a cache before the trie, and what the publishers' handles match. Single-threaded; allocates only
 * where a handle is met that is newer than any before.
 *
 * <p>A change of the subscriptions throws nothing away: what was found with an earlier snapshot is looked at again when it is
 * asked for, and matched anew only where one of the patterns that came or went since may match the subject.
 */
public final class SubjectMatcher {
    /** Subjects that the cache holds. */
    public static final int CACHE_ENTRIES = 16_384;

    private static final int FIRST_HANDLES = 1_024;

    /** After as many refreshes without a change subscriptions are taken to stay as they are. */
    private static final int CALM = 4_096;

    private final Subscriptions subscriptions;
    private final SubjectTrie.Scratch scratch;
    private final MatchCache cache;
    private final MatchRows rows;
    private final int words;
    private final long[] found;
    private SubjectTrie trie;
    private long version;
    private int calm = CALM;
    private long misses;
    private long matches;

    /**
     * A matcher with an empty cache.
     *
     * @param subscriptions whose latest snapshot {@link #refresh} takes.
     * @param words         of match bits that results have.
     */
    public SubjectMatcher(final Subscriptions subscriptions, final int words) {
        this.subscriptions = subscriptions;
        this.scratch = new SubjectTrie.Scratch();
        this.cache = new MatchCache(CACHE_ENTRIES);
        this.rows = new MatchRows(1 + CACHE_ENTRIES + FIRST_HANDLES, words);
        this.words = words;
        this.found = new long[words];
        this.trie = subscriptions.snapshot();
        this.version = trie.version();
    }

    /** From now on matches with the subscriptions as they are now. */
    public void refresh() {
        final SubjectTrie latest = subscriptions.snapshot();
        if (latest != trie) {
            trie = latest;
            version = latest.version();
            calm = 0;
        } else if (calm < CALM) {
            calm++;
        }
    }

    /**
     * Finds the consumers that a subject matches.
     *
     * @param hash    of the subject, see {@link SubjectHash}.
     * @param subject memory.
     * @param offset  of a valid literal subject.
     * @param length  in bytes.
     * @return token under which {@link #bits} has the result: an entry of the cache, which stands for these very bytes together
     *     with its {@link #generation}, or -1 where it is too long to be kept.
     */
    public int match(final long hash, final DirectBuffer subject, final int offset, final int length) {
        final int known = cache.find(hash, subject, offset, length);
        if (known >= 0 && isTrue(known)) {
            return known;
        }
        matchAnew(subject, offset, length);
        int token = known;
        if (known < 0) {
            misses++;
            token = cache.put(hash, subject, offset, length);
        }
        rows.set(token, trie.version(), scratch, found);
        return token;
    }

    /**
     * Finds the consumers that a handle's subject matches.
     *
     * @param token   the handle's, under which {@link #bits} has the result.
     * @param subject memory.
     * @param offset  of the handle's subject.
     * @param length  in bytes.
     */
    public void matchHandle(final int token, final DirectBuffer subject, final int offset, final int length) {
        rows.ensure(token);
        if (!isTrue(token)) {
            matchAnew(subject, offset, length);
            rows.set(token, trie.version(), scratch, found);
        }
    }

    /**
     * Whether what is known of a token is true now. While subscriptions keep changing it is not asked whether it was looked at since
     * the last change: that is a coin's throw, and a branch that loses it loses what it had begun of the next events as well.
     */
    private boolean isTrue(final int token) {
        return calm < CALM
                ? rows.isFar(token, trie) || rows.confirm(token, trie)
                : rows.isOf(token, version) || rows.confirm(token, trie);
    }

    private void matchAnew(final DirectBuffer subject, final int offset, final int length) {
        matches++;
        trie.match(subject, offset, length, found, scratch);
    }

    /** How long results are. @return words of 64 consumers. */
    public int words() {
        return words;
    }

    /** Holds all results, one bit for each consumer; not to be changed. @return valid until the next subject or handle is matched. */
    public long[] results() {
        return rows.memory();
    }

    /** Where a result starts. @param token as matched last; an earlier one's may be another's now. @return index in {@link #results}. */
    public int bits(final int token) {
        return rows.bits(token);
    }

    /** How often an entry of the cache has changed its subject. @param entry as answered. @return from 1; wraps after 2^31. */
    public int generation(final int entry) {
        return cache.generation(entry);
    }

    /** How many subjects were not in the cache. @return from 0. */
    public long misses() {
        return misses;
    }

    /** How often a subject or a handle was matched with the patterns, for tests of what changes throw out. */
    long matches() {
        return matches;
    }
}
