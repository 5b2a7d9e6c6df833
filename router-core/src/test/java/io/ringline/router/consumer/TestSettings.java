package io.ringline.router.consumer;

/** Settings for tests. */
public final class TestSettings {
    /** Takes all notices and forgets them. */
    public static final NoticeSink NO_NOTICES = (subject, at, length, payload, payloadAt, payloadLength) -> true;

    private TestSettings() {}

    /** Defaults: parking for 64 events, and the breaker never opens. @param name of the consumer. @param retry as it says. @return settings. */
    public static ConsumerSettings of(final String name, final RetryPolicy retry) {
        return of(name, retry, RetryMode.PARK, OnDeadLetter.CONTINUE, 64, BreakerPolicy.disabled());
    }

    /** Parking of 4,096 bytes, 8 outstanding, 2 held aggregates. */
    static ConsumerSettings of(
            final String name,
            final RetryPolicy retry,
            final RetryMode mode,
            final OnDeadLetter onDeadLetter,
            final int parkingEvents,
            final BreakerPolicy breaker) {
        return new ConsumerSettings(name, retry, mode, onDeadLetter, parkingEvents, 4_096, 8, 2, breaker);
    }
}
