package io.ringline.router.consumer;

import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import io.ringline.sequencer.BuddyAllocator;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** An event that its consumer has looked at and is not done with. Used again and again; see {@link Parking}. */
final class WaitingEvent {
    /** In place of where the record stands in the parking: it stands at the channel's head. */
    static final int AT_HEAD = BuddyAllocator.NONE;

    /** What it waits for. */
    enum State {
        /** For another one of its aggregate. */
        BEHIND(ConsumerWait.NOTHING),
        /** For the time of its next try. */
        RETRY(ConsumerWait.RETRY),
        /** For its acknowledgement. */
        DEFERRED(ConsumerWait.ACKNOWLEDGEMENT),
        /** For a place among the held aggregates: it is to become a dead letter. */
        HOLD(ConsumerWait.HELD_AGGREGATES_FULL),
        /** For the dead letters' writer. */
        LETTER(ConsumerWait.DEAD_LETTER_WRITER);

        final ConsumerWait shownAs;

        State(final ConsumerWait shownAs) {
            this.shownAs = shownAs;
        }
    }

    /** The record's memory: the parking's, or the channel's where it waits at the channel's head. */
    UnsafeBuffer memory = new UnsafeBuffer(0, 0);

    int offset;
    int length;
    /** Where the record stands in the parking, or {@link #AT_HEAD}. */
    int run = AT_HEAD;

    long globalSequence;

    @Nullable
    AggregateLine line;

    /** The one after it in its aggregate's line. */
    @Nullable
    WaitingEvent next;

    /** The one after it in the {@link EventQueue} that it is in. */
    @Nullable
    WaitingEvent queued;

    /** The one before it among all that wait, by {@code globalSequence}. */
    @Nullable
    WaitingEvent older;

    /** The one after it among all that wait, or among those that can be used again. */
    @Nullable
    WaitingEvent newer;

    State state = State.BEHIND;
    /** How often the handler was called with it. */
    int handed;
    /** As {@link Breaker#onHandOut} said of the last try. */
    int probe;

    int failures;
    long nextTryNs;
    /** Breaks ties of that: first come, first served. */
    long ticket;
    /** The poll of the last try; 0 before the first. */
    long poll;

    long firstFailureNs;
    long lastFailureNs;

    @Nullable
    HandlerError firstError;

    @Nullable
    HandlerError lastError;

    DeadLetterReason reason = DeadLetterReason.REJECTED;

    void reset(final EventRecord event, final UnsafeBuffer in, final int at) {
        memory = in;
        offset = at;
        length = event.length();
        globalSequence = event.globalSequence();
        line = null;
        next = null;
        state = State.BEHIND;
        handed = 0;
        probe = 0;
        poll = 0;
        failures = 0;
    }

    /** Whether it is the first of its line. */
    @SuppressWarnings("ReferenceEquality") // that very event
    boolean isFirst() {
        return line != null && line.head == this;
    }

    void noteError(final HandlerError error, final long nowNs) {
        if (firstError == null) {
            firstError = error;
            firstFailureNs = nowNs;
        }
        lastError = error;
        lastFailureNs = nowNs;
    }

    static int byNextTry(final WaitingEvent one, final WaitingEvent other) {
        final int byTime = Long.compare(one.nextTryNs, other.nextTryNs);
        return byTime != 0 ? byTime : Long.compare(one.ticket, other.ticket);
    }
}
