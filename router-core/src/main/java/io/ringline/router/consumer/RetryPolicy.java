package io.ringline.router.consumer;

/**
 * How often, and how long after, an event is handed to the handler again.
 *
 * @param maxRetries     tries after the first, from 0.
 * @param initialDelayNs wait before the first retry, nanoseconds, from 0; doubles with each.
 * @param maxDelayNs     longest wait, nanoseconds, at least the first.
 */
public record RetryPolicy(int maxRetries, long initialDelayNs, long maxDelayNs) {
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
    }

    /**
     * The wait after a failure.
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
