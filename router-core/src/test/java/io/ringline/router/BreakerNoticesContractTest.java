package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.BreakerPolicy;
import io.ringline.router.consumer.BreakerState;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.sequencer.Ordering;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each change of a circuit breaker is an event on a reserved subject. */
class BreakerNoticesContractTest {
    private long now = 1_700_000_000_000_000_000L;

    private RouterContext context() {
        return new RouterContext().ringSize(64).clock(() -> now);
    }

    private static ConsumerConfig fragile(final String name, final String... patterns) {
        return new ConsumerConfig(name)
                .patterns(patterns)
                .retryBackoffNs(0, 0)
                .maxRetries(1_000)
                .breaker(BreakerPolicy.defaults().afterFailuresInRow(3).openFor(1_000, 1_000));
    }

    /** Opens the breaker, and closes it again. */
    private void openAndClose(final InlineRouter inline, final SubjectConsumer fragile) {
        for (int i = 0; i < 20 && fragile.breakerState() != BreakerState.OPEN; i++) {
            fragile.poll(event -> Outcome.RETRY, 10);
        }
        inline.settle();
        now += 10_000;
        for (int i = 0; i < 20 && fragile.breakerState() != BreakerState.CLOSED; i++) {
            fragile.poll(event -> Outcome.ACK, 10);
            now += 10_000;
        }
        inline.settle();
    }

    private static List<String> read(final InlineRouter inline, final SubjectConsumer watcher) {
        final List<String> got = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            watcher.poll(
                    event -> {
                        final byte[] payload = new byte[event.payloadLength()];
                        event.buffer().getBytes(event.payloadOffset(), payload);
                        got.add(event.globalSequence() + " " + event.aggregateSequence() + " " + event.subject() + " "
                                + new String(payload, java.nio.charset.StandardCharsets.UTF_8));
                        return Outcome.ACK;
                    },
                    10);
            inline.router.doWork();
        }
        return got;
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void eachChangeIsToldInOrder(final Ordering ordering) {
        final RouterContext context = context()
                .ordering(ordering)
                .addConsumer(fragile("my.con sumer", "a"))
                .addConsumer(new ConsumerConfig("watcher").patterns("$RINGLINE.consumer.*.breaker"));
        try (InlineRouter inline = new InlineRouter(context)) {
            inline.publish("a");
            openAndClose(inline, inline.router.consumer("my.con sumer"));
            final List<String> got = read(inline, inline.router.consumer("watcher"));
            assertThat(got).hasSize(3);
            assertThat(got.get(0))
                    .startsWith(
                            "2 1 $RINGLINE.consumer.my_con_sumer.breaker {\"state\":\"OPEN\",\"failures\":3,\"time\":\"2023-");
            assertThat(got.get(1)).startsWith("3 ").contains("\"state\":\"HALF_OPEN\"");
            assertThat(got.get(2)).startsWith("4 ").contains("\"state\":\"CLOSED\"");
            final RouterStatistics totals = inline.router.statistics();
            assertThat(totals.notices()).isEqualTo(3);
            assertThat(totals.accepted()).isEqualTo(4);
            assertThat(totals.released()).isEqualTo(4);
            assertThat(inline.router.report().accepted()).isEqualTo(4);
            assertThat(inline.router.report().inRing()).isZero();
            assertThat(inline.router.consumer("my.con sumer").breakerChanges()).isEqualTo(3);
        }
    }

    @Test
    void nobodyIsToldThatDoesNotNameTheReservedToken() {
        final RouterContext context = context()
                .addConsumer(fragile("fragile", ">", "*.consumer.*.breaker"))
                .addConsumer(new ConsumerConfig("all").patterns(">"));
        try (InlineRouter inline = new InlineRouter(context)) {
            inline.publish("a");
            openAndClose(inline, inline.router.consumer("fragile"));
            inline.poll(inline.router.consumer("all"));
            assertThat(inline.seen).containsExactly("all a 1");
            assertThat(inline.router.statistics().released())
                    .as("none entered the pipeline")
                    .isOne();
            assertThat(inline.router.consumer("fragile").breakerChanges()).isEqualTo(3);
            assertThat(inline.router.subscribe("all", "$RINGLINE.>")).isTrue();
            inline.publish("a");
            openAndClose(inline, inline.router.consumer("fragile"));
            assertThat(read(inline, inline.router.consumer("all"))).hasSize(4);
            assertThat(inline.router.unsubscribe("all", "$RINGLINE.>")).isTrue();
            inline.publish("a");
            openAndClose(inline, inline.router.consumer("fragile"));
            assertThat(read(inline, inline.router.consumer("all"))).hasSize(1);
        }
    }

    @Test
    void noConsumerIsToldOfItself() {
        final RouterContext context = context()
                .addConsumer(fragile("one", "a", "$RINGLINE.>"))
                .addConsumer(fragile("two", "b", "$RINGLINE.>"));
        try (InlineRouter inline = new InlineRouter(context)) {
            inline.publish("a");
            openAndClose(inline, inline.router.consumer("one"));
            assertThat(inline.router.consumer("one").isEmpty()).isTrue();
            assertThat(read(inline, inline.router.consumer("two"))).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"128, 1048576", "128, 0", "512, 0"})
    void aNoticeFitsWhateverTheSizes(final int slotBytes, final int maxPayloadBytes) {
        final String name = "n".repeat(1_000);
        final RouterContext context = context()
                .slotBytes(slotBytes)
                .maxPayloadBytes(Math.max(1, maxPayloadBytes))
                .maxHeadersBytes(0)
                .maxSubjectBytes(4)
                .addConsumer(fragile(name, "a").channelCapacityBytes(1 << 23))
                .addConsumer(
                        new ConsumerConfig("watcher").patterns("$RINGLINE.>").channelCapacityBytes(1 << 23));
        try (InlineRouter inline = new InlineRouter(context)) {
            inline.publish("a");
            openAndClose(inline, inline.router.consumer(name));
            final List<String> got = read(inline, inline.router.consumer("watcher"));
            assertThat(got).hasSize(3);
            assertThat(got.get(0)).contains("." + "n".repeat(200) + ".breaker");
            assertThat(inline.router.failure()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Topology.class,
            names = {"FUSED", "STAGED"})
    void theRoutersThreadsTellThemToo(final Topology topology) {
        final RouterContext context = context()
                .topology(topology)
                .publisherType(PublisherType.MULTI)
                .addConsumer(fragile("fragile", "a"))
                .addConsumer(new ConsumerConfig("watcher").patterns("$RINGLINE.>"));
        try (Ringline router = Ringline.start(context)) {
            final EventDraft draft = new EventDraft().subject(router.subject("a"));
            assertThat(router.publisher().tryPublish(draft)).isNotNegative();
            final SubjectConsumer fragile = router.consumer("fragile");
            final List<String> got = new ArrayList<>();
            final long deadline = System.nanoTime() + 20_000_000_000L;
            while (got.isEmpty() && System.nanoTime() < deadline) {
                fragile.poll(event -> Outcome.RETRY, 1);
                router.consumer("watcher")
                        .poll(
                                event -> {
                                    got.add(event.subject());
                                    return Outcome.ACK;
                                },
                                1);
            }
            assertThat(got).containsExactly("$RINGLINE.consumer.fragile.breaker");
            assertThat(router.failure()).isNull();
        }
    }
}
