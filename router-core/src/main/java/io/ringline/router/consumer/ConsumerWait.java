package io.ringline.router.consumer;

/** What a consumer waits for, see {@link SubjectConsumer#waitsFor()}. */
public enum ConsumerWait {
    /** For nothing but to be polled. */
    NOTHING,
    /** For events: all that was offered is done with. */
    EVENTS,
    /** For the time of the next try of its oldest event. */
    RETRY,
    /** For {@link SubjectConsumer#acknowledge}, of its oldest event or because {@code maxOutstanding} is reached. */
    ACKNOWLEDGEMENT,
    /** For room in its parking; the channel is not read meanwhile. */
    PARKING_FULL,
    /** For memory to note that its next event was not acknowledged: it is handed out again every 10 ms. */
    MEMORY,
    /** For the dead letters' writer. */
    DEAD_LETTER_WRITER,
    /** For the end of the circuit breaker's open time. */
    BREAKER,
    /** For one of the held aggregates to be released: an aggregate is to be held, and as many as may be are. */
    HELD_AGGREGATES_FULL
}
