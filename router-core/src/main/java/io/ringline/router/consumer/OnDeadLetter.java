package io.ringline.router.consumer;

/** What happens to an aggregate one of whose events its consumer's handler could not handle. */
public enum OnDeadLetter {
    /** Its later events are handed out as if nothing had happened. */
    CONTINUE,
    /**
     * Its later events follow to the dead letters, in order, as {@code AGGREGATE_HELD}, until
     * {@link SubjectConsumer#releaseAggregate(long)}: for handlers whose state is wrong once an event is missing.
     */
    HOLD_AGGREGATE
}
