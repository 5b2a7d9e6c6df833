package io.ringline.router.consumer;

import io.ringline.router.record.EventRecord;
import org.jspecify.annotations.Nullable;

/** The aggregates of a consumer that are not as usual: those with events that wait, and those that are held. One thread. */
final class HeldAggregates {
    private final int maxHeld;
    private final int maxLines;
    private final AggregateReleases releases;
    private final EventQueue waiting = new EventQueue();
    private @Nullable AggregateLines lines;

    HeldAggregates(final ConsumerSettings settings, final AggregateReleases releases) {
        this.maxHeld = settings.maxHeldAggregates();
        this.maxLines = settings.parkingEvents() + 1 + maxHeld;
        this.releases = releases;
    }

    /** Takes the memory for one line more if that was not done yet. */
    void prepare() {
        if (lines == null) {
            lines = new AggregateLines(maxLines);
        }
        lines.prepare();
    }

    boolean isEmpty() {
        return lines == null || lines.isEmpty();
    }

    /** The line that an event belongs to; null where there is none. */
    @Nullable
    AggregateLine find(final EventRecord event) {
        return lines == null || lines.isEmpty() ? null : lines.find(event);
    }

    /** The lines; only after {@link #prepare}. */
    AggregateLines lines() {
        final AggregateLines all = lines;
        if (all == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        return all;
    }

    int held() {
        return releases.held();
    }

    /**
     * Holds the aggregate of an event, the first of its line; or, where too many are held or there is no memory for its key,
     * keeps that for later and answers false.
     */
    boolean hold(final WaitingEvent event) {
        final AggregateLine line = event.line;
        if (line == null || line.held) {
            return true;
        }
        if (held() >= maxHeld || !lines().hold(line)) {
            waiting.add(event);
            return false;
        }
        releases.onHeld();
        return true;
    }

    boolean isHoldWaiting() {
        return !waiting.isEmpty();
    }

    /** An event whose aggregate could be held only now; null where there is none. */
    @Nullable
    WaitingEvent nextToHold() {
        if (waiting.isEmpty() || held() >= maxHeld) {
            return null;
        }
        final WaitingEvent event = waiting.poll();
        return event != null && hold(event) ? event : null;
    }

    /** The next held aggregate that is to be released; null where there is none. */
    @Nullable
    AggregateLine nextToRelease() {
        if (held() == 0) { // nor was any order taken since, see AggregateReleases: a look at its queue costs each poll
            // dear
            return null;
        }
        for (AggregateReleases.Order order = releases.poll(); order != null; order = releases.poll()) {
            final AggregateLine line = find(order);
            if (line != null && line.held) {
                return line;
            }
        }
        return null;
    }

    private @Nullable AggregateLine find(final AggregateReleases.Order order) {
        if (isEmpty()) {
            return null;
        }
        return order.isId()
                ? lines().find(order.id())
                : lines().find(order.key(), 0, order.key().capacity());
    }

    /** Ends the hold. */
    void release(final AggregateLine line) {
        lines().release(line);
        releases.onReleased();
    }
}
