package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.Event;
import io.ringline.router.record.EventRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * A consumer under random answers, acknowledgements, times, limits and settings, beside a naive model of what each event may
 * do next: the order within each aggregate as the handler sees it, retries included; tries and their times; and that each
 * event ends once, acknowledged or as a dead letter.
 */
class ConsumerModelTest {
    private static final int ROUNDS = 400;
    private static final int STEPS = 300;
    private static final long DELAY = 100;

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());

    /** What the model knows of an event. */
    private static final class Known {
        final long sequence;
        final String aggregate;
        int failures; // that used up a try for certain
        int failuresAtMost; // an acknowledgement that comes late uses up none while the breaker is not closed
        int handed;
        long notBefore;
        boolean deferred;
        DeadLetterReason due = DeadLetterReason.OVERFLOW; // none

        final boolean poison;

        Known(final long sequence, final String aggregate, final boolean poison) {
            this.sequence = sequence;
            this.aggregate = aggregate;
            this.poison = poison;
        }
    }

    /** One round. */
    private final class Round {
        final long seed;
        final Random random;
        final boolean breakerOn;
        final ConsumerSettings settings;
        final ConsumerBench bench;
        final TreeMap<Long, Known> undone = new TreeMap<>();
        final Map<String, ArrayDeque<Known>> lines = new HashMap<>();
        final Set<String> held = new HashSet<>();
        final List<Known> deferred = new ArrayList<>();
        final int aggregates;
        final double failing;
        final boolean oneByOne;
        long offered;
        long calls;
        long acknowledged;
        boolean mayFail = true;
        String wrong = "";

        Round(final long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.breakerOn = random.nextInt(3) == 0;
            final BreakerPolicy policy = breakerOn
                    ? BreakerPolicy.defaults()
                            .afterFailuresInRow(1 + random.nextInt(4))
                            .atFailureRate(0.3 + random.nextDouble() / 2, 10, 5)
                            .openFor(DELAY, 5 * DELAY)
                            .withProbes(1 + random.nextInt(3))
                    : BreakerPolicy.disabled();
            this.settings = new ConsumerSettings(
                    "c",
                    new RetryPolicy(random.nextInt(4), DELAY, 4 * DELAY, random.nextInt(2) * 0.5, seed),
                    random.nextInt(4) == 0 ? RetryMode.HEAD_OF_LINE : RetryMode.PARK,
                    random.nextBoolean() ? OnDeadLetter.CONTINUE : OnDeadLetter.HOLD_AGGREGATE,
                    1 + random.nextInt(random.nextBoolean() ? 4 : 50),
                    1 << 10 + random.nextInt(5),
                    1 + random.nextInt(6),
                    1 + random.nextInt(4),
                    policy);
            this.bench = new ConsumerBench(settings);
            this.aggregates = 1 + random.nextInt(8);
            this.failing = random.nextDouble() * 0.6;
            this.oneByOne = random.nextInt(4) == 0;
        }

        void check(final boolean holds, final String what) {
            if (!holds && wrong.isEmpty()) {
                wrong = what; // kept, as the consumer takes what a handler throws
            }
        }

        void offer() {
            final int aggregate = random.nextInt(aggregates);
            final boolean id = aggregate % 2 == 0;
            final long sequence = offered + 1 + random.nextInt(2);
            final EventRecord event = id
                    ? ConsumerBench.event(sequence, aggregate, random.nextInt(200))
                    : ConsumerBench.event(sequence, "key" + aggregate);
            if (bench.tryOffer(event)) {
                offered = sequence;
                final Known known = new Known(sequence, key(event), random.nextInt(20) == 0);
                undone.put(sequence, known);
                lines.computeIfAbsent(known.aggregate, name -> new ArrayDeque<>())
                        .add(known);
            }
        }

        String key(final Event event) {
            return (event.aggregateIsId() ? "#" : "") + event.aggregate();
        }

        Outcome onEvent(final Event event) {
            calls++;
            final long sequence = event.globalSequence();
            final Known known = first(key(event), sequence);
            known.handed++;
            check(bench.consumer.attempt() == known.handed, sequence + " is try " + bench.consumer.attempt());
            check(bench.consumer.breakerState() != BreakerState.OPEN, sequence + " while the breaker is open");
            check(deferred.size() < settings.maxOutstanding(), sequence + " with as many outstanding as may be");
            check(!held.contains(known.aggregate), sequence + " is of a held aggregate");
            check(!known.deferred, sequence + " is deferred and handed out");
            check(known.due == DeadLetterReason.OVERFLOW, sequence + " was to be a dead letter");
            check(known.notBefore <= bench.now, sequence + " is too early");
            if (settings.retryMode() == RetryMode.HEAD_OF_LINE) {
                check(undone.firstKey() == sequence, sequence + " before " + undone.firstKey());
            }
            final double fate = known.poison ? 0 : mayFail ? random.nextDouble() : 1;
            if (fate < failing * 0.7) {
                fail(known);
                if (random.nextBoolean()) {
                    throw new AssertionError("on purpose");
                }
                return Outcome.RETRY;
            }
            if (fate < failing) {
                known.failures++;
                known.due = DeadLetterReason.REJECTED;
                return Outcome.REJECT;
            }
            if (random.nextInt(5) == 0) {
                known.deferred = true;
                deferred.add(known);
                if (random.nextInt(4) == 0) {
                    acknowledge(); // before the handler has returned
                }
                return Outcome.DEFER;
            }
            acknowledged++;
            done(known);
            return Outcome.ACK;
        }

        Known first(final String aggregate, final long sequence) {
            final Known known =
                    lines.getOrDefault(aggregate, new ArrayDeque<>()).peekFirst();
            check(known != null, sequence + " is done with already");
            check(known != null && known.sequence == sequence, sequence + " overtook " + known(known));
            return known == null ? new Known(0, "", false) : known;
        }

        private String known(final @org.jspecify.annotations.Nullable Known known) {
            return known == null ? "nothing" : known.aggregate + " " + known.sequence;
        }

        void fail(final Known known) {
            known.failuresAtMost++;
            if (known.deferred && breakerOn) {
                return;
            }
            known.failures++;
            if (known.failures > settings.retry().maxRetries()) {
                known.due = DeadLetterReason.RETRIES_EXHAUSTED;
            } else {
                final long delay = settings.retry().delayNs(known.failures);
                known.notBefore = bench.now + (settings.retry().jitterFraction() > 0 ? delay / 2 : delay);
            }
        }

        void done(final Known known) {
            undone.remove(known.sequence);
            final ArrayDeque<Known> line = lines.getOrDefault(known.aggregate, new ArrayDeque<>());
            check(line.pollFirst() == known, known.sequence + " was not the first of its aggregate");
        }

        void acknowledge() {
            if (random.nextInt(10) == 0) {
                bench.consumer.acknowledge(random.nextInt(10) * 1_000_000L, 1, Outcome.ACK); // fits nothing
            }
            if (deferred.isEmpty()) {
                return;
            }
            final Known known = deferred.remove(random.nextInt(deferred.size()));
            final int fate = mayFail ? random.nextInt(4) : 3;
            final Outcome outcome = fate == 0 ? Outcome.RETRY : fate == 1 ? Outcome.REJECT : Outcome.ACK;
            if (random.nextInt(4) == 0) { // of another try: fits nothing either
                final int attempt = known.handed + (random.nextBoolean() ? 1 : -1);
                bench.consumer.acknowledge(known.sequence, attempt, Outcome.values()[random.nextInt(3)]);
            }
            check(bench.consumer.acknowledge(known.sequence, known.handed, outcome), "no room for an acknowledgement");
            if (outcome == Outcome.RETRY) {
                fail(known);
                known.notBefore = bench.now; // from when the consumer is polled, at the earliest now
            } else if (outcome == Outcome.REJECT) {
                known.failures++;
                known.due = DeadLetterReason.REJECTED;
            } else {
                known.due = DeadLetterReason.NO_MATCH; // stands for: acknowledged, at the next poll
            }
            known.deferred = false;
        }

        /** The consumer takes in the acknowledgements that came before its poll. */
        void settleAcknowledged() {
            for (final Known known : new ArrayList<>(undone.values())) {
                if (known.due == DeadLetterReason.NO_MATCH && !deferred.contains(known)) {
                    acknowledged++;
                    done(known);
                }
            }
        }

        void writeLetter() {
            final int before = bench.letters.size();
            if (!bench.writeLetter()) {
                return;
            }
            final ConsumerBench.Letter letter = bench.letters.get(before);
            final Known known = undone.get(letter.sequence());
            check(known != null, "dead letter " + letter + " of what is done with");
            if (known == null) {
                return;
            }
            first(known.aggregate, known.sequence);
            if (letter.reason() == DeadLetterReason.AGGREGATE_HELD) {
                check(held.contains(known.aggregate), letter + " is of no held aggregate");
                check(known.handed == 0, letter + " was tried");
            } else {
                final boolean mayBeExhausted = letter.reason() == DeadLetterReason.RETRIES_EXHAUSTED
                        && known.failuresAtMost > settings.retry().maxRetries();
                check(mayBeExhausted || known.due == letter.reason(), letter + " should be " + known.due);
                check(breakerOn || known.failures == letter.attempts(), letter + " failed " + known.failures);
            }
            check(known.handed == letter.attempts(), letter + " was handed out " + known.handed);
            if (settings.onDeadLetter() == OnDeadLetter.HOLD_AGGREGATE) {
                held.add(known.aggregate);
                check(held.size() <= settings.maxHeldAggregates(), "too many held");
            }
            done(known);
        }

        void release() {
            writeLetter(); // what is with the writer when an aggregate is released goes there still
            if (held.isEmpty()) {
                return;
            }
            final String aggregate = new ArrayList<>(held).get(random.nextInt(held.size()));
            final byte[] key = aggregate.getBytes(StandardCharsets.UTF_8);
            final boolean taken = aggregate.charAt(0) == '#'
                    ? bench.consumer.releaseAggregate(Long.parseLong(aggregate.substring(1)))
                    : bench.consumer.releaseAggregate(new UnsafeBuffer(key), 0, key.length);
            check(taken, "release of " + aggregate + " was not taken");
            held.remove(aggregate);
            poll(1);
        }

        void poll(final int wanted) {
            final int limit = oneByOne ? 1 : wanted;
            final long calledBefore = calls;
            final long undoneBefore = bench.consumer.lag();
            settleAcknowledged();
            final int done = bench.consumer.poll(this::onEvent, limit);
            check(calls - calledBefore <= limit, "the limit is not kept");
            check(
                    bench.consumer.lag() == undoneBefore - done,
                    "done " + done + ", lag was " + undoneBefore + " and is " + bench.consumer.lag());
            // A dead letter that is written counts when the consumer has taken notice of it, at a later poll.
            check(bench.consumer.lag() >= undone.size(), "less waits than should");
            check(
                    bench.consumer.delivered() == acknowledged,
                    "acknowledged " + acknowledged + ", counted " + bench.consumer.delivered());
            final long safe = bench.consumer.safeGlobalSequence();
            check(undone.isEmpty() || safe < undone.firstKey(), "not safe: " + safe);
        }

        void step() {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> offer();
                case 3, 4, 5 -> poll(1 + random.nextInt(8));
                case 6 -> bench.now += random.nextInt((int) (2 * DELAY));
                case 7 -> acknowledge();
                case 8 -> writeLetter();
                default -> {
                    if (random.nextInt(5) == 0) {
                        release();
                    }
                }
            }
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
                assertRight();
            }
            mayFail = false;
            for (int i = 0; i < 5_000 && bench.consumer.lag() > 0; i++) {
                bench.now += 5 * DELAY;
                acknowledge();
                poll(4);
                writeLetter();
                if (i % 10 == 0) {
                    release();
                }
            }
            check(bench.consumer.lag() == 0 && bench.consumer.isEmpty(), "left: " + bench.consumer.lag());
            check(undone.isEmpty(), "the model has left " + undone.keySet());
            check(bench.consumer.safeGlobalSequence() == offered, "safe is " + bench.consumer.safeGlobalSequence());
            check(
                    bench.consumer.eventsProcessed() == acknowledged + bench.letters.size(),
                    "processed " + bench.consumer.eventsProcessed());
            assertRight();
        }

        private void assertRight() {
            assertThat(wrong).as("seed %d %s", seed, settings).isEmpty();
        }
    }

    @Test
    void everyEventEndsOnceInTheOrderOfItsAggregate() {
        System.out.println("ConsumerModelTest seed " + seed);
        long letters = 0;
        long opened = 0;
        for (int i = 0; i < ROUNDS; i++) {
            final Round round = new Round(seed ^ i * 0x9E37_79B9_7F4A_7C15L); // seeds that are close give Randoms alike
            round.run();
            letters += round.bench.letters.size();
            opened += round.bench.consumer.breakerChanges();
        }
        assertThat(letters).as("dead letters met").isPositive();
        assertThat(opened).as("breakers opened").isPositive();
    }
}
