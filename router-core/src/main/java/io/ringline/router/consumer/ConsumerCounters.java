package io.ringline.router.consumer;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A consumer's own figures, written by its thread and readable from any; they stand behind the channel's count of consumed
 * events, in the line that the consumer writes anyway.
 */
public enum ConsumerCounters {
    /** Events acknowledged. */
    ACKNOWLEDGED(8),
    /** The last event's {@code globalSequence} that was acknowledged or became a dead letter. */
    LAST_GLOBAL_SEQUENCE(16),
    /** Times that the handler was called again for an event. */
    RETRIED(24);

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
