package io.ringline.router.consumer;

/** The states of a consumer's circuit breaker, see {@link BreakerPolicy}. */
public enum BreakerState {
    /** Events are handed out. */
    CLOSED,
    /** Nothing is handed out until the open time is over. */
    OPEN,
    /** A few events are handed out to see whether the handler works again. */
    HALF_OPEN
}
