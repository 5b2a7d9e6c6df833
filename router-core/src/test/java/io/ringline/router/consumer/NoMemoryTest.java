package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of an event that was not acknowledged where there is no memory to note that. */
class NoMemoryTest {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private final ConsumerSettings settings = TestSettings.of("c", new RetryPolicy(1, 1, 1));
    private final List<String> seen = new ArrayList<>();
    private int failing = Integer.MAX_VALUE;
    private Outcome answer = Outcome.RETRY;
    private final ConsumerBench bench = new ConsumerBench(settings, new Parking(64, 4_096, this::allocate));

    private ByteBuffer allocate(final int bytes) {
        if (failing-- > 0) {
            throw new OutOfMemoryError("Cannot reserve " + bytes + " bytes of direct buffer memory");
        }
        return ByteBuffer.allocateDirect(bytes);
    }

    private int poll() {
        return bench.consumer.poll(
                event -> {
                    seen.add(event.globalSequence() + "x" + bench.consumer.attempt());
                    return event.globalSequence() == 2 ? answer : Outcome.ACK;
                },
                10);
    }

    @Test
    void theEventStaysAndComesAgainAfterAWhileAndNoneBeforeItComesAgain() {
        bench.offer(1, 1);
        bench.offer(2, 2);
        bench.offer(3, 3);
        assertThat(poll()).isEqualTo(1);
        assertThat(seen).containsExactly("1x1", "2x1");
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.MEMORY);
        assertThat(bench.consumer.hasLeft()).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(poll()).as("no busy loop").isZero();
        }
        assertThat(seen).hasSize(2);
        bench.now += PAUSE;
        assertThat(poll()).isZero();
        assertThat(seen).endsWith("2x2");
        bench.now += PAUSE;
        answer = Outcome.ACK;
        assertThat(poll()).isEqualTo(2);
        assertThat(seen).containsExactly("1x1", "2x1", "2x2", "2x3", "3x1");
        assertThat(bench.consumer.isEmpty()).isTrue();
        assertThat(bench.consumer.delivered()).isEqualTo(3);
        assertThat(bench.consumer.retried()).isEqualTo(2);
        assertThat(bench.consumer.waitsFor()).isEqualTo(ConsumerWait.EVENTS);
    }

    @Test
    void itsTriesWithoutMemoryAreToldButUseUpNone() {
        bench.offer(2, 2);
        failing = 3;
        for (int i = 0; i < 5; i++) {
            poll();
            bench.now += PAUSE;
        }
        assertThat(seen).containsExactly("2x1", "2x2", "2x3", "2x4", "2x5");
        bench.writeLetter();
        assertThat(poll()).isEqualTo(1);
        assertThat(bench.letters).hasSize(1);
        assertThat(bench.letters.get(0).attempts()).isEqualTo(5);
        assertThat(bench.consumer.isEmpty()).isTrue();
    }

    @Test
    void anAcknowledgementOfATryThatCouldNotBeKeptFitsNothing() {
        bench.offer(2, 2);
        answer = Outcome.DEFER;
        failing = 1;
        poll();
        bench.consumer.acknowledge(2, 1, Outcome.ACK);
        bench.now += PAUSE;
        poll();
        assertThat(poll()).isZero();
        assertThat(bench.consumer.acknowledgementsIgnored()).isEqualTo(1);
        bench.consumer.acknowledge(2, 2, Outcome.ACK);
        assertThat(poll()).isEqualTo(1);
    }
}
