package io.ringline.router.consumer;

import io.ringline.router.record.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/**
 * The events of one consumer that are to become dead letters, handed over one by one: each stays where it is until it is
 * written. One thread.
 */
final class LetterQueue {
    private final DeadLetterHandover handover;
    private final EventQueue queue = new EventQueue();
    private boolean writing;

    LetterQueue(final DeadLetterHandover handover) {
        this.handover = handover;
    }

    void add(final WaitingEvent event, final DeadLetterReason reason) {
        event.state = WaitingEvent.State.LETTER;
        event.reason = reason;
        queue.add(event);
        offerNext();
    }

    /** The event whose dead letter has been written, once; null where there is none. */
    @Nullable
    WaitingEvent takeWritten() {
        if (!writing || !handover.isWritten()) {
            return null;
        }
        handover.clear();
        writing = false;
        return queue.poll();
    }

    /** Hands the next one over where the writer has nothing of ours. */
    void offerNext() {
        final WaitingEvent next = queue.peek();
        if (writing || next == null) {
            return;
        }
        writing = true;
        final HandlerError first = next.firstError;
        final HandlerError last = next.lastError;
        handover.offer(
                next.reason,
                next.handed,
                next.firstFailureNs,
                next.lastFailureNs,
                first == null || isTold(next) ? "" : first.text(),
                last == null ? "" : last.text(),
                next.memory,
                next.offset,
                next.length);
    }

    /** Whether the first error is the last one. */
    @SuppressWarnings("ReferenceEquality") // two answers of RETRY are two failures, told by one object
    private static boolean isTold(final WaitingEvent event) {
        return event.firstError == event.lastError && event.firstFailureNs == event.lastFailureNs;
    }

    /** Whether an event is with the writer. */
    @SuppressWarnings("ReferenceEquality") // that very event
    boolean isWriting(final WaitingEvent event) {
        return writing && queue.peek() == event;
    }

    /** Takes back an event that is not with the writer yet. @return false where it is. */
    @SuppressWarnings("ReferenceEquality") // that very event
    boolean withdraw(final WaitingEvent event) {
        if (writing && queue.peek() == event) {
            return false;
        }
        return queue.remove(event);
    }
}
