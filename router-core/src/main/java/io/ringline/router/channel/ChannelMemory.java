package io.ringline.router.channel;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of a router's channels, set aside at start in as few pieces as possible, so that nearly always one buffer
 * reaches them all. Not thread-safe.
 */
public final class ChannelMemory {
    private static final long MAX_PIECE_BYTES = 1L << 30;

    private UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private int used;
    private long toCome;

    /**
     * Sets nothing aside yet.
     *
     * @param bytes that all channels together will take, see {@link Channel#bytes}.
     */
    public ChannelMemory(final long bytes) {
        this.toCome = bytes;
    }

    /** Takes memory, zeroed, from {@link #used} on. */
    UnsafeBuffer take(final int bytes) {
        if (bytes > piece.capacity() - used) {
            final int size = (int) Math.max(bytes, Math.min(toCome, MAX_PIECE_BYTES));
            final ByteBuffer memory = BufferUtil.allocateDirectAligned(size, 2 * BitUtil.CACHE_LINE_LENGTH);
            piece = new UnsafeBuffer(memory);
            used = 0;
        }
        used += bytes;
        toCome -= bytes;
        return piece;
    }

    /** Where the memory taken last ends. */
    int used() {
        return used;
    }
}
