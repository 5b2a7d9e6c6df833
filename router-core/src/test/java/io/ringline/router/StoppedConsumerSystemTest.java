package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.JournalSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Three consumers with threads of their own, of which one stops or dies: the others get every event meanwhile. */
class StoppedConsumerSystemTest {
    private static final int EVENTS = 5_000;
    private static final int CAPACITY = 100;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path temp;

    private final UnsafeBuffer subject = new UnsafeBuffer("s.x".getBytes(StandardCharsets.US_ASCII));
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    private static Stream<Arguments> topologiesAndPolicies() {
        return Stream.of(Topology.FUSED, Topology.STAGED)
                .flatMap(topology -> Stream.of(
                                OverflowPolicy.DROP_NEWEST, OverflowPolicy.DEAD_LETTER, OverflowPolicy.REPLAY)
                        .map(policy -> Arguments.of(topology, policy)));
    }

    private Ringline start(final Topology topology, final ConsumerConfig slow) {
        return Ringline.start(new RouterContext()
                .topology(topology)
                .ringSize(256)
                .journal(ChronicleJournal.open(temp.resolve("j").toFile(), new JournalSettings()))
                .deadLetters(DeadLetterLog.open(temp.resolve("d").toFile(), new JournalSettings()))
                .addConsumer(new ConsumerConfig("one").patterns("s.>"))
                .addConsumer(slow.patterns("s.*").channelCapacity(CAPACITY))
                .addConsumer(new ConsumerConfig("two").patterns(">")));
    }

    private void poll(final SubjectConsumer consumer) {
        final Thread thread = new Thread(() -> {
            while (!ended) {
                if (consumer.poll(event -> Outcome.ACK, 50) == 0) {
                    LockSupport.parkNanos(10_000);
                }
            }
        });
        thread.start();
        threads.add(thread);
    }

    private static void await(final String what, final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(10_000);
        }
    }

    /** Publishes all, while one consumer stands still, and waits until the others have had them. */
    private void publishToTheOthers(final Ringline router) {
        poll(router.consumer("one"));
        poll(router.consumer("two"));
        final Publisher publisher = router.publisher();
        for (int i = 0; i < EVENTS; i++) {
            await("the ring goes on", () -> publisher.tryPublish(subject, 0, 3, subject, 0, 3) >= 0);
        }
        await(
                "the others get all",
                () -> router.consumer("one").delivered() == EVENTS
                        && router.consumer("two").delivered() == EVENTS);
    }

    private void endAfterAll(final Ringline router, final SubjectConsumer slow, final boolean all)
            throws InterruptedException {
        poll(slow);
        await("it is through", () -> router.drain(1).complete());
        await("it is live", slow::isLive);
        ended = true;
        for (final Thread thread : threads) {
            thread.join();
        }
        assertThat(slow.delivered() + slow.dropped() + slow.deadLettered()).isEqualTo(EVENTS);
        if (all) {
            assertThat(slow.delivered()).isEqualTo(EVENTS);
        } else {
            assertThat(slow.delivered()).isLessThan(EVENTS);
        }
        assertThat(router.failure()).isNull();
    }

    @ParameterizedTest
    @MethodSource("topologiesAndPolicies")
    void oneThatStopsHoldsNobodyUp(final Topology topology, final OverflowPolicy policy) throws InterruptedException {
        try (Ringline router = start(topology, new ConsumerConfig("slow").overflow(policy))) {
            final SubjectConsumer slow = router.consumer("slow");
            publishToTheOthers(router);
            assertThat(slow.delivered()).isZero();
            endAfterAll(router, slow, policy == OverflowPolicy.REPLAY);
        }
    }

    @ParameterizedTest
    @MethodSource("topologiesAndPolicies")
    void underBackPressureItsFallbackDoesTheSame(final Topology topology, final OverflowPolicy fallback)
            throws InterruptedException {
        final ConsumerConfig config = new ConsumerConfig("slow")
                .livenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(200))
                .overflowFallback(fallback);
        try (Ringline router = start(topology, config)) {
            final SubjectConsumer slow = router.consumer("slow");
            publishToTheOthers(router);
            assertThat(slow.isLive()).isFalse();
            assertThat(slow.pollerDied()).as("nobody has ever polled it").isFalse();
            assertThat(router.statistics().consumersEvicted()).isEqualTo(1);
            endAfterAll(router, slow, fallback == OverflowPolicy.REPLAY);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Topology.class,
            names = {"FUSED", "STAGED"})
    void oneWhoseThreadDiesIsNoticedAndHoldsNobodyForEver(final Topology topology) throws InterruptedException {
        try (Ringline router = start(topology, new ConsumerConfig("slow").livenessTimeoutNs(LIMIT_NS / 20))) {
            final SubjectConsumer slow = router.consumer("slow");
            final Thread dies = new Thread(() -> slow.poll(event -> Outcome.ACK, 1));
            dies.start();
            dies.join();
            publishToTheOthers(router);
            assertThat(slow.pollerDied()).isTrue();
            assertThat(slow.deadLettered()).isEqualTo(EVENTS - CAPACITY);
            endAfterAll(router, slow, false);
            assertThat(slow.pollerDied()).isFalse();
        }
    }
}
