package io.ringline.router;

/** What happens to an event whose consumer's channel is full. */
public enum OverflowPolicy {
    /** The ring waits, and in the end publishers see it. */
    BACK_PRESSURE,
    /** The event is dropped for this consumer, and counted. */
    DROP_NEWEST,
    /** The event becomes a dead letter of this consumer. */
    DEAD_LETTER,
    /**
     * The consumer leaves the live path and reads on from the journal at its own pace, from the event that found no room. When
     * it is near the journal's end it gets its channel back. It sees every event once, in order: those that its patterns matched
     * when they came through the ring, as by its channel, whatever it subscribes to meanwhile. Needs a journal that can be
     * read: see {@link io.ringline.router.journal.ReadableJournal}.
     */
    REPLAY
}
