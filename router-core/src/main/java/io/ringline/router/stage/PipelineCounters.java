package io.ringline.router.stage;

import io.ringline.router.stage.PipelineCounter.Writer;
import java.util.Arrays;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The totals of {@link PipelineCounter}: each has one writer and any number of readers. One writer's totals stand side by
 * side in a block of four cache lines, so that a batch touches few lines; two writers' never share a block.
 */
public final class PipelineCounters {
    static final int BLOCK_BYTES = 4 * BitUtil.CACHE_LINE_LENGTH;

    private final int[] offsets;
    private final UnsafeBuffer buffer;

    /** All zero. */
    public PipelineCounters() {
        offsets = offsets(Arrays.stream(PipelineCounter.values())
                .map(PipelineCounter::writer)
                .toList());
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Writer.values().length * BLOCK_BYTES, BLOCK_BYTES));
    }

    /** Where each counter stands, given its writer: the next free place in the writer's block. */
    static int[] offsets(final List<Writer> writers) {
        final int[] used = new int[Writer.values().length];
        final int[] offsets = new int[writers.size()];
        for (int i = 0; i < offsets.length; i++) {
            final Writer writer = writers.get(i);
            if (used[writer.ordinal()] == BLOCK_BYTES) {
                throw new IllegalStateException(writer + " writes more counters than the " + BLOCK_BYTES / Long.BYTES
                        + " that a block holds: make BLOCK_BYTES larger, by whole cache lines");
            }
            offsets[i] = writer.ordinal() * BLOCK_BYTES + used[writer.ordinal()];
            used[writer.ordinal()] += Long.BYTES;
        }
        return offsets;
    }

    /**
     * Shows a total. The counter's one writer only.
     *
     * @param counter which.
     * @param value   its total.
     */
    public void set(final PipelineCounter counter, final long value) {
        buffer.putLongRelease(offsets[counter.ordinal()], value);
    }

    /**
     * Reads a total. Any thread.
     *
     * @param counter which.
     * @return its total.
     */
    public long get(final PipelineCounter counter) {
        return buffer.getLongVolatile(offsets[counter.ordinal()]);
    }
}
