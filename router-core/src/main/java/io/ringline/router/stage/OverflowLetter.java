package io.ringline.router.stage;

import io.ringline.router.consumer.DeadLetterHandover;
import io.ringline.router.consumer.HandoverSignal;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;

/**
 * The event that a full channel gave up, and whose channel it was, on its way from the fan-out stage to the dead letters'
 * writer. One at a time.
 */
final class OverflowLetter {
    static final int NONE = -1;

    private final DeadLetterHandover handover;
    private int consumer; // written before it is offered, read after that was seen, and not again until it is written

    /** Nothing is under way. @param signal tells the writer. */
    OverflowLetter(final HandoverSignal signal) {
        this.handover = new DeadLetterHandover(signal);
    }

    /** Gives an event up for a consumer; its memory must stay as it is until {@link #isWritten}. The fan-out stage's thread. */
    void give(final int index, final EventRecord event) {
        consumer = index;
        final long now = event.ingressNanos();
        handover.offer(
                DeadLetterReason.OVERFLOW,
                0,
                now,
                now,
                "the channel was full",
                event.buffer(),
                event.offset(),
                event.length());
    }

    /** Whether the writer is done with the event; after that the next one may be given. The fan-out stage's thread. */
    boolean isWritten() {
        if (!handover.isWritten()) {
            return false;
        }
        handover.clear();
        return true;
    }

    /** Whose event waits for the writer; {@link #NONE} where there is none. The writer's thread, before {@link #writeTo}. */
    int offered() {
        return handover.isOffered() ? consumer : NONE; // in this order: before, it may be another's still
    }

    /** Appends the event to the sink's batch. The writer's thread. @return 1, or 0 where there was none. */
    int writeTo(final DeadLetterSink sink, final String name) {
        return handover.writeTo(sink, name);
    }

    /** It is safe. The writer's thread. @return whose event it was; {@link #NONE} where there was none. */
    int confirm() {
        final int index = consumer; // before the stage may go on to the next one
        return handover.confirm() > 0 ? index : NONE;
    }
}
