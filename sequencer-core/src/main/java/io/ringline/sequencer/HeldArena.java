package io.ringline.sequencer;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Memory for held records, one block of equal size for each entry of the {@link Sequencer}, set aside at start. */
public final class HeldArena {
    private final int stride;
    private final UnsafeBuffer[] pages;
    private final int pageShift;
    private final int pageMask;

    /**
     * Sets the memory aside.
     *
     * @param blocks     how many, from 1.
     * @param blockBytes size of each, from 1.
     */
    public HeldArena(final int blocks, final int blockBytes) {
        stride = BitUtil.align(blockBytes, BitUtil.CACHE_LINE_LENGTH);
        // Pages, as one buffer cannot pass 2 GiB; a power of two of blocks each.
        final int perPage = Math.min(
                BitUtil.findNextPositivePowerOfTwo(blocks), Math.max(1, Integer.highestOneBit((64 << 20) / stride)));
        pageShift = Integer.numberOfTrailingZeros(perPage);
        pageMask = perPage - 1;
        pages = new UnsafeBuffer[(blocks + perPage - 1) / perPage];
        for (int i = 0; i < pages.length; i++) {
            final int inPage = Math.min(perPage, blocks - i * perPage);
            final ByteBuffer memory = BufferUtil.allocateDirectAligned(inPage * stride, BitUtil.CACHE_LINE_LENGTH);
            pages[i] = new UnsafeBuffer(memory);
        }
    }

    /** The memory that holds an entry's block. @param entry from 0. @return its page. */
    public UnsafeBuffer buffer(final int entry) {
        return pages[entry >>> pageShift];
    }

    /** Where an entry's block starts. @param entry from 0. @return offset in {@link #buffer}. */
    public int offset(final int entry) {
        return (entry & pageMask) * stride;
    }
}
