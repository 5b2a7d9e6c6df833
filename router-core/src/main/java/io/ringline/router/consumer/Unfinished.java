package io.ringline.router.consumer;

import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.MessageHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer does with events that were not simply acknowledged: the way beside the fast one. The polling thread's.
 *
 * <pre>
 *   channel --> handler --RETRY--> retry, by time --> handler ...         --retries used up, REJECT--> letters --> done
 *      |           '------DEFER--> deferred, until acknowledged ...
 *      '--> behind another event of its aggregate --> retry at once, or, where the aggregate is held, letters
 * </pre>
 *
 * <p>Each of these events is in {@link Parking} and in the line of its aggregate, and the first of each line is in one of:
 * the retries, the deferred ones, those that wait for a held aggregate's place, the letters. Memory for one event more is taken
 * before anything is changed for it: where there is none, the event stays in the channel as if it had not been handed out.
 */
final class Unfinished {
    private static final long NO_MEMORY_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final SubjectConsumer consumer;
    private final ConsumerSettings settings;
    private final EpochNanoClock clock;
    private final Breaker breaker;
    private final Parking parking;
    private final HeldAggregates aggregates;
    final LetterQueue letters;
    private final RetryQueue retries;
    final DeferredEvents deferred;
    private final MessageHandler onAcknowledgement = this::onAcknowledgement;
    private final EventRecord record = new EventRecord();
    private @Nullable WaitingEvent atHead; // of the channel
    boolean headIsDone; // but for being read
    private boolean parkingIsFull;
    private boolean calm; // but for what is parked all is as usual: the channel's events need no look at anything else
    private int unkept; // tries of the event at the channel's head that there was no memory to keep
    private long unkeptUntilNs;
    private long polls;
    private long now;
    private int finished;
    private int calls;
    private int parkedNow;

    Unfinished(
            final SubjectConsumer consumer,
            final ConsumerSettings settings,
            final EpochNanoClock clock,
            final Breaker breaker,
            final Parking parking,
            final HeldAggregates aggregates,
            final LetterQueue letters) {
        this.consumer = consumer;
        this.settings = settings;
        this.clock = clock;
        this.retries = new RetryQueue(settings.retry(), settings.parkingEvents() + 1);
        this.breaker = breaker;
        this.deferred = new DeferredEvents(Math.min(settings.maxOutstanding(), settings.parkingEvents() + 1));
        this.parking = parking;
        this.aggregates = aggregates;
        this.letters = letters;
    }

    /** Begins a poll: takes in what the writer of the dead letters and other threads have said. */
    void begin() {
        polls++;
        now = clock.nanoTime();
        finished = 0;
        calls = 0;
        parkedNow = 0;
        parkingIsFull = false;
        releaseAggregates(); // first: what comes next in a released line must not follow to the dead letters
        final WaitingEvent written = letters.takeWritten();
        if (written != null) {
            consumer.countGivenUp(written.globalSequence);
            finish(written);
            letters.offerNext();
        }
        consumer.acknowledgements().drain(onAcknowledgement);
        breaker.allows(now);
        noteCalm();
    }

    /** To be called where something that this looks at may have changed. */
    private void noteCalm() {
        calm = breaker.isClosed() && deferred.hasRoom() && atHead == null && !headIsDone && unkept == 0;
    }

    /** Takes an acknowledgement in. */
    MessageHandler onAcknowledgement() {
        return onAcknowledgement;
    }

    /** How many events were done with since {@link #begin}, other than in the channel's own count. */
    int finished() {
        return finished;
    }

    /** How often the handler was called since {@link #begin}. */
    int calls() {
        return calls;
    }

    /** How many events the channel counts as consumed since {@link #begin} or this call, and that wait here. */
    int takeParkedCount() {
        final int count = parkedNow;
        parkedNow = 0;
        return count;
    }

    /** Whether the consumer must go this way at its next poll. */
    boolean isBusy() {
        return wantsPolls() || aggregates.held() > 0;
    }

    /** Whether it must be polled without anything new in its channel. */
    boolean wantsPolls() {
        return !parking.isEmpty() || !breaker.isClosed() || unkept > 0;
    }

    /**
     * How many due retries go before the channel in a poll: neither may starve the other, and the channel, whose events may
     * have to be parked, gets the smaller part, or the parking would never become empty again.
     */
    int share(final int limit) {
        if (breaker.probesNewEvents()) {
            return 0;
        }
        return limit == 1 ? (int) (polls & 1) : limit - Math.max(1, limit / 8);
    }

    /** Hands out events whose time has come, until the handler was called so often since {@link #begin}. */
    void handOutDue(final int limit) {
        while (calls < limit && mayHandOut()) {
            final WaitingEvent next = retries.next(now, polls);
            if (next == null) {
                break;
            }
            handOut(next);
        }
    }

    private boolean mayHandOut() {
        return breaker.allows(now) && deferred.hasRoom();
    }

    private void handOut(final WaitingEvent event) {
        event.handed++;
        event.poll = polls;
        event.probe = breaker.onHandOut();
        calls++;
        parking.touch(event.next); // it comes near while the handler works on this one
        final Outcome outcome = consumer.handOut(record.wrap(event.memory, event.offset), event.handed);
        consumer.beat();
        settle(event, outcome, outcome == Outcome.ACK ? HandlerError.RETRY : consumer.takeError(outcome));
    }

    /** Whether the channel may be read. */
    boolean mayRead() {
        return atHead == null && (unkept == 0 || now >= unkeptUntilNs) && mayHandOut();
    }

    /** An event at the channel's head. @return true where the channel is done with it. */
    boolean onRecord(final EventRecord event) {
        if (!calm) {
            if (headIsDone) {
                headIsDone = false;
                return true;
            }
            if (!mayRead()) {
                return false;
            }
        }
        final AggregateLine line = aggregates.find(event);
        if (line != null) {
            return follow(line, event);
        }
        if (!calm) {
            return handOutWithCare(event);
        }
        calls++;
        final Outcome outcome = consumer.handOut(event);
        if (outcome == Outcome.ACK) {
            consumer.countAcknowledged(event.globalSequence()); // one that was handed over is older than others
            return true;
        }
        return keep(event, outcome, consumer.takeError(outcome), 0);
    }

    private boolean handOutWithCare(final EventRecord event) {
        final int probe = breaker.onHandOut();
        calls++;
        final Outcome outcome = consumer.handOut(event, 1 + unkept);
        if (outcome == Outcome.ACK) {
            unkept = 0;
            consumer.countAcknowledged(event.globalSequence());
            breaker.onSuccess(probe, consumer.delivered(), now);
            noteCalm();
            return true;
        }
        return keep(event, outcome, consumer.takeError(outcome), probe);
    }

    /** An event behind others of its aggregate, or of a held one. */
    private boolean follow(final AggregateLine line, final EventRecord event) {
        WaitingEvent waiting = parking.copy(event);
        if (waiting == null) {
            if (line.head != null) {
                parkingIsFull = true;
                return false;
            }
            waiting = leaveAtHead(event);
        } else {
            parkedNow++;
        }
        line.append(waiting);
        if (waiting.isFirst()) {
            promote(waiting);
        }
        return waiting.run != WaitingEvent.AT_HEAD;
    }

    private WaitingEvent leaveAtHead(final EventRecord event) {
        final WaitingEvent waiting = parking.leave(event);
        atHead = waiting;
        calm = false;
        return waiting;
    }

    /**
     * Keeps an event that was handed out from the channel and not acknowledged.
     *
     * @return true where the channel is done with it; it is not where there was no room to keep it.
     */
    boolean keep(final EventRecord event, final @Nullable Outcome outcome, final HandlerError error, final int probe) {
        consumer.beat(); // what answers something else than ACK lives too
        try {
            parking.prepare();
            aggregates.prepare();
            deferred.prepare();
            retries.prepare();
        } catch (final OutOfMemoryError none) {
            leaveUnkept(outcome, probe);
            return false;
        }
        WaitingEvent waiting = parking.copy(event);
        if (waiting == null) {
            waiting = leaveAtHead(event);
        } else {
            parkedNow++;
        }
        waiting.handed = 1 + unkept;
        unkept = 0;
        waiting.probe = probe;
        waiting.poll = polls;
        aggregates.lines().add(event, waiting);
        settle(waiting, outcome, error);
        return waiting.run != WaitingEvent.AT_HEAD;
    }

    /** There is no memory to note what became of the event at the channel's head: after a while it is handed out again. */
    private void leaveUnkept(final @Nullable Outcome outcome, final int probe) {
        final long at = clock.nanoTime();
        if (outcome != Outcome.REJECT && outcome != Outcome.DEFER) {
            breaker.onFailure(probe, consumer.delivered(), at);
        }
        unkept++;
        calm = false;
        unkeptUntilNs = at + NO_MEMORY_PAUSE_NS;
    }

    /** What an answer makes of an event that waits. */
    private void settle(final WaitingEvent event, final @Nullable Outcome outcome, final HandlerError error) {
        if (outcome == Outcome.ACK) {
            consumer.countAcknowledged(event.globalSequence);
            breaker.onSuccess(event.probe, consumer.delivered(), now);
            finish(event);
        } else if (outcome == Outcome.DEFER) {
            deferred.add(event);
        } else if (outcome == Outcome.REJECT) {
            event.failures++;
            event.noteError(error, clock.nanoTime());
            breaker.onReject(event.probe, consumer.delivered(), now);
            giveUp(event, DeadLetterReason.REJECTED);
        } else {
            failed(event, error);
        }
        noteCalm();
    }

    private void failed(final WaitingEvent event, final HandlerError error) {
        final long at = clock.nanoTime();
        event.noteError(error, at);
        final boolean counts = breaker.countsTry(event.probe);
        breaker.onFailure(event.probe, consumer.delivered(), at);
        if (!counts) {
            retries.add(event, 0, at);
        } else if (++event.failures > settings.retry().maxRetries()) {
            giveUp(event, DeadLetterReason.RETRIES_EXHAUSTED);
        } else {
            retries.add(event, event.failures, at);
        }
    }

    private void giveUp(final WaitingEvent event, final DeadLetterReason reason) {
        event.reason = reason;
        if (settings.onDeadLetter() == OnDeadLetter.HOLD_AGGREGATE && !aggregates.hold(event)) {
            event.state = WaitingEvent.State.HOLD;
            return;
        }
        letters.add(event, reason);
    }

    /** An event is the first of its line now. */
    private void promote(final WaitingEvent event) {
        if (event.line != null && event.line.held) {
            event.noteError(HandlerError.HELD, clock.nanoTime());
            letters.add(event, DeadLetterReason.AGGREGATE_HELD);
        } else {
            retries.addReady(event);
        }
    }

    /** An event, the first of its line, is done with. */
    @SuppressWarnings("ReferenceEquality") // that very event
    private void finish(final WaitingEvent event) {
        final AggregateLine line = event.line;
        final WaitingEvent next = line == null ? null : line.removeHead();
        final boolean wasAtHead = event == atHead;
        parking.remove(event);
        if (wasAtHead) {
            atHead = null;
            headIsDone = true;
            consumer.consumeHead();
        }
        finished++;
        if (next != null) {
            promote(next);
        } else if (line != null && !line.held) {
            aggregates.lines().remove(line);
        }
    }

    private void onAcknowledgement(
            final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        final WaitingEvent event =
                deferred.take(Acknowledgements.globalSequence(buffer, index), Acknowledgements.attempt(buffer, index));
        if (event == null) {
            consumer.acknowledgements().countIgnored();
            return;
        }
        final Outcome outcome = Acknowledgements.outcome(type);
        settle(event, outcome, outcome == Outcome.REJECT ? HandlerError.LATER_REJECT : HandlerError.LATER_RETRY);
    }

    private void releaseAggregates() {
        for (AggregateLine line = aggregates.nextToRelease(); line != null; line = aggregates.nextToRelease()) {
            final WaitingEvent first = line.head;
            aggregates.release(line);
            if (first != null && first.reason == DeadLetterReason.AGGREGATE_HELD && letters.withdraw(first)) {
                first.firstError = null;
                first.lastError = null;
                retries.addReady(first);
            }
        }
        for (WaitingEvent next = aggregates.nextToHold(); next != null; next = aggregates.nextToHold()) {
            letters.add(next, next.reason);
        }
    }

    /** What holds up the channel, or an aggregate without end; {@code NOTHING} where the channel is read. */
    ConsumerWait blockedBy() {
        if (breaker.state() == BreakerState.OPEN) {
            return ConsumerWait.BREAKER;
        }
        if (aggregates.isHoldWaiting()) {
            return ConsumerWait.HELD_AGGREGATES_FULL;
        }
        if (atHead != null && settings.retryMode() == RetryMode.HEAD_OF_LINE) {
            return atHead.state.shownAs;
        }
        if (atHead != null || parkingIsFull) {
            return ConsumerWait.PARKING_FULL;
        }
        if (unkept > 0) {
            return ConsumerWait.MEMORY;
        }
        return mayHandOut() ? ConsumerWait.NOTHING : ConsumerWait.ACKNOWLEDGEMENT;
    }

    /** What the oldest event waits for; {@code NOTHING} where none does. */
    ConsumerWait oldestWaitsFor() {
        return parking.oldestWaitsFor();
    }
}
