package io.ringline.router.subject;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The children of a node that has many: an immutable hash table whose changes copy at most {@link #MAX_SLOTS} references a
 * level. A slot is free, or holds a node, or a bucket of a few, or, once the table cannot grow any more, a table of its own
 * that goes by the next bits of the hash. Two levels serve a million children.
 */
final class TrieTable {
    private static final int BITS = 10;

    /** Slots of the largest table; it trades the reads' loads (fewer levels) for the writes' copies (4 kB). */
    private static final int MAX_SLOTS = 1 << BITS;

    /** A larger bucket makes the table grow, unless its nodes' hashes are all the same. */
    private static final int BUCKET = 4;

    /** Half a table's slots are given up where no bucket gets larger than this. */
    private static final int BUCKET_AGAIN = 2;

    private static final int SMALL = 8;

    private TrieTable() {}

    /** The node for a token, or null. */
    static @Nullable TrieNode find(final Object[] root, final long fullHash, final Tokens tokens, final int token) {
        Object[] table = root;
        long hash = fullHash;
        while (true) {
            final Object slot = table[(int) hash & table.length - 1];
            if (slot instanceof TrieNode node) {
                return node.is(tokens, token) ? node : null;
            }
            if (slot == null) {
                return null;
            }
            if (slot instanceof TrieNode[] bucket) {
                for (int i = 0; i < bucket.length; i++) {
                    if (bucket[i].is(tokens, token)) {
                        return bucket[i];
                    }
                }
                return null;
            }
            table = (Object[]) slot;
            hash >>>= BITS;
        }
    }

    static boolean has(final Object[] root, final TrieNode key, final long fullHash) {
        Object[] table = root;
        for (long hash = fullHash; ; hash >>>= BITS) {
            final Object slot = table[(int) hash & table.length - 1];
            if (!isTable(slot)) {
                return TrieNode.indexOf(bucket(slot), key) >= 0;
            }
            table = (Object[]) slot;
        }
    }

    /** A table of nodes with different keys, at a level that goes by the bits of the hash from {@code shift}. */
    static Object[] of(final TrieNode[] nodes, final int shift, final long hashMask) {
        Object[] table = new Object[SMALL];
        for (final TrieNode node : nodes) {
            table = with(table, node, shift, hashMask);
        }
        return table;
    }

    /** A table with a node, in the place of the one with its key if there is one. */
    static Object[] with(final Object[] before, final TrieNode node, final int shift, final long hashMask) {
        Object[] table = before;
        while (true) {
            final int at = slot(table, node, shift, hashMask);
            if (isTable(table[at])) {
                return with(table, at, with((Object[]) table[at], node, shift + BITS, hashMask));
            }
            final TrieNode[] old = bucket(table[at]);
            final TrieNode[] bucket = with(old, TrieNode.indexOf(old, node), node);
            if (bucket.length <= BUCKET || bucket.length == old.length || sameHash(bucket, hashMask)) {
                return with(table, at, bucket.length == 1 ? node : bucket);
            }
            if (table.length == MAX_SLOTS) {
                return with(table, at, of(bucket, shift + BITS, hashMask));
            }
            table = doubled(table, shift, hashMask);
        }
    }

    /** A table without a node that is in it. */
    static Object[] without(final Object[] table, final TrieNode node, final int shift, final long hashMask) {
        final int at = slot(table, node, shift, hashMask);
        final Object slot = table[at];
        if (isTable(slot)) {
            final Object[] less = without((Object[]) slot, node, shift + BITS, hashMask);
            return shrunk(with(table, at, less.length == 1 ? less[0] : less));
        }
        final TrieNode[] bucket = bucket(slot);
        return shrunk(with(table, at, slotOf(without(bucket, TrieNode.indexOf(bucket, node)))));
    }

    /** Writes all nodes of a table to an array from a place. @return the place behind the last. */
    static int collect(final Object[] table, final TrieNode[] to, final int from) {
        int at = from;
        for (final Object slot : table) {
            if (isTable(slot)) {
                at = collect((Object[]) slot, to, at);
            } else {
                final TrieNode[] bucket = bucket(slot);
                System.arraycopy(bucket, 0, to, at, bucket.length);
                at += bucket.length;
            }
        }
        return at;
    }

    private static Object[] doubled(final Object[] table, final int shift, final long hashMask) {
        final Object[] twice = new Object[table.length * 2];
        for (final Object slot : table) {
            for (final TrieNode node : bucket(slot)) {
                final int at = slot(twice, node, shift, hashMask);
                final TrieNode[] bucket = bucket(twice[at]);
                twice[at] = slotOf(with(bucket, -1, node));
            }
        }
        return twice;
    }

    /** As few slots as are worth it; a single one where what is left fits into the table above. */
    private static Object[] shrunk(final Object[] before) {
        Object[] table = before;
        while (table.length > 1) {
            final Object[] half = table.length > SMALL && isUsed(table, table.length / 8) ? null : halved(table);
            if (half == null) {
                return table;
            }
            table = half;
        }
        return table;
    }

    /** Whether more slots than a number are taken; mostly it takes few looks. */
    private static boolean isUsed(final Object[] table, final int slots) {
        int used = 0;
        for (int i = 0; i < table.length && used <= slots; i++) {
            used += table[i] == null ? 0 : 1;
        }
        return used > slots;
    }

    private static Object @Nullable [] halved(final Object[] table) {
        final int half = table.length / 2;
        final Object[] less = Arrays.copyOf(table, half, Object[].class);
        for (int i = 0; i < half; i++) {
            final Object other = table[i + half];
            if (less[i] == null) {
                less[i] = other;
            } else if (other != null) {
                if (isTable(less[i]) || isTable(other)) {
                    return null;
                }
                final TrieNode[] first = bucket(less[i]);
                final TrieNode[] second = bucket(other);
                if (first.length + second.length > BUCKET_AGAIN) {
                    return null;
                }
                less[i] = new TrieNode[] {first[0], second[0]};
            }
            if (isTable(less[i])) {
                return null; // only the largest table holds tables
            }
        }
        return less;
    }

    private static boolean sameHash(final TrieNode[] nodes, final long hashMask) {
        for (final TrieNode node : nodes) {
            if (node.hash(hashMask) != nodes[0].hash(hashMask)) {
                return false;
            }
        }
        return true;
    }

    private static int slot(final Object[] table, final TrieNode node, final int shift, final long hashMask) {
        return (int) (node.hash(hashMask) >>> shift) & table.length - 1;
    }

    private static boolean isTable(final @Nullable Object slot) {
        return slot instanceof Object[] && !(slot instanceof TrieNode[]);
    }

    private static TrieNode[] bucket(final @Nullable Object slot) {
        if (slot instanceof TrieNode node) {
            return new TrieNode[] {node};
        }
        return slot == null ? new TrieNode[0] : (TrieNode[]) slot;
    }

    private static @Nullable Object slotOf(final TrieNode[] bucket) {
        return bucket.length == 0 ? null : bucket.length == 1 ? bucket[0] : bucket;
    }

    private static Object[] with(final Object[] table, final int at, final @Nullable Object slot) {
        final Object[] copy = table.clone();
        copy[at] = slot;
        return copy;
    }

    /** Nodes with one replaced, or, at -1, one more. */
    static TrieNode[] with(final TrieNode[] nodes, final int at, final TrieNode node) {
        final int length = nodes.length;
        final TrieNode[] copy = Arrays.copyOf(nodes, at >= 0 ? length : length + 1);
        copy[at >= 0 ? at : length] = node;
        return copy;
    }

    /** Nodes without one. */
    static TrieNode[] without(final TrieNode[] nodes, final int at) {
        final TrieNode[] copy = Arrays.copyOf(nodes, nodes.length - 1);
        if (at < copy.length) {
            copy[at] = nodes[nodes.length - 1];
        }
        return copy;
    }
}
