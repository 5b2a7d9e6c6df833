package io.ringline.bench;

import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.Event;
import java.util.BitSet;

/** A consumer that acknowledges all and remembers which events it was given, and how late. One thread. */
final class IsolationReceiver implements ConsumerHandler {
    private static final int POLL_LIMIT = 64;

    private final BitSet seen = new BitSet();
    private final IsolationTails tails;
    private final long dueNs;
    private final long periodNs;
    private long received;
    private long last;
    private boolean astray;

    /**
     * For a stream whose event with {@code globalSequence} n is due n periods after a time.
     *
     * @param tails    where to put how late they are.
     * @param dueNs    that time, by {@code System.nanoTime}.
     * @param periodNs between two events.
     */
    IsolationReceiver(final IsolationTails tails, final long dueNs, final long periodNs) {
        this.tails = tails;
        this.dueNs = dueNs;
        this.periodNs = periodNs;
    }

    int poll(final SubjectConsumer consumer) {
        return consumer.poll(this, POLL_LIMIT);
    }

    @Override
    public Outcome onEvent(final Event event) {
        final long number = event.globalSequence();
        onNumber(number);
        tails.record(number, System.nanoTime() - dueNs - number * periodNs);
        return Outcome.ACK;
    }

    void onNumber(final long number) {
        astray |= number <= last;
        last = number;
        received++;
        seen.set((int) number);
    }

    /** Notes that an event went elsewhere. @return false where it was received, or noted before. */
    boolean missed(final long number) {
        final boolean isNew = !seen.get((int) number);
        seen.set((int) number);
        return isNew;
    }

    long received() {
        return received;
    }

    IsolationTails tails() {
        return tails;
    }

    /** @throws IllegalStateException where it did not get, in order, all events but so many. */
    void check(final String name, final long published, final long elsewhere) {
        if (astray || received + elsewhere != published) {
            throw new IllegalStateException(name + ": of " + published + " events " + received + " were received and "
                    + elsewhere + " went elsewhere" + (astray ? ", out of order or twice" : ""));
        }
    }
}
