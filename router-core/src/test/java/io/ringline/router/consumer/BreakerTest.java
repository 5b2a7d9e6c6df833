package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final long OPEN = 10_000;
    private static final BreakerPolicy THREE =
            BreakerPolicy.defaults().afterFailuresInRow(3).openFor(OPEN, 3 * OPEN);

    private final List<Long> seen = new ArrayList<>();
    private Outcome answer = Outcome.RETRY;

    private static ConsumerBench bench(final String name, final int maxRetries, final BreakerPolicy policy) {
        return new ConsumerBench(TestSettings.of(
                name, new RetryPolicy(maxRetries, 1, 1), RetryMode.PARK, OnDeadLetter.CONTINUE, 64, policy));
    }

    private int poll(final ConsumerBench bench, final int limit) {
        return bench.consumer.poll(
                event -> {
                    seen.add(event.globalSequence());
                    return answer;
                },
                limit);
    }

    private static void offer(final ConsumerBench bench, final int from, final int to) {
        for (int i = from; i <= to; i++) {
            bench.offer(i, i);
        }
    }

    @Test
    void failuresInARowOpenItAndNothingIsHandedOutOrGivenUpUntilTheTimeIsOver() {
        final ConsumerBench bench = bench("c", 3, THREE);
        offer(bench, 1, 5);
        assertThat(poll(bench, 10)).isZero();
        assertThat(seen).containsExactly(1L, 2L, 3L);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.OPEN);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.BREAKER);
        assertThat(bench.consumer.breakerChanges()).isEqualTo(1);
        bench.now += OPEN - 1;
        assertThat(poll(bench, 10)).isZero();
        assertThat(seen).hasSize(3);
        assertThat(bench.consumer.lag()).isEqualTo(5);
        answer = Outcome.ACK;
        bench.now += 1;
        assertThat(poll(bench, 1)).as("one probe closes it").isEqualTo(1);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.CLOSED);
        assertThat(poll(bench, 10)).isEqualTo(4);
        assertThat(bench.consumer.breakerChanges()).isEqualTo(3);
        assertThat(bench.consumer.isEmpty()).isTrue();
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.EVENTS);
    }

    @Test
    void aProbeThatFailsOpensItForTwiceAsLong() {
        final ConsumerBench bench = bench("c", 100, THREE);
        offer(bench, 1, 3);
        poll(bench, 10);
        long open = OPEN;
        for (int i = 0; i < 20; i++) {
            bench.now += open - 1;
            poll(bench, 10);
            assertThat(seen).hasSize(3 + i);
            bench.now += 1;
            poll(bench, 10);
            assertThat(seen).as("one probe").hasSize(4 + i);
            assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.OPEN);
            open = Math.min(2 * open, 3 * OPEN);
        }
        answer = Outcome.ACK;
        bench.now += open;
        assertThat(poll(bench, 10)).isEqualTo(3);
        assertThat(bench.consumer.isEmpty()).isTrue();
        answer = Outcome.RETRY;
        offer(bench, 4, 6);
        poll(bench, 10);
        bench.now += OPEN;
        poll(bench, 10);
        assertThat(seen).as("the first open time again").hasSize(3 + 20 + 3 + 3 + 1);
    }

    @Test
    void aSuccessInBetweenBreaksTheRowAndARejectedEventIsOne() {
        final ConsumerBench bench = bench("c", 0, THREE);
        for (int i = 1; i <= 12; i++) {
            offer(bench, i, i);
            answer = i % 3 == 0 ? i % 2 == 0 ? Outcome.REJECT : Outcome.ACK : Outcome.RETRY;
            poll(bench, 1);
            bench.writeLetter();
            poll(bench, 1);
        }
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.CLOSED);
        assertThat(seen).hasSize(12);
        answer = Outcome.REJECT;
        offer(bench, 13, 20);
        poll(bench, 10);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aRateOpensItOverTheLastAnswersAndNotBeforeThereAreEnough() {
        final Breaker breaker =
                new Breaker(BreakerPolicy.disabled().atFailureRate(0.5, 10, 6).openFor(OPEN, OPEN), notices());
        for (int i = 1; i <= 5; i++) {
            breaker.onFailure(0, 0, 1);
        }
        assertThat(breaker.state()).as("five answers are too few").isEqualTo(BreakerState.CLOSED);
        breaker.onFailure(0, 0, 1);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        final Breaker other = new Breaker(BreakerPolicy.disabled().atFailureRate(0.5, 10, 6), notices());
        for (int i = 1; i <= 4; i++) {
            other.onFailure(0, 0, 1);
        }
        other.onFailure(0, 10, 1); // the four are out of the window by now
        other.onFailure(0, 11, 1);
        other.onFailure(0, 12, 1);
        assertThat(other.state()).isEqualTo(BreakerState.CLOSED);
        other.onFailure(0, 13, 1);
        other.onFailure(0, 13, 1);
        assertThat(other.state()).as("five of the last ten").isEqualTo(BreakerState.OPEN);
    }

    @Test
    void allProbesMustSucceed() {
        final ConsumerBench bench = bench("c", 3, THREE.withProbes(2));
        offer(bench, 1, 3);
        poll(bench, 10);
        bench.now += OPEN;
        bench.consumer.poll(event -> seen.size() == 3 && seen.add(0L) ? Outcome.ACK : Outcome.RETRY, 10);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.OPEN);
        answer = Outcome.ACK;
        bench.now += 2 * OPEN;
        poll(bench, 1);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.HALF_OPEN);
        poll(bench, 1);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void oneEventThatAlwaysFailsDoesNotKeepItOpen() {
        final ConsumerBench bench = bench("c", 100, THREE);
        offer(bench, 1, 1);
        for (int i = 0; i < 3; i++) {
            poll(bench, 10);
            bench.now += 1;
        }
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.OPEN);
        offer(bench, 2, 9);
        for (int i = 0; i < 4; i++) {
            bench.now += 4 * OPEN;
            bench.consumer.poll(event -> event.globalSequence() == 1 ? Outcome.RETRY : Outcome.ACK, 10);
        }
        assertThat(bench.consumer.delivered()).isEqualTo(8);
    }

    /** Polls on and on, open times included, and writes dead letters. */
    private static void pollThrough(final ConsumerBench bench, final int limit, final ConsumerHandler handler) {
        for (int i = 0; i < 1_000 && !bench.consumer.isEmpty(); i++) {
            bench.now += 3 * OPEN;
            bench.consumer.poll(
                    event -> {
                        assertThat(bench.consumer.breakerState()).isNotEqualTo(BreakerState.OPEN);
                        return handler.onEvent(event);
                    },
                    limit);
            bench.writeLetter();
        }
    }

    private ConsumerHandler failing(final long upTo) {
        return event -> {
            seen.add(event.globalSequence());
            return event.globalSequence() <= upTo ? Outcome.RETRY : Outcome.ACK;
        };
    }

    @Test
    void aProbeIsATryOfItsEventSoThatOneThatAlwaysFailsIsGivenUp() {
        final ConsumerBench bench = new ConsumerBench(TestSettings.of(
                "c",
                new RetryPolicy(3, 1, 1),
                RetryMode.HEAD_OF_LINE,
                OnDeadLetter.CONTINUE,
                64,
                THREE.afterFailuresInRow(2)));
        offer(bench, 1, 3);
        pollThrough(bench, 10, failing(1));
        assertThat(seen).containsExactly(1L, 1L, 1L, 1L, 2L, 3L);
        assertThat(bench.letters).hasSize(1);
        assertThat(bench.letters.get(0).attempts()).isEqualTo(4);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.CLOSED);
        assertThat(bench.consumer.isEmpty()).isTrue();
    }

    @Test
    void eventsThatAlwaysFailInARowAreGivenUpOneAfterTheOther() {
        for (final int limit : new int[] {1, 2, 10}) {
            final ConsumerBench bench = new ConsumerBench(
                    TestSettings.of("c", new RetryPolicy(3, 1, 1), RetryMode.PARK, OnDeadLetter.CONTINUE, 5, THREE));
            for (int i = 1; i <= 40; i++) {
                bench.offer(i, i % 3); // so that the parking is full of what waits behind
            }
            pollThrough(bench, limit, failing(20));
            assertThat(bench.letters).as("limit %d", limit).hasSize(20);
            assertThat(bench.consumer.delivered()).isEqualTo(20);
        }
    }

    @Test
    void withALimitOfOneWhatWaitsBehindIsNoProbe() {
        final ConsumerBench bench = bench("c", 3, THREE);
        for (int i = 1; i <= 30; i++) {
            bench.offer(i, 1);
        }
        final ConsumerHandler failing = failing(1);
        for (int i = 0; i < 3; i++) {
            bench.now += 1;
            bench.consumer.poll(failing, 1);
            bench.consumer.poll(failing, 1);
        }
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.OPEN);
        bench.now += OPEN;
        assertThat(bench.consumer.poll(event -> Outcome.RETRY, 1)).isZero();
        assertThat(bench.consumer.breakerState()).as("the first probe failed").isEqualTo(BreakerState.OPEN);
        bench.writeLetter();
        bench.now += 2 * OPEN;
        bench.consumer.poll(event -> Outcome.ACK, 1);
        assertThat(bench.consumer.breakerState())
                .as("the second comes from the channel, or from what waits")
                .isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aLateRetryOfAnEventHandedOutBeforeItOpenedUsesUpNoTry() {
        final ConsumerBench bench = bench("c", 0, THREE);
        answer = Outcome.DEFER;
        offer(bench, 1, 1);
        poll(bench, 10);
        answer = Outcome.RETRY;
        offer(bench, 2, 4);
        poll(bench, 10);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.OPEN);
        bench.consumer.acknowledge(1, 1, Outcome.RETRY);
        for (int i = 0; i < 10; i++) {
            poll(bench, 10);
            bench.writeLetter();
        }
        assertThat(bench.letters)
                .extracting(ConsumerBench.Letter::sequence)
                .as("those whose last try it was")
                .containsExactly(2L, 3L, 4L);
        answer = Outcome.ACK;
        bench.now += OPEN;
        assertThat(poll(bench, 10)).isEqualTo(1);
        assertThat(bench.consumer.delivered()).isEqualTo(1);
    }

    @Test
    void aProbeWhoseAcknowledgementIsLostIsNotWaitedForForEver() {
        final ConsumerBench bench = bench("c", 3, THREE);
        offer(bench, 1, 4);
        poll(bench, 10);
        bench.now += OPEN;
        answer = Outcome.DEFER;
        poll(bench, 10);
        assertThat(seen).hasSize(4);
        answer = Outcome.ACK;
        bench.now += OPEN - 1;
        poll(bench, 10);
        assertThat(seen).hasSize(4);
        bench.now += 1;
        assertThat(poll(bench, 10))
                .as("another probe, and all that it lets through")
                .isEqualTo(3);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.CLOSED);
        bench.consumer.acknowledge(seen.get(3), seen.get(3) > 3 ? 1 : 2, Outcome.ACK);
        assertThat(poll(bench, 10)).as("late, and taken").isEqualTo(1);
        assertThat(bench.consumer.isEmpty()).isTrue();
    }

    @Test
    void aProbeThatIsAnsweredLateIsCountedWhileHalfOpen() {
        final ConsumerBench bench = bench("c", 3, THREE);
        offer(bench, 1, 20);
        poll(bench, 10);
        answer = Outcome.DEFER;
        for (int i = 1; i <= 3; i++) {
            bench.now += OPEN;
            poll(bench, 10);
            assertThat(seen).as("one probe more").hasSize(3 + i);
        }
        bench.consumer.acknowledge(seen.get(3), seen.get(3) > 3 ? 1 : 2, Outcome.ACK); // of the first
        poll(bench, 10);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aDeferredProbeIsWaitedFor() {
        final ConsumerBench bench = bench("c", 3, THREE);
        offer(bench, 1, 4);
        poll(bench, 10);
        bench.now += OPEN;
        answer = Outcome.DEFER;
        poll(bench, 10);
        assertThat(seen).hasSize(4);
        bench.now += OPEN - 1;
        poll(bench, 10);
        assertThat(seen).hasSize(4);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.ACKNOWLEDGEMENT);
        answer = Outcome.ACK;
        assertThat(bench.consumer.acknowledge(seen.get(3), seen.get(3) > 3 ? 1 : 2, Outcome.ACK))
                .isTrue();
        assertThat(poll(bench, 10)).isEqualTo(4);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void changesAreToldInOrderOnASubjectOfTheConsumersName() {
        final ConsumerBench bench = bench("risk.eu *>\n1", 3, THREE);
        bench.now = 1_500_000_000L;
        offer(bench, 1, 3);
        bench.noticesHaveRoom = false;
        poll(bench, 10);
        bench.now += OPEN;
        answer = Outcome.ACK;
        poll(bench, 10);
        assertThat(bench.consumer.isEmpty()).isTrue();
        assertThat(bench.notices).isEmpty();
        bench.noticesHaveRoom = true;
        poll(bench, 10);
        final String subject = "$RINGLINE.consumer.risk_eu____1.breaker ";
        assertThat(bench.notices)
                .containsExactly(
                        subject + "{\"state\":\"OPEN\",\"failures\":3,\"time\":\"1970-01-01T00:00:01.500Z\"}",
                        subject + "{\"state\":\"HALF_OPEN\",\"failures\":3,\"time\":\"1970-01-01T00:00:01.500010Z\"}",
                        subject + "{\"state\":\"CLOSED\",\"failures\":0,\"time\":\"1970-01-01T00:00:01.500010Z\"}");
        assertThat(bench.consumer.noticesDropped()).isZero();
    }

    @Test
    void whereTooManyNoticesWaitTheOldestIsGivenUpAndCounted() {
        final List<String> told = new ArrayList<>();
        final boolean[] room = {false};
        final BreakerNotices notices = new BreakerNotices("c", (subject, at, length, payload, from, bytes) -> {
            if (room[0]) {
                told.add(payload.getStringWithoutLengthUtf8(from, bytes));
            }
            return room[0];
        });
        for (int i = 1; i <= 19; i++) {
            notices.add(BreakerState.OPEN, i, 0);
        }
        assertThat(notices.dropped()).isEqualTo(3);
        room[0] = true;
        notices.tell();
        assertThat(told).hasSize(16);
        assertThat(told.get(0)).contains("\"failures\":4,");
        assertThat(told.get(15)).contains("\"failures\":19,");
        assertThat(notices.isWaiting()).isFalse();
    }

    private static BreakerNotices notices() {
        return new BreakerNotices("c", TestSettings.NO_NOTICES);
    }

    @Test
    void aDisabledOneNeverOpens() {
        final ConsumerBench bench = bench("c", Integer.MAX_VALUE, BreakerPolicy.disabled());
        offer(bench, 1, 30);
        for (int i = 0; i < 100; i++) {
            poll(bench, 100);
            bench.now += 1;
        }
        assertThat(seen).hasSize(30 * 100);
    }

    @Test
    void settingsAreChecked() {
        final BreakerPolicy policy = BreakerPolicy.defaults();
        assertThatThrownBy(() -> policy.afterFailuresInRow(-1)).hasMessageContaining("failuresInRow is -1");
        assertThatThrownBy(() -> policy.atFailureRate(0, 10, 1)).hasMessageContaining("failureRate is 0");
        assertThatThrownBy(() -> policy.atFailureRate(Double.NaN, 10, 1)).hasMessageContaining("failureRate");
        assertThatThrownBy(() -> policy.atFailureRate(0.5, 10, 11)).hasMessageContaining("give it 1 to 10");
        assertThatThrownBy(() -> policy.atFailureRate(0.5, -1, 1)).hasMessageContaining("window");
        assertThatThrownBy(() -> policy.openFor(2, 1)).hasMessageContaining("open times are 2 to 1");
        assertThatThrownBy(() -> policy.withProbes(0)).hasMessageContaining("probes is 0");
    }
}
