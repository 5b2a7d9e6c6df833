package io.ringline.router.journal;

import io.ringline.router.record.DeadLetterReason;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Takes what could not be delivered. Single-threaded, and sealed by its first failure, like a {@link Journal}. */
public interface DeadLetterSink {
    /**
     * Adds a dead letter to the current batch; it is kept once {@link #flush()} has returned.
     *
     * @param reason            why.
     * @param consumer          for which it failed; empty where it reached none. Cut at 1,024 bytes of UTF-8.
     * @param attempts          how often a handler was given it, from 0.
     * @param firstFailureNanos of the first attempt that failed, since the epoch.
     * @param timeNanos         when it was given up, since the epoch.
     * @param firstError        the first error's text, or null where it is not known or was the only one. Cut likewise.
     * @param error             the last error's text, or null. Cut at 8,192 bytes of UTF-8.
     * @param record            holds the record; kept byte for byte.
     * @param offset            of the record.
     * @param length            of the record, bytes.
     * @throws JournalException where the log is sealed, or this seals it.
     */
    void append(
            DeadLetterReason reason,
            String consumer,
            int attempts,
            long firstFailureNanos,
            long timeNanos,
            @Nullable String firstError,
            @Nullable String error,
            DirectBuffer record,
            int offset,
            int length);

    /**
     * The same, for what failed once at most.
     *
     * @param reason            as there.
     * @param consumer          as there.
     * @param attempts          as there.
     * @param firstFailureNanos as there.
     * @param timeNanos         as there.
     * @param error             as there.
     * @param record            as there.
     * @param offset            as there.
     * @param length            as there.
     * @throws JournalException as there.
     */
    default void append(
            final DeadLetterReason reason,
            final String consumer,
            final int attempts,
            final long firstFailureNanos,
            final long timeNanos,
            final @Nullable String error,
            final DirectBuffer record,
            final int offset,
            final int length) {
        append(reason, consumer, attempts, firstFailureNanos, timeNanos, null, error, record, offset, length);
    }

    /**
     * Writes the batch: what was appended survives {@code kill -9}. Does nothing where nothing was appended.
     *
     * @throws JournalException where the log is sealed, or this seals it.
     */
    void flush();
}
