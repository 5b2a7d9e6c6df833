package io.ringline.router.consumer;

import io.ringline.router.record.Event;
import io.ringline.router.subject.SubjectTrie;
import io.ringline.router.subject.Subscriptions;

/**
 * Whether one consumer gets an event: by a pattern of its own, or by one of a queue group that gives the event's aggregate
 * to it. Subscriptions are taken as they are when asked. One thread.
 */
public final class ConsumerMatch {
    private final Subscriptions subscriptions;
    private final QueueGroups groups;
    private final int index;
    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
    private long[] found = new long[1];

    /**
     * For one consumer.
     *
     * @param subscriptions of all.
     * @param groups        of all.
     * @param index         the consumer's bit.
     */
    public ConsumerMatch(final Subscriptions subscriptions, final QueueGroups groups, final int index) {
        this.subscriptions = subscriptions;
        this.groups = groups;
        this.index = index;
    }

    /** Whether the consumer gets it. @param event released. @return true if so. */
    boolean matches(final Event event) {
        final SubjectTrie trie = subscriptions.snapshot();
        if (found.length < trie.words()) {
            found = new long[trie.words()];
        }
        trie.match(event.buffer(), event.subjectOffset(), event.subjectLength(), found, scratch);
        if ((found[index >>> 6] & 1L << index) != 0) {
            return true;
        }
        for (int word = groups.firstWord(); word < found.length; word++) {
            for (long bits = found[word]; bits != 0; bits &= bits - 1) {
                if (groups.member((word << 6) + Long.numberOfTrailingZeros(bits), event) == index) {
                    return true;
                }
            }
        }
        return false;
    }
}
