package io.ringline.router.consumer;

import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelReader;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A consumer's figures: written by the polling thread where nothing else is said, read by any. */
abstract class ConsumerFigures extends ChannelReader {
    private static final int ACKNOWLEDGED = 0;
    private static final int LAST_GLOBAL_SEQUENCE = 1;
    private static final int RETRIED = 2;
    private static final int GIVEN_UP = 3;
    private static final int POLLS = 5;

    private final Channel channel;
    private final Parking parking;
    private final @Nullable ReplayReader replay;
    private final ConsumerPulse pulse = new ConsumerPulse();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong deadLettered = new AtomicLong();
    private final AtomicLong abandoned = new AtomicLong();
    private final AtomicLong handedOver = new AtomicLong();
    private final AtomicLong kept = new AtomicLong();
    private volatile ConsumerWait blockedBy = ConsumerWait.NOTHING;
    private volatile ConsumerWait oldestWaitsFor = ConsumerWait.NOTHING;
    private boolean absorbing;
    private long read; // up to where the channel has, at least
    private long highest; // event that is done with, of those beyond

    ConsumerFigures(final Channel channel, final Parking parking, final @Nullable ReplayReader replay) {
        super(channel);
        this.channel = channel;
        this.parking = parking;
        this.replay = replay;
    }

    /** Shows what it waits for; written only where that changes, as {@code SubjectConsumer}'s own. */
    final void noteWaits(final ConsumerWait blocked, final ConsumerWait oldest) {
        if (blockedBy != blocked) {
            blockedBy = blocked;
        }
        if (oldestWaitsFor != oldest) {
            oldestWaitsFor = oldest;
        }
    }

    /** What this consumer waits for, as of its last poll. Any thread. @return what holds it up first. */
    public final ConsumerWait waitsFor() {
        final ConsumerWait blocked = blockedBy;
        if (blocked != ConsumerWait.NOTHING || behind() > 0 || !channel.isEmpty()) {
            return blocked;
        }
        final ConsumerWait oldest = oldestWaitsFor;
        return oldest == ConsumerWait.NOTHING ? ConsumerWait.EVENTS : oldest;
    }

    /** Notes that it is polled; or, in the midst of a poll that may take long, that the handler has answered. */
    final void beat() {
        addToFigure(POLLS, 1);
    }

    final Parking parking() {
        return parking;
    }

    /** Counts an acknowledged event while none waits: there is none above it. */
    final void countNextAcknowledged(final long globalSequence) {
        addToFigure(ACKNOWLEDGED, 1);
        setFigure(LAST_GLOBAL_SEQUENCE, globalSequence);
    }

    final void countAcknowledged(final long globalSequence) {
        addToFigure(ACKNOWLEDGED, 1);
        noteDone(globalSequence);
    }

    final void countGivenUp(final long globalSequence) {
        addToFigure(GIVEN_UP, 1);
        noteDone(globalSequence);
    }

    private void noteDone(final long globalSequence) {
        if (absorbing && globalSequence > read) {
            highest = Math.max(highest, globalSequence); // there may be lower ones in the channel
        } else if (globalSequence > figure(LAST_GLOBAL_SEQUENCE)) {
            setFigure(LAST_GLOBAL_SEQUENCE, globalSequence);
        }
    }

    /** Events come from another consumer, as well as from the channel: those do not show how far that has been read. */
    final void beginAbsorbing() {
        if (!absorbing) {
            absorbing = true;
            read = figure(LAST_GLOBAL_SEQUENCE);
        }
    }

    final boolean isAbsorbing() {
        return absorbing;
    }

    /** Notes an event of the channel, while absorbing. @return whether all that came from another is older. */
    final boolean noteRead(final long globalSequence) {
        read = globalSequence;
        return read > highest;
    }

    /** The channel has been read to its end, and holds nothing that is older than what came from another. */
    final void endAbsorbing() {
        absorbing = false;
        noteDone(highest);
    }

    final void countRetried() {
        addToFigure(RETRIED, 1);
    }

    /** The highest event that is done with; lower ones may wait still. Any thread. @return its {@code globalSequence}, or 0. */
    public final long lastGlobalSequence() {
        return figure(LAST_GLOBAL_SEQUENCE);
    }

    /**
     * The highest {@code globalSequence} up to which each event that this consumer has looked at is done with: acknowledged,
     * or with the dead letters. Any thread.
     *
     * @return from 0; it falls only where this consumer takes over older events that another member of its queue group had not
     *     finished.
     */
    public final long safeGlobalSequence() {
        // In this order: what waits below the last one by then is seen after it, and where that is done with by then,
        // the last
        // one may have been read before it was, but what was safe at first is so still.
        final long safeBefore = parking.lowest() - 1;
        final long last = figure(LAST_GLOBAL_SEQUENCE);
        final long lowest = parking.lowest();
        return lowest == 0 ? Math.max(last, safeBefore) : lowest - 1;
    }

    /** How many events the handler acknowledged. Any thread. @return from 0. */
    public final long delivered() {
        return figure(ACKNOWLEDGED);
    }

    /** How many events are done with: acknowledged, or given up after they were taken from the channel. Any thread. @return from 0. */
    public final long eventsProcessed() {
        return figure(ACKNOWLEDGED) + figure(GIVEN_UP);
    }

    /** How many times the handler was called again for an event. Any thread. @return from 0. */
    public final long retried() {
        return figure(RETRIED);
    }

    /** How many events became dead letters on this consumer's account. Any thread. @return from 0. */
    public final long deadLettered() {
        return deadLettered.get();
    }

    /** How many events were dropped because the channel was full. Any thread. @return from 0. */
    public final long dropped() {
        return dropped.get();
    }

    /**
     * How many events have been offered, or found the channel full and are in the journal, and are not done with, wherever they
     * wait; see {@link #behind()}. Any thread.
     *
     * @return from 0.
     */
    public final long lag() {
        // In this order: an event on its way between the two may be counted twice, but never missed.
        final long behind = behind();
        final long consumed = channel.consumed();
        return behind + channel.offered() - consumed + parking.parked() + kept.get();
    }

    /**
     * How many events were offered to this consumer and not done with when it was closed, which nobody inherited. Any thread.
     *
     * @return from 0; an upper bound for one that was reading from the journal: whether events there match is not known.
     */
    public final long abandoned() {
        return abandoned.get();
    }

    /** How many unfinished events were handed over to another member of the queue group when this one was closed. Any thread. @return from 0. */
    public final long handedOver() {
        return handedOver.get();
    }

    /** How many events have left the channel and are not done with. Any thread. @return from 0. */
    public final long parked() {
        return parking.parked();
    }

    /** Whether nothing waits: in the channel or, where that was full, in the journal, for a retry, for an acknowledgement, or for a dead letter to be written. Any thread. @return true where empty. */
    public final boolean isEmpty() {
        return behind() == 0
                && channel.isEmpty()
                && parking.parked() == 0
                && kept.get() == 0; // in this order: see lag()
    }

    /**
     * Whether this consumer is polled, or need not be: false from when it has not been for {@code livenessTimeoutNs} although
     * events wait, or the thread that polled it has ended, until it is again. Looked at ten times a second. False too while it
     * cannot read on from the journal, see {@link #replayFailure()}. Any thread.
     *
     * @return true also where nothing waits.
     */
    public final boolean isLive() {
        return !pulse.isSilent() && replayFailure() == null;
    }

    /** Whether events wait and the thread that polled last has ended; seen within a second. Any thread. @return false while it lives. */
    public final boolean pollerDied() {
        return pulse.hasDied();
    }

    /** What shows whether it is polled. @return for the router's own stages. */
    public final ConsumerPulse pulse() {
        return pulse;
    }

    /** Something that changes with each poll and with each answer of the handler. Any thread. @return only to be compared. */
    public final long beats() {
        return figure(POLLS) + figure(ACKNOWLEDGED) + figure(RETRIED) + figure(GIVEN_UP);
    }

    /**
     * How many events the consumer has still to read from the journal before it comes to those in its channel; an upper
     * bound, as some may not match. Any thread.
     *
     * @return from 0; 0 while it is live, and under any other policy than {@code REPLAY}.
     */
    public final long behind() {
        return replay == null ? 0 : replay.gate().behind();
    }

    /** Where events come from. Any thread. @return {@code LIVE} under any other overflow policy than {@code REPLAY}. */
    public final ReplayState replayState() {
        return replay == null ? ReplayState.LIVE : replay.gate().state();
    }

    /** How often the channel was full and the consumer went on from the journal. Any thread. @return from 0. */
    public final long timesDetached() {
        return replay == null ? 0 : replay.gate().timesDetached();
    }

    /** How many events came from the journal instead of the channel. Any thread. @return from 0. */
    public final long eventsReplayed() {
        return replay == null ? 0 : replay.gate().eventsReplayed();
    }

    /**
     * Why the consumer cannot read on from the journal at present; for good where that is a {@code JournalDamagedException} that
     * is no {@code isReadError()}. Any thread.
     *
     * @return null where it can.
     */
    public final @Nullable RuntimeException replayFailure() {
        return replay == null ? null : replay.gate().failure();
    }

    /** What says whether events are offered to the channel. @return for the router's own stages; null without a replay. */
    public final @Nullable ReplayGate replayGate() {
        return replay == null ? null : replay.gate();
    }

    /** Reads no further in the journal than to an event. The polling thread. */
    final void readUntil(final long globalSequence) {
        if (replay != null) {
            replay.readUntil(globalSequence);
        }
    }

    /** Whether all up to that event is read of which the channel has nothing more. The polling thread. */
    final boolean isThrough() {
        return replay == null || replay.isThrough();
    }

    /** How many events up to that one there may be in the journal that cannot be read. The thread that reads for it. */
    final long unreadable() {
        return replay == null ? 0 : replay.unreadable();
    }

    /** For one that is to lose its aggregates and reads from the journal: it goes on with those that it has now. The fan-out stage's thread. */
    public final void keepAggregates() {
        if (replay != null) {
            replay.keepAggregates();
        }
    }

    /** Lets go of the journal's files, at once or when the poll ends that reads them. For the router's end; any thread. */
    public final void leaveJournal() {
        if (replay != null) {
            replay.close();
        }
    }

    /** What the fan-out stage offers to. @return the channel; for the router's own stages. */
    public final Channel channel() {
        return channel;
    }

    /** Counts a drop. The fan-out stage's thread only. */
    public final void countDropped() {
        dropped.lazySet(dropped.get() + 1);
    }

    /** Counts events that are given up because the consumer was closed. The fan-out stage's thread only. @param more how many. */
    public final void countAbandoned(final long more) {
        abandoned.lazySet(abandoned.get() + more);
    }

    /**
     * Counts events that are kept for who inherits, as the channel was full. The fan-out stage's thread, then the heir's.
     *
     * @param more how many, or as a negative number how many are no more.
     */
    public final void countKept(final long more) {
        kept.lazySet(kept.get() + more);
    }

    /** How many events are so kept. Any thread. @return from 0. */
    public final long kept() {
        return kept.get();
    }

    /** Counts an event that another member has taken over. That member's thread. */
    final void countHandedOver() {
        handedOver.lazySet(handedOver.get() + 1);
    }

    /** Counts a dead letter. The dead letters' writer's thread only. */
    public final void countDeadLettered() {
        deadLettered.lazySet(deadLettered.get() + 1);
    }
}
