package io.ringline.bench.soak;

/** What a handler does with an event. */
enum Answer {
    ACK,
    RETRY,
    REJECT,
    DEFER,
    NULL,
    THROW,
    THROW_UNSPEAKABLE,
    OVERFLOW_STACK
}
