package io.ringline.router.consumer;

import java.util.SplittableRandom;

/** The times of one consumer's retries, jitter included. One thread. */
final class Backoff {
    private final RetryPolicy policy;
    private final SplittableRandom random;

    Backoff(final RetryPolicy policy) {
        this.policy = policy;
        this.random = new SplittableRandom(policy.jitterSeed());
    }

    /**
     * When an event is to be tried again.
     *
     * @param failures how often it has failed, from 1.
     * @param nowNs    when it failed.
     * @return nanoseconds, of the same clock.
     */
    long nextTryNs(final int failures, final long nowNs) {
        long delay = policy.delayNs(failures);
        if (policy.jitterFraction() > 0) {
            delay -= (long) (delay * policy.jitterFraction() * random.nextDouble());
        }
        return delay > Long.MAX_VALUE - nowNs ? Long.MAX_VALUE : nowNs + delay;
    }
}
