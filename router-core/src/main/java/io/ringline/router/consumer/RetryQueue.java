package io.ringline.router.consumer;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The events of one consumer that are to be handed out, other than the channel's: those that wait for the time of their next
 * try, and those that waited behind another of their aggregate and are ready. One thread.
 *
 * <p>Without jitter all events that have failed equally often wait equally long, so that a queue for each such number is in
 * order of time, but for a clock that is set back: then what failed later waits for what failed before.
 */
final class RetryQueue {
    /** From here on the waits are all the same: they have doubled up to the longest there can be. */
    private static final int MOST_WAITS = 63;

    private final Backoff backoff;
    private final boolean jitter;
    private final int maxEvents;
    private final EventQueue[] byFailures; // 0: those that wait for the breaker only
    private final EventQueue ready = new EventQueue();
    private @Nullable PriorityQueue<WaitingEvent> byTime;
    private boolean readyFirst;
    private long nextTryNs = Long.MAX_VALUE; // no retry's time comes earlier
    private long tickets;

    /** For so many events at most. */
    RetryQueue(final RetryPolicy policy, final int maxEvents) {
        this.backoff = new Backoff(policy);
        this.jitter = policy.jitterFraction() > 0;
        this.maxEvents = maxEvents;
        int waits = Math.max(1, Math.min(policy.maxRetries(), MOST_WAITS));
        while (waits > 1 && policy.delayNs(waits - 1) == policy.delayNs(waits)) {
            waits--;
        }
        byFailures = new EventQueue[waits + 1];
        for (int i = 0; i < byFailures.length; i++) {
            byFailures[i] = new EventQueue();
        }
    }

    /** Takes the memory for all of them, if that was not done yet. */
    void prepare() {
        if (jitter && byTime == null) {
            byTime = new PriorityQueue<>(maxEvents, WaitingEvent::byNextTry);
        }
    }

    /** An event that has failed, so often; 0: it waits for the breaker only. After {@link #prepare}. */
    void add(final WaitingEvent event, final int failures, final long nowNs) {
        event.state = WaitingEvent.State.RETRY;
        event.nextTryNs = failures == 0 ? nowNs : backoff.nextTryNs(failures, nowNs);
        event.ticket = ++tickets;
        nextTryNs = Math.min(nextTryNs, event.nextTryNs);
        if (byTime != null) {
            byTime.add(event);
        } else {
            byFailures[Math.min(failures, byFailures.length - 1)].add(event);
        }
    }

    /** An event that waited behind another: a queue of times would cost more than its handler. */
    void addReady(final WaitingEvent event) {
        event.state = WaitingEvent.State.RETRY;
        ready.add(event);
    }

    /**
     * Takes out an event whose time has come and that was not handed out in this poll; by turns a retry and one that is ready,
     * so that neither keeps the other waiting for ever. Null where there is none.
     */
    @Nullable
    WaitingEvent next(final long nowNs, final long poll) {
        if (nowNs >= nextTryNs) {
            return nextOfBoth(nowNs, poll);
        }
        readyFirst = true; // a retry's turn is next
        return ready.poll();
    }

    private @Nullable WaitingEvent nextOfBoth(final long nowNs, final long poll) {
        final EventQueue queue = earliest();
        final WaitingEvent retry = queue != null ? queue.peek() : byTime == null ? null : byTime.peek();
        nextTryNs = retry == null ? Long.MAX_VALUE : retry.nextTryNs;
        final boolean due = retry != null && retry.nextTryNs <= nowNs && retry.poll != poll;
        readyFirst = !readyFirst;
        if (!ready.isEmpty() && (readyFirst || !due)) {
            return ready.poll();
        }
        if (!due) {
            return null;
        }
        return queue != null ? queue.poll() : byTime == null ? null : byTime.poll();
    }

    /** The queue with the event that is to be tried first; null where none has any. */
    private @Nullable EventQueue earliest() {
        EventQueue best = null;
        WaitingEvent first = null;
        for (final EventQueue queue : byFailures) {
            final WaitingEvent event = queue.peek();
            if (event != null && (first == null || WaitingEvent.byNextTry(event, first) < 0)) {
                first = event;
                best = queue;
            }
        }
        return best;
    }
}
