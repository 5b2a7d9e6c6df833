package io.ringline.router.consumer;

/** Who waits while an event is not done with: until its next try, its later acknowledgement, or its dead letter. */
public enum RetryMode {
    /**
     * Later events of its aggregate, kept in order in the consumer's parking; other aggregates go on. Where the parking is
     * full, the whole channel waits.
     */
    PARK,
    /** All later events of the consumer, in its channel. With {@link Outcome#DEFER}, one event at a time. */
    HEAD_OF_LINE
}
