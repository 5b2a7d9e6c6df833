package io.ringline.router.consumer;

import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The events of one consumer that wait for their acknowledgement, each with the try that it is of: an answer to an earlier
 * try is none to this one. One thread.
 */
final class DeferredEvents {
    private final int most;
    private Long2ObjectHashMap<WaitingEvent> events = new Long2ObjectHashMap<>();
    private boolean prepared;

    /** For so many at once. */
    DeferredEvents(final int most) {
        this.most = most;
    }

    /** Takes the memory for all of them, if that was not done yet. */
    void prepare() {
        if (!prepared) {
            events = new Long2ObjectHashMap<>(2 * most, 0.5f);
            prepared = true;
        }
    }

    /** Adds one; only after {@link #prepare}, and where there is room. */
    void add(final WaitingEvent event) {
        event.state = WaitingEvent.State.DEFERRED;
        events.put(event.globalSequence, event);
    }

    /** Takes out an event where it is that try of it that waits; null where nothing fits. */
    @Nullable
    WaitingEvent take(final long globalSequence, final int attempt) {
        final WaitingEvent event = events.get(globalSequence);
        if (event == null || event.handed != attempt) {
            return null;
        }
        events.remove(globalSequence);
        return event;
    }

    boolean hasRoom() {
        return events.size() < most;
    }
}
