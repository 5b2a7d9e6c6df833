package io.ringline.router.consumer;

import org.agrona.BitUtil;

/**
 * How a consumer meets what goes wrong. {@code io.ringline.router.ConsumerConfig} says more on each.
 *
 * @param name              unique among the router's consumers.
 * @param retry             how failures are met.
 * @param retryMode         who waits while an event is not done with.
 * @param onDeadLetter      what becomes of its aggregate.
 * @param parkingEvents     events that are kept aside at most, 1 to 1,048,576.
 * @param parkingBytes      memory for their records, a power of two, 64 to 2^30.
 * @param maxOutstanding    deferred events that are not acknowledged, at most; 1 to 1,048,576.
 * @param maxHeldAggregates aggregates that are held at most, 1 to 1,048,576.
 * @param breaker           when the circuit breaker opens.
 */
public record ConsumerSettings(
        String name,
        RetryPolicy retry,
        RetryMode retryMode,
        OnDeadLetter onDeadLetter,
        int parkingEvents,
        int parkingBytes,
        int maxOutstanding,
        int maxHeldAggregates,
        BreakerPolicy breaker) {
    /** Most events, outstanding acknowledgements or held aggregates. */
    private static final int MAX_COUNT = 1 << 20;

    private static final int MIN_PARKING_BYTES = 64;
    private static final int MAX_PARKING_BYTES = 1 << 30;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException naming the consumer, the setting, its value and its range.
     */
    public ConsumerSettings {
        inRange(name, "parking events", parkingEvents, MAX_COUNT);
        inRange(name, "maxOutstanding", maxOutstanding, MAX_COUNT);
        inRange(name, "maxHeldAggregates", maxHeldAggregates, MAX_COUNT);
        if (!BitUtil.isPowerOfTwo(parkingBytes)
                || parkingBytes < MIN_PARKING_BYTES
                || parkingBytes > MAX_PARKING_BYTES) {
            throw new IllegalArgumentException("consumer '" + name + "': parking bytes are " + parkingBytes
                    + ": give a power of two, " + MIN_PARKING_BYTES + " to " + MAX_PARKING_BYTES);
        }
    }

    private static void inRange(final String name, final String what, final int value, final int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "consumer '" + name + "': " + what + " is " + value + ": give it 1 to " + most);
        }
    }
}
