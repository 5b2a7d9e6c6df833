package io.ringline.router.consumer;

import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelReader;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.Event;
import io.ringline.router.record.EventRecord;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * A named subscriber to one or more patterns, with a channel of its own. Polled by one thread at a time; its figures can
 * be read by any.
 *
 * <p>Events come in the order of {@code globalSequence}. While one waits for its next try, those behind it wait too; no
 * call ever sleeps. A handler that throws, whatever it throws, is taken to have answered {@link Outcome#RETRY}.
 */
public final class SubjectConsumer extends ChannelReader {
    private static final int MAX_ERROR_CHARS = 2_000;
    private static final int ACKNOWLEDGED = 0;
    private static final int LAST_GLOBAL_SEQUENCE = 1;
    private static final int RETRIED = 2;
    private static final int POLLS = 5;
    private static final ConsumerHandler NO_HANDLER = event -> Outcome.RETRY;

    private final String name;
    private final int index;
    private final Channel channel;
    private final RetryPolicy retry;
    private final EpochNanoClock clock;
    private final DeadLetterHandover handover;
    private final @Nullable ReplayReader replay;
    private final ConsumerPulse pulse = new ConsumerPulse();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong deadLettered = new AtomicLong();
    private ConsumerHandler handler = NO_HANDLER;
    private int failures;
    private long firstFailureNanos;
    private long nextTryNanos;
    private boolean handingOver;
    private boolean left;

    /**
     * A consumer; made by the router.
     *
     * @param name    unique among the router's consumers.
     * @param index   its bit among the matches.
     * @param channel what it polls.
     * @param retry   how failures are met.
     * @param clock   nanoseconds since the epoch, for waits.
     * @param signal  tells the dead letters' writer.
     */
    public SubjectConsumer(
            final String name,
            final int index,
            final Channel channel,
            final RetryPolicy retry,
            final EpochNanoClock clock,
            final HandoverSignal signal) {
        this(name, index, channel, retry, clock, signal, null);
    }

    /**
     * A consumer that may read on from the journal; made by the router.
     *
     * @param name    unique among the router's consumers.
     * @param index   its bit among the matches.
     * @param channel what it polls.
     * @param retry   how failures are met.
     * @param clock   nanoseconds since the epoch, for waits.
     * @param signal  tells the dead letters' writer.
     * @param replay  reads on from the journal where the channel was full; null where another overflow policy rules.
     */
    public SubjectConsumer(
            final String name,
            final int index,
            final Channel channel,
            final RetryPolicy retry,
            final EpochNanoClock clock,
            final HandoverSignal signal,
            final @Nullable ReplayReader replay) {
        super(channel);
        this.name = name;
        this.index = index;
        this.channel = channel;
        this.retry = retry;
        this.clock = clock;
        this.handover = new DeadLetterHandover(signal);
        this.replay = replay;
    }

    /**
     * Hands waiting events to a handler, on the caller's thread. Returns at once where there are none.
     *
     * @param eventHandler called for each.
     * @param limit        most events to hand out, from 1.
     * @return how many events were done with: acknowledged or given up.
     */
    public int poll(final ConsumerHandler eventHandler, final int limit) {
        pulse.beat();
        addToFigure(POLLS, 1);
        if (failures > 0 && !readyAfterFailure()) {
            noteLeft(true);
            return 0;
        }
        if (handler != eventHandler) { // a reference store costs a collector's barrier, a comparison nothing
            handler = eventHandler;
        }
        final int answer = replay == null ? read(limit) : replay.read(this, limit);
        final int taken = answer < 0 ? ~answer : answer;
        noteLeft(answer < 0 || taken >= limit || (replay != null && replay.isAway()));
        return taken;
    }

    /** Hands out what the channel has. For the replay, which says when. */
    int readChannel(final int limit) {
        return read(limit);
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

    /** Whether the event at the head may be looked at again: its wait is over, or its dead letter is written. */
    private boolean readyAfterFailure() {
        return handingOver ? handover.isWritten() : clock.nanoTime() >= nextTryNanos;
    }

    @Override
    protected boolean onRecord(final EventRecord event) {
        if (handingOver) {
            return finishHandover(event);
        }
        Outcome outcome;
        String error = "";
        try {
            if (failures > 0) {
                addToFigure(RETRIED, 1);
            }
            outcome = handler.onEvent(event);
        } catch (final Throwable failure) { // an Error of the handler's must not end the polling thread either
            outcome = Outcome.RETRY;
            error = describe(failure);
        }
        if (outcome == Outcome.ACK) {
            addToFigure(ACKNOWLEDGED, 1);
            setFigure(LAST_GLOBAL_SEQUENCE, event.globalSequence());
            if (failures > 0) {
                failures = 0;
            }
            return true;
        }
        return failed(event, outcome, error);
    }

    private boolean failed(final EventRecord event, final @Nullable Outcome outcome, final String error) {
        final long now = clock.nanoTime();
        if (failures++ == 0) {
            firstFailureNanos = now;
        }
        if (outcome == Outcome.REJECT) {
            handOver(event, DeadLetterReason.REJECTED, now, error.isEmpty() ? "the handler answered REJECT" : error);
        } else if (failures > retry.maxRetries()) {
            final String why = error.isEmpty() ? "the handler answered RETRY" : error;
            handOver(event, DeadLetterReason.RETRIES_EXHAUSTED, now, why);
        } else {
            nextTryNanos = now + retry.delayNs(failures);
        }
        return false;
    }

    private void handOver(final EventRecord event, final DeadLetterReason why, final long now, final String error) {
        handingOver = true;
        handover.offer(why, failures, firstFailureNanos, now, error, event.buffer(), event.offset(), event.length());
    }

    private boolean finishHandover(final Event event) {
        if (!handover.isWritten()) {
            return false;
        }
        handover.clear();
        handingOver = false;
        failures = 0;
        setFigure(LAST_GLOBAL_SEQUENCE, event.globalSequence());
        return true;
    }

    private static String describe(final Throwable failure) {
        final StringBuilder text = new StringBuilder(256);
        try {
            text.append(failure);
            final StackTraceElement[] frames = failure.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, 5); i++) {
                text.append("\n  at ").append(frames[i]);
            }
        } catch (final Throwable alsoFailed) { // toString() is the user's code too
            text.append(failure.getClass().getName()).append(" (its message could not be had)");
        }
        return text.length() > MAX_ERROR_CHARS ? text.substring(0, MAX_ERROR_CHARS) : text.toString();
    }

    /** The consumer's name. @return as configured. */
    public String name() {
        return name;
    }

    /** The consumer's place among the router's. @return from 0, in the order of configuration. */
    public int index() {
        return index;
    }

    /** The last event that is done with. Any thread. @return its {@code globalSequence}, or 0. */
    public long lastGlobalSequence() {
        return figure(LAST_GLOBAL_SEQUENCE);
    }

    /** How many events the handler acknowledged. Any thread. @return from 0. */
    public long delivered() {
        return figure(ACKNOWLEDGED);
    }

    /** How many times the handler was called again for an event. Any thread. @return from 0. */
    public long retried() {
        return figure(RETRIED);
    }

    /** How many events became dead letters on this consumer's account. Any thread. @return from 0. */
    public long deadLettered() {
        return deadLettered.get();
    }

    /** How many events were dropped because the channel was full. Any thread. @return from 0. */
    public long dropped() {
        return dropped.get();
    }

    /**
     * Whether nothing waits for the consumer, an event being retried included: neither in the channel nor, where it was full,
     * in the journal. Any thread.
     *
     * @return true where empty.
     */
    public boolean isEmpty() {
        return behind() == 0 && channel.isEmpty(); // in this order: the channel is what comes after
    }

    /**
     * Whether this consumer is polled, or need not be: false from when it has not been for {@code livenessTimeoutNs} although
     * events wait, or the thread that polled it has ended, until it is again. Looked at ten times a second. Any thread.
     *
     * @return true also where nothing waits.
     */
    public boolean isLive() {
        return !pulse.isSilent();
    }

    /** Whether events wait and the thread that polled last has ended; seen within a second. Any thread. @return false while it lives. */
    public boolean pollerDied() {
        return pulse.hasDied();
    }

    /** What shows whether it is polled. @return for the router's own stages. */
    public ConsumerPulse pulse() {
        return pulse;
    }

    /** Something that changes with each poll and with each event done with. Any thread. @return only to be compared. */
    public long beats() {
        return figure(POLLS) + figure(ACKNOWLEDGED) + figure(RETRIED);
    }

    /**
     * How many events the consumer has still to read from the journal before it comes to those in its channel; an upper
     * bound, as some may not match. Any thread.
     *
     * @return from 0; 0 while it is live, and under any other policy than {@code REPLAY}.
     */
    public long behind() {
        return replay == null ? 0 : replay.gate().behind();
    }

    /** Where events come from. Any thread. @return {@code LIVE} under any other overflow policy than {@code REPLAY}. */
    public ReplayState replayState() {
        return replay == null ? ReplayState.LIVE : replay.gate().state();
    }

    /** How often the channel was full and the consumer went on from the journal. Any thread. @return from 0. */
    public long timesDetached() {
        return replay == null ? 0 : replay.gate().timesDetached();
    }

    /** How many events came from the journal instead of the channel. Any thread. @return from 0. */
    public long eventsReplayed() {
        return replay == null ? 0 : replay.gate().eventsReplayed();
    }

    /** Why the consumer stopped where it could not read on from the journal. Any thread. @return null where it did not. */
    public @Nullable RuntimeException replayFailure() {
        return replay == null ? null : replay.gate().failure();
    }

    /** What says whether events are offered to the channel. @return for the router's own stages; null without a replay. */
    public @Nullable ReplayGate replayGate() {
        return replay == null ? null : replay.gate();
    }

    /** What the fan-out stage offers to. @return the channel; for the router's own stages. */
    public Channel channel() {
        return channel;
    }

    /** How an event is handed to the dead letters' writer. @return for the router's own stages. */
    public DeadLetterHandover handover() {
        return handover;
    }

    /** Counts a drop. The fan-out stage's thread only. */
    public void countDropped() {
        dropped.lazySet(dropped.get() + 1);
    }

    /** Counts a dead letter. The dead letters' writer's thread only. */
    public void countDeadLettered() {
        deadLettered.lazySet(deadLettered.get() + 1);
    }
}
