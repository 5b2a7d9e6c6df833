package io.ringline.router.subject;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All patterns at one moment, as a tree of tokens: an immutable snapshot, made by {@link Subscriptions}. Any thread may match
 * with a {@link Scratch} of its own; it takes no lock, meets no fence and does not allocate, and what it holds stays as it is
 * whatever is subscribed meanwhile. The rules are nats-server's, see {@link SubjectRules}.
 *
 * <p>A subject costs at most the nodes that it visits, each of them once, for a tree has one path to a node: at most its tokens
 * times the nodes of a level that match so far. No mixture of wildcards makes it visit one twice or overflow the stack.
 */
public final class SubjectTrie {
    /** How deep {@link #walk} calls itself, which is deeper than subscriptions' stars mostly go. */
    private static final int MAX_CALLS = 16;

    private final TrieNode root;
    private final long version;
    private final int words;
    private final ChangeFilter changes;
    private final int mainDepth;
    private final long hashMask;

    /** Working memory of one thread, for any number of snapshots, one after the other. */
    public static final class Scratch {
        private final Tokens tokens;

        @Nullable
        TrieNode[] waiting;

        private int[] levels;
        private int count;

        /** Memory for subjects of up to {@link SubjectRules#DEFAULT_MAX_BYTES}. */
        public Scratch() {
            this(SubjectRules.DEFAULT_MAX_BYTES);
        }

        /**
         * Memory for subjects up to a length; a longer one makes it grow, once.
         *
         * @param maxSubjectBytes the longest that is expected.
         */
        public Scratch(final int maxSubjectBytes) {
            tokens = new Tokens(maxSubjectBytes);
            waiting = new TrieNode[maxSubjectBytes / 2 + 1];
            levels = new int[waiting.length];
        }

        /** What {@link #touchedSince} asks for, of the subject that was matched last. */
        long changesFront() {
            return ChangeFilter.front(tokens);
        }

        /** The same, of further tokens. */
        long changesBack() {
            return ChangeFilter.back(tokens);
        }

        private void put(final TrieNode node, final int level) {
            if (count == waiting.length) {
                waiting = Arrays.copyOf(waiting, count * 2);
                levels = Arrays.copyOf(levels, count * 2);
            }
            waiting[count] = node;
            levels[count++] = level;
        }

        private @Nullable TrieNode take() {
            final TrieNode node = waiting[--count];
            waiting[count] = null; // or an old snapshot would live on
            return node;
        }
    }

    SubjectTrie(
            final TrieNode root, final long version, final int words, final ChangeFilter changes, final long hashMask) {
        this.root = root;
        this.version = version;
        this.words = words;
        this.changes = changes;
        this.mainDepth = changes.mainDepth();
        this.hashMask = hashMask;
    }

    TrieNode root() {
        return root;
    }

    /** How many changes led to this snapshot. @return from 0, one more with each change. */
    public long version() {
        return version;
    }

    /** How long a match result must be at least. @return words of 64 consumers; never less than in a snapshot before. */
    public int words() {
        return words;
    }

    /**
     * Finds the consumers that a subject matches.
     *
     * @param subject memory.
     * @param offset  of a valid literal subject.
     * @param length  in bytes.
     * @param result  set to one bit for each consumer; at least {@link #words()} long.
     * @param scratch the calling thread's.
     */
    public void match(
            final DirectBuffer subject,
            final int offset,
            final int length,
            final long[] result,
            final Scratch scratch) {
        Arrays.fill(result, 0);
        final Tokens tokens = scratch.tokens;
        tokens.parse(subject, offset, length, hashMask);
        walk(root, 0, 0, result, tokens, scratch);
    }

    /**
     * Goes down from a node by one child after the other; where there is a second, by {@code *}, it walks from there first. So
     * far that is a call: the node waits in a register, where memory would cost a barrier. Below {@link #MAX_CALLS} of these
     * nodes wait in the scratch, at most one of each level as the last one goes first, so nobody can make the stack overflow.
     */
    private static void walk(
            final @Nullable TrieNode from,
            final int fromLevel,
            final int stars,
            final long[] result,
            final Tokens tokens,
            final Scratch scratch) {
        final int count = tokens.count();
        int level = fromLevel;
        TrieNode node = from;
        while (node != null) {
            final long[] tail = node.tail;
            if (tail != null) {
                if (node.matchesTail(tail, tokens, level)) {
                    ConsumerSet.addTo(result, node.here);
                }
                return;
            }
            if (level == count) {
                ConsumerSet.addTo(result, node.here);
                return;
            }
            ConsumerSet.addTo(result, node.below);
            final TrieNode star = node.star;
            final TrieNode next = node.child(tokens, level);
            level++;
            if (star != null && next != null) {
                if (stars == MAX_CALLS) {
                    scratch.put(star, level);
                } else {
                    walk(star, level, stars + 1, result, tokens, scratch);
                    if (stars + 1 == MAX_CALLS) {
                        walkWaiting(result, tokens, scratch);
                    }
                }
            }
            node = next != null ? next : star;
        }
    }

    private static void walkWaiting(final long[] result, final Tokens tokens, final Scratch scratch) {
        while (scratch.count > 0) {
            final TrieNode node = scratch.take();
            walk(node, scratch.levels[scratch.count], MAX_CALLS, result, tokens, scratch);
        }
    }

    /**
     * Whether a subject may match others than it did in an earlier snapshot: whether a pattern that was added or removed
     * since may match it, by its first {@link ChangeFilter#DEPTHS} tokens.
     *
     * @param since the earlier snapshot's version, at most this one's; -1, for none, answers true.
     * @param front the subject's {@link Scratch#changesFront}.
     * @param back  the subject's {@link Scratch#changesBack}.
     * @return false only where no change since touches the subject.
     */
    boolean touchedSince(final long since, final long front, final long back) {
        return changes.touchedSince(since, front, back);
    }

    /** Whether that can be ruled out at first sight; false where it needs a second. Parameters as above. */
    boolean isFarSince(final long since, final long front, final long back) {
        return changes.isFarSince(since, front, back, mainDepth);
    }
}
