package io.ringline.router.consumer;

/** What a handler made of an event. */
public enum Outcome {
    /** Done: the event is not handed out again. */
    ACK,
    /** Not now: the event comes again after a while, up to {@code maxRetries} times, then it is a dead letter. */
    RETRY,
    /** Never: the event is a dead letter at once. */
    REJECT,
    /**
     * Later: the handler goes on with the event on some other thread, which answers by {@link SubjectConsumer#acknowledge},
     * with the try's number from {@link SubjectConsumer#attempt()}. Later events of the same aggregate wait until then; the
     * others go on.
     */
    DEFER
}
