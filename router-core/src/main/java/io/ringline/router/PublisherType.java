package io.ringline.router;

/** How many publishers there are. */
public enum PublisherType {
    /** One, used by one thread at a time. The cheaper claim. */
    SINGLE,
    /** Any number, one for each thread. */
    MULTI
}
