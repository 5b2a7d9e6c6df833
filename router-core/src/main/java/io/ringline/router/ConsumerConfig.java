package io.ringline.router;

import io.ringline.router.consumer.RetryPolicy;
import io.ringline.router.subject.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
     * @param policy any other; default none. Where the thread that polled has ended, the ring does not wait either way: without
     *               a fallback it is {@code DEAD_LETTER}, or, where the router keeps no dead letters, {@code DROP_NEWEST}. A
     *               dead-letter log that is slow is back pressure under {@code DEAD_LETTER}, for all.
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

    /** Whether the consumer may have to read on from the journal. */
    boolean mayReplay() {
        return overflow == OverflowPolicy.REPLAY || overflowFallback == OverflowPolicy.REPLAY;
    }

    @Nullable
    OverflowPolicy overflowFallback() {
        return overflowFallback;
    }

    long livenessTimeoutNs() {
        return livenessTimeoutNs;
    }

    RetryPolicy retryPolicy() {
        return new RetryPolicy(maxRetries, initialDelayNs, maxDelayNs);
    }
}
