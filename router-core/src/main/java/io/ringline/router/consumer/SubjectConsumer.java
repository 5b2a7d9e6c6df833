package io.ringline.router.consumer;

import io.ringline.router.channel.Channel;
import io.ringline.router.record.Event;
import io.ringline.router.record.EventRecord;
import java.util.function.IntUnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A named subscriber to one or more patterns, with a channel of its own. Polled by one thread at a time; its figures can
 * be read by any.
 *
 * <p>Events of an aggregate are handed out one after the other, in the order of {@code globalSequence}: while one waits for
 * its next try, its later acknowledgement or its dead letter, those behind it wait too, and under
 * {@link RetryMode#HEAD_OF_LINE} those of all other aggregates as well. No call ever sleeps. A handler that throws, whatever
 * it throws, or answers null, is taken to have answered {@link Outcome#RETRY}. Under {@link RetryMode#PARK} order is kept
 * within each aggregate only.
 */
public final class SubjectConsumer extends ConsumerEnd {
    private static final ConsumerHandler NO_HANDLER = event -> Outcome.RETRY;

    private final int index;
    private final ConsumerSettings settings;
    private final DeadLetterHandover handover;
    private final @Nullable ReplayReader replay;
    private final Breaker breaker;
    private final BreakerNotices notices;
    private final Acknowledgements acknowledgements;
    private final AggregateReleases releases = new AggregateReleases();
    private final Unfinished unfinished;
    private final IntUnaryOperator channelRead = this::readChannel;
    private ConsumerHandler handler = NO_HANDLER;
    private @Nullable Throwable thrown;
    private int attempt = 1; // of the event that the handler is called with
    private boolean troubled; // something is unfinished: no event may go the fast way
    private boolean left;

    /**
     * A consumer; made by the router.
     *
     * @param index    its bit among the matches.
     * @param channel  what it polls.
     * @param settings its name, and how it meets what goes wrong.
     * @param clock    nanoseconds since the epoch, for waits.
     * @param signal   tells the dead letters' writer.
     * @param sink     takes notices of what its circuit breaker does.
     * @param replay   reads on from the journal where the channel was full; null where another overflow policy rules.
     */
    public SubjectConsumer(
            final int index,
            final Channel channel,
            final ConsumerSettings settings,
            final EpochNanoClock clock,
            final HandoverSignal signal,
            final NoticeSink sink,
            final @Nullable ReplayReader replay) {
        this(index, channel, settings, clock, signal, sink, replay, parkingOf(settings));
    }

    /** With a parking of another make. */
    SubjectConsumer(
            final int index,
            final Channel channel,
            final ConsumerSettings settings,
            final EpochNanoClock clock,
            final HandoverSignal signal,
            final NoticeSink sink,
            final @Nullable ReplayReader replay,
            final Parking parking) {
        super(channel, parking, replay);
        this.replay = replay;
        this.index = index;
        this.settings = settings;
        this.handover = new DeadLetterHandover(signal);
        this.notices = new BreakerNotices(settings.name(), sink);
        this.breaker = new Breaker(settings.breaker(), notices);
        this.acknowledgements = new Acknowledgements(settings.maxOutstanding());
        this.unfinished = new Unfinished(
                this,
                settings,
                clock,
                breaker,
                parking,
                new HeldAggregates(settings, releases),
                new LetterQueue(handover));
    }

    private static Parking parkingOf(final ConsumerSettings settings) {
        final boolean parks = settings.retryMode() == RetryMode.PARK;
        return new Parking(parks ? settings.parkingEvents() : 0, settings.parkingBytes());
    }

    /**
     * Hands waiting events to a handler, on the caller's thread. Returns at once where there are none.
     *
     * @param eventHandler called for each.
     * @param limit        most events to hand out, from 1; those whose time for a retry has come go first, up to
     *                     seven eighths of it.
     * @return how many events were done with: acknowledged or given up; 0 where the consumer is closed.
     */
    public int poll(final ConsumerHandler eventHandler, final int limit) {
        if (!pulse().take()) {
            return 0;
        }
        try {
            beat();
            if (handler != eventHandler) { // a reference store costs a collector's barrier, a comparison nothing
                handler = eventHandler;
            }
            return troubled || inherits() ? pollTroubled(limit) : pollFast(limit);
        } finally {
            pulse().leave();
        }
    }

    private int pollFast(final int limit) {
        final int answer = readNext(limit);
        final int taken = answer < 0 ? ~answer : answer;
        if (troubled) {
            noteTrouble();
            return taken - unfinished.takeParkedCount();
        }
        if (taken == 0) {
            acknowledgements.drain(unfinished.onAcknowledgement()); // those that fit no event
        }
        noteLeft(answer < 0 || taken >= limit || isAway());
        return taken;
    }

    /** Hands out what is next: from the channel, or, where that was full, from the journal. */
    @Override
    int readNext(final int limit) {
        return replay == null ? readChannel(limit) : replay.read(this, limit);
    }

    /** Hands out what the channel has, up to a limit. For the replay, which says when. */
    IntUnaryOperator channelRead() {
        return channelRead;
    }

    private boolean isAway() {
        return replay != null && replay.isAway();
    }

    private int pollTroubled(final int limit) {
        troubled = true; // if only by what another has left
        unfinished.begin();
        notices.tell();
        unfinished.handOutDue(unfinished.share(limit));
        int taken = inherits() ? takeInherited(limit) : 0;
        boolean more = false;
        if (!inherits() && unfinished.calls() < limit && unfinished.mayRead()) {
            final int most = limit - unfinished.calls();
            final int answer = readNext(most);
            final int read = answer < 0 ? ~answer : answer;
            taken += read;
            more = answer < 0 || read >= most;
            if (isAbsorbing() && !more && !inherits() && !isAway()) {
                endAbsorbing();
            }
        }
        // What the channel had may all wait behind other events: the limit is on calls of the handler.
        unfinished.handOutDue(limit);
        final int done = unfinished.finished() + taken - unfinished.takeParkedCount();
        noteTrouble();
        noteLeft(left || more);
        return done;
    }

    private void noteTrouble() {
        troubled = unfinished.isBusy() || notices.isWaiting() || inherits() || isAbsorbing();
        noteLeft(unfinished.wantsPolls()
                || inherits()
                || notices.isWaiting()
                || !channel().isEmpty()
                || isAway());
        noteWaits(unfinished.blockedBy(), unfinished.oldestWaitsFor());
    }

    /** Written only where it changes: consumers that other threads poll may stand in the same cache line. */
    private void noteLeft(final boolean now) {
        if (left != now) {
            left = now;
        }
    }

    /** Uses a poller's flyweight from now on. The polling thread. */
    void shareRecord(final EventRecord shared) {
        share(shared);
    }

    /** Whether the last poll may have left something. The polling thread. */
    boolean hasLeft() {
        return left;
    }

    @Override
    protected boolean onRecord(final EventRecord event) {
        if (troubled) {
            return onRecordTroubled(event);
        }
        if (inherits()) {
            troubled = true; // what was left to it comes before
            return false;
        }
        final Outcome outcome = handOut(event);
        if (outcome == Outcome.ACK) {
            countNextAcknowledged(event.globalSequence());
            return true;
        }
        troubled = true;
        return unfinished.keep(event, outcome, takeError(outcome), 0);
    }

    private boolean onRecordTroubled(final EventRecord event) {
        if (isInherited()) {
            return passOn(event);
        }
        if (inherits() && !unfinished.headIsDone) {
            return false;
        }
        if (isAbsorbing() && noteRead(event.globalSequence()) && !inherits()) {
            endAbsorbing();
        }
        return unfinished.onRecord(event);
    }

    /** Hands out an event. The polling thread. @return the answer; what was thrown instead is for {@link #takeError}. */
    @Nullable
    Outcome handOut(final Event event) {
        try {
            return handler.onEvent(event);
        } catch (final Throwable failure) { // an Error of the handler's must not end the polling thread either
            thrown = failure;
            return Outcome.RETRY;
        }
    }

    /** The same, for a try that is or may be another than the first. */
    @Nullable
    Outcome handOut(final Event event, final int number) {
        if (number > 1) {
            countRetried();
        }
        attempt = number;
        final Outcome outcome = handOut(event);
        attempt = 1;
        return outcome;
    }

    /** Why the answer that {@link #handOut(Event)} gave is no ACK. The polling thread. */
    HandlerError takeError(final @Nullable Outcome outcome) {
        final Throwable failure = thrown;
        thrown = null;
        return failure == null ? HandlerError.of(outcome) : HandlerError.thrown(failure);
    }

    @Override
    void beInherited() {
        troubled = true;
    }

    @Override
    Unfinished unfinished() {
        return unfinished;
    }

    @Override
    SubjectConsumer self() {
        return this;
    }

    @Override
    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    /**
     * How often the handler has been called with the event that it is called with now, this call included. A handler that
     * answers {@link Outcome#DEFER} hands it on with the event, for {@link #acknowledge}. The polling thread, within the
     * handler.
     *
     * @return from 1.
     */
    public int attempt() {
        return attempt;
    }

    /**
     * Says what became of an event that the handler answered with {@link Outcome#DEFER}. Takes effect when the consumer is
     * polled next. May be called before the handler has returned. What fits no deferred event, or an earlier try of it, or
     * comes twice, is ignored and counted. Any thread; never waits.
     *
     * @param globalSequence the event's.
     * @param tryNumber      what {@link #attempt()} was when the handler deferred it: so an answer that comes late cannot be
     *                       taken for one to a later try.
     * @param outcome        {@code ACK}; {@code RETRY}, which is a failed try like any other; or {@code REJECT}.
     * @return false where there is no room: try again after the consumer has been polled.
     * @throws IllegalArgumentException where the outcome is {@code DEFER}: an event is deferred once for each try.
     */
    public boolean acknowledge(final long globalSequence, final int tryNumber, final Outcome outcome) {
        if (outcome == Outcome.DEFER) {
            throw new IllegalArgumentException(
                    "event " + globalSequence + " is deferred already: acknowledge it with ACK, RETRY or REJECT");
        }
        if (hasEnded()) {
            acknowledgements.countLate();
            return true;
        }
        return acknowledgements.offer(globalSequence, tryNumber, outcome);
    }

    /**
     * Ends the hold of an aggregate, see {@link OnDeadLetter#HOLD_AGGREGATE}: from the next poll on its events are handed
     * out again, those first that have not become dead letters by then. An aggregate that is not held is left as it is.
     * Any thread; never waits.
     *
     * @param aggregateId of the aggregate.
     * @return false where no aggregate is held, or 64 such orders wait for a poll: try again.
     */
    public boolean releaseAggregate(final long aggregateId) {
        return releases.offer(new AggregateReleases.Order(true, aggregateId, new UnsafeBuffer(0, 0)));
    }

    /**
     * As {@link #releaseAggregate(long)}, for an aggregate that is given as bytes.
     *
     * @param buffer holds the key; copied.
     * @param offset of the key.
     * @param length of the key, bytes.
     * @return as there.
     */
    public boolean releaseAggregate(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] key = new byte[length];
        buffer.getBytes(offset, key);
        return releases.offer(new AggregateReleases.Order(false, 0, new UnsafeBuffer(key)));
    }

    /**
     * This consumer as an agent, for those who want a thread: its role is the consumer's name, and closing it closes nothing
     * else. Nothing else may poll the consumer meanwhile.
     *
     * @param eventHandler called for each event, on the agent's thread.
     * @param limit        most events to hand out in one turn, from 1.
     * @return an agent for one runner.
     */
    public Agent agent(final ConsumerHandler eventHandler, final int limit) {
        return new ConsumerAgent(this, eventHandler, limit);
    }

    /** The consumer's name. @return as configured. */
    public String name() {
        return settings.name();
    }

    /** The consumer's place among the router's. @return from 0, in the order of configuration. */
    public int index() {
        return index;
    }

    /** The circuit breaker's state as of the last poll. Any thread. @return the state. */
    public BreakerState breakerState() {
        return breaker.state();
    }

    /** How often the circuit breaker has changed its state. Any thread. @return from 0. */
    public long breakerChanges() {
        return breaker.changes();
    }

    /** How many of those changes could not be told, as there was no room for notices for too long. Any thread. @return from 0. */
    public long noticesDropped() {
        return notices.dropped();
    }

    /** How many acknowledgements fitted no deferred event. Any thread. @return from 0. */
    public long acknowledgementsIgnored() {
        return acknowledgements.ignored();
    }

    /** How many aggregates are held, see {@link OnDeadLetter#HOLD_AGGREGATE}. Any thread. @return from 0. */
    public int heldAggregates() {
        return releases.held();
    }

    /** How an event is handed to the dead letters' writer. @return for the router's own stages. */
    @Override
    public DeadLetterHandover handover() {
        return handover;
    }
}
