package io.ringline.router;

/** What happens to an event whose consumer's channel is full. */
public enum OverflowPolicy {
    /** The ring waits, and in the end publishers see it. */
    BACK_PRESSURE,
    /** The event is dropped for this consumer, and counted. */
    DROP_NEWEST,
    /** The event becomes a dead letter of this consumer. */
    DEAD_LETTER
}
