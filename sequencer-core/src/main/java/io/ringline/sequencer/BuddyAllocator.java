package io.ringline.sequencer;

import org.agrona.BitUtil;

/**
 * Hands out runs of a memory of fixed size, each a power of two, and joins neighbours again when they come back: any sizes,
 * no garbage, a few dozen steps for each call. Knows offsets only. Not thread-safe.
 */
public final class BuddyAllocator {
    /** The answer where there is no room. */
    public static final int NONE = -1;

    private final int leafBytes;
    private final int leaves;
    // For each node of a binary tree over the leaves: the log2 of its longest free run in leaves, plus 1; 0 for none.
    private final byte[] longest;

    /**
     * All free.
     *
     * @param totalBytes a power of two.
     * @param leafBytes  smallest run; a power of two, at most {@code totalBytes}.
     */
    public BuddyAllocator(final int totalBytes, final int leafBytes) {
        if (!BitUtil.isPowerOfTwo(totalBytes) || !BitUtil.isPowerOfTwo(leafBytes) || leafBytes > totalBytes) {
            throw new IllegalArgumentException(
                    "cannot divide " + totalBytes + " bytes into runs from " + leafBytes + ": give powers of two");
        }
        this.leafBytes = leafBytes;
        this.leaves = totalBytes / leafBytes;
        this.longest = new byte[2 * leaves];
        for (int node = 1; node < longest.length; node++) {
            longest[node] = whole(node);
        }
    }

    private byte whole(final int node) {
        return (byte) (order(leaves) - order(node) + 1);
    }

    private static int order(final int powerOfTwo) {
        return 31 - Integer.numberOfLeadingZeros(powerOfTwo);
    }

    /**
     * Takes a run.
     *
     * @param bytes how long it must be at least, from 1.
     * @return its offset, or {@link #NONE}.
     */
    public int allocate(final int bytes) {
        final int wanted = (bytes + leafBytes - 1) / leafBytes;
        final int need = wanted > leaves ? Byte.MAX_VALUE : order(BitUtil.findNextPositivePowerOfTwo(wanted)) + 1;
        if (longest[1] < need) {
            return NONE;
        }
        int node = 1;
        while (whole(node) > need) {
            final int left = 2 * node;
            node = longest[left] >= need ? left : left + 1;
        }
        longest[node] = 0;
        final int run = 1 << need - 1;
        final int offset = node * run - leaves;
        update(node);
        return offset * leafBytes;
    }

    /**
     * Gives a run back.
     *
     * @param offset as allocated.
     */
    public void free(final int offset) {
        int node = offset / leafBytes + leaves;
        while (longest[node] != 0) {
            node /= 2; // up to the node that was handed out
        }
        longest[node] = whole(node);
        update(node);
    }

    private void update(final int from) {
        for (int node = from / 2; node > 0; node /= 2) {
            final byte left = longest[2 * node];
            final byte right = longest[2 * node + 1];
            final boolean bothWhole = left == whole(2 * node) && right == left;
            final byte now = bothWhole ? whole(node) : left > right ? left : right;
            if (longest[node] == now) {
                return; // nor does anything change above
            }
            longest[node] = now;
        }
    }
}
