package io.ringline.router.consumer;

import io.ringline.router.record.EventRecord;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a member of a queue group that was closed had not finished, for the member that has its aggregates now: its events that
 * wait, what is in its channel or for it in the journal, and what found the channel full. The heir takes them, in the order in
 * which they were released, before it reads its own channel any further, so they come before all later events of their
 * aggregates. A dead letter that is being written is waited for; everything else starts anew with the heir, as if it had not
 * been tried.
 *
 * <p>The heir's polling thread, but for what the fan-out stage puts in before it hands this over.
 */
public final class Inheritance {
    private final SubjectConsumer from;
    private final long last;
    private final Queue<UnsafeBuffer> overflow;
    private final EventRecord record = new EventRecord();
    private volatile boolean taken;

    /**
     * What a consumer leaves, which no thread polls any more.
     *
     * @param from     the consumer.
     * @param last     the last event that it may have got.
     * @param overflow copies of records that found its channel full when it was closed already; this object's from now on.
     */
    public Inheritance(final SubjectConsumer from, final long last, final Queue<UnsafeBuffer> overflow) {
        this.from = from;
        this.last = last;
        this.overflow = new ArrayDeque<>(overflow);
    }

    /** Whether the heir has all of it. Any thread. @return true from then on. */
    public boolean isTaken() {
        return taken;
    }

    /**
     * Hands as much to the heir as its handler may be called for now.
     *
     * @param heir  who takes it.
     * @return false where something is left.
     */
    boolean take(final SubjectConsumer heir) {
        from.inheritedBy(heir);
        taken = takeWaiting(heir) && from.passOnInherited(heir) && takeChannel(heir) && takeOverflow(heir);
        return taken;
    }

    private boolean takeWaiting(final SubjectConsumer heir) {
        final Parking parking = from.parking();
        for (WaitingEvent event = parking.oldest(); event != null; event = parking.oldest()) {
            if (from.unfinished().letters.isWriting(event)) {
                if (!from.finishLetter(event)) {
                    return false;
                }
            } else if (event.run != WaitingEvent.AT_HEAD) {
                if (!heir.mayInherit() || !heir.inherit(record.wrap(event.memory, event.offset))) {
                    return false;
                }
                from.countHandedOver();
            } // else it is at the channel's head still
            parking.remove(event);
        }
        return true;
    }

    private boolean takeChannel(final SubjectConsumer heir) {
        while (heir.mayInherit()) {
            if (from.readLeft() == 0) {
                return from.channel().isEmpty() && from.isThrough(last);
            }
        }
        return false;
    }

    private boolean takeOverflow(final SubjectConsumer heir) {
        for (UnsafeBuffer event = overflow.peek(); event != null; event = overflow.peek()) {
            if (!heir.mayInherit() || !heir.inherit(record.wrap(event, 0))) {
                return false;
            }
            overflow.remove();
            from.countHandedOver();
        }
        return true;
    }
}
