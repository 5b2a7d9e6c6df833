package io.ringline.router.stage;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A few large buffers for records that do not fit a slot, set aside at start. Taken by publishers, given back by the
 * fan-out stage; any thread may do either, without a lock. At most 64, one bit each in one word.
 */
public final class LargeBuffers {
    /** The most buffers there can be. */
    public static final int MAX_COUNT = 64;
    /** The answer of {@link #take()} when all are in use. */
    public static final int NONE = -1;

    private final UnsafeBuffer[] buffers;
    private final AtomicLong free;

    /**
     * Sets the buffers aside.
     *
     * @param count       1 to 64.
     * @param bufferBytes size of each.
     */
    public LargeBuffers(final int count, final int bufferBytes) {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("largeRecords is " + count + ": give it 1 to " + MAX_COUNT);
        }
        buffers = new UnsafeBuffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = new UnsafeBuffer(ByteBuffer.allocateDirect(bufferBytes));
        }
        free = new AtomicLong(count == MAX_COUNT ? -1L : (1L << count) - 1);
    }

    /** Takes a buffer. @return its index, or {@link #NONE}. */
    public int take() {
        long bits = free.get();
        while (bits != 0) {
            final long lowest = Long.lowestOneBit(bits);
            if (free.compareAndSet(bits, bits & ~lowest)) {
                return Long.numberOfTrailingZeros(lowest);
            }
            bits = free.get();
        }
        return NONE;
    }

    /** Gives a buffer back. @param index as taken. */
    public void giveBack(final int index) {
        long bits = free.get();
        while (!free.compareAndSet(bits, bits | 1L << index)) {
            bits = free.get();
        }
    }

    /** A buffer. @param index as taken. @return its memory. */
    public UnsafeBuffer buffer(final int index) {
        return buffers[index];
    }

    /** How many buffers there are. @return 1 to 64. */
    public int count() {
        return buffers.length;
    }

    /** How many buffers are free now. @return 0 to {@link #count()}. */
    public int available() {
        return Long.bitCount(free.get());
    }
}
