package io.ringline.router.consumer;

import org.jspecify.annotations.Nullable;

/** Waiting events, first come, first served. An event is in one such queue at most. Allocates nothing. One thread. */
final class EventQueue {
    private @Nullable WaitingEvent first;
    private @Nullable WaitingEvent last;

    boolean isEmpty() {
        return first == null;
    }

    void add(final WaitingEvent event) {
        event.queued = null;
        if (last == null) {
            first = event;
        } else {
            last.queued = event;
        }
        last = event;
    }

    @Nullable
    WaitingEvent peek() {
        return first;
    }

    @Nullable
    WaitingEvent poll() {
        final WaitingEvent event = first;
        if (event != null) {
            first = event.queued;
            if (first == null) {
                last = null;
            }
        }
        return event;
    }

    /** Takes out an event, wherever it stands. @return false where it is not there. */
    @SuppressWarnings("ReferenceEquality") // that very event
    boolean remove(final WaitingEvent event) {
        WaitingEvent before = null;
        WaitingEvent at = first;
        while (at != null && at != event) {
            before = at;
            at = at.queued;
        }
        if (at == null) {
            return false;
        }
        if (before == null) {
            poll();
        } else {
            before.queued = event.queued;
            if (last == event) {
                last = before;
            }
        }
        return true;
    }
}
