package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.record.Event;
import io.ringline.router.subject.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A claim that is open, and a call that is thrown at in its midst: nothing that was not written is ever seen. */
class OpenClaimContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final List<String> seen = new ArrayList<>();
    private final UnsafeBuffer payload = new UnsafeBuffer("payload".getBytes(StandardCharsets.UTF_8));
    private final EventDraft draft = new EventDraft();

    /** Memory of a file that somebody has cut short: reading it is an InternalError. */
    private static final class TornMemory extends UnsafeBuffer {
        private boolean torn;

        TornMemory(final int bytes) {
            super(new byte[bytes]);
        }

        @Override
        public byte[] byteArray() {
            if (torn) {
                throw new InternalError("a fault occurred in an access to memory mapped from a file");
            }
            return super.byteArray();
        }
    }

    static Stream<Arguments> all() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(PublisherType.values()).map(type -> Arguments.of(topology, type)));
    }

    private static Ringline start(final Topology topology, final PublisherType type, final int ringSize) {
        return Ringline.start(new RouterContext()
                .topology(topology)
                .publisherType(type)
                .ringSize(ringSize)
                .largeBuffers(2)
                .addConsumer(new ConsumerConfig("all").patterns(">")));
    }

    private void turn(final Ringline router) {
        router.doWork();
        router.consumer("all").poll(this::note, 100);
    }

    private Outcome note(final Event event) {
        seen.add(event.subject() + " " + event.aggregateSequence() + " " + event.payload().length);
        return Outcome.ACK;
    }

    private void receive(final Ringline router, final int events) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        while ((seen.size() < events || !router.isQuiet()) && System.nanoTime() < deadline) {
            turn(router);
        }
        assertThat(router.failure()).isNull();
        assertThat(seen).hasSize(events);
    }

    private EventDraft event(final Subject subject) {
        return draft.reset().subject(subject).payload(payload, 0, 7);
    }

    private void everythingElseIsRefused(final Publisher publisher, final Subject a, final String open) {
        assertThatThrownBy(() -> publisher.tryClaim(event(a)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(open, "takeOver()");
        assertThatThrownBy(() -> publisher.tryPublish(a, payload, 0, 7)).hasMessageContaining(open);
        assertThatThrownBy(() -> publisher.tryPublish(payload, 0, 7, payload, 0, 7))
                .hasMessageContaining(open);
        assertThatThrownBy(() -> publisher.tryPublish(event(a))).hasMessageContaining(open);
        assertThatThrownBy(() -> publisher.publish(event(a), 1)).hasMessageContaining(open);
        assertThatThrownBy(() -> publisher.tryOpenBatch(2)).hasMessageContaining(open);
        assertThatThrownBy(() -> publisher.tryStartAt(7, 1)).hasMessageContaining(open);
        assertThatThrownBy(publisher::tryStartSourceOver).hasMessageContaining(open);
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingPassesAClaimThatIsOpen(final Topology topology, final PublisherType type) {
        try (Ringline router = start(topology, type, 16)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            for (int lap = 0; lap < 3; lap++) { // slots that held something a lap ago among them
                final int before = seen.size();
                for (int i = 0; i < 9; i++) {
                    publisher.tryPublish(a, payload, 0, 7);
                    receive(router, before + i + 1);
                }
                final long claim = publisher.tryClaim(event(a));
                assertThat(claim).isNotNegative();
                final String open = "claim " + claim + " is open";
                everythingElseIsRefused(publisher, a, open);
                if (type == PublisherType.SINGLE) {
                    assertThatThrownBy(router::releaseHeld).hasMessageContaining(open);
                }
                for (final long wrong : new long[] {claim - 1, claim + 1, claim - 16, -1, Long.MIN_VALUE}) {
                    assertThatThrownBy(() -> publisher.commit(wrong))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(open.replace(" open", ""));
                    assertThatThrownBy(() -> publisher.abort(wrong)).isInstanceOf(IllegalArgumentException.class);
                }
                router.doWork();
                publisher.payloadBuffer().putBytes(publisher.payloadOffset(), payload, 0, 7);
                publisher.commit(claim);
                assertThatThrownBy(() -> publisher.commit(claim)).hasMessageContaining("none is");
                assertThatThrownBy(() -> publisher.abort(claim)).hasMessageContaining("none is");
                receive(router, before + 10);
                assertThat(seen.get(before + 9)).isEqualTo("a " + (before + 10) + " 7");
            }
            assertThat(router.statistics().aborted()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsThrownInTheMidstOfACallLeavesTheRingWhole(final Topology topology, final PublisherType type) {
        try (Ringline router = start(topology, type, 16)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            final TornMemory torn = new TornMemory(3_000);
            int failures = 0;
            for (int i = 0; i < 10; i++) { // far more than there are large buffers
                torn.torn = true;
                assertThatThrownBy(() -> publisher.tryPublish(a, torn, 0, 7)).isInstanceOf(InternalError.class);
                assertThatThrownBy(() -> publisher.tryPublish(a, torn, 0, 3_000))
                        .isInstanceOf(InternalError.class);
                draft.reset().subject(a).headers(torn, 0, 7).payload(payload, 0, 7);
                assertThatThrownBy(() -> publisher.tryPublish(draft)).isInstanceOf(InternalError.class);
                assertThatThrownBy(() -> publisher.tryClaim(draft)).isInstanceOf(InternalError.class);
                assertThat(publisher.tryOpenBatch(3)).isEqualTo(3);
                assertThatThrownBy(() -> publisher.tryPublish(a, torn, 0, 3_000))
                        .isInstanceOf(InternalError.class);
                assertThat(publisher.tryPublish(a, payload, 0, 7)).isNotNegative();
                assertThat(publisher.closeBatch()).isEqualTo(2);
                failures += 5;
                torn.torn = false;
                receive(router, 2 * i + 1);
                assertThat(publisher.tryPublish(a, torn, 0, 3_000)).isNotNegative();
                receive(router, 2 * (i + 1));
            }
            assertThat(router.statistics().aborted()).isEqualTo(failures);
            assertThat(router.statistics().accepted()).isEqualTo(20);
        }
    }

    private int descend(final Publisher publisher, final Subject subject, final int[] accepted) {
        if (publisher.tryPublish(subject, payload, 0, 7) >= 0) {
            accepted[0]++;
        }
        if (publisher.tryPublish(draft.reset().subject(subject).payload(payload, 0, 7)) >= 0) {
            accepted[0]++;
        }
        return 1 + descend(publisher, subject, accepted);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aStackThatOverflowsAnywhereLeavesTheRingWhole(final Topology topology, final PublisherType type)
            throws InterruptedException {
        final AtomicReference<Throwable> wrong = new AtomicReference<>();
        try (Ringline router = start(topology, type, 1 << 13)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            final int[] accepted = new int[1];
            final Runnable rounds = () -> {
                for (int i = 0; i < 60; i++) {
                    final int before = accepted[0];
                    try {
                        descend(publisher, a, accepted);
                    } catch (final StackOverflowError expected) {
                        // somewhere: at each depth of the calls in turn
                    }
                    accepted[0] += publisher.tryPublish(a, payload, 0, 7) >= 0 ? 1 : 0;
                    // an event may have been published by the very call that the error ended
                    receiveAtLeast(router, accepted[0]);
                    accepted[0] = seen.size();
                    if (accepted[0] <= before) {
                        wrong.set(new AssertionError("nothing went through in round " + i));
                    }
                }
            };
            final Thread thread = new Thread(null, rounds, "test-deep", 300 << 10);
            thread.setUncaughtExceptionHandler((t, failure) -> wrong.set(failure));
            thread.start();
            thread.join(TimeUnit.NANOSECONDS.toMillis(4 * LIMIT_NS));
            assertThat(thread.isAlive()).isFalse();
            assertThat(wrong.get()).isNull();
            assertThat(router.report().accepted()).isEqualTo(seen.size());
            assertThat(seen).last().isEqualTo("a " + seen.size() + " 7");
        }
    }

    private void receiveAtLeast(final Ringline router, final int events) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        while ((seen.size() < events
                        || !router.isQuiet()
                        || !router.consumers().get(0).isEmpty())
                && System.nanoTime() < deadline) {
            turn(router);
        }
        assertThat(router.isQuiet()).isTrue();
        assertThat(seen).hasSizeGreaterThanOrEqualTo(events);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aThreadThatTakesOverDropsWhatADeadOneHadOpen(final Topology topology, final PublisherType type)
            throws InterruptedException {
        try (Ringline router = start(topology, type, 16)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            assertThat(publisher.takeOver()).isZero();
            final Thread claims = new Thread(() -> publisher.tryClaim(event(a)), "test-claims");
            claims.start();
            claims.join();
            assertThatThrownBy(() -> publisher.tryPublish(a, payload, 0, 7)).hasMessageContaining("test-claims");
            assertThat(publisher.takeOver()).isEqualTo(1);
            assertThat(publisher.tryPublish(a, payload, 0, 7)).isNotNegative();
            receive(router, 1);
            final Thread batches = new Thread(() -> {
                publisher.tryOpenBatch(5);
                publisher.tryPublish(a, payload, 0, 7);
                publisher.tryClaim(event(a));
            });
            batches.start();
            batches.join();
            assertThat(publisher.takeOver()).isEqualTo(type == PublisherType.SINGLE ? 2 : 5);
            assertThat(publisher.tryOpenBatch(2)).isEqualTo(2);
            publisher.tryPublish(a, payload, 0, 7);
            assertThat(publisher.takeOver()).isEqualTo(type == PublisherType.SINGLE ? 1 : 2); // its own
            assertThat(publisher.tryPublish(a, payload, 0, 7)).isNotNegative();
            receive(router, 2);
            assertThat(seen).containsExactly("a 1 7", "a 2 7");
            assertThat(router.statistics().abandoned()).isEqualTo(type == PublisherType.SINGLE ? 4 : 8);
            assertThat(router.statistics().aborted()).isZero();
        }
    }
}
