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
    private final SubjectConsumer first;
    private final long last;
    private final Queue<UnsafeBuffer> overflow;
    private final EventRecord record = new EventRecord();
    private long lost; // written before taken is
    private volatile boolean taken;

    /**
     * What a consumer leaves, which no thread polls any more.
     *
     * @param from     the consumer.
     * @param heir     who takes it first; where that is closed before it has all, it leaves the rest with its own.
     * @param last     the last event that it may have got.
     * @param overflow copies of records that found its channel full when it was closed already; this object's from now on.
     */
    public Inheritance(
            final SubjectConsumer from,
            final SubjectConsumer heir,
            final long last,
            final Queue<UnsafeBuffer> overflow) {
        this.from = from;
        this.first = heir;
        this.last = last;
        this.overflow = new ArrayDeque<>(overflow);
    }

    /** Whether the heir has all of it. Any thread. @return true from then on. */
    public boolean isTaken() {
        return taken;
    }

    /** Whether a consumer was the first that this was left to. The fan-out stage's thread. @param heir perhaps. @return true if so. */
    @SuppressWarnings("ReferenceEquality") // that very consumer
    public boolean isFor(final SubjectConsumer heir) {
        return first == heir;
    }

    /** Nobody takes it, or what is left of it. The fan-out stage's thread, once nobody polls the heir any more. */
    public void giveUp() {
        overflow.clear();
    }

    /** How many events there may have been that cannot be read. Any thread, once it {@link #isTaken}. @return mostly 0. */
    public long lost() {
        return lost;
    }

    /**
     * Hands as much to the heir as its handler may be called for now.
     *
     * @param heir  who takes it.
     * @return false where something is left.
     */
    boolean take(final SubjectConsumer heir) {
        from.inheritedBy(heir);
        from.readUntil(last);
        from.settleAnswered();
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
                parking.remove(event);
                continue;
            }
            from.disown(event);
            if (event.run != WaitingEvent.AT_HEAD) { // which is at the channel's head still
                if (!heir.mayInherit() || !heir.inherit(record.wrap(event.memory, event.offset))) {
                    return false;
                }
                from.countHandedOver();
            }
            parking.remove(event);
        }
        return true;
    }

    private boolean takeChannel(final SubjectConsumer heir) {
        while (heir.mayInherit()) {
            if (from.readLeft() == 0) {
                lost = from.unreadable();
                return from.channel().isEmpty() && from.isThrough();
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
            from.countHandedOver(); // first: see RouterReports
            from.countKept(-1);
        }
        return true;
    }
}
