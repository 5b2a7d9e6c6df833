package io.ringline.bench;

import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.Subject;
import io.ringline.router.subject.SubjectHandles;
import io.ringline.router.subject.SubjectHash;
import io.ringline.router.subject.SubjectMatcher;
import io.ringline.router.subject.SubjectRules;
import io.ringline.router.subject.SubjectTrie;
import io.ringline.router.subject.Subscriptions;

/**
 * All of Ringline that the family {@code subjects} measures. Each path answers with its match words folded into one, so that
 * none of them can be left out. One thread, but for {@link #change}, which any may call.
 */
final class RinglineMatching {
    /** The three ways to a result. */
    enum Path {
        /** A handle, resolved once. */
        HANDLE,
        /** Bytes, validated, hashed and looked up. */
        CACHED,
        /** Bytes, matched anew. */
        UNCACHED
    }

    private static final int WORDS = SubjectWorkload.CONSUMERS / Long.SIZE;

    private final SubjectWorkload workload;
    private final Subscriptions subscriptions;
    private final SubjectTrie trie;
    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
    private final SubjectMatcher matcher;
    private final Subject[] handles = new Subject[SubjectWorkload.SUBJECTS];
    private final long[] result;
    private int at;

    RinglineMatching(final SubjectWorkload workload) {
        this.workload = workload;
        subscriptions = workload.subscriptions();
        trie = subscriptions.snapshot();
        matcher = new SubjectMatcher(subscriptions, trie.words());
        result = new long[trie.words()];
        final SubjectHandles makes = new SubjectHandles(SubjectRules.DEFAULT_MAX_BYTES);
        for (int i = 0; i < handles.length; i++) {
            handles[i] = makes.resolve(SubjectText.text(workload, i));
        }
    }

    long handle(final int subject) {
        final Subject handle = handles[subject];
        matcher.matchHandle(handle.token(), handle.buffer(), handle.offset(), handle.length());
        at = matcher.bits(handle.token());
        return folded(matcher.results(), at);
    }

    long cached(final int subject) {
        final int offset = workload.offsets[subject];
        final int length = workload.lengths[subject];
        final long hash = SubjectHash.validateAndHash(workload.subjects, offset, length);
        final int token = matcher.match(hash, workload.subjects, offset, length);
        at = matcher.bits(token);
        return folded(matcher.results(), at);
    }

    long uncached(final int subject) {
        trie.match(workload.subjects, workload.offsets[subject], workload.lengths[subject], result, scratch);
        return folded(result, 0);
    }

    /** By the subscriptions as they are at this moment: what a stage does while others subscribe. */
    long latest(final int subject) {
        matcher.refresh();
        return cached(subject);
    }

    /** Two changes: a subscription taken back and made again, a different one each time. */
    boolean change(final int number) {
        final int pattern = (int) (number * 7_919L % workload.patterns.size());
        final int consumer = pattern % SubjectWorkload.CONSUMERS;
        final Pattern changed = workload.patterns.get(pattern);
        return subscriptions.remove(changed, consumer) && subscriptions.add(changed, consumer);
    }

    /** How many consumers a path finds; not for measuring. */
    int count(final Path path, final int subject) {
        switch (path) {
            case HANDLE -> handle(subject);
            case CACHED -> cached(subject);
            case UNCACHED -> {
                uncached(subject);
                return count(result, 0);
            }
        }
        return count(matcher.results(), at);
    }

    /** The same by the subscriptions as they are at this moment. */
    int countLatest(final int subject) {
        latest(subject);
        return count(matcher.results(), at);
    }

    /** Without allocation: checks run within an iteration whose allocation is measured. */
    private static int count(final long[] words, final int from) {
        int count = 0;
        for (int i = 0; i < WORDS; i++) {
            count += Long.bitCount(words[from + i]);
        }
        return count;
    }

    /** A result is {@link #WORDS} long, known to the compiler: the loop is no part of what is measured. */
    private static long folded(final long[] words, final int from) {
        long all = 0;
        for (int i = 0; i < WORDS; i++) {
            all ^= words[from + i];
        }
        return all;
    }
}
