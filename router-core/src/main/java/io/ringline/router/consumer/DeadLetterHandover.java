package io.ringline.router.consumer;

import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One dead letter on its way from the thread that gave it up to the pipeline's own writer, without a copy: the record
 * stays where it is until {@link #isWritten()}. One giver, one taker. A writer that is slow is back pressure to the giver
 * and to nobody else.
 */
public final class DeadLetterHandover {
    private static final int EMPTY = 0;
    private static final int OFFERED = 1;
    private static final int APPENDED = 2;
    private static final int WRITTEN = 3;

    private final HandoverSignal signal;
    private volatile int state = EMPTY;
    private DeadLetterReason reason = DeadLetterReason.REJECTED;
    private int attempts;
    private long firstFailureNanos;
    private long timeNanos;
    private String firstError = "";
    private String error = "";
    private DirectBuffer record = new UnsafeBuffer(0, 0);
    private int offset;
    private int length;

    /**
     * Nothing under way.
     *
     * @param signal raised with each offer.
     */
    public DeadLetterHandover(final HandoverSignal signal) {
        this.signal = signal;
    }

    /**
     * Offers a dead letter that failed once at most. As the other one, where the first error is empty.
     *
     * @param why          the reason.
     * @param tries        how often the event was handed to the handler.
     * @param firstFailure when it failed first, nanoseconds since the epoch.
     * @param now          nanoseconds since the epoch.
     * @param what         the error; may be empty.
     * @param memory       of the record; must stay as it is until written.
     * @param at           the record's offset.
     * @param bytes        the record's length.
     */
    public void offer(
            final DeadLetterReason why,
            final int tries,
            final long firstFailure,
            final long now,
            final String what,
            final DirectBuffer memory,
            final int at,
            final int bytes) {
        offer(why, tries, firstFailure, now, "", what, memory, at, bytes);
    }

    /**
     * Offers a dead letter. The giver's thread; only where {@link #isIdle()}.
     *
     * @param why          the reason.
     * @param tries        how often the event was handed to the handler.
     * @param firstFailure when it failed first, nanoseconds since the epoch.
     * @param now          nanoseconds since the epoch.
     * @param first        the first error, where there were several; may be empty.
     * @param what         the last error; may be empty.
     * @param memory       of the record; must stay as it is until written.
     * @param at           the record's offset.
     * @param bytes        the record's length.
     */
    public void offer(
            final DeadLetterReason why,
            final int tries,
            final long firstFailure,
            final long now,
            final String first,
            final String what,
            final DirectBuffer memory,
            final int at,
            final int bytes) {
        reason = why;
        attempts = tries;
        firstFailureNanos = firstFailure;
        timeNanos = now;
        firstError = first;
        error = what;
        record = memory;
        offset = at;
        length = bytes;
        state = OFFERED;
        signal.raise();
    }

    /** Whether nothing is under way. The giver's thread. @return true where {@link #offer} may be called. */
    public boolean isIdle() {
        return state == EMPTY;
    }

    /** Whether one waits to be appended. The writer's thread. @return true until {@link #writeTo} has done so. */
    public boolean isOffered() {
        return state == OFFERED;
    }

    /** Whether the writer has it safe. The giver's thread, which then calls {@link #clear()}. @return true when written. */
    public boolean isWritten() {
        return state == WRITTEN;
    }

    /** Makes room for the next one. The giver's thread. */
    public void clear() {
        state = EMPTY;
    }

    /**
     * Appends what is offered, if anything, to the sink's batch. The writer's thread, which calls {@link #confirm()} when the
     * sink is flushed.
     *
     * @param sink     where dead letters go.
     * @param consumer whose they are.
     * @return 1 where one was appended, else 0.
     */
    public int writeTo(final DeadLetterSink sink, final String consumer) {
        if (state != OFFERED) {
            return 0;
        }
        sink.append(
                reason, consumer, attempts, firstFailureNanos, timeNanos, firstError, error, record, offset, length);
        state = APPENDED;
        return 1;
    }

    /** Whether the writer has appended what was offered, and not confirmed it. The writer's thread. @return true if so. */
    public boolean isAppended() {
        return state == APPENDED;
    }

    /** What was appended is safe now: the giver may go on. The writer's thread. @return 1 where there was one, else 0. */
    public int confirm() {
        if (state != APPENDED) {
            return 0;
        }
        state = WRITTEN;
        return 1;
    }
}
