package io.ringline.nats;

/** Headers of a NATS message that Ringline reads. */
final class IngressHeaders {
    /** The aggregate, as text; its bytes are the key. */
    static final String AGGREGATE = "Ringline-Aggregate";
    /** The event's number in its aggregate, decimal, from 1. */
    static final String SEQUENCE = "Ringline-Sequence";

    /** The number that the event's aggregate starts at, before the event; decimal, from 1. */
    static final String START_AT = "Ringline-Start-At";

    private IngressHeaders() {}

    /** Whether a header is an order to Ringline, and no part of what the event says. */
    static boolean isOurs(final String name) {
        return name.equals(AGGREGATE) || name.equals(SEQUENCE) || name.equals(START_AT);
    }
}
