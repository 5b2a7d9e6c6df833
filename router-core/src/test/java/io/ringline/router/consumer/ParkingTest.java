package io.ringline.router.consumer;

import static io.ringline.router.consumer.ConsumerBench.DELAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.record.DeadLetterReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParkingTest {
    private final Map<Long, Outcome> answers = new HashMap<>();
    private final List<Long> seen = new ArrayList<>();

    private static ConsumerSettings settings(final RetryMode mode, final OnDeadLetter onDeadLetter, final int events) {
        return TestSettings.of(
                "c", new RetryPolicy(2, DELAY, 3 * DELAY), mode, onDeadLetter, events, BreakerPolicy.disabled());
    }

    private static ConsumerBench parking(final int events) {
        return new ConsumerBench(settings(RetryMode.PARK, OnDeadLetter.CONTINUE, events));
    }

    private int poll(final ConsumerBench bench, final int limit) {
        return bench.consumer.poll(
                event -> {
                    seen.add(event.globalSequence());
                    return answers.getOrDefault(event.globalSequence(), Outcome.ACK);
                },
                limit);
    }

    @Test
    void onlyTheFailingAggregateWaitsAndItsEventsFollowInOrder() {
        final ConsumerBench bench = parking(64);
        answers.put(1L, Outcome.RETRY);
        for (int i = 1; i <= 6; i++) {
            bench.offer(i, i % 2);
        }
        assertThat(poll(bench, 10)).isEqualTo(3);
        assertThat(seen).containsExactly(1L, 2L, 4L, 6L);
        assertThat(bench.consumer.lag()).isEqualTo(3);
        assertThat(bench.consumer.parked()).isEqualTo(3);
        assertThat(bench.consumer.isEmpty()).isFalse();
        assertThat(bench.channel.isEmpty()).isTrue();
        assertThat(bench.consumer.safeGlobalSequence()).isZero();
        assertThat(bench.consumer.lastGlobalSequence()).isEqualTo(6);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.RETRY);
        assertThat(poll(bench, 10)).as("not due").isZero();
        answers.clear();
        bench.now += DELAY;
        bench.offer(7, 1);
        assertThat(poll(bench, 20)).isEqualTo(4);
        assertThat(seen).containsExactly(1L, 2L, 4L, 6L, 1L, 3L, 5L, 7L);
        assertThat(bench.consumer.isEmpty()).isTrue();
        assertThat(bench.consumer.lag()).isZero();
        assertThat(bench.consumer.safeGlobalSequence()).isEqualTo(7);
        assertThat(bench.consumer.eventsProcessed()).isEqualTo(7);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.EVENTS);
    }

    @Test
    void keysAreComparedWhole() {
        final ConsumerBench bench = parking(64);
        answers.put(1L, Outcome.RETRY);
        answers.put(2L, Outcome.RETRY);
        bench.offer(ConsumerBench.event(1, "abcdefgh-1"));
        bench.offer(ConsumerBench.event(2, "abcdefgh-2"));
        bench.offer(ConsumerBench.event(3, "abcdefgh-1"));
        bench.offer(ConsumerBench.event(4, "abcdefgh-"));
        bench.offer(ConsumerBench.event(5, ""));
        bench.offer(6, 0);
        assertThat(poll(bench, 10)).isEqualTo(3);
        assertThat(seen).containsExactly(1L, 2L, 4L, 5L, 6L);
    }

    @Test
    void aFullParkingLeavesTheRestInTheChannel() {
        final ConsumerBench bench = parking(2);
        answers.put(1L, Outcome.RETRY);
        for (int i = 1; i <= 4; i++) {
            bench.offer(i, 1);
        }
        bench.offer(5, 2);
        assertThat(poll(bench, 10)).isZero();
        assertThat(bench.consumer.parked()).isEqualTo(2);
        assertThat(bench.consumer.lag()).isEqualTo(5);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.PARKING_FULL);
        answers.clear();
        bench.now += DELAY;
        assertThat(poll(bench, 10)).isEqualTo(5);
        assertThat(seen).containsExactly(1L, 1L, 2L, 3L, 4L, 5L);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.EVENTS);
    }

    @Test
    void anEventThatFailsWhileTheParkingIsFullIsRetriedAtTheHeadOfTheChannel() {
        final ConsumerBench bench = parking(1);
        answers.put(1L, Outcome.RETRY);
        answers.put(2L, Outcome.RETRY);
        for (int i = 1; i <= 3; i++) {
            bench.offer(i, i);
        }
        assertThat(poll(bench, 10)).isZero();
        assertThat(seen).containsExactly(1L, 2L);
        assertThat(bench.consumer.parked()).isEqualTo(1);
        assertThat(bench.consumer.safeGlobalSequence()).isZero();
        answers.remove(1L);
        bench.now += DELAY;
        assertThat(poll(bench, 10)).as("2 fails again").isEqualTo(1);
        assertThat(bench.consumer.safeGlobalSequence()).isEqualTo(1);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.PARKING_FULL);
        bench.now += 2 * DELAY;
        assertThat(poll(bench, 10)).isZero();
        assertThat(bench.writeLetter()).isTrue();
        assertThat(poll(bench, 10)).isEqualTo(2);
        assertThat(seen).containsExactly(1L, 2L, 1L, 2L, 2L, 3L);
        assertThat(bench.letters).hasSize(1);
        assertThat(bench.letters.get(0).attempts()).isEqualTo(3);
        assertThat(bench.consumer.lag()).isZero();
        assertThat(bench.consumer.safeGlobalSequence()).isEqualTo(3);
    }

    @Test
    void bytesBoundTheParkingToo() {
        final ConsumerBench bench = parking(64); // 4,096 bytes
        answers.put(1L, Outcome.RETRY);
        for (int i = 1; i <= 4; i++) {
            bench.offer(ConsumerBench.event(i, 1, 900));
        }
        bench.offer(ConsumerBench.event(5, 1, 900));
        assertThat(poll(bench, 10)).isZero();
        assertThat(bench.consumer.parked()).isEqualTo(4);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.PARKING_FULL);
    }

    @Test
    void underHeadOfLineAllWaits() {
        final ConsumerBench bench = new ConsumerBench(settings(RetryMode.HEAD_OF_LINE, OnDeadLetter.CONTINUE, 64));
        answers.put(1L, Outcome.RETRY);
        answers.put(2L, Outcome.REJECT);
        for (int i = 1; i <= 3; i++) {
            bench.offer(i, i);
        }
        assertThat(poll(bench, 10)).isZero();
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.RETRY);
        assertThat(bench.consumer.parked()).isZero();
        answers.remove(1L);
        bench.now += DELAY;
        assertThat(poll(bench, 10)).isEqualTo(1);
        assertThat(seen).containsExactly(1L, 1L, 2L);
        assertThat(poll(bench, 10)).isZero();
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.DEAD_LETTER_WRITER);
        bench.writeLetter();
        assertThat(poll(bench, 10)).isEqualTo(2);
        assertThat(seen).containsExactly(1L, 1L, 2L, 3L);
        assertThat(bench.letters.get(0).reason()).isEqualTo(DeadLetterReason.REJECTED);
    }

    @Test
    void neitherRetriesNorTheChannelStarve() {
        for (final int limit : new int[] {1, 2, 5}) {
            seen.clear();
            answers.clear();
            final ConsumerBench bench = parking(64);
            for (int i = 1; i <= 40; i++) {
                answers.put((long) i, i <= 20 ? Outcome.RETRY : Outcome.ACK);
                bench.offer(i, i);
            }
            while (seen.size() < 20) {
                poll(bench, limit);
            }
            seen.clear();
            answers.clear();
            bench.now += DELAY;
            while (seen.size() < 20) {
                final int before = seen.size();
                poll(bench, limit);
                assertThat(seen.size() - before).as("limit").isEqualTo(Math.min(limit, 40 - before));
            }
            final long retried =
                    seen.stream().filter(sequence -> sequence <= 20).count();
            assertThat(retried).as("limit %d: %s", limit, seen).isBetween(8L, 17L);
        }
    }

    @Test
    void aRetryWithoutDelayIsOneTryInEachPoll() {
        final ConsumerBench bench = new ConsumerBench(TestSettings.of("c", new RetryPolicy(2, 0, 0)));
        answers.put(1L, Outcome.RETRY);
        bench.offer(1, 1);
        for (int i = 1; i <= 3; i++) {
            poll(bench, 10);
            assertThat(seen).hasSize(i);
        }
    }

    @Test
    void anAggregateIsHeldAfterADeadLetterUntilItIsReleased() {
        final ConsumerBench bench = new ConsumerBench(settings(RetryMode.PARK, OnDeadLetter.HOLD_AGGREGATE, 64));
        answers.put(1L, Outcome.REJECT);
        bench.offer(1, 7);
        bench.offer(2, 7);
        bench.offer(3, 8);
        assertThat(poll(bench, 10)).isEqualTo(1);
        assertThat(bench.consumer.heldAggregates()).isEqualTo(1);
        bench.writeLetter();
        poll(bench, 10);
        bench.writeLetter();
        poll(bench, 10);
        assertThat(bench.consumer.lag()).isZero();
        bench.offer(4, 7);
        poll(bench, 10);
        bench.offer(5, 7);
        poll(bench, 10);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.DEAD_LETTER_WRITER);
        bench.writeLetter();
        assertThat(bench.letters).extracting(ConsumerBench.Letter::sequence).containsExactly(1L, 2L, 4L);
        assertThat(bench.letters.get(1).reason()).isEqualTo(DeadLetterReason.AGGREGATE_HELD);
        assertThat(bench.letters.get(1).attempts()).isZero();
        assertThat(bench.letters.get(1).error()).contains("earlier event of its aggregate");
        assertThat(bench.consumer.releaseAggregate(7)).isTrue();
        bench.offer(6, 7);
        assertThat(poll(bench, 10)).isEqualTo(3);
        assertThat(seen).containsExactly(1L, 3L, 5L, 6L);
        assertThat(bench.consumer.heldAggregates()).isZero();
        assertThat(bench.consumer.releaseAggregate(7)).as("nothing is held").isFalse();
        assertThat(bench.consumer.safeGlobalSequence()).isEqualTo(6);
    }

    @Test
    void anAggregateThatIsAKeyIsHeldAndReleasedByItsBytes() {
        final ConsumerBench bench =
                new ConsumerBench(settings(RetryMode.HEAD_OF_LINE, OnDeadLetter.HOLD_AGGREGATE, 64));
        answers.put(1L, Outcome.REJECT);
        bench.offer(ConsumerBench.event(1, "key"));
        poll(bench, 10);
        bench.writeLetter();
        bench.offer(ConsumerBench.event(2, "key"));
        bench.offer(ConsumerBench.event(3, "other"));
        poll(bench, 10);
        assertThat(seen).containsExactly(1L);
        bench.writeLetter();
        poll(bench, 10);
        assertThat(seen).containsExactly(1L, 3L);
        final org.agrona.concurrent.UnsafeBuffer key =
                new org.agrona.concurrent.UnsafeBuffer(" key".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(bench.consumer.releaseAggregate(1))
                .as("taken, but it is not that one")
                .isTrue();
        bench.offer(ConsumerBench.event(4, "key"));
        poll(bench, 10);
        assertThat(seen).hasSize(2);
        assertThat(bench.consumer.releaseAggregate(key, 1, 3)).isTrue();
        bench.writeLetter();
        bench.offer(ConsumerBench.event(5, "key"));
        poll(bench, 10);
        assertThat(seen).containsExactly(1L, 3L, 5L);
        assertThat(bench.letters).extracting(ConsumerBench.Letter::sequence).containsExactly(1L, 2L, 4L);
    }

    @Test
    void whereAsManyAreHeldAsMayBeTheNextOneWaits() {
        final ConsumerBench bench = new ConsumerBench(settings(RetryMode.PARK, OnDeadLetter.HOLD_AGGREGATE, 64));
        for (int i = 1; i <= 3; i++) {
            answers.put((long) i, Outcome.REJECT);
            bench.offer(i, i);
        }
        bench.offer(4, 3);
        bench.offer(5, 9);
        for (int i = 0; i < 5; i++) {
            poll(bench, 10);
            bench.writeLetter();
        }
        assertThat(bench.letters).extracting(ConsumerBench.Letter::sequence).containsExactly(1L, 2L);
        assertThat(seen).containsExactly(1L, 2L, 3L, 5L);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.HELD_AGGREGATES_FULL);
        assertThat(bench.consumer.lag()).isEqualTo(2);
        assertThat(bench.consumer.releaseAggregate(1)).isTrue();
        for (int i = 0; i < 5; i++) {
            poll(bench, 10);
            bench.writeLetter();
        }
        assertThat(bench.letters).extracting(ConsumerBench.Letter::sequence).containsExactly(1L, 2L, 3L, 4L);
        assertThat(bench.consumer.heldAggregates()).isEqualTo(2);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.EVENTS);
    }
}
