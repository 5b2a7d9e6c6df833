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
        this.scratch = new SubjectTrie.Scratch();
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
     * @return the cache's entry for the subject, or -1; together with {@link #generation} it stands for these very bytes.
     */
    public int match(
            final long hash, final DirectBuffer subject, final int offset, final int length, final long[] result) {
        final int entry = cache.get(hash, subject, offset, length, result);
        if (entry >= 0) {
            return entry;
        }
        misses++;
        trie.match(subject, offset, length, result, scratch);
        return cache.put(hash, subject, offset, length, result);
    }

    /** How often an entry of the cache has changed its subject. @param entry as answered. @return from 1. */
    public int generation(final int entry) {
        return cache.generation(entry);
    }

    /** How many subjects were not in the cache. @return from 0. */
    public long misses() {
        return misses;
    }
}
