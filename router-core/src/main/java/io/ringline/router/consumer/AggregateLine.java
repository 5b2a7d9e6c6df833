package io.ringline.router.consumer;

import org.jspecify.annotations.Nullable;

/** The events of one aggregate that wait, in order; or an aggregate that is held, whether any wait or not. */
final class AggregateLine {
    long hash;
    boolean isId;
    long id;
    boolean held;
    /** The key's bytes while the aggregate is held; else they are the first event's own. */
    byte @Nullable [] key;

    @Nullable
    WaitingEvent head;

    @Nullable
    WaitingEvent tail;

    /** The next one that can be used again. */
    @Nullable
    AggregateLine nextFree;

    void append(final WaitingEvent event) {
        event.line = this;
        if (tail == null) {
            head = event;
        } else {
            tail.next = event;
        }
        tail = event;
    }

    /** Takes the first one out. @return the one that is first now, or null. */
    @Nullable
    WaitingEvent removeHead() {
        final WaitingEvent next = head == null ? null : head.next;
        head = next;
        if (next == null) {
            tail = null;
        }
        return next;
    }
}
