package io.ringline.router.subject;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Which consumers want which patterns, and the latest {@link SubjectTrie} of them. Any thread may change them at any time:
 * threads that change wait for each other, threads that match wait for nobody. A change makes new nodes along its pattern
 * and shares all others with the snapshot before, so it costs the same whatever the number of patterns.
 *
 * <p>A snapshot taken after {@link #add} or {@link #remove} has returned, in whatever thread, has the change.
 */
public final class Subscriptions {
    /** All bits of the hash. */
    private static final long ALL_BITS = -1;

    private final long hashMask;
    private final Object lock = new Object();
    private final ChangeFilter changes = new ChangeFilter();
    private final Tokens pattern = new Tokens(64);
    private long[][] ofOne = new long[0][];
    private int changedAt;
    private volatile SubjectTrie latest;

    /** No subscriptions. */
    public Subscriptions() {
        this(ALL_BITS);
    }

    /** The same with fewer bits of hash, for tests of collisions. */
    Subscriptions(final long hashMask) {
        this.hashMask = hashMask;
        this.latest = new SubjectTrie(TrieNode.EMPTY, 0, 1, changes, hashMask);
    }

    /** The subscriptions as they are now. @return immutable. */
    public SubjectTrie snapshot() {
        return latest;
    }

    /**
     * Subscribes a consumer to a pattern.
     *
     * @param wanted   what it wants; it may have any number of patterns, and a pattern any number of consumers.
     * @param consumer its bit in match results, from 0; the results are as long as the highest asks for.
     * @return whether it was not subscribed to that very pattern before; if it was, nothing changes.
     */
    public boolean add(final Pattern wanted, final int consumer) {
        final byte[] bytes = wanted.bytes();
        synchronized (lock) {
            pattern.parse(new UnsafeBuffer(bytes), 0, bytes.length, hashMask);
            final TrieNode root = added(latest.root(), consumer);
            if (root == null) {
                return false;
            }
            publish(root, Math.max(latest.words(), (consumer >>> 6) + 1));
            return true;
        }
    }

    /**
     * Takes a subscription back.
     *
     * @param unwanted the pattern, byte for byte.
     * @param consumer its subscriber.
     * @return whether there was such a subscription; if not, nothing changes.
     */
    public boolean remove(final Pattern unwanted, final int consumer) {
        final byte[] bytes = unwanted.bytes();
        synchronized (lock) {
            pattern.parse(new UnsafeBuffer(bytes), 0, bytes.length, hashMask);
            final TrieNode root = removed(latest.root(), consumer);
            if (root == null) {
                return false;
            }
            publish(root, latest.words());
            return true;
        }
    }

    private void publish(final TrieNode root, final int words) {
        final long version = latest.version() + 1;
        changes.changed(pattern, changedAt, version);
        latest = new SubjectTrie(root, version, words, changes, hashMask);
    }

    /** One set for all patterns that have this consumer alone. */
    private long[] one(final int consumer) {
        if (consumer >= ofOne.length) {
            final int before = ofOne.length;
            ofOne = Arrays.copyOf(ofOne, Math.max(consumer + 1, before * 2));
            for (int i = before; i < ofOne.length; i++) {
                ofOne[i] = ConsumerSet.of(i);
            }
        }
        return ofOne[consumer];
    }

    /** The root with one subscription more, or null where it is there already. */
    private @Nullable TrieNode added(final TrieNode root, final int consumer) {
        final int tokens = pattern.count();
        final TrieNode[] path = new TrieNode[tokens + 1];
        TrieNode node = root == TrieNode.EMPTY ? null : root;
        int depth = 0;
        while (true) {
            if (node == null) {
                return rebuilt(path, depth, TrieNode.leaf(pattern, depth, one(consumer)));
            }
            if (node.tail != null && !Tail.isSame(node.tail, pattern, depth)) {
                node = node.split(hashMask);
            }
            final boolean below = depth < tokens && pattern.is(depth, '>');
            if (depth == tokens || below || node.tail != null) {
                final long[] before = below ? node.below : node.here;
                if (ConsumerSet.contains(before, consumer)) {
                    return null;
                }
                final long[] after = ConsumerSet.with(before, one(consumer));
                return rebuilt(path, depth, below ? node.withBelow(after) : node.withHere(after));
            }
            path[depth] = node;
            node = childOf(node, depth);
            depth++;
        }
    }

    /** The root with one subscription less, or null where there is no such. */
    private @Nullable TrieNode removed(final TrieNode root, final int consumer) {
        final int tokens = pattern.count();
        final TrieNode[] path = new TrieNode[tokens + 1];
        TrieNode node = root;
        for (int depth = 0; node != null; depth++) {
            if (node.tail != null && !Tail.isSame(node.tail, pattern, depth)) {
                return null;
            }
            final boolean below = depth < tokens && pattern.is(depth, '>');
            if (depth == tokens || below || node.tail != null) {
                final long[] before = below ? node.below : node.here;
                if (before == null || !ConsumerSet.contains(before, consumer)) {
                    return null;
                }
                final long[] after = shared(ConsumerSet.without(before, consumer));
                return rebuilt(path, depth, below ? node.withBelow(after) : node.withHere(after));
            }
            path[depth] = node;
            node = childOf(node, depth);
        }
        return null;
    }

    private @Nullable TrieNode childOf(final TrieNode node, final int token) {
        return pattern.is(token, '*') ? node.star : node.child(pattern, token);
    }

    private long @Nullable [] shared(final long @Nullable [] set) {
        if (set == null || set.length > 2 || Long.bitCount(set[1]) > 1) {
            return set;
        }
        return one((int) set[0] << 6 | Long.numberOfTrailingZeros(set[1]));
    }

    /** The literal token, among the first, that leads from the node with most children; -1 where there is none. */
    private int mostTelling(final TrieNode[] path, final int depth) {
        int best = -1;
        int most = 0;
        for (int i = 0; i < Math.min(pattern.count(), ChangeFilter.DEPTHS); i++) {
            final int children = i < depth ? path[i].children() : 1;
            if (children >= most && !pattern.is(i, '*') && !pattern.is(i, '>')) {
                best = i;
                most = children;
            }
        }
        return best;
    }

    /** The way back to the root with a new node at its end; a node with nothing left goes, one with one leaf becomes it. */
    private TrieNode rebuilt(final TrieNode[] path, final int depth, final TrieNode last) {
        changedAt = mostTelling(path, depth);
        TrieNode child = last.joined();
        for (int i = depth - 1; i >= 0; i--) {
            final TrieNode node = path[i];
            if (pattern.is(i, '*')) {
                child = node.withStar(child.isEmpty() ? null : child).joined();
            } else if (child.isEmpty()) {
                child = node.withoutChild(child, hashMask).joined();
            } else {
                child = node.withChild(child, hashMask).joined();
            }
        }
        return child.isEmpty() ? TrieNode.EMPTY : child;
    }
}
