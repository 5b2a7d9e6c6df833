package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** start, drain and close: in any order, twice, from any thread, under every topology. */
class StartStopContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long MS = 1_000_000L;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[8]);
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();

    private static RouterContext context(final Topology topology) {
        return new RouterContext()
                .topology(topology)
                .publisherType(PublisherType.MULTI)
                .ringSize(64)
                .addConsumer(new ConsumerConfig("all").patterns(">"))
                .addConsumer(new ConsumerConfig("a").patterns("a").channelCapacity(5));
    }

    private static List<String> routerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("ringline"))
                .toList();
    }

    @AfterEach
    void noThreadIsLeft() {
        assertThat(routerThreads()).isEmpty();
        assertThat(wrong.get()).isNull();
    }

    private Thread thread(final String name, final Runnable work) {
        final Thread thread = new Thread(work, name);
        thread.setUncaughtExceptionHandler((t, failure) -> wrong.compareAndSet(null, failure));
        thread.start();
        return thread;
    }

    private static int poll(final Ringline router, final String consumer) {
        return router.consumer(consumer).poll(event -> Outcome.ACK, 100);
    }

    private static void until(final BooleanSupplier done) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        while (!done.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.yield();
        }
        assertThat(done.getAsBoolean()).as("in time").isTrue();
    }

    private static void addsUp(final DrainReport report) {
        assertThat(report.accepted())
                .as("%s", report)
                .isEqualTo(
                        report.inRing() + report.held() + report.released() + report.duplicates() + report.refused());
        assertThat(report.inRing()).isBetween(0L, 64L);
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatIsPublishedBeforeTheStartIsDeliveredAfterIt(final Topology topology) {
        try (Ringline router = Ringline.create(context(topology))) {
            assertThat(routerThreads()).isEmpty();
            final Publisher publisher = router.publisher();
            assertThat(publisher.tryPublish(router.subject("b"), payload, 0, 8)).isZero();
            if (topology != Topology.INLINE) {
                assertThat(router.report().inRing()).isEqualTo(1);
            }
            router.start();
            router.start();
            assertThat(routerThreads())
                    .hasSize(
                            switch (topology) {
                                case INLINE -> 0;
                                case FUSED -> 1;
                                case STAGED -> 5;
                            });
            until(() -> router.doWork() + poll(router, "all") > 0
                            && router.consumer("all").delivered() == 1
                    || router.consumer("all").delivered() == 1);
            final DrainReport report = router.drain(LIMIT_NS);
            assertThat(report.complete()).isTrue();
            assertThat(report.waitsFor()).isEmpty();
            assertThat(report.delivered()).isEqualTo(1);
            assertThat(report.released()).isEqualTo(1);
            addsUp(report);
            assertThat(publisher.tryPublish(router.subject("b"), payload, 0, 8)).isEqualTo(Publisher.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRouterThatIsClosedStaysSo(final Topology topology) {
        final Ringline never = Ringline.create(context(topology));
        never.publisher().whenRoom(1, never::close); // called at the end, by the very thread that closes
        never.close();
        assertThatThrownBy(never::start).hasMessageContaining("create another");
        final Ringline router = Ringline.start(context(topology));
        router.publisher().tryPublish(router.subject("b"), payload, 0, 8);
        router.close();
        router.close();
        assertThat(routerThreads()).isEmpty();
        assertThatThrownBy(router::start).isInstanceOf(IllegalStateException.class);
        assertThat(router.doWork()).isZero();
        final DrainReport report = router.drain(LIMIT_NS); // at once
        assertThat(report.accepted()).isEqualTo(1);
        assertThat(report.complete()).isFalse();
        assertThat(report.inRing() + report.inChannels()).isEqualTo(1);
        addsUp(report);
        router.close();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aDrainBeforeTheStartSaysWhatIsThereAndTheStartDeliversIt(final Topology topology) {
        try (Ringline router = Ringline.create(context(topology))) {
            router.publisher().tryPublish(router.subject("b"), payload, 0, 8);
            final DrainReport report = router.drain(LIMIT_NS);
            assertThat(report.complete()).isFalse();
            assertThat(report.accepted()).isEqualTo(1);
            addsUp(report);
            router.start();
            until(() -> router.doWork() + poll(router, "all") >= 0
                    && router.consumer("all").delivered() == 1);
            assertThat(router.drain(LIMIT_NS).complete()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aDeadConsumerEndsADrainAtItsTimeAndIsNamed(final Topology topology) {
        try (Ringline router = Ringline.start(context(topology))) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            for (int i = 0; i < 9; i++) {
                assertThat(publisher.tryPublish(a, payload, 0, 8)).isNotNegative();
            }
            until(() -> router.doWork() + poll(router, "all") >= 0
                    && router.consumer("all").delivered() >= 5
                    && router.consumer("a").channel().offered() == 5);
            final long start = System.nanoTime();
            final DrainReport report = router.drain(30 * MS);
            if (topology != Topology.INLINE) {
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30 * MS);
            }
            assertThat(report.complete()).isFalse();
            assertThat(report.accepted()).isEqualTo(9);
            assertThat(report.released()).isEqualTo(5);
            assertThat(report.inRing()).isEqualTo(4);
            addsUp(report);
            assertThat(report.waitsFor()).anySatisfy(consumer -> {
                assertThat(consumer.name()).isEqualTo("a");
                assertThat(consumer.pending()).isEqualTo(5);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theRoutersOwnThreadMayDrainAndClose(final Topology topology) throws InterruptedException {
        final Ringline router = Ringline.start(context(topology));
        final Publisher publisher = router.publisher();
        publisher.tryPublish(router.subject("b"), payload, 0, 8);
        final AtomicReference<DrainReport> report = new AtomicReference<>();
        final Thread[] others = new Thread[1];
        publisher.whenRoom(1, () -> {
            report.set(router.drain(10 * LIMIT_NS));
            others[0] = thread("test-closes-too", router::close);
            router.close();
            router.close();
        });
        until(() -> {
            router.doWork();
            return report.get() != null && routerThreads().isEmpty();
        });
        others[0].join(TimeUnit.NANOSECONDS.toMillis(LIMIT_NS));
        assertThat(others[0].isAlive()).isFalse();
        assertThat(report.get().accepted()).isEqualTo(1);
        router.close();
        assertThat(router.doWork()).isZero();
        assertThat(router.failure()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aHandlerMayDrainAndClose(final Topology topology) {
        final Ringline router = Ringline.create(context(topology));
        router.publisher().tryPublish(router.subject("b"), payload, 0, 8);
        router.start();
        until(() -> {
            router.doWork();
            router.consumer("all")
                    .poll(
                            event -> {
                                router.drain(MS);
                                router.close();
                                return Outcome.ACK;
                            },
                            1);
            return router.consumer("all").delivered() == 1;
        });
        assertThat(router.report().delivered()).isEqualTo(1);
        assertThat(router.report().complete()).isTrue();
    }

    /** Publishes until the router takes no more; answers with how much it took. */
    private long publishUntilClosed(final Publisher publisher, final Subject subject, final Random random) {
        final EventDraft draft = new EventDraft().subject(subject).payload(payload, 0, 8);
        final EventDraft[] drafts = {draft, draft, draft};
        long taken = 0;
        while (true) {
            final boolean one = random.nextBoolean();
            final long answer = one
                    ? publisher.tryPublish(subject, payload, 0, 8)
                    : publisher.tryPublishBatch(drafts, 0, 1 + random.nextInt(3));
            if (answer == Publisher.CLOSED) {
                return taken;
            }
            if (answer >= 0) {
                taken += one ? 1 : answer;
            } else {
                Thread.yield();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void inAnyOrderFromAnyThreadNothingAcceptedIsLostFromTheReport(final Topology topology)
            throws InterruptedException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 25; round++) {
            controlFromAllSides(topology, random, "seed " + seed + " round " + round);
        }
    }

    private void controlFromAllSides(final Topology topology, final Random random, final String which)
            throws InterruptedException {
        final Ringline router = Ringline.create(context(topology));
        final AtomicLong accepted = new AtomicLong();
        final List<Thread> threads = new ArrayList<>();
        for (final String subject : new String[] {"a", "b"}) {
            final Random own = new Random(random.nextLong());
            threads.add(thread(
                    "test-publisher",
                    () -> accepted.addAndGet(publishUntilClosed(router.publisher(), router.subject(subject), own))));
        }
        final AtomicBoolean over = new AtomicBoolean();
        final Thread consumer = thread("test-consumer", () -> {
            while (!over.get()) {
                router.consumers().forEach(one -> one.poll(event -> Outcome.ACK, 10));
                Thread.yield();
            }
        });
        for (int i = 0; i < 3; i++) {
            final Random own = new Random(random.nextLong());
            threads.add(thread("test-controls", () -> control(router, own)));
        }
        until(() -> {
            router.doWork();
            return threads.stream().noneMatch(Thread::isAlive);
        });
        over.set(true);
        consumer.join();
        assertThat(wrong.get()).as(which).isNull();
        router.close();
        assertThat(routerThreads()).isEmpty();
        final DrainReport report = router.report();
        addsUp(report);
        assertThat(report.accepted()).as("%s: %s", which, report).isEqualTo(accepted.get());
        final long onItsWay =
                report.consumers().get(0).pending() + report.consumers().get(0).delivered();
        assertThat(onItsWay).as("%s: %s", which, report).isBetween(report.released(), report.released() + 1);
    }

    private static void control(final Ringline router, final Random random) {
        for (int i = 0; i < 4; i++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    try {
                        router.start();
                    } catch (final IllegalStateException closedAlready) {
                        assertThat(closedAlready).hasMessageContaining("closed");
                    }
                }
                case 1 -> router.drain(random.nextInt(3_000_000));
                default -> {
                    if (i > 1) {
                        router.close();
                    }
                }
            }
        }
        router.close();
    }
}
