package io.ringline.router;

import io.ringline.router.consumer.BreakerPolicy;
import io.ringline.router.consumer.ConsumerSettings;
import io.ringline.router.consumer.OnDeadLetter;
import io.ringline.router.consumer.RetryMode;
import io.ringline.router.consumer.RetryPolicy;
import io.ringline.router.subject.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.jspecify.annotations.Nullable;

/** Settings of one consumer. Not thread-safe; read once, when the router starts. */
public final class ConsumerConfig {
    private final String name;
    private final List<Pattern> patterns = new ArrayList<>();
    private int channelCapacity = 10_000;
    private int channelCapacityBytes;
    private OverflowPolicy overflow = OverflowPolicy.BACK_PRESSURE;
    private @Nullable OverflowPolicy overflowFallback;
    private long livenessTimeoutNs = TimeUnit.SECONDS.toNanos(30);
    private int maxRetries = 3;
    private long initialDelayNs = TimeUnit.MILLISECONDS.toNanos(10);
    private long maxDelayNs = TimeUnit.SECONDS.toNanos(1);
    private double jitterFraction;
    private long jitterSeed;
    private RetryMode retryMode = RetryMode.PARK;
    private OnDeadLetter onDeadLetter = OnDeadLetter.CONTINUE;
    private int parkingEvents = 16_384;
    private int parkingBytes = 4 << 20;
    private int maxOutstanding = 1_024;
    private int maxHeldAggregates = 1_024;
    private BreakerPolicy breaker = BreakerPolicy.defaults();

    /**
     * A consumer with defaults, and no pattern yet.
     *
     * @param name unique in its router, not empty.
     */
    public ConsumerConfig(final String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a consumer needs a name that is not blank");
        }
        this.name = name;
    }

    /**
     * Adds patterns; an event that matches several arrives once.
     *
     * @param more patterns by nats-server's rules.
     * @return this.
     * @throws IllegalArgumentException where one is invalid, with the reason.
     */
    public ConsumerConfig patterns(final String... more) {
        for (final String pattern : more) {
            patterns.add(new Pattern(pattern.getBytes(StandardCharsets.UTF_8)));
        }
        return this;
    }

    /** Most events the channel holds. @param events from 1; default 10,000. @return this. */
    public ConsumerConfig channelCapacity(final int events) {
        channelCapacity = events;
        return this;
    }

    /**
     * Bytes that the channel holds.
     *
     * @param bytes a power of two, at least twice the largest record and 32 more; 0 (default) for the larger of 2 MiB and
     *              that.
     * @return this.
     */
    public ConsumerConfig channelCapacityBytes(final int bytes) {
        channelCapacityBytes = bytes;
        return this;
    }

    /** What happens when the channel is full. @param policy default {@code BACK_PRESSURE}. @return this. */
    public ConsumerConfig overflow(final OverflowPolicy policy) {
        overflow = policy;
        return this;
    }

    /**
     * What happens when the channel is full and nobody polls it, see {@link #livenessTimeoutNs}, so that one consumer that
     * stands still cannot hold the ring for ever. For a consumer under {@code BACK_PRESSURE}, which rules again once it polls
     * and is through with what was waiting.
     *
     * <p>Without a fallback the ring waits for as long as the thread that polled last is alive. Where that has ended, and no
     * other polls, the ring does not wait for ever: after the same time it is {@code DEAD_LETTER} where the router keeps dead
     * letters; else {@code REPLAY} where it has a journal that can be read, and nothing is lost that a new thread polls for;
     * else {@code DROP_NEWEST}, each counted. That a thread has ended is shown within a second, see {@link
     * io.ringline.router.consumer.SubjectConsumer#pollerDied()}.
     *
     * @param policy any other; default none. A dead-letter log that is slow is back pressure under {@code DEAD_LETTER}, for all.
     * @return this.
     */
    public ConsumerConfig overflowFallback(final OverflowPolicy policy) {
        overflowFallback = policy;
        return this;
    }

    /**
     * How long this consumer may not be polled while events wait; then it is reported, and treated by its
     * {@link #overflowFallback}. One that polls and waits for a retry is live.
     *
     * @param timeoutNs nanoseconds, from 1; default 30 s. Looked at ten times a second.
     * @return this.
     */
    public ConsumerConfig livenessTimeoutNs(final long timeoutNs) {
        livenessTimeoutNs = timeoutNs;
        return this;
    }

    /** Tries after the first. @param retries from 0; default 3. @return this. */
    public ConsumerConfig maxRetries(final int retries) {
        maxRetries = retries;
        return this;
    }

    /**
     * Waits before a retry: the first, doubled with each further one, up to the longest.
     *
     * @param initialNs nanoseconds, from 0; default 10 ms.
     * @param maxNs     nanoseconds, at least {@code initialNs}; default 1 s.
     * @return this.
     */
    public ConsumerConfig retryBackoffNs(final long initialNs, final long maxNs) {
        initialDelayNs = initialNs;
        maxDelayNs = maxNs;
        return this;
    }

    /**
     * Shortens each wait before a retry at random, so that what failed together does not come again together.
     *
     * @param fraction of the wait that may be taken off, 0 (default) to 1.
     * @param seed     of the random numbers: the same seed and failures give the same waits.
     * @return this.
     */
    public ConsumerConfig retryJitter(final double fraction, final long seed) {
        jitterFraction = fraction;
        jitterSeed = seed;
        return this;
    }

    /** Who waits while an event is retried. @param mode default {@code PARK}: its aggregate only. @return this. */
    public ConsumerConfig retryMode(final RetryMode mode) {
        retryMode = mode;
        return this;
    }

    /** What becomes of the aggregate of a dead letter. @param action default {@code CONTINUE}. @return this. */
    public ConsumerConfig onDeadLetter(final OnDeadLetter action) {
        onDeadLetter = action;
        return this;
    }

    /**
     * Room for events that are not done with while others go on: those that wait for a retry, for their acknowledgement, for
     * their dead letter to be written, or for another one of their aggregate. Where it is full, the channel waits: there
     * should be room for what comes for the failing aggregates while they wait for a retry. The memory is taken when the
     * first event comes there.
     *
     * @param events most of them, 1 to 1,048,576; default 16,384.
     * @param bytes  for their records, each rounded up to a power of two; at most 2^30; default 4 MiB. Rounded up to a power
     *               of two that holds the largest record.
     * @return this.
     * @throws IllegalArgumentException where the bytes are below 1; the rest is checked at the router's start.
     */
    public ConsumerConfig parking(final int events, final int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(
                    "consumer '" + name + "': parking bytes are " + bytes + ": give it 1 to " + (1 << 30));
        }
        parkingEvents = events;
        parkingBytes = bytes;
        return this;
    }

    /**
     * Most events that are deferred and not acknowledged; the consumer's other events wait while there are as many.
     *
     * @param events 1 to 1,048,576; default 1,024. They take room in the parking.
     * @return this.
     */
    public ConsumerConfig maxOutstanding(final int events) {
        maxOutstanding = events;
        return this;
    }

    /**
     * Most aggregates that {@link OnDeadLetter#HOLD_AGGREGATE} holds. Where there are as many, the next one's failed event
     * waits, and with it its later ones, until one is released: its dead letter is not written, as its later events would then
     * be handed out without it. Other aggregates go on while the parking has room for what waits;
     * {@code SubjectConsumer.waitsFor()} says {@code HELD_AGGREGATES_FULL}. The way on is to release one, or to restart with
     * more; an aggregate takes about 100 bytes and its key.
     *
     * @param aggregates 1 to 1,048,576; default 1,024.
     * @return this.
     */
    public ConsumerConfig maxHeldAggregates(final int aggregates) {
        maxHeldAggregates = aggregates;
        return this;
    }

    /** When the circuit breaker opens. @param policy default {@link BreakerPolicy#defaults()}. @return this. */
    public ConsumerConfig breaker(final BreakerPolicy policy) {
        breaker = policy;
        return this;
    }

    /** The consumer's name. @return not blank. */
    public String name() {
        return name;
    }

    List<Pattern> patterns() {
        return List.copyOf(patterns);
    }

    int channelCapacity() {
        return channelCapacity;
    }

    int channelBytes(final int leastBytes) {
        return channelCapacityBytes == 0 ? Math.max(2 << 20, leastBytes) : channelCapacityBytes;
    }

    OverflowPolicy overflow() {
        return overflow;
    }

    /** Whether the consumer is told to read on from the journal. */
    boolean replays() {
        return overflow == OverflowPolicy.REPLAY || overflowFallback == OverflowPolicy.REPLAY;
    }

    @Nullable
    OverflowPolicy overflowFallback() {
        return overflowFallback;
    }

    long livenessTimeoutNs() {
        return livenessTimeoutNs;
    }

    ConsumerSettings settings(final int maxRecordBytes) {
        final int bytes = Math.max(parkingBytes, maxRecordBytes);
        return new ConsumerSettings(
                name,
                new RetryPolicy(maxRetries, initialDelayNs, maxDelayNs, jitterFraction, jitterSeed),
                retryMode,
                onDeadLetter,
                parkingEvents,
                bytes > 1 << 30 ? bytes : BitUtil.findNextPositivePowerOfTwo(bytes),
                maxOutstanding,
                maxHeldAggregates,
                breaker);
    }
}
