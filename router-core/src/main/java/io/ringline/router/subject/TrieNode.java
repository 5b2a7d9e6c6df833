package io.ringline.router.subject;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node of the tree of tokens; immutable, so a change makes new ones from the root down to its place and shares the rest.
 *
 * <p>Either a branch (no tail), with children by literal token and perhaps one by {@code *}, or a leaf: as long as a node
 * leads to a single pattern, the rest of that pattern is its tail, wildcards and all, so most patterns cost one node. The
 * tree's shape depends on the patterns alone, not on the order they came and went.
 *
 * <pre>
 *   low, high  the token that leads here, as {@link Tokens} has it; text is its bytes, where it is long
 *   few        up to 8 children, a byte of each one's hash in tags, in the same order
 *   many       more children than that as a {@link TrieTable}, their number in tags
 *   star       the child by *
 *   tail       of a leaf: see {@link Tail}; in tags a word that the next token must have, or 0
 *   here       consumers of the pattern that ends here (in a leaf: with the tail)
 *   below      consumers of the pattern that goes on with &gt; alone
 * </pre>
 */
final class TrieNode {
    /** How many children are found by their byte in {@link #tags}; more go into a {@link TrieTable}. */
    static final int FEW = 8;

    /** A table of this many moves back. Lower than {@link #FEW}, so that coming and going does not rebuild each time. */
    private static final int FEW_AGAIN = 6;

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    /** Has no pattern. */
    static final TrieNode EMPTY = new TrieNode(new Key(0, 0, null), null, null, null, null, 0, null, null);

    final long low;
    final long high;
    final long tags;
    final long @Nullable [] text;
    final long @Nullable [] tail;
    final long @Nullable [] here;
    final long @Nullable [] below;
    final @Nullable TrieNode star;
    final TrieNode @Nullable [] few;
    final Object @Nullable [] many;

    /** A token as {@link Tokens} has it, with its bytes where the two words are not enough. */
    static final class Key {
        private final long low;
        private final long high;
        private final long @Nullable [] text;

        Key(final long low, final long high, final long @Nullable [] text) {
            this.low = low;
            this.high = high;
            this.text = text;
        }
    }

    private TrieNode(
            final Key key,
            final long @Nullable [] tail,
            final long @Nullable [] here,
            final long @Nullable [] below,
            final @Nullable TrieNode star,
            final long tags,
            final TrieNode @Nullable [] few,
            final Object @Nullable [] many) {
        this.low = key.low;
        this.high = key.high;
        this.text = key.text;
        this.tail = tail;
        this.here = here;
        this.below = below;
        this.star = star;
        this.tags = tags;
        this.few = few;
        this.many = many;
    }

    private Key key() {
        return new Key(low, high, text);
    }

    /** The node behind a pattern's first tokens, with the others as its tail. */
    static TrieNode leaf(final Tokens pattern, final int tokens, final long[] consumers) {
        final Key key = tokens == 0 ? EMPTY.key() : pattern.keyOf(tokens - 1);
        if (tokens < pattern.count() && !pattern.is(tokens, '>')) {
            return leaf(key, Tail.of(pattern, tokens), false, consumers);
        }
        return leaf(key, null, tokens < pattern.count(), consumers);
    }

    private static TrieNode leaf(
            final Key key, final long @Nullable [] tail, final boolean below, final long[] consumers) {
        return tail == null && below
                ? new TrieNode(key, null, null, consumers, null, 0, null, null)
                : new TrieNode(key, tail, consumers, null, null, tail == null ? 0 : Tail.filter(tail), null, null);
    }

    /** This leaf as a branch with a leaf, which the first token of its tail leads to. */
    TrieNode split(final long hashMask) {
        final long[] old = Objects.requireNonNull(tail);
        final Key first = new Key(Tail.firstLow(old), Tail.firstHigh(old), Tail.firstText(old));
        final TrieNode child = leaf(first, Tail.withoutFirst(old), Tail.isOpen(old), Objects.requireNonNull(here));
        final TrieNode branch = new TrieNode(key(), null, null, null, null, 0, null, null);
        return Tail.isStar(first.low, first.high) ? branch.withStar(child) : branch.withChild(child, hashMask);
    }

    /** This node, or, where it leads to one leaf only, a leaf again. */
    TrieNode joined() {
        final TrieNode only = onlyLeaf();
        if (only == null) {
            return this;
        }
        final boolean open = only.below != null;
        final long[] more = Tail.withFirst(only.low, only.high, only.text, only.tail, open);
        return leaf(key(), more, open, Objects.requireNonNull(open ? only.below : only.here));
    }

    TrieNode withHere(final long @Nullable [] consumers) {
        return new TrieNode(key(), tail, consumers, below, star, tags, few, many);
    }

    TrieNode withBelow(final long @Nullable [] consumers) {
        return new TrieNode(key(), tail, here, consumers, star, tags, few, many);
    }

    TrieNode withStar(final @Nullable TrieNode node) {
        return new TrieNode(key(), tail, here, below, node, tags, few, many);
    }

    private TrieNode withFew(final long newTags, final TrieNode[] nodes) {
        return new TrieNode(key(), tail, here, below, star, newTags, nodes.length == 0 ? null : nodes, null);
    }

    private TrieNode withMany(final long number, final Object[] table) {
        return new TrieNode(key(), tail, here, below, star, number, null, table);
    }

    /** Puts a child in, in the place of the one with its key if there is one. */
    TrieNode withChild(final TrieNode child, final long hashMask) {
        final long hash = child.hash(hashMask);
        if (many != null) {
            final boolean known = TrieTable.has(many, child, hash);
            return withMany(known ? tags : tags + 1, TrieTable.with(many, child, 0, hashMask));
        }
        final TrieNode[] before = few == null ? new TrieNode[0] : few;
        final int at = indexOf(before, child);
        final TrieNode[] more = TrieTable.with(before, at, child);
        if (at >= 0) {
            return withFew(tags, more);
        }
        return more.length <= FEW
                ? withFew(tags | tag(hash) << (before.length << 3), more)
                : withMany(more.length, TrieTable.of(more, 0, hashMask));
    }

    /** Takes a child out that is there. */
    TrieNode withoutChild(final TrieNode child, final long hashMask) {
        if (many == null) {
            final TrieNode[] before = Objects.requireNonNull(few);
            return withFew(TrieTable.without(before, indexOf(before, child)), hashMask);
        }
        final Object[] less = TrieTable.without(many, child, 0, hashMask);
        if (tags - 1 > FEW_AGAIN) {
            return withMany(tags - 1, less);
        }
        final TrieNode[] nodes = new TrieNode[(int) tags - 1];
        TrieTable.collect(less, nodes, 0);
        return withFew(nodes, hashMask);
    }

    private TrieNode withFew(final TrieNode[] nodes, final long hashMask) {
        long newTags = 0;
        for (int i = 0; i < nodes.length; i++) {
            newTags |= tag(nodes[i].hash(hashMask)) << (i << 3);
        }
        return withFew(newTags, nodes);
    }

    /** The child for a token, or null. */
    @Nullable
    TrieNode child(final Tokens tokens, final int token) {
        final TrieNode[] nodes = few;
        final long hash = tokens.table()[token * Tokens.STRIDE + Tokens.HASH];
        if (nodes == null) {
            return many == null ? null : TrieTable.find(many, hash, tokens, token);
        }
        final long difference = tags ^ tag(hash) * ONES;
        for (long hits = difference - ONES & ~difference & HIGHS; hits != 0; hits &= hits - 1) {
            final TrieNode node = nodes[Long.numberOfTrailingZeros(hits) >>> 3];
            if (node.is(tokens, token)) {
                return node;
            }
        }
        return null;
    }

    /** Whether a subject's tokens from one on match this leaf's tail. */
    boolean matchesTail(final long[] rest, final Tokens subject, final int from) {
        return (tags == 0 || from < subject.count() && subject.table()[from * Tokens.STRIDE] == tags)
                && Tail.matches(rest, subject, from);
    }

    /** Whether this node's token is the given one. */
    boolean is(final Tokens tokens, final int token) {
        final long[] table = tokens.table();
        final int at = token * Tokens.STRIDE;
        return low == table[at] && high == table[at + Tokens.HIGH] && (text == null || tokens.isText(token, text, 0));
    }

    private boolean hasKeyOf(final TrieNode other) {
        return low == other.low && high == other.high && Arrays.equals(text, other.text);
    }

    static int indexOf(final TrieNode[] nodes, final TrieNode key) {
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i].hasKeyOf(key)) {
                return i;
            }
        }
        return -1;
    }

    long hash(final long hashMask) {
        return SubjectHash.ofToken(low, high) & hashMask;
    }

    /** The byte for {@link #tags}: from the top bits, as a table uses the lowest; never 0, which is a free place. */
    private static long tag(final long hash) {
        return hash >>> 25 | 0x80;
    }

    /** How many children there are by literal token. */
    int children() {
        return many != null ? (int) tags : few == null ? 0 : few.length;
    }

    /** Whether no pattern is left here. */
    boolean isEmpty() {
        return here == null && below == null && star == null && few == null && many == null;
    }

    /** The only thing under this node, where that is one leaf and can be joined with it; else null. */
    private @Nullable TrieNode onlyLeaf() {
        if (here != null || below != null || tail != null || many != null) {
            return null;
        }
        final TrieNode only;
        if (few == null) {
            only = star;
        } else {
            only = star == null && few.length == 1 ? few[0] : null;
        }
        return only != null && only.isLeaf() ? only : null;
    }

    private boolean isLeaf() {
        return star == null && few == null && many == null && (here == null || below == null);
    }
}
