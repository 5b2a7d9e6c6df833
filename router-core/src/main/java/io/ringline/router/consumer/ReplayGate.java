package io.ringline.router.consumer;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Between the fan-out stage's thread and a consumer's: whether the channel or the journal is where the consumer's next
 * event is. Neither side ever waits for the other; every field has one writer, and grows.
 *
 * <pre>
 *   fan-out stage                                      consumer
 *   channel full at event D: offers nothing more,
 *     detachedFrom = D                          -->    sees D, then finds its channel empty:
 *                                                        reads the journal from D on, up to what is fanned out
 *                                                      near the end of that:
 *   between two events, F being the last      &lt;--      requested = D
 *     that all consumers are done with:
 *     liveFrom = F + 1, and offers from then on -->    reads the journal up to liveFrom - 1:
 *                                                        merged = D, and reads its channel again
 * </pre>
 *
 * <p>Why nothing is lost or repeated. Let the consumer's last event from the channel be the last one offered before D.
 * <ul>
 *   <li>Until {@code liveFrom} is set nothing is offered, so what the channel holds when {@code detachedFrom} is seen is
 *       all there is below D: {@code detachedFrom} is written after the last offer, and read before the channel is. Drained,
 *       the consumer has had everything below D, and nothing from D on.
 *   <li>The journal has every event, its batches are flushed before the fan-out stage sees them, and the consumer reads no
 *       further than what was fanned out: each event from D on is found there.
 *   <li>{@code liveFrom} is set between two events only, never while one waits at some channel. So of the events below it
 *       none will be offered to this consumer any more, and all from it on are. {@code liveFrom > D}, because D itself has
 *       been passed over: that is how the consumer tells this answer from an earlier one.
 *   <li>The consumer looks at how far events are fanned out before it looks at {@code liveFrom}, and the stage writes them
 *       in the other order. So where {@code liveFrom} is not seen yet, what the consumer reads up to is below it. Where it is
 *       seen, the journal is read up to just below it.
 *   <li>The channel may overflow again before the consumer is back: {@code detachedFrom = D'} with {@code D' >= liveFrom}.
 *       The consumer first reads the journal to {@code liveFrom - 1}, then its channel, which holds what was offered from
 *       {@code liveFrom} to D', then the journal from D'. The stage cannot set {@code liveFrom} again before that, because
 *       {@code requested} is not D' before the consumer has come to it.
 * </ul>
 */
public final class ReplayGate {
    private final LongSupplier fannedOut;

    // The fan-out stage's thread writes these.
    private volatile long detachedFrom;
    private volatile long liveFrom;
    private final AtomicLong timesDetached = new AtomicLong();

    // The consumer's thread writes these.
    private volatile long requested;
    private volatile long merged;
    private volatile long position;
    private final AtomicLong eventsReplayed = new AtomicLong();
    private volatile @Nullable RuntimeException failure;

    /**
     * A consumer that is live.
     *
     * @param fannedOut the last event that was offered to all; never ahead of the journal.
     */
    public ReplayGate(final LongSupplier fannedOut) {
        this.fannedOut = fannedOut;
    }

    /** Nothing is offered any more, from an event on. The fan-out stage's thread. @param globalSequence the event's number. */
    public void detach(final long globalSequence) {
        timesDetached.lazySet(timesDetached.get() + 1);
        detachedFrom = globalSequence;
    }

    /** Whether the consumer wants its channel back. The fan-out stage's thread; only while detached. @return true if so. */
    public boolean isRequested() {
        return requested == detachedFrom;
    }

    /** All is offered again, from an event on. The fan-out stage's thread, before. @param globalSequence the event's number. */
    public void admit(final long globalSequence) {
        liveFrom = globalSequence;
    }

    /** The first event that was not offered, most recently. The consumer's thread. @return 0 where there never was one. */
    long detachedFrom() {
        return detachedFrom;
    }

    /** Whether the channel holds all that there is for the consumer. Any thread. @return false from when it is detached. */
    public boolean isLive() {
        return merged == detachedFrom;
    }

    /** Whether an absence is over, or never was. The consumer's thread. */
    boolean isMerged(final long from) {
        return merged == from;
    }

    /** How far events are fanned out. */
    long fannedOut() {
        return fannedOut.getAsLong();
    }

    /** From where on the channel has all; at most the absence's start where it is not known yet. The consumer's thread. */
    long liveFrom() {
        return liveFrom;
    }

    /** Asks for the channel. The consumer's thread. */
    void request(final long from) {
        requested = from;
    }

    /** The journal is read as far as need be. The consumer's thread. */
    void merge(final long from) {
        merged = from;
    }

    /** The last event of the journal that is done with, one that others only wanted included. The consumer's thread. */
    void position(final long globalSequence, final long more) {
        position = globalSequence;
        if (more > 0) {
            eventsReplayed.lazySet(eventsReplayed.get() + more);
        }
    }

    /** The journal cannot be read. The consumer's thread. */
    void fail(final RuntimeException cause) {
        failure = cause;
    }

    /** Why the journal could not be read. Any thread. @return null where it could. */
    public @Nullable RuntimeException failure() {
        return failure;
    }

    /** How often the channel was full and the consumer left it. Any thread. @return from 0. */
    public long timesDetached() {
        return timesDetached.get();
    }

    /** How many events came from the journal. Any thread. @return from 0. */
    public long eventsReplayed() {
        return eventsReplayed.get();
    }

    /**
     * How many events that are not in the channel are still to be read from the journal, at most: whether they match is not
     * known before. Any thread.
     *
     * @return from 0; 0 while live.
     */
    public long behind() {
        final long end = fannedOut.getAsLong(); // first, as the consumer does
        final long from = detachedFrom;
        if (merged == from) {
            return 0;
        }
        final long live = liveFrom;
        if (live > from) {
            return Math.max(0, live - 1 - Math.max(position, from - 1));
        }
        // It may be gone again before it has read what was left of the absence before.
        final long before = requested;
        final long left = merged == before ? 0 : Math.max(0, live - 1 - Math.max(position, before - 1));
        return left + Math.max(0, end - Math.max(position, from - 1));
    }

    /** Where the consumer's events come from. Any thread. @return at this moment. */
    public ReplayState state() {
        if (failure != null) {
            return ReplayState.FAILED;
        }
        final long from = detachedFrom;
        if (merged == from) {
            return ReplayState.LIVE;
        }
        return requested == from ? ReplayState.REQUESTED : ReplayState.DETACHED;
    }
}
