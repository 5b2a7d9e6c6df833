package io.ringline.sequencer;

/** What order events are released in. */
public enum Ordering {
    /** As they come. */
    NONE,
    /** Each aggregate's by its own numbers. */
    AGGREGATE,
    /** First by the source's numbers, and each aggregate's by its own within that. */
    GLOBAL
}
