package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads that die with something open, while others publish: nothing stands still, nothing is lost, nothing is made up. */
class AbandonedClaimSystemTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int PUBLISHERS = 3;
    private static final int EVENTS = 4_000;
    private static final int DEATHS = 12;

    private final AtomicLong accepted = new AtomicLong();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();
    private final long seed = System.nanoTime();

    private Thread thread(final Runnable work) {
        final Thread thread = new Thread(work);
        thread.setUncaughtExceptionHandler((t, failure) -> wrong.compareAndSet(null, failure));
        thread.start();
        return thread;
    }

    /** Publishes in all the ways there are, until enough is accepted. */
    private void publishAll(final Publisher publisher, final Subject subject, final Random random) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[8]);
        final EventDraft draft = new EventDraft().subject(subject).payload(payload, 0, 8);
        final EventDraft[] drafts = {draft, draft, draft, draft, draft};
        final long deadline = System.nanoTime() + LIMIT_NS;
        int taken = 0;
        while (taken < EVENTS && System.nanoTime() < deadline) {
            final long answer;
            switch (random.nextInt(3)) {
                case 0 -> answer = publisher.tryPublish(subject, payload, 0, 8) < 0 ? 0 : 1;
                case 1 -> answer = publisher.tryPublishBatch(drafts, 0, 1 + random.nextInt(5));
                default -> {
                    final long claim = publisher.tryClaim(draft);
                    answer = claim < 0 ? 0 : 1;
                    if (claim >= 0) {
                        publisher.payloadBuffer().putLong(publisher.payloadOffset(), 0);
                        publisher.commit(claim);
                    }
                }
            }
            if (answer > 0) {
                taken += (int) answer;
            } else {
                Thread.yield();
            }
        }
        accepted.addAndGet(taken);
    }

    /** Claims, one or several, and ends. */
    private void die(final Publisher publisher, final Subject subject, final Random random) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[8]);
        final EventDraft draft = new EventDraft().subject(subject).payload(payload, 0, 8);
        final long deadline = System.nanoTime() + LIMIT_NS;
        int open = 0;
        while (open <= 0 && System.nanoTime() < deadline) {
            if (random.nextBoolean()) {
                open = publisher.tryClaim(draft) < 0 ? 0 : 1;
            } else {
                open = publisher.tryOpenBatch(1 + random.nextInt(5));
                if (open > 1) {
                    publisher.tryPublish(draft);
                }
            }
        }
        abandoned.addAndGet(Math.max(0, open));
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void othersGoOnWhenAThreadDiesWithSomethingOpen(final Topology topology) throws InterruptedException {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .publisherType(PublisherType.MULTI)
                .ringSize(64)
                .claimTimeoutNs(TimeUnit.MILLISECONDS.toNanos(20))
                .addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                final Random random = new Random(seed + i);
                final Subject subject = router.subject("a." + i);
                threads.add(thread(() -> publishAll(router.publisher(), subject, random)));
            }
            for (int i = 0; i < DEATHS; i++) {
                final Random random = new Random(seed - i);
                final Subject subject = router.subject("dead." + i);
                final Publisher publisher = router.publisher();
                final Thread dies = thread(() -> die(publisher, subject, random));
                pollUntil(router, () -> !dies.isAlive());
            }
            pollUntil(router, () -> threads.stream().noneMatch(Thread::isAlive));
            pollUntil(
                    router, () -> router.isQuiet() && router.consumers().get(0).isEmpty());
            assertThat(wrong.get()).as("seed %d", seed).isNull();
            assertThat(router.failure()).isNull();
            final DrainReport report = router.report();
            assertThat(accepted.get()).isGreaterThanOrEqualTo(PUBLISHERS * EVENTS);
            assertThat(report.accepted()).as("seed %d", seed).isEqualTo(accepted.get());
            assertThat(report.delivered()).isEqualTo(accepted.get());
            assertThat(router.statistics().abandoned()).as("seed %d", seed).isEqualTo(abandoned.get());
        }
    }

    private static void pollUntil(final Ringline router, final java.util.function.BooleanSupplier done) {
        final SubjectConsumer consumer = router.consumer("all");
        final long deadline = System.nanoTime() + LIMIT_NS;
        while (!done.getAsBoolean() && System.nanoTime() < deadline) {
            final int work = router.doWork()
                    + consumer.poll(event -> event.subject().startsWith("dead") ? Outcome.REJECT : Outcome.ACK, 100);
            if (work == 0) {
                Thread.yield();
            }
        }
        assertThat(done.getAsBoolean()).as("in time").isTrue();
    }
}
