package io.ringline.router.consumer;

import java.util.concurrent.TimeUnit;

/**
 * When a consumer's circuit breaker opens, and for how long. A failure is a {@code RETRY} or anything thrown; a
 * {@code REJECT} says something of the event and nothing of the consumer, and counts as no failure.
 *
 * <p>While the breaker is open no event is handed out, so none uses up a try; a {@code RETRY} that is acknowledged then, of an
 * event handed out before, uses up none either. A probe, handed out when the open time is over, is a try of its event like any
 * other: an event that always fails becomes a dead letter after {@code maxRetries} retries all the same. Where a failure of
 * what the handler needs may last, {@code maxRetries} should be more than the probes that it can outlast.
 *
 * @param failuresInRow that open it; 0: none do.
 * @param windowEvents  answers that the failure rate is taken over, the last ones, to 1,048,576; 0: no rate opens it.
 * @param failureRate   that opens it, above 0 to 1.
 * @param minEvents     answers, since it was closed, before which the rate does not count, from 1.
 * @param openNs        how long it is open first, nanoseconds, from 1; doubles with each probe that fails.
 * @param maxOpenNs     longest, nanoseconds, at least the first.
 * @param probes        events that are handed out once the time is over, and must all succeed to close it, from 1. Where
 *                      they are deferred and as long again passes without all answers, as many others are handed out.
 */
public record BreakerPolicy(
        int failuresInRow,
        int windowEvents,
        double failureRate,
        int minEvents,
        long openNs,
        long maxOpenNs,
        int probes) {
    private static final int MAX_WINDOW = 1 << 20;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and its range.
     */
    public BreakerPolicy {
        if (failuresInRow < 0) {
            throw new IllegalArgumentException("breaker: failuresInRow is " + failuresInRow + ": give it 0 or more");
        }
        if (windowEvents < 0 || windowEvents > MAX_WINDOW) {
            throw new IllegalArgumentException(
                    "breaker: the window is " + windowEvents + " events: give it 0 to " + MAX_WINDOW);
        }
        if (windowEvents > 0 && !(failureRate > 0 && failureRate <= 1)) {
            throw new IllegalArgumentException(
                    "breaker: failureRate is " + failureRate + ": give it more than 0, up to 1");
        }
        if (windowEvents > 0 && (minEvents < 1 || minEvents > windowEvents)) {
            throw new IllegalArgumentException(
                    "breaker: the least number of events is " + minEvents + ": give it 1 to " + windowEvents);
        }
        if (openNs < 1 || maxOpenNs < openNs) {
            throw new IllegalArgumentException(
                    "breaker: open times are " + openNs + " to " + maxOpenNs + " ns: give 1 <= first <= longest");
        }
        if (probes < 1) {
            throw new IllegalArgumentException("breaker: probes is " + probes + ": give it at least 1");
        }
    }

    /** What a consumer has where nothing else is said. @return 50 failures in a row; 1 s, doubling to 30 s; 1 probe. */
    public static BreakerPolicy defaults() {
        return new BreakerPolicy(50, 0, 0, 0, TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(30), 1);
    }

    /** A breaker that never opens. @return a policy. */
    public static BreakerPolicy disabled() {
        return defaults().afterFailuresInRow(0);
    }

    /** This, but with another number of failures in a row. @param failures from 1; 0 for never. @return a policy. */
    public BreakerPolicy afterFailuresInRow(final int failures) {
        return new BreakerPolicy(failures, windowEvents, failureRate, minEvents, openNs, maxOpenNs, probes);
    }

    /**
     * This, but opened by a failure rate too.
     *
     * @param rate     failures among the last answers, above 0 to 1.
     * @param window   how many answers are looked at, the last ones, from 1.
     * @param minimum  answers before which the rate does not count, from 1.
     * @return a policy.
     */
    public BreakerPolicy atFailureRate(final double rate, final int window, final int minimum) {
        return new BreakerPolicy(failuresInRow, window, rate, minimum, openNs, maxOpenNs, probes);
    }

    /** This, but with other open times. @param first nanoseconds. @param longest nanoseconds. @return a policy. */
    public BreakerPolicy openFor(final long first, final long longest) {
        return new BreakerPolicy(failuresInRow, windowEvents, failureRate, minEvents, first, longest, probes);
    }

    /** This, but with another number of probes. @param count from 1. @return a policy. */
    public BreakerPolicy withProbes(final int count) {
        return new BreakerPolicy(failuresInRow, windowEvents, failureRate, minEvents, openNs, maxOpenNs, count);
    }
}
