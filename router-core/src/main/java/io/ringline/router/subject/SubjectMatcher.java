package io.ringline.router.subject;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The match stage's matcher: a cache before the trie, and what the publishers' handles match. Single-threaded; allocates only
 * where a handle is met that is newer than any before.
 *
 * <p>A change of the subscriptions throws nothing away: what was found with an earlier snapshot is looked at again when it is
 * asked for, and matched anew only where one of the patterns that came or went since matches the subject.
 */
public final class SubjectMatcher {
    /** Subjects that the cache holds. */
    public static final int CACHE_ENTRIES = 16_384;

    private static final int FIRST_HANDLES = 1_024;
    private static final long NEVER = -1;

    private final Subscriptions subscriptions;
    private final SubjectTrie.Scratch scratch;
    private final MatchCache cache;
    private final int words;
    private final int stride;
    private final long[] found;
    // For each handle: the version of the snapshot it was matched with, and one bit for each consumer.
    private long[] handles = new long[0];
    private SubjectTrie trie;
    private long version;
    private long misses;

    /**
     * A matcher with an empty cache.
     *
     * @param subscriptions whose latest snapshot {@link #refresh} takes.
     * @param words         of match bits that results have.
     */
    public SubjectMatcher(final Subscriptions subscriptions, final int words) {
        this.subscriptions = subscriptions;
        this.scratch = new SubjectTrie.Scratch();
        this.cache = new MatchCache(CACHE_ENTRIES, words);
        this.words = words;
        this.stride = words + 1;
        this.found = new long[words];
        this.trie = subscriptions.snapshot();
        this.version = trie.version();
        growHandles(FIRST_HANDLES);
    }

    /** From now on matches with the subscriptions as they are now. */
    public void refresh() {
        final SubjectTrie latest = subscriptions.snapshot();
        if (latest != trie) {
            trie = latest;
            version = latest.version();
        }
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
        final int entry = cache.find(hash, subject, offset, length);
        if (entry < 0) {
            misses++;
            trie.match(subject, offset, length, result, scratch);
            return cache.put(hash, subject, offset, length, version, result);
        }
        final long since = cache.version(entry);
        if (since == version) {
            cache.result(entry, result);
        } else if (trie.touchedSince(since, subject, offset, length, scratch)) {
            trie.match(subject, offset, length, result, scratch);
            cache.update(entry, version, result);
        } else {
            cache.result(entry, result);
            cache.confirm(entry, version);
        }
        return entry;
    }

    /**
     * Finds the consumers that a handle's subject matches.
     *
     * @param token   the handle's.
     * @param subject memory.
     * @param offset  of the handle's subject.
     * @param length  in bytes.
     * @param result  set to one bit for each consumer.
     */
    public void matchHandle(
            final int token, final DirectBuffer subject, final int offset, final int length, final long[] result) {
        final int at = (token - CACHE_ENTRIES) * stride;
        if (at >= handles.length || handles[at] != version) {
            matchHandleAnew(at, subject, offset, length);
        }
        for (int i = 0; i < words; i++) {
            result[i] = handles[at + 1 + i];
        }
    }

    private void matchHandleAnew(final int at, final DirectBuffer subject, final int offset, final int length) {
        if (at >= handles.length) {
            growHandles(2 * at / stride + 1);
        }
        final long since = handles[at];
        if (since == NEVER || trie.touchedSince(since, subject, offset, length, scratch)) {
            trie.match(subject, offset, length, found, scratch);
            System.arraycopy(found, 0, handles, at + 1, words);
        }
        handles[at] = version;
    }

    private void growHandles(final int number) {
        final int from = handles.length;
        handles = Arrays.copyOf(handles, number * stride);
        for (int at = from; at < handles.length; at += stride) {
            handles[at] = NEVER;
        }
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
