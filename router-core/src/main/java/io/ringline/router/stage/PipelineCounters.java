package io.ringline.router.stage;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** The totals of {@link PipelineCounter}: each has a pair of cache lines, one writer, and any number of readers. */
public final class PipelineCounters {
    private static final int STRIDE = 2 * BitUtil.CACHE_LINE_LENGTH;
    private static final int SHIFT = Integer.numberOfTrailingZeros(STRIDE);

    private final UnsafeBuffer buffer;

    /** All zero. */
    public PipelineCounters() {
        final ByteBuffer memory =
                BufferUtil.allocateDirectAligned(PipelineCounter.values().length * STRIDE, BitUtil.CACHE_LINE_LENGTH);
        buffer = new UnsafeBuffer(memory);
    }

    /**
     * Shows a total. The counter's one writer only.
     *
     * @param counter which.
     * @param value   its total.
     */
    public void set(final PipelineCounter counter, final long value) {
        buffer.putLongRelease(counter.ordinal() << SHIFT, value);
    }

    /**
     * Reads a total. Any thread.
     *
     * @param counter which.
     * @return its total.
     */
    public long get(final PipelineCounter counter) {
        return buffer.getLongVolatile(counter.ordinal() << SHIFT);
    }
}
