package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How much room there is, and being told of it. */
class RoomContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int RING = 16;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[8]);

    static Stream<Arguments> all() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(PublisherType.values()).map(type -> Arguments.of(topology, type)));
    }

    private static Ringline start(final Topology topology, final PublisherType type) {
        return Ringline.start(new RouterContext()
                .topology(topology)
                .publisherType(type)
                .ringSize(RING)
                .addConsumer(new ConsumerConfig("all").patterns(">").channelCapacity(1)));
    }

    private static void until(final Ringline router, final BooleanSupplier done) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        boolean is = done.getAsBoolean();
        while (!is && System.nanoTime() < deadline) {
            router.doWork();
            Thread.yield();
            is = done.getAsBoolean();
        }
        assertThat(is).as("in time").isTrue();
    }

    private static void poll(final Ringline router, final int events) {
        final int[] left = {events};
        until(router, () -> {
            left[0] -= left[0] == 0 ? 0 : router.consumer("all").poll(event -> Outcome.ACK, 1);
            return left[0] == 0;
        });
    }

    /** One event in the channel, and as many in the ring as it holds. */
    private void fill(final Ringline router, final Publisher publisher) {
        final Subject a = router.subject("a");
        final int[] published = {0};
        until(router, () -> {
            published[0] += publisher.tryPublish(a, payload, 0, 8) >= 0 ? 1 : 0;
            return published[0] >= RING + 1;
        });
        assertThat(publisher.freeCapacity()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aCallComesOnceWhenThereIsRoomAndNotBefore(final Topology topology, final PublisherType type) {
        try (Ringline router = start(topology, type)) {
            final Publisher publisher = router.publisher();
            final List<String> calls = new CopyOnWriteArrayList<>();
            assertThat(publisher.freeCapacity()).isEqualTo(RING);
            fill(router, publisher);
            assertThat(publisher.whenRoom(3, () -> calls.add("three"))).isTrue();
            assertThat(publisher.whenRoom(
                            1, () -> calls.add("one " + Thread.currentThread().getName())))
                    .isTrue();
            for (int i = 0; i < 100; i++) {
                router.doWork();
            }
            assertThat(calls).isEmpty();
            poll(router, 1);
            until(router, () -> calls.size() == 1);
            final String by = topology == Topology.INLINE
                    ? Thread.currentThread().getName()
                    : topology == Topology.FUSED ? "ringline" : "ringline-fan-out";
            assertThat(calls).containsExactly("one " + by);
            assertThat(publisher.freeCapacity()).isEqualTo(1);
            poll(router, 1);
            until(router, () -> publisher.freeCapacity() == 2);
            router.doWork();
            assertThat(calls).hasSize(1);
            poll(router, 1);
            until(router, () -> calls.size() == 2);
            assertThat(calls.get(1)).isEqualTo("three");
            publisher.whenRoom(3, () -> calls.add("at once"));
            until(router, () -> calls.size() == 3);
            poll(router, 5);
            assertThat(calls).hasSize(3);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatACallThrowsIsCountedAndHarmsNobody(final Topology topology, final PublisherType type) {
        try (Ringline router = start(topology, type)) {
            final Publisher publisher = router.publisher();
            final AtomicInteger calls = new AtomicInteger();
            for (int i = 0; i < 3; i++) {
                publisher.whenRoom(1, () -> {
                    calls.incrementAndGet();
                    throw new StackOverflowError("on purpose");
                });
            }
            publisher.whenRoom(1, () -> publisher.whenRoom(2, calls::incrementAndGet)); // asks again from within
            until(router, () -> calls.get() == 4);
            until(router, () -> router.statistics().failedCallbacks() == 3);
            assertThat(router.failure()).isNull();
            assertThat(publisher.tryPublish(router.subject("a"), payload, 0, 8)).isNotNegative();
            poll(router, 1);
            assertThatThrownBy(() -> publisher.whenRoom(0, calls::incrementAndGet))
                    .hasMessageContaining("1 to 16");
            assertThatThrownBy(() -> publisher.whenRoom(RING + 1, calls::incrementAndGet))
                    .hasMessageContaining("1 to 16");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aCallThatInterruptsItsThreadDoesNotEndIt(final Topology topology, final PublisherType type) {
        try (Ringline router = start(topology, type)) {
            final Publisher publisher = router.publisher();
            fill(router, publisher);
            publisher.whenRoom(1, () -> Thread.currentThread().interrupt());
            poll(router, 1);
            for (int i = 0; i < 3 * RING; i++) {
                until(router, () -> publisher.tryPublish(router.subject("a"), payload, 0, 8) >= 0);
                poll(router, 1);
            }
            assertThat(Thread.interrupted()).isFalse();
            assertThat(router.failure()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nobodyWaitsForEverForARouterThatStops(final Topology topology, final PublisherType type) {
        for (final boolean drains : new boolean[] {true, false}) {
            final List<Long> answers = new CopyOnWriteArrayList<>();
            final Ringline router = start(topology, type);
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            fill(router, publisher);
            publisher.whenRoom(RING, () -> answers.add(publisher.tryPublish(a, payload, 0, 8)));
            if (drains) {
                router.drain(TimeUnit.MILLISECONDS.toNanos(1));
                until(router, () -> answers.size() == 1);
            }
            router.close();
            assertThat(answers).isEqualTo(new ArrayList<>(List.of(Publisher.CLOSED)));
            assertThat(publisher.whenRoom(1, () -> answers.add(0L))).isFalse();
            assertThat(answers).hasSize(1);
        }
    }
}
