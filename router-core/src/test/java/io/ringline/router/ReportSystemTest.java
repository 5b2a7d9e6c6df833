package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.subject.Subject;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a report says, and orders that overtake each other, while the router's own threads run. */
class ReportSystemTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int EVENTS = 5_000;
    private static final int ORDERS = 10_000;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[8]);

    @ParameterizedTest
    @EnumSource(
            value = Topology.class,
            names = {"FUSED", "STAGED"})
    void anEventBetweenRingAndChannelIsNotMissed(final Topology topology) {
        final RouterContext context =
                new RouterContext().topology(topology).addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            final SubjectConsumer all = router.consumer("all");
            for (int i = 1; i <= EVENTS; i++) {
                assertThat(publisher.tryPublish(a, payload, 0, 8)).isNotNegative();
                final long deadline = System.nanoTime() + LIMIT_NS;
                boolean through;
                do {
                    through = router.fannedOutSequence() >= i;
                    if (router.report().complete()) {
                        assertThat(i)
                                .as("complete with an event that nobody was given")
                                .isZero();
                    }
                } while (!through && System.nanoTime() < deadline);
                assertThat(all.poll(event -> Outcome.ACK, 10)).isEqualTo(1);
            }
            assertThat(router.drain(LIMIT_NS).complete()).isTrue();
        }
    }

    @Test
    void ordersToReleaseFromSeveralThreadsAllGoThrough() throws InterruptedException {
        final RouterContext context =
                new RouterContext().topology(Topology.FUSED).publisherType(PublisherType.MULTI);
        final AtomicReference<Throwable> wrong = new AtomicReference<>();
        try (Ringline router = Ringline.start(context)) {
            final Thread[] threads = new Thread[3];
            for (int t = 0; t < threads.length; t++) {
                threads[t] = new Thread(() -> {
                    for (int i = 0; i < ORDERS; i++) {
                        router.releaseHeld();
                    }
                });
                threads[t].setUncaughtExceptionHandler((thread, failure) -> wrong.compareAndSet(null, failure));
                threads[t].setDaemon(true);
                threads[t].start();
            }
            for (final Thread thread : threads) {
                thread.join(TimeUnit.NANOSECONDS.toMillis(LIMIT_NS));
                assertThat(thread.isAlive())
                        .as("it waits for a slot that never comes")
                        .isFalse();
            }
            final long deadline = System.nanoTime() + LIMIT_NS;
            while (!router.isQuiet() && System.nanoTime() < deadline) {
                Thread.yield();
            }
            assertThat(router.isQuiet()).as("all slots are through").isTrue();
            assertThat(wrong.get()).isNull();
        }
    }
}
