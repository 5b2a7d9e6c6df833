package io.ringline.router.consumer;

import static io.ringline.router.consumer.ConsumerBench.DELAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.record.DeadLetterReason;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryTest {
    private final ConsumerBench bench = new ConsumerBench(TestSettings.of("c", new RetryPolicy(3, DELAY, 2 * DELAY)));
    private int tries;

    /** What a handler does at each try. */
    private interface Try {
        @Nullable
        Outcome at(int number) throws Exception;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneak(final Throwable failure) throws T {
        throw (T) failure;
    }

    @SuppressWarnings("NullAway") // a handler that answers null is what is tested
    private int poll(final Try handler) {
        return bench.consumer.poll(
                event -> {
                    tries++;
                    try {
                        return handler.at(tries);
                    } catch (final Exception failure) {
                        throw sneak(failure);
                    }
                },
                10);
    }

    private ConsumerBench.Letter exhaust(final Try handler) {
        bench.offer(1, 1);
        for (int i = 0; i < 20 && bench.letters.isEmpty(); i++) {
            poll(handler);
            bench.writeLetter();
            bench.now += 2 * DELAY;
        }
        assertThat(poll(handler)).isEqualTo(1);
        assertThat(bench.letters).hasSize(1);
        return bench.letters.get(0);
    }

    @Test
    void aDeadLetterComesAfterExactlyMaxRetriesRetriesWithItsStory() {
        final long start = bench.now;
        final ConsumerBench.Letter letter = exhaust(number -> {
            if (number == 1) {
                throw new IllegalStateException("first", new IllegalArgumentException("the cause"));
            }
            if (number == 2) {
                throw new java.io.IOException("checked");
            }
            throw new StackOverflowError("last");
        });
        assertThat(tries).isEqualTo(4);
        assertThat(bench.consumer.retried()).isEqualTo(3);
        assertThat(letter.attempts()).isEqualTo(4);
        assertThat(letter.reason()).isEqualTo(DeadLetterReason.RETRIES_EXHAUSTED);
        assertThat(letter.firstError())
                .startsWith("java.lang.IllegalStateException: first\n  at io.ringline")
                .contains("\ncaused by java.lang.IllegalArgumentException: the cause\n  at ");
        assertThat(letter.error()).startsWith("java.lang.StackOverflowError: last\n  at ");
        assertThat(letter.firstFailureNs()).isEqualTo(start);
        assertThat(letter.timeNs()).isEqualTo(start + 6 * DELAY);
    }

    @Test
    void whereThereIsOneErrorItIsToldOnce() {
        final ConsumerBench.Letter letter = exhaust(number -> Outcome.REJECT);
        assertThat(letter.firstError()).isEmpty();
        assertThat(letter.error()).isEqualTo("the handler answered REJECT");
    }

    @Test
    void anAnswerOfNullIsARetry() {
        final ConsumerBench.Letter letter = exhaust(number -> null);
        assertThat(tries).isEqualTo(4);
        assertThat(letter.error()).startsWith("the handler answered null: it must answer ACK");
    }

    @Test
    void errorsOfTheVmAndThoseThatCannotBeToldAreRetriesToo() {
        final ConsumerBench.Letter letter = exhaust(number -> {
            if (number == 1) {
                throw new OutOfMemoryError("none left");
            }
            if (number == 2) {
                throw new Stopped();
            }
            throw new Nasty();
        });
        assertThat(letter.firstError()).startsWith("java.lang.OutOfMemoryError: none left");
        assertThat(letter.error()).isNotEmpty();
    }

    /** As a thread that was told to stop would throw. */
    private static final class Stopped extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Throws whatever it is asked. */
    private static final class Nasty extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new StackOverflowError();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new OutOfMemoryError();
        }
    }

    @Test
    void errorsAreOfBoundedLength() {
        final ConsumerBench.Letter letter = exhaust(number -> {
            throw new IllegalStateException("x".repeat(100_000));
        });
        assertThat(letter.error()).hasSize(2_000);
        assertThat(letter.firstError()).hasSize(2_000);
    }

    @Test
    void anEventWithATroubledConsumerIsTakenOverOnce() {
        bench.offer(1, 1);
        bench.offer(2, 2);
        poll(number -> number == 1 ? Outcome.RETRY : Outcome.ACK);
        bench.offer(3, 3);
        assertThat(poll(number -> Outcome.ACK)).isEqualTo(1);
        bench.now += DELAY;
        assertThat(poll(number -> Outcome.ACK)).isEqualTo(1);
        assertThat(bench.consumer.delivered()).isEqualTo(3);
        assertThat(bench.consumer.eventsProcessed()).isEqualTo(3);
        assertThat(tries).isEqualTo(4);
    }

    private static long[] waits(final double fraction, final long seed) {
        final Backoff backoff = new Backoff(new RetryPolicy(9, 1_000, 8_000, fraction, seed));
        return LongStream.rangeClosed(1, 200)
                .map(i -> backoff.nextTryNs((int) (1 + i % 6), 0))
                .toArray();
    }

    @Test
    void jitterShortensWaitsAndFollowsFromItsSeed() {
        final long[] plain = waits(0, 1);
        final long[] jittered = waits(0.5, 1);
        assertThat(waits(0.5, 1)).isEqualTo(jittered);
        assertThat(waits(0.5, 2)).isNotEqualTo(jittered);
        for (int i = 0; i < plain.length; i++) {
            assertThat(jittered[i]).isBetween(plain[i] / 2, plain[i]);
        }
        assertThat(Arrays.stream(jittered).sum())
                .isLessThan(Arrays.stream(plain).sum() * 9 / 10);
    }

    @Test
    void anEndlessWaitDoesNotWrapAround() {
        final Backoff backoff = new Backoff(new RetryPolicy(1, Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(backoff.nextTryNs(1, 1_000)).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> new RetryPolicy(1, 0, 0, 1.1, 0)).hasMessageContaining("retryJitter is 1.1");
        assertThatThrownBy(() -> new RetryPolicy(1, 0, 0, Double.NaN, 0)).hasMessageContaining("retryJitter");
    }

    @Test
    void anAgentPollsUnderTheConsumersName() throws Exception {
        bench.offer(1, 1);
        final org.agrona.concurrent.Agent agent = bench.consumer.agent(event -> Outcome.ACK, 10);
        assertThat(agent.roleName()).isEqualTo("c");
        assertThat(agent.doWork()).isEqualTo(1);
        agent.onClose();
        bench.offer(2, 1);
        assertThat(bench.consumer.poll(event -> Outcome.ACK, 10)).isEqualTo(1);
    }
}
