package io.ringline.router.consumer;

/** What happens to an aggregate one of whose events its consumer's handler could not handle. */
public enum OnDeadLetter {
    /** Its later events are handed out as if nothing had happened. */
    CONTINUE,
    /**
     * Its later events follow to the dead letters, in order, as {@code AGGREGATE_HELD}, until
     * {@link SubjectConsumer#releaseAggregate(long)}: for handlers whose state is wrong once an event is missing. Which
     * aggregates are held is known in memory only: after a restart of the router none is, and events that are published or
     * read again from then on are handed out. Where {@code maxHeldAggregates} are held, the next aggregate's failed event
     * waits for one to be released: it is never given up without holding its aggregate.
     */
    HOLD_AGGREGATE
}
