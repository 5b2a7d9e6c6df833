package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.BreakerPolicy;
import io.ringline.router.consumer.OnDeadLetter;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A handler that fails in all ways, under each topology: nothing is lost, and each aggregate stays in order. */
class DeliveryContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int EVENTS = 20_000;
    private static final int AGGREGATES = 40;
    private static final UnsafeBuffer SUBJECT = new UnsafeBuffer("a.b".getBytes(StandardCharsets.UTF_8));

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<Long, Long> last = new HashMap<>();
    private final ArrayDeque<Long> deferred = new ArrayDeque<>();
    private String wrong = "";

    private Outcome onEvent(final Event event) {
        final long sequence = event.globalSequence();
        if (last.getOrDefault(event.aggregateId(), 0L) > sequence) {
            wrong = "aggregate " + event.aggregateId() + " went back to " + sequence;
        }
        last.put(event.aggregateId(), sequence);
        return switch (random.nextInt(50)) {
            case 0 -> Outcome.RETRY;
            case 1 -> throw new StackOverflowError("on purpose");
            case 2 -> Outcome.REJECT;
            case 3, 4 -> {
                deferred.add(sequence);
                yield Outcome.DEFER;
            }
            default -> Outcome.ACK;
        };
    }

    private void turn(final Ringline router, final SubjectConsumer consumer) {
        router.doWork();
        consumer.poll(this::onEvent, 1 + random.nextInt(100));
        if (!deferred.isEmpty() && random.nextInt(3) == 0) {
            final Outcome outcome = random.nextInt(5) == 0 ? Outcome.RETRY : Outcome.ACK;
            assertThat(consumer.acknowledge(deferred.poll(), outcome)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void everyEventIsAcknowledgedOrADeadLetter(final Topology topology) {
        System.out.println("DeliveryContractTest seed " + seed);
        final RouterContext context = new RouterContext()
                .topology(topology)
                .ringSize(256)
                .addConsumer(new ConsumerConfig("c")
                        .patterns(">")
                        .retryBackoffNs(1_000, 10_000)
                        .retryJitter(0.5, seed)
                        .parking(50, 1 << 14)
                        .breaker(BreakerPolicy.defaults().afterFailuresInRow(3).openFor(1_000, 10_000)));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer consumer = router.consumer("c");
            final EventDraft draft = new EventDraft();
            final long deadline = System.nanoTime() + LIMIT_NS;
            int published = 0;
            while (consumer.eventsProcessed() < EVENTS && System.nanoTime() < deadline) {
                for (int i = 0; i < 64 && published < EVENTS; i++) {
                    draft.reset().subject(SUBJECT, 0, 3).aggregateId(random.nextInt(AGGREGATES));
                    published += publisher.tryPublish(draft) < 0 ? 0 : 1;
                }
                turn(router, consumer);
            }
            assertThat(wrong).as("seed %d", seed).isEmpty();
            assertThat(consumer.eventsProcessed()).as("seed %d", seed).isEqualTo(EVENTS);
            assertThat(consumer.delivered() + consumer.deadLettered()).isEqualTo(EVENTS);
            assertThat(consumer.deadLettered()).isPositive();
            assertThat(consumer.breakerChanges()).isPositive();
            final DrainReport report = router.drain(LIMIT_NS);
            assertThat(report.complete()).isTrue();
            assertThat(report.inRing() + report.held() + report.inChannels()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatWaitsOutsideTheChannelIsNotDrained(final Topology topology) {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .addConsumer(new ConsumerConfig("c").patterns(">").onDeadLetter(OnDeadLetter.HOLD_AGGREGATE));
        try (Ringline router = Ringline.start(context)) {
            final EventDraft draft = new EventDraft().subject(SUBJECT, 0, 3).aggregateId(7);
            final Publisher publisher = router.publisher();
            assertThat(publisher.tryPublish(draft)).isNotNegative();
            assertThat(publisher.tryPublish(draft)).isNotNegative();
            final SubjectConsumer consumer = router.consumer("c");
            final long deadline = System.nanoTime() + LIMIT_NS;
            while (consumer.parked() < 2 && System.nanoTime() < deadline) {
                router.doWork();
                consumer.poll(event -> Outcome.DEFER, 10);
            }
            final DrainReport report = router.drain(1);
            assertThat(report.complete()).isFalse();
            assertThat(report.inChannels()).isEqualTo(2);
            assertThat(consumer.acknowledge(1, Outcome.REJECT)).isTrue();
            while (!consumer.isEmpty() && System.nanoTime() < deadline) {
                router.doWork();
                consumer.poll(event -> Outcome.ACK, 10);
            }
            assertThat(router.drain(LIMIT_NS).complete()).isTrue();
            assertThat(router.statistics().deadLetters())
                    .containsEntry(DeadLetterReason.REJECTED, 1L)
                    .containsEntry(DeadLetterReason.AGGREGATE_HELD, 1L);
        }
    }

    @Test
    void wrongSettingsAreRefusedAtTheStart() {
        assertThatThrownBy(() -> new ConsumerConfig("c").parking(1, 0)).hasMessageContaining("parking bytes are 0");
        for (final ConsumerConfig wrong : List.of(
                new ConsumerConfig("c").parking(0, 1),
                new ConsumerConfig("c").parking(1, (1 << 30) + 1),
                new ConsumerConfig("c").maxOutstanding(0),
                new ConsumerConfig("c").maxHeldAggregates(0),
                new ConsumerConfig("c").retryJitter(2, 0))) {
            assertThatThrownBy(() -> Ringline.start(new RouterContext().addConsumer(wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(": give");
        }
    }
}
