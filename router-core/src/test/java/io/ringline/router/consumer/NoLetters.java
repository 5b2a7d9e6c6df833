package io.ringline.router.consumer;

import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Keeps no dead letter. */
final class NoLetters implements DeadLetterSink {
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
        // not kept
    }

    @Override
    public void flush() {
        // nothing is buffered
    }
}
