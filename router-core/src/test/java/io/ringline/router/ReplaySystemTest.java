package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.ConsumerPoller;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.ReplayState;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three consumers with threads of their own, of which one stops again and again under {@code REPLAY}: the others get every
 * event while it stands still, and it ends with every event once, in order.
 */
class ReplaySystemTest {
    private static final int ROUNDS = 20;
    private static final int EVENTS_A_ROUND = 5_000;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path temp;

    private final UnsafeBuffer subject = new UnsafeBuffer("s.x".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();
    private volatile boolean stopped;
    private volatile boolean atRest;
    private volatile boolean ended;

    /** Polls until the end, and fails the test where an event does not follow the one before. */
    private Thread polling(final Ringline router, final SubjectConsumer consumer, final boolean stops) {
        final long[] last = new long[1];
        final ConsumerPoller poller = router.poller(List.of(consumer), event -> {
            if (event.globalSequence() != ++last[0]) {
                wrong.compareAndSet(
                        null,
                        new AssertionError(consumer.name() + " got " + event.globalSequence() + " as its " + last[0]));
            }
            return Outcome.ACK;
        });
        final Thread thread = new Thread(() -> {
            while (!ended) {
                if (stops && stopped) {
                    atRest = true;
                    LockSupport.parkNanos(100_000);
                } else if (poller.poll(50) == 0) {
                    Thread.onSpinWait();
                }
            }
        });
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((which, thrown) -> wrong.compareAndSet(null, thrown));
        thread.start();
        return thread;
    }

    private void await(final String what, final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean() && wrong.get() == null) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(10_000);
        }
        assertThat(wrong.get()).isNull();
    }

    private void publish(final Publisher publisher, final int count) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        int published = 0;
        while (published < count && wrong.get() == null) {
            if (publisher.tryPublish(subject, 0, subject.capacity(), subject, 0, subject.capacity()) >= 0) {
                published++;
            } else {
                assertThat(System.nanoTime()).as("the ring goes on").isLessThan(deadline);
                Thread.yield();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Topology.class,
            names = {"FUSED", "STAGED"})
    void oneThatStopsGetsAllAndTheOthersDoNotWait(final Topology topology) throws InterruptedException {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .journal(ChronicleJournal.open(temp.toFile(), new JournalSettings()));
        for (int i = 0; i < 3; i++) {
            context.addConsumer(new ConsumerConfig("c" + i)
                    .patterns("s.*")
                    .channelCapacity(i == 1 ? 64 : 10_000)
                    .overflow(i == 1 ? OverflowPolicy.REPLAY : OverflowPolicy.BACK_PRESSURE));
        }
        try (Ringline router = Ringline.start(context)) {
            final List<SubjectConsumer> all = router.consumers();
            final SubjectConsumer slow = all.get(1);
            final List<Thread> threads = all.stream()
                    .map(each -> polling(router, each, each == slow))
                    .toList();
            final Publisher publisher = router.publisher();
            for (int round = 1; round <= ROUNDS; round++) {
                stopped = true;
                await("it stops", () -> atRest);
                publish(publisher, EVENTS_A_ROUND);
                final long sum = (long) round * 2 * EVENTS_A_ROUND - EVENTS_A_ROUND;
                await(
                        "the others get all",
                        () -> all.get(0).delivered() == sum && all.get(2).delivered() == sum);
                atRest = false;
                stopped = false;
                publish(publisher, EVENTS_A_ROUND); // merges, and leaves again, while events flow
                await("it gets all", () -> slow.delivered() == sum + EVENTS_A_ROUND);
            }
            await("all is empty", () -> router.drain(1).complete());
            ended = true;
            for (final Thread thread : threads) {
                thread.join();
            }
            assertThat(router.failure()).isNull();
            assertThat(slow.timesDetached()).isGreaterThanOrEqualTo(ROUNDS);
            assertThat(slow.eventsReplayed()).isGreaterThan(ROUNDS * EVENTS_A_ROUND / 2);
            assertThat(slow.replayState()).isNotEqualTo(ReplayState.FAILED);
            System.out.printf(
                    "ReplaySystemTest %s: detached %,d times, %,d of %,d events from the journal%n",
                    topology, slow.timesDetached(), slow.eventsReplayed(), slow.delivered());
        }
    }
}
