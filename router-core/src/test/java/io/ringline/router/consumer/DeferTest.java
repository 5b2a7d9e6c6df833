package io.ringline.router.consumer;

import static io.ringline.router.consumer.ConsumerBench.DELAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.record.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeferTest {
    private final List<Long> seen = new ArrayList<>();
    private Outcome answer = Outcome.DEFER;

    private static ConsumerBench bench(final RetryMode mode) {
        return new ConsumerBench(TestSettings.of(
                "c", new RetryPolicy(1, DELAY, DELAY), mode, OnDeadLetter.CONTINUE, 64, BreakerPolicy.disabled()));
    }

    private int poll(final ConsumerBench bench) {
        return bench.consumer.poll(
                event -> {
                    seen.add(event.globalSequence());
                    return answer;
                },
                100);
    }

    @Test
    void aDeferredEventHoldsUpItsAggregateUntilItIsAcknowledged() {
        final ConsumerBench bench = bench(RetryMode.PARK);
        bench.offer(1, 1);
        bench.offer(2, 1);
        bench.offer(3, 2);
        assertThat(poll(bench)).isZero();
        assertThat(seen).containsExactly(1L, 3L);
        assertThat(bench.consumer.lag()).isEqualTo(3);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.ACKNOWLEDGEMENT);
        assertThat(bench.consumer.acknowledge(3, 1, Outcome.ACK)).isTrue();
        assertThat(poll(bench)).isEqualTo(1);
        assertThat(bench.consumer.safeGlobalSequence()).isZero();
        assertThat(bench.consumer.lastGlobalSequence()).isEqualTo(3);
        bench.consumer.acknowledge(1, 1, Outcome.ACK);
        answer = Outcome.ACK;
        assertThat(poll(bench)).isEqualTo(2);
        assertThat(seen).containsExactly(1L, 3L, 2L);
        assertThat(bench.consumer.safeGlobalSequence()).isEqualTo(3);
        assertThat(bench.consumer.delivered()).isEqualTo(3);
        assertThat(bench.consumer.retried()).isZero();
        assertThat(bench.consumer.isEmpty()).isTrue();
    }

    @Test
    void aLaterRetryIsAFailedTryAndALaterRejectADeadLetter() {
        final ConsumerBench bench = bench(RetryMode.PARK);
        bench.offer(1, 1);
        bench.offer(2, 2);
        poll(bench);
        bench.consumer.acknowledge(1, 1, Outcome.RETRY);
        bench.consumer.acknowledge(2, 1, Outcome.REJECT);
        poll(bench);
        bench.writeLetter();
        bench.now += DELAY - 1;
        poll(bench);
        assertThat(seen).hasSize(2);
        bench.now += 1;
        poll(bench);
        assertThat(seen).containsExactly(1L, 2L, 1L);
        bench.consumer.acknowledge(1, 2, Outcome.RETRY);
        poll(bench);
        bench.writeLetter();
        assertThat(poll(bench)).isEqualTo(1);
        assertThat(bench.letters).hasSize(2);
        assertThat(bench.letters.get(0))
                .extracting(
                        ConsumerBench.Letter::reason, ConsumerBench.Letter::sequence, ConsumerBench.Letter::attempts)
                .containsExactly(DeadLetterReason.REJECTED, 2L, 1);
        assertThat(bench.letters.get(1))
                .extracting(
                        ConsumerBench.Letter::reason, ConsumerBench.Letter::sequence, ConsumerBench.Letter::attempts)
                .containsExactly(DeadLetterReason.RETRIES_EXHAUSTED, 1L, 2);
        assertThat(bench.letters.get(1).error()).contains("acknowledged later, with RETRY");
    }

    @Test
    void whatFitsNothingIsIgnoredAndCounted() {
        final ConsumerBench bench = bench(RetryMode.PARK);
        bench.consumer.acknowledge(9, 1, Outcome.ACK);
        poll(bench);
        assertThat(bench.consumer.acknowledgementsIgnored())
                .as("though nothing waits")
                .isEqualTo(1);
        bench.offer(1, 1);
        poll(bench);
        bench.consumer.acknowledge(1, 1, Outcome.ACK);
        bench.consumer.acknowledge(1, 1, Outcome.REJECT);
        bench.consumer.acknowledge(2, 1, Outcome.ACK);
        assertThat(poll(bench)).isEqualTo(1);
        assertThat(bench.consumer.acknowledgementsIgnored()).isEqualTo(3);
        assertThat(bench.consumer.delivered()).isEqualTo(1);
        assertThatThrownBy(() -> bench.consumer.acknowledge(1, 1, Outcome.DEFER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event 1 is deferred already");
    }

    @Test
    void anAnswerToAnEarlierTryIsNoneToALaterOne() {
        final ConsumerBench bench = bench(RetryMode.PARK);
        bench.offer(1, 1);
        bench.offer(2, 1);
        poll(bench);
        bench.consumer.acknowledge(1, 1, Outcome.RETRY); // a worker that gives up
        poll(bench);
        bench.now += DELAY;
        poll(bench); // deferred again, to another worker
        assertThat(seen).containsExactly(1L, 1L);
        bench.consumer.acknowledge(1, 1, Outcome.ACK); // the first one is done after all
        answer = Outcome.ACK;
        assertThat(poll(bench)).as("the second one is still at it").isZero();
        assertThat(bench.consumer.acknowledgementsIgnored()).isEqualTo(1);
        bench.consumer.acknowledge(1, 2, Outcome.ACK);
        assertThat(poll(bench)).isEqualTo(2);
        assertThat(seen).containsExactly(1L, 1L, 2L);
    }

    @Test
    void aFirstErrorThatUsedUpNoTryIsToldToo() {
        final ConsumerBench bench = new ConsumerBench(TestSettings.of(
                "c",
                new RetryPolicy(3, DELAY, DELAY),
                RetryMode.PARK,
                OnDeadLetter.CONTINUE,
                64,
                BreakerPolicy.defaults().afterFailuresInRow(1).openFor(DELAY, DELAY)));
        bench.offer(1, 1);
        poll(bench);
        bench.offer(2, 2);
        bench.consumer.poll(event -> Outcome.RETRY, 10);
        assertThat(bench.consumer.breakerState()).isEqualTo(BreakerState.OPEN);
        bench.consumer.acknowledge(1, 1, Outcome.RETRY);
        poll(bench);
        for (int i = 0; i < 5; i++) {
            bench.now += DELAY;
            bench.consumer.poll(event -> event.globalSequence() == 1 ? Outcome.REJECT : Outcome.ACK, 10);
            bench.writeLetter();
        }
        assertThat(bench.consumer.isEmpty()).isTrue();
        assertThat(bench.letters).hasSize(1);
        assertThat(bench.letters.get(0).attempts()).isEqualTo(2);
        assertThat(bench.letters.get(0).firstError()).contains("acknowledged later, with RETRY");
        assertThat(bench.letters.get(0).error()).contains("answered REJECT");
    }

    @Test
    void aHandlerThatHandsOffAndThenThrowsHasFailedOnce() {
        final ConsumerBench bench = bench(RetryMode.PARK);
        final List<Integer> attempts = new ArrayList<>();
        bench.offer(1, 1);
        bench.consumer.poll(
                event -> {
                    attempts.add(bench.consumer.attempt());
                    bench.consumer.acknowledge(1, bench.consumer.attempt(), Outcome.RETRY);
                    throw new IllegalStateException("after handing it off");
                },
                10);
        bench.now += DELAY;
        bench.consumer.poll(
                event -> {
                    attempts.add(bench.consumer.attempt());
                    return Outcome.DEFER;
                },
                10);
        poll(bench);
        assertThat(attempts).containsExactly(1, 2);
        assertThat(bench.consumer.acknowledgementsIgnored()).isEqualTo(1);
        assertThat(bench.writeLetter()).as("one try is left").isFalse();
        bench.consumer.acknowledge(1, 2, Outcome.ACK);
        assertThat(poll(bench)).isEqualTo(1);
        assertThat(bench.consumer.isEmpty()).isTrue();
    }

    @Test
    void anAcknowledgementMayComeBeforeTheHandlerReturns() {
        final ConsumerBench bench = bench(RetryMode.PARK);
        bench.offer(1, 1);
        bench.consumer.poll(
                event -> {
                    bench.consumer.acknowledge(event.globalSequence(), bench.consumer.attempt(), Outcome.ACK);
                    return Outcome.DEFER;
                },
                1);
        assertThat(poll(bench)).isEqualTo(1);
        assertThat(bench.consumer.isEmpty()).isTrue();
        assertThat(bench.consumer.acknowledgementsIgnored()).isZero();
    }

    @Test
    void asManyAsMayBeAreOutstanding() {
        final ConsumerBench bench = bench(RetryMode.PARK);
        for (int i = 1; i <= 20; i++) {
            bench.offer(i, i);
        }
        poll(bench);
        assertThat(seen).as("maxOutstanding").hasSize(8);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.ACKNOWLEDGEMENT);
        bench.consumer.acknowledge(5, 1, Outcome.ACK);
        assertThat(poll(bench)).isEqualTo(1);
        assertThat(seen).hasSize(9);
    }

    @Test
    void underHeadOfLineOneIsOutstanding() {
        final ConsumerBench bench = bench(RetryMode.HEAD_OF_LINE);
        bench.offer(1, 1);
        bench.offer(2, 2);
        poll(bench);
        assertThat(seen).containsExactly(1L);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.ACKNOWLEDGEMENT);
        bench.consumer.acknowledge(1, 1, Outcome.ACK);
        poll(bench);
        assertThat(seen).containsExactly(1L, 2L);
    }

    @Test
    void aFullQueueOfAcknowledgementsSaysSo() {
        final ConsumerBench bench = bench(RetryMode.PARK);
        int taken = 0;
        while (taken < 100_000 && bench.consumer.acknowledge(taken, 1, Outcome.ACK)) {
            taken++;
        }
        assertThat(taken).isBetween(16, 1_000);
        poll(bench);
        assertThat(bench.consumer.acknowledge(1, 1, Outcome.ACK)).isTrue();
    }
}
