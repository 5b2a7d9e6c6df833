package io.ringline.router.consumer;

/**
 * How often, and how long after, an event is handed to the handler again.
 *
 * @param maxRetries     tries after the first, from 0.
 * @param initialDelayNs wait before the first retry, nanoseconds, from 0; doubles with each.
 * @param maxDelayNs     longest wait, nanoseconds, at least the first.
 * @param jitterFraction by how much of itself a wait may be shortened at random, 0 to 1.
 * @param jitterSeed     of the random numbers: the same seed and failures give the same waits.
 */
public record RetryPolicy(
        int maxRetries, long initialDelayNs, long maxDelayNs, double jitterFraction, long jitterSeed) {
    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException where a figure is out of range.
     */
    public RetryPolicy {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries is " + maxRetries + ": give it 0 or more");
        }
        if (initialDelayNs < 0 || maxDelayNs < initialDelayNs) {
            throw new IllegalArgumentException(
                    "retry delays are " + initialDelayNs + " to " + maxDelayNs + " ns: give 0 <= initial <= max");
        }
        if (!(jitterFraction >= 0 && jitterFraction <= 1)) {
            throw new IllegalArgumentException("retryJitter is " + jitterFraction + ": give it 0 to 1");
        }
    }

    /**
     * Without jitter.
     *
     * @param maxRetries     as above.
     * @param initialDelayNs as above.
     * @param maxDelayNs     as above.
     */
    public RetryPolicy(final int maxRetries, final long initialDelayNs, final long maxDelayNs) {
        this(maxRetries, initialDelayNs, maxDelayNs, 0, 0);
    }

    /**
     * The wait after a failure, before jitter.
     *
     * @param failures how often the event has failed, from 1.
     * @return nanoseconds.
     */
    public long delayNs(final int failures) {
        final int doublings = Math.min(failures - 1, 62);
        final long limit = maxDelayNs >> doublings;
        return initialDelayNs > limit ? maxDelayNs : initialDelayNs << doublings;
    }
}
