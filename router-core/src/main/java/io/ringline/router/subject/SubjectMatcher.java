package io.ringline.router.subject;

import org.agrona.DirectBuffer;

/** The match stage's matcher: a cache before the trie. Single-threaded, never allocates. */
public final class SubjectMatcher {
    /** Subjects that the cache holds. */
    public static final int CACHE_ENTRIES = 16_384;

    private final SubjectTrie trie;
    private final SubjectTrie.Scratch scratch;
    private final MatchCache cache;
    private long misses;

    /**
     * A matcher with an empty cache.
     *
     * @param trie  patterns.
     * @param words of match bits that results have.
     */
    public SubjectMatcher(final SubjectTrie trie, final int words) {
        this.trie = trie;
        this.scratch = new SubjectTrie.Scratch(trie);
        this.cache = new MatchCache(CACHE_ENTRIES, words);
    }

    /**
     * Finds the consumers that a subject matches.
     *
     * @param hash    of the subject, see {@link SubjectHash}.
     * @param subject memory.
     * @param offset  of a valid literal subject.
     * @param length  in bytes.
     * @param result  set to one bit for each consumer.
     */
    public void match(
            final long hash, final DirectBuffer subject, final int offset, final int length, final long[] result) {
        if (!cache.get(hash, subject, offset, length, result)) {
            misses++;
            trie.match(subject, offset, length, result, scratch);
            cache.put(hash, subject, offset, length, result);
        }
    }

    /** How many subjects were not in the cache. @return from 0. */
    public long misses() {
        return misses;
    }
}
