package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.record.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The faults of the system that this one descends from, one by one, from publisher to consumer. */
class AncestorFaultsTest {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private final List<String> seen = new ArrayList<>();
    private final EventDraft draft = new EventDraft();
    private volatile long now = 1;

    private RouterContext context() {
        return new RouterContext()
                .topology(Topology.INLINE)
                .sequenceTimeoutNs(TIMEOUT_NS)
                .clock(() -> now)
                .addConsumer(new ConsumerConfig("all").patterns(">"));
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void publish(
            final Publisher publisher, final EventDraft draft, final String subject, final long sequence) {
        final UnsafeBuffer name = bytes(subject);
        assertThat(publisher.tryPublish(
                        draft.reset().subject(name, 0, name.capacity()).sequence(sequence)))
                .isNotNegative();
    }

    /** Publishes an aggregate's numbers. @return all deliveries that this makes. */
    private List<String> deliveries(
            final Ringline router, final Publisher publisher, final String subject, final long... sequences) {
        for (final long sequence : sequences) {
            publish(publisher, draft, subject, sequence);
            poll(router);
        }
        return delivered(router);
    }

    private List<String> delivered(final Ringline router) {
        poll(router);
        final List<String> deliveries = List.copyOf(seen);
        seen.clear();
        return deliveries;
    }

    private void poll(final Ringline router) {
        do {
            router.doWork();
            router.consumer("all")
                    .poll(
                            event -> {
                                seen.add(event.subject() + event.aggregateSequence());
                                return Outcome.ACK;
                            },
                            10_000);
        } while (!router.isQuiet());
    }

    private List<String> later(final Ringline router, final long ns) {
        now = ns;
        for (int i = 0; i < 3; i++) {
            poll(router); // a tick goes through the stages
        }
        return delivered(router);
    }

    @Test
    void swappedEventsRelease() {
        try (Ringline router = Ringline.start(context())) {
            final Publisher publisher = router.publisher();
            assertThat(deliveries(router, publisher, "a", 2)).isEmpty();
            assertThat(deliveries(router, publisher, "a", 1)).containsExactly("a1", "a2");
            assertThat(deliveries(router, publisher, "a", 3)).containsExactly("a3");
            assertThat(router.statistics().heldNow()).isZero();
        }
    }

    @Test
    void aGapInOneAggregateNeverStallsAnother() {
        try (Ringline router = Ringline.start(context())) {
            final Publisher publisher = router.publisher();
            assertThat(deliveries(router, publisher, "a", 2)).isEmpty();
            assertThat(deliveries(router, publisher, "b", 1, 2, 3)).containsExactly("b1", "b2", "b3");
        }
    }

    @Test
    void theTimeoutIsMeasuredFromTheGapAndNotFromTheAggregatesLastActivity() {
        try (Ringline router = Ringline.start(context())) {
            final Publisher publisher = router.publisher();
            now = 1_000;
            assertThat(deliveries(router, publisher, "a", 3)).isEmpty();
            now = TIMEOUT_NS / 2;
            assertThat(deliveries(router, publisher, "a", 4, 5)).isEmpty();
            assertThat(later(router, 999 + TIMEOUT_NS)).isEmpty();
            assertThat(later(router, 1_000 + TIMEOUT_NS + 5_000_000)).containsExactly("a3", "a4", "a5");
            assertThat(router.statistics().forcedByTimeout()).isEqualTo(1);
        }
    }

    @Test
    void afterATimeoutTheNextNumberIsTheLastDeliveredPlusOne() {
        try (Ringline router = Ringline.start(context())) {
            final Publisher publisher = router.publisher();
            deliveries(router, publisher, "a", 3);
            assertThat(later(router, 2 * TIMEOUT_NS)).containsExactly("a3");
            assertThat(deliveries(router, publisher, "a", 4)).containsExactly("a4");
        }
    }

    @Test
    void anEventThatIsLateAfterASkipIsReportedAndNotSwallowed() {
        try (Ringline router = Ringline.start(context())) {
            final Publisher publisher = router.publisher();
            deliveries(router, publisher, "a", 3);
            later(router, 2 * TIMEOUT_NS);
            assertThat(deliveries(router, publisher, "a", 1, 2)).isEmpty();
            assertThat(router.statistics().late()).isEqualTo(2);
            assertThat(router.statistics().deadLetters()).containsEntry(DeadLetterReason.LATE, 2L);
            assertThat(router.statistics().duplicates()).isZero();
        }
    }

    @Test
    void withNothingHeldAGapOf100IsHeldAndOneOf101Refused() {
        try (Ringline router = Ringline.start(context())) {
            final Publisher publisher = router.publisher();
            deliveries(router, publisher, "a", 1);
            deliveries(router, publisher, "b", 1);
            deliveries(router, publisher, "a", 102);
            assertThat(router.statistics().heldNow()).isEqualTo(1);
            deliveries(router, publisher, "b", 103);
            assertThat(router.statistics().heldNow()).isEqualTo(1);
            assertThat(router.statistics().deadLetters()).containsEntry(DeadLetterReason.GAP_TOO_WIDE, 1L);
            assertThat(deliveries(router, publisher, "b", 2)).containsExactly("b2");
        }
    }

    @Test
    void oneLostEventInAFastStreamCostsThatEventAndNoOther() {
        try (Ringline router = Ringline.start(context())) {
            final Publisher publisher = router.publisher();
            final List<String> expected = new ArrayList<>();
            for (long sequence = 1; sequence <= 3_000; sequence++) {
                if (sequence != 1_234) {
                    expected.add("a" + sequence);
                    publish(publisher, draft, "a", sequence);
                    poll(router);
                }
            }
            assertThat(delivered(router)).isEqualTo(expected);
            assertThat(router.statistics().missing()).isEqualTo(1);
            assertThat(router.statistics().deadLettersTotal()).isZero();
        }
    }

    @Test
    void maxBufferSizeReallyBounds() {
        try (Ringline router = Ringline.start(context().maxBufferSize(5))) {
            final Publisher publisher = router.publisher();
            for (long sequence = 2; sequence < 90; sequence += 2) {
                publish(publisher, draft, "a", sequence);
                poll(router);
                assertThat(router.statistics().heldNow()).isLessThanOrEqualTo(5);
            }
            assertThat(router.statistics().heldMax()).isEqualTo(5);
            assertThat(router.statistics().forcedByPressure()).isPositive();
            assertThat(router.statistics().released() + router.statistics().heldNow())
                    .isEqualTo(44);
        }
    }

    @Test
    void concurrentPublishersCannotMakeGlobalAndAggregateOrderDisagree() throws InterruptedException {
        final int publishers = 3;
        final int each = 20_000;
        final RouterContext context = context()
                .topology(Topology.FUSED)
                .publisherType(PublisherType.MULTI)
                .clock(System::nanoTime);
        try (Ringline router = Ringline.start(context)) {
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < publishers; i++) {
                final Thread thread = new Thread(() -> publishUnnumbered(router, each), "publisher-" + i);
                threads.add(thread);
                thread.start();
            }
            final Map<String, Long> last = new HashMap<>();
            final long[] lastGlobal = {0};
            final long deadline = System.nanoTime() + LIMIT_NS;
            while (lastGlobal[0] < publishers * (long) each && System.nanoTime() < deadline) {
                router.consumer("all")
                        .poll(
                                event -> {
                                    assertThat(event.globalSequence()).isEqualTo(++lastGlobal[0]);
                                    final long number = last.merge(event.subject(), 1L, Long::sum);
                                    assertThat(event.aggregateSequence()).isEqualTo(number);
                                    return Outcome.ACK;
                                },
                                1_000);
            }
            for (final Thread thread : threads) {
                thread.join();
            }
            assertThat(lastGlobal[0]).isEqualTo(publishers * (long) each);
            assertThat(router.consumer("all").retried())
                    .as("no assertion failed in the handler")
                    .isZero();
        }
    }

    private static void publishUnnumbered(final Ringline router, final int count) {
        final Publisher publisher = router.publisher();
        final EventDraft mine = new EventDraft();
        for (int i = 0; i < count; i++) {
            final UnsafeBuffer name = bytes("s" + i % 7);
            assertThat(publisher.publish(mine.reset().subject(name, 0, name.capacity()), LIMIT_NS))
                    .isNotNegative();
        }
    }
}
