package io.ringline.router.consumer;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A consumer's figures, each written by one thread and readable from any: those up to {@code RETRIED} by the consumer's
 * thread, {@code DROPPED} by the fan-out stage, {@code DEAD_LETTERED} by the dead letters' writer.
 */
public enum ConsumerCounters {
    /** Events acknowledged. */
    ACKNOWLEDGED(0),
    /** The last event's {@code globalSequence} that was acknowledged or became a dead letter. */
    LAST_GLOBAL_SEQUENCE(8),
    /** Times that the handler was called again for an event. */
    RETRIED(16),
    /** Events dropped because the channel was full. */
    DROPPED(2 * BitUtil.CACHE_LINE_LENGTH),
    /** Events that became dead letters on this consumer's account. */
    DEAD_LETTERED(4 * BitUtil.CACHE_LINE_LENGTH);

    /** Bytes that one consumer's figures take. */
    static final int BLOCK_BYTES = 6 * BitUtil.CACHE_LINE_LENGTH;

    private final int offset;

    ConsumerCounters(final int offset) {
        this.offset = offset;
    }

    long get(final UnsafeBuffer block) {
        return block.getLongVolatile(offset);
    }

    void set(final UnsafeBuffer block, final long value) {
        block.putLongRelease(offset, value);
    }

    void add(final UnsafeBuffer block, final long more) {
        block.putLongRelease(offset, block.getLong(offset) + more);
    }
}
