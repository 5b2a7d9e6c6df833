package io.ringline.router.subject;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * All patterns as a tree of tokens, built once and then read only: any thread may match with a {@link Scratch} of its own.
 * Matching goes token by token with the set of nodes that are still in the running, so a subject costs at most its tokens
 * times the nodes of a level, whatever the mixture of wildcards; it does not allocate.
 */
public final class SubjectTrie {
    private static final int NONE = -1;

    private final int words;
    private final int widest;
    private final int[] star;
    private final long[][] endsHere;
    private final long[][] endsBelow;
    private final int tableMask;
    private final int[] table;
    private final int[] parentOf;
    private final byte[][] tokenOf;
    private final int[] hashOf;

    /** Working memory of one thread that matches. */
    public static final class Scratch {
        private int[] live;
        private int[] next;

        /** For a given trie. @param trie that will be matched against. */
        public Scratch(final SubjectTrie trie) {
            live = new int[trie.widest];
            next = new int[trie.widest];
        }
    }

    /** Collects patterns. */
    public static final class Builder {
        private final List<Node> nodes = new ArrayList<>();
        private int consumers = 1;

        private Builder() {
            nodes.add(new Node(NONE, 0, 0, new byte[0]));
        }

        /**
         * Adds a pattern.
         *
         * @param pattern  of a consumer.
         * @param consumer the consumer's bit, from 0; it may have any number of patterns.
         * @return this.
         */
        public Builder add(final Pattern pattern, final int consumer) {
            consumers = Math.max(consumers, consumer + 1);
            final byte[] bytes = pattern.bytes();
            Node node = nodes.get(0);
            int start = 0;
            for (int i = 0; i <= bytes.length; i++) {
                if (i < bytes.length && bytes[i] != '.') {
                    continue;
                }
                if (i - start == 1 && bytes[start] == '>') {
                    node.endsBelow.add(consumer);
                    return this;
                }
                node = child(node, Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
            node.endsHere.add(consumer);
            return this;
        }

        private Node child(final Node parent, final byte[] token) {
            if (token.length == 1 && token[0] == '*') {
                if (parent.star == NONE) {
                    parent.star = append(parent, token);
                }
                return nodes.get(parent.star);
            }
            return nodes.get(parent.children.computeIfAbsent(ByteBuffer.wrap(token), key -> append(parent, token)));
        }

        private int append(final Node parent, final byte[] token) {
            nodes.add(new Node(parent.index, nodes.size(), parent.level + 1, token));
            return nodes.size() - 1;
        }

        /** Builds the tree. @return for any number of threads. */
        public SubjectTrie build() {
            return new SubjectTrie(nodes, (consumers + 63) >>> 6);
        }
    }

    private static final class Node {
        private final int parent;
        private final int index;
        private final int level;
        private final byte[] token;
        private final Map<ByteBuffer, Integer> children = new HashMap<>();
        private final List<Integer> endsHere = new ArrayList<>();
        private final List<Integer> endsBelow = new ArrayList<>();
        private int star = NONE;

        Node(final int parent, final int index, final int level, final byte[] token) {
            this.parent = parent;
            this.index = index;
            this.level = level;
            this.token = token;
        }
    }

    private SubjectTrie(final List<Node> nodes, final int words) {
        this.words = words;
        final int size = nodes.size();
        star = new int[size];
        endsHere = new long[size][];
        endsBelow = new long[size][];
        parentOf = new int[size];
        tokenOf = new byte[size][];
        hashOf = new int[size];
        table = new int[BitUtil.findNextPositivePowerOfTwo(size * 2)];
        tableMask = table.length - 1;
        Arrays.fill(table, NONE);
        final Map<Integer, Integer> widths = new HashMap<>();
        for (int i = 0; i < size; i++) {
            final Node node = nodes.get(i);
            star[i] = node.star;
            endsHere[i] = bits(node.endsHere);
            endsBelow[i] = bits(node.endsBelow);
            parentOf[i] = node.parent;
            tokenOf[i] = node.token;
            widths.merge(node.level, 1, Integer::sum);
            if (i > 0 && nodes.get(node.parent).star != i) {
                insert(i);
            }
        }
        widest = widths.values().stream().mapToInt(Integer::intValue).max().orElse(1) + 1;
    }

    private void insert(final int node) {
        int hash = 0;
        for (final byte b : tokenOf[node]) {
            hash = hash * 31 + b;
        }
        hashOf[node] = hash;
        int at = slot(parentOf[node], hash);
        while (table[at] != NONE) {
            at = at + 1 & tableMask;
        }
        table[at] = node;
    }

    private long[] bits(final List<Integer> consumers) {
        final long[] bits = new long[consumers.isEmpty() ? 0 : words];
        for (final int consumer : consumers) {
            bits[consumer >>> 6] |= 1L << consumer;
        }
        return bits;
    }

    /** A collector of patterns. @return empty. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Finds the consumers that a subject matches.
     *
     * @param subject memory.
     * @param offset  of a valid literal subject.
     * @param length  in bytes.
     * @param result  set to one bit for each consumer; at least as many words as the consumers need.
     * @param scratch the calling thread's.
     */
    public void match(
            final DirectBuffer subject,
            final int offset,
            final int length,
            final long[] result,
            final Scratch scratch) {
        Arrays.fill(result, 0);
        int[] live = scratch.live;
        int[] next = scratch.next;
        live[0] = 0;
        int count = 1;
        int start = 0;
        int hash = 0;
        for (int i = 0; i <= length && count > 0; i++) {
            final byte b = i < length ? subject.getByte(offset + i) : (byte) '.';
            if (b != '.') {
                hash = hash * 31 + b;
                continue;
            }
            int nextCount = 0;
            for (int n = 0; n < count; n++) {
                final int node = live[n];
                or(result, endsBelow[node]);
                final int literal = child(node, hash, subject, offset + start, i - start);
                if (literal != NONE) {
                    next[nextCount++] = literal;
                }
                if (star[node] != NONE) {
                    next[nextCount++] = star[node];
                }
            }
            final int[] swap = live;
            live = next;
            next = swap;
            count = nextCount;
            start = i + 1;
            hash = 0;
        }
        for (int n = 0; n < count; n++) {
            or(result, endsHere[live[n]]);
        }
    }

    private int child(
            final int parent, final int hash, final DirectBuffer subject, final int offset, final int length) {
        int at = slot(parent, hash);
        while (table[at] != NONE) {
            final int node = table[at];
            if (parentOf[node] == parent && hashOf[node] == hash && same(tokenOf[node], subject, offset, length)) {
                return node;
            }
            at = at + 1 & tableMask;
        }
        return NONE;
    }

    private static boolean same(final byte[] token, final DirectBuffer subject, final int offset, final int length) {
        if (token.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (token[i] != subject.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private int slot(final int parent, final int hash) {
        final int mixed = (hash + parent * 0x9E37_79B1) * 0x85EB_CA6B;
        return (mixed ^ mixed >>> 15) & tableMask;
    }

    private static void or(final long[] result, final long[] bits) {
        for (int i = 0; i < bits.length; i++) {
            result[i] |= bits[i];
        }
    }
}
