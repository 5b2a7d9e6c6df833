package io.ringline.router.consumer;

import io.ringline.router.record.Event;

/** Handles a consumer's events, on the thread that polls. */
@FunctionalInterface
public interface ConsumerHandler {
    /**
     * Handles one event.
     *
     * @param event valid within this call only.
     * @return what became of it; anything thrown counts as {@link Outcome#RETRY}.
     */
    Outcome onEvent(Event event);
}
