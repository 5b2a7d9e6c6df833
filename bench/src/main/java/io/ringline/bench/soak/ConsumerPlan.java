package io.ringline.bench.soak;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.OverflowPolicy;
import io.ringline.router.consumer.BreakerPolicy;
import io.ringline.router.consumer.OnDeadLetter;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.RetryMode;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Settings of one consumer of a round, and how its handler answers. */
final class ConsumerPlan {
    private static final int[] TROUBLE_PER_MILLE = {0, 2, 20, 100};
    private static final int[] DEFERRED_PER_MILLE = {0, 0, 20, 300};
    private static final Answer[] FAILURES = {
        Answer.RETRY, Answer.RETRY, Answer.THROW, Answer.THROW_UNSPEAKABLE, Answer.NULL, Answer.OVERFLOW_STACK
    };
    private static final OverflowPolicy[] FALLBACKS = {
        OverflowPolicy.DROP_NEWEST, OverflowPolicy.DEAD_LETTER, OverflowPolicy.REPLAY
    };
    private static final int MANY_AGGREGATES = 1_024;
    private static final int GIVES_IN = 12;

    final String name;
    final OverflowPolicy overflow;
    final @Nullable OverflowPolicy fallback;
    final long livenessTimeoutNs;
    final int capacity;
    final int maxRetries;
    final RetryMode retryMode;
    final OnDeadLetter onDeadLetter;
    final int maxOutstanding;
    final boolean breaks;
    final boolean releases;
    final int pauseEvery;
    /** Whether the thread that polls it dies once; a matter of all whom it polls. */
    boolean threadDies;

    private final long seed;
    private final long backoffNs;
    private final double jitter;
    private final int parkingEvents;
    private final int parkingBytes;
    private final int maxHeldAggregates;
    private final BreakerPolicy breaker;
    private final int poison;
    private final int trouble;
    private final int deferred;
    private final int breakdownEvery;
    private final int breakdownCalls;

    ConsumerPlan(final String name, final Random random) {
        this.name = name;
        seed = random.nextLong();
        overflow = OverflowPolicy.values()[random.nextInt(OverflowPolicy.values().length)];
        final boolean fallsBack = overflow == OverflowPolicy.BACK_PRESSURE && random.nextInt(3) == 0;
        fallback = fallsBack ? FALLBACKS[random.nextInt(FALLBACKS.length)] : null;
        livenessTimeoutNs = TimeUnit.MILLISECONDS.toNanos(fallsBack ? 100 : 30_000);
        capacity = 1 + random.nextInt(4 << random.nextInt(8));
        maxRetries = random.nextInt(5);
        backoffNs = random.nextBoolean() ? 0 : 1_000L << random.nextInt(9);
        jitter = random.nextBoolean() ? 0 : random.nextDouble();
        retryMode = random.nextInt(3) == 0 ? RetryMode.HEAD_OF_LINE : RetryMode.PARK;
        onDeadLetter = random.nextInt(3) == 0 ? OnDeadLetter.HOLD_AGGREGATE : OnDeadLetter.CONTINUE;
        releases = onDeadLetter == OnDeadLetter.HOLD_AGGREGATE && random.nextInt(3) > 0;
        maxHeldAggregates = releases ? 1 + random.nextInt(8) : MANY_AGGREGATES;
        parkingEvents = 1 + random.nextInt(4 << random.nextInt(7));
        parkingBytes = 1_024 << random.nextInt(6);
        maxOutstanding = 1 + random.nextInt(4 << random.nextInt(5));
        poison = random.nextInt(3) == 0 ? 1 + random.nextInt(10) : 0;
        trouble = TROUBLE_PER_MILLE[random.nextInt(TROUBLE_PER_MILLE.length)];
        deferred = DEFERRED_PER_MILLE[random.nextInt(DEFERRED_PER_MILLE.length)];
        breakdownEvery = random.nextInt(3) == 0 ? 300 + random.nextInt(2_000) : Integer.MAX_VALUE;
        breakdownCalls = 1 + random.nextInt(60);
        breaks = random.nextBoolean();
        breaker = breaks ? breaker(random) : BreakerPolicy.disabled();
        pauseEvery = random.nextBoolean() ? 20 + random.nextInt(2_000) : Integer.MAX_VALUE;
        threadDies = random.nextInt(12) == 0;
    }

    private static BreakerPolicy breaker(final Random random) {
        final long openNs = 1_000L << random.nextInt(10);
        final BreakerPolicy inRow = BreakerPolicy.defaults()
                .afterFailuresInRow(1 + random.nextInt(8))
                .openFor(openNs, openNs << random.nextInt(3))
                .withProbes(1 + random.nextInt(3));
        return random.nextBoolean() ? inRow : inRow.atFailureRate(0.05 + random.nextDouble() / 2, 50, 10);
    }

    ConsumerConfig config() {
        final ConsumerConfig config = new ConsumerConfig(name)
                .channelCapacity(capacity)
                .channelCapacityBytes(SoakPlan.CHANNEL_BYTES)
                .overflow(overflow)
                .livenessTimeoutNs(livenessTimeoutNs)
                .maxRetries(maxRetries)
                .retryBackoffNs(backoffNs, 4 * backoffNs)
                .retryJitter(jitter, seed)
                .retryMode(retryMode)
                .onDeadLetter(onDeadLetter)
                .parking(parkingEvents, parkingBytes)
                .maxOutstanding(maxOutstanding)
                .maxHeldAggregates(maxHeldAggregates)
                .breaker(breaker);
        return fallback == null ? config : config.overflowFallback(fallback);
    }

    /** Whether an overflow policy may have ruled at some time. */
    boolean mayUse(final OverflowPolicy policy) {
        return overflow == policy
                || fallback == policy
                || threadDies
                        && fallback == null
                        && overflow == OverflowPolicy.BACK_PRESSURE
                        && policy == OverflowPolicy.DEAD_LETTER;
    }

    /**
     * What the handler does. Where there is a breaker it gives in at last: one that opens before an event's tries are used up
     * would wait for a poison event for ever, as its probes count for no try.
     *
     * @param call how many calls there were before.
     */
    Answer answer(final int id, final int attempt, final int call) {
        if (breaks && attempt > GIVES_IN) {
            return Answer.ACK;
        }
        if (call % breakdownEvery >= breakdownEvery - breakdownCalls) {
            return failure(id, attempt);
        }
        final int fate = Dice.of(1_000, seed, id);
        if (fate < poison) {
            return failure(id, attempt);
        }
        if (fate < poison + trouble && Dice.of(3, seed, id, attempt) > 0) {
            return Dice.of(6, seed, id, attempt, 1) == 0 ? Answer.REJECT : failure(id, attempt);
        }
        return Dice.of(1_000, seed, id, attempt, 2) < deferred ? Answer.DEFER : Answer.ACK;
    }

    private Answer failure(final int id, final int attempt) {
        return FAILURES[Dice.of(FAILURES.length, seed, id, attempt, 3)];
    }

    /** What is said later of an event that was deferred. */
    Outcome later(final int id, final int attempt) {
        final int dice = Dice.of(12, seed, id, attempt, 4);
        return dice == 0 ? Outcome.REJECT : dice < 3 ? Outcome.RETRY : Outcome.ACK;
    }

    /** Whether a deferred event is acknowledged before its handler has returned. */
    boolean isEarly(final int id, final int attempt) {
        return Dice.of(5, seed, id, attempt, 5) == 0;
    }

    @Override
    public String toString() {
        return name + ": " + overflow + (fallback == null ? "" : ", else " + fallback) + ", capacity " + capacity + ", "
                + retryMode + ", " + maxRetries + " retries after " + backoffNs + " ns, jitter " + jitter + ", "
                + onDeadLetter + (releases ? " released, at most " + maxHeldAggregates : "") + ", parking "
                + parkingEvents + " events, " + parkingBytes + " bytes, outstanding " + maxOutstanding + ", "
                + (breaks ? breaker : "no breaker") + ", per mille: poison " + poison + ", trouble " + trouble
                + ", deferred " + deferred + ", breakdown of " + breakdownCalls + " every " + breakdownEvery
                + ", pauses every " + pauseEvery + (threadDies ? ", its thread dies" : "");
    }
}
