package io.ringline.router.stage;

import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Counts dead letters by reason on their way to where they are kept; where that is nowhere, the count is what is left. */
public final class DeadLetterCounts implements DeadLetterSink {
    private final @Nullable DeadLetterSink sink;
    private final AtomicLongArray counts = new AtomicLongArray(DeadLetterReason.values().length);

    /**
     * Counts in front of a sink.
     *
     * @param sink null where dead letters are counted only.
     */
    public DeadLetterCounts(final @Nullable DeadLetterSink sink) {
        this.sink = sink;
    }

    @Override
    public void append(
            final DeadLetterReason reason,
            final String consumer,
            final int attempts,
            final long firstFailureNanos,
            final long timeNanos,
            final @Nullable String firstError,
            final @Nullable String error,
            final DirectBuffer record,
            final int offset,
            final int length) {
        if (sink != null) {
            sink.append(
                    reason,
                    consumer,
                    attempts,
                    firstFailureNanos,
                    timeNanos,
                    firstError,
                    error,
                    record,
                    offset,
                    length);
        }
        counts.lazySet(reason.ordinal(), counts.get(reason.ordinal()) + 1);
    }

    @Override
    public void flush() {
        if (sink != null) {
            sink.flush();
        }
    }

    /**
     * How many there were. Any thread.
     *
     * @param reason which.
     * @return from 0.
     */
    public long count(final DeadLetterReason reason) {
        return counts.get(reason.ordinal());
    }
}
