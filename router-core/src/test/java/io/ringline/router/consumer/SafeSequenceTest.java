package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What another thread reads as safe, wherever the polling thread goes on in between. */
class SafeSequenceTest {
    private final ConsumerSettings settings = TestSettings.of("c", new RetryPolicy(3, 1, 1));
    private int callsToCome;

    /** Lets the consumer finish what waits, before one of the reads. */
    private final class Interrupted extends Parking {
        Interrupted() {
            super(64, 4_096);
        }

        @Override
        long lowest() {
            if (--callsToCome == 0) {
                bench.now += 1;
                bench.consumer.poll(event -> Outcome.ACK, 10);
            }
            return super.lowest();
        }
    }

    private final ConsumerBench bench = new ConsumerBench(settings, new Interrupted());

    @Test
    void itNeverFalls() {
        long sequence = 0;
        for (int call = 1; call <= 3; call++) {
            sequence += 10; // far apart, as where most events are not this consumer's
            bench.offer(sequence, 1);
            bench.consumer.poll(event -> Outcome.RETRY, 10);
            final long before = bench.consumer.safeGlobalSequence();
            assertThat(before).isEqualTo(sequence - 1);
            callsToCome = call;
            assertThat(bench.consumer.safeGlobalSequence())
                    .as("done with before read %d", call)
                    .isBetween(before, sequence);
            callsToCome = 0;
            bench.now += 1;
            bench.consumer.poll(event -> Outcome.ACK, 10);
            assertThat(bench.consumer.safeGlobalSequence()).isEqualTo(sequence);
        }
    }
}
