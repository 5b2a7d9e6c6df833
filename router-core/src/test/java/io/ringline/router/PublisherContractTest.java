package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.subject.AggregateRules;
import io.ringline.router.subject.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a publisher does with each way to name a subject and a payload, and with those that are none. */
class PublisherContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final List<String> seen = new ArrayList<>();
    private final EventDraft draft = new EventDraft();
    private final UnsafeBuffer name = new UnsafeBuffer("xx.a.bcd.yy".getBytes(StandardCharsets.UTF_8));
    private final UnsafeBuffer small = new UnsafeBuffer(new byte[100]);
    private final UnsafeBuffer big = new UnsafeBuffer(new byte[3_000]); // more than a slot holds

    private static Ringline start(final Topology topology, final AggregateRules rules) {
        return Ringline.start(new RouterContext()
                .topology(topology)
                .ringSize(16)
                .aggregateRules(rules)
                .addConsumer(new ConsumerConfig("all").patterns(">"))
                .addConsumer(new ConsumerConfig("a").patterns("a.*")));
    }

    /** Runs and polls until so many events have come. */
    private void receive(final Ringline router, final int events) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        while (seen.size() < events && System.nanoTime() < deadline) {
            router.doWork();
            for (final var consumer : router.consumers()) {
                consumer.poll(
                        event -> {
                            seen.add(consumer.name() + " " + event.subject() + " " + event.aggregateSequence() + " "
                                    + event.payload().length);
                            return Outcome.ACK;
                        },
                        100);
            }
        }
        assertThat(router.failure()).isNull();
        assertThat(seen).hasSize(events);
    }

    private void refuse(final Publisher publisher, final EventDraft what) {
        assertThatThrownBy(() -> publisher.tryPublish(what)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void everyWayToPublishReachesTheSameConsumersUnderTheSameAggregate(final Topology topology) {
        for (final AggregateRules rules : List.of(AggregateRules.NONE, AggregateRules.NONE.and("a.*", 2))) {
            seen.clear();
            try (Ringline router = start(topology, rules)) {
                final Publisher publisher = router.publisher();
                final Subject handle = router.subject("a.bcd");
                final List<String> expected = new ArrayList<>();
                int number = 0;
                for (final UnsafeBuffer payload : List.of(small, big)) {
                    final int length = payload.capacity();
                    assertThat(publisher.tryPublish(handle, payload, 0, length)).isNotNegative();
                    assertThat(publisher.tryPublish(name, 3, 5, payload, 0, length))
                            .isNotNegative();
                    draft.reset().subject(handle).payload(payload, 0, length);
                    assertThat(publisher.tryPublish(draft)).isNotNegative();
                    draft.reset().subject(name, 3, 5).payload(payload, 0, length);
                    assertThat(publisher.tryPublish(draft)).isNotNegative();
                    for (int i = 0; i < 4; i++) {
                        expected.add(" a.bcd " + ++number + " " + length);
                    }
                    receive(router, 2 * number);
                }
                for (final String consumer : new String[] {"all", "a"}) {
                    assertThat(seen.stream().filter(s -> s.startsWith(consumer + " ")))
                            .containsExactlyElementsOf(
                                    expected.stream().map(s -> consumer + s).toList());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRangeOutsideItsMemoryIsRefusedAndStopsNothing(final Topology topology) {
        for (final AggregateRules rules : List.of(AggregateRules.NONE, AggregateRules.NONE.and("a.*", 2))) {
            seen.clear();
            try (Ringline router = start(topology, rules)) {
                final Publisher publisher = router.publisher();
                final Subject handle = router.subject("a.bcd");
                final int end = small.capacity();
                for (final int[] range : new int[][] {
                    {0, end + 1},
                    {end, 1},
                    {end + 1, 0},
                    {-1, 1},
                    {5, -1},
                    {Integer.MAX_VALUE, 1},
                    {0, 1 << 30},
                    {1, Integer.MIN_VALUE}
                }) {
                    refuse(publisher, draft.reset().subject(handle).payload(small, range[0], range[1]));
                    refuse(publisher, draft.reset().subject(name, 3, 5).payload(small, range[0], range[1]));
                    refuse(publisher, draft.reset().subject(name, 3, 5).headers(small, range[0], range[1]));
                    refuse(publisher, draft.reset().subject(name, 3, 5).aggregate(small, range[0], range[1]));
                    refuse(publisher, draft.reset().subject(small, range[0], range[1]));
                    assertThatThrownBy(() -> publisher.tryPublish(handle, small, range[0], range[1]))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> publisher.tryPublish(name, 3, 5, small, range[0], range[1]))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> publisher.tryPublish(small, range[0], range[1], small, 0, 10))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                }
                draft.reset().subject(handle).payload(small, 0, -1);
                assertThatThrownBy(() -> publisher.tryClaim(draft)).isInstanceOf(IndexOutOfBoundsException.class);
                goesOn(router, publisher, handle);
            }
        }
    }

    private void goesOn(final Ringline router, final Publisher publisher, final Subject handle) {
        assertThat(publisher.tryPublish(handle, small, 0, 100)).isZero();
        assertThat(publisher.tryPublish(handle, big, 0, 3_000)).isEqualTo(1);
        receive(router, 4);
        assertThat(router.statistics().accepted()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aSubjectOnBytesThatAreNoEventIsBoundedToo(final Topology topology) {
        try (Ringline router = start(topology, AggregateRules.NONE)) {
            final Publisher publisher = router.publisher();
            final UnsafeBuffer huge = new UnsafeBuffer(new byte[4 << 20]);
            draft.malformed(small, 0, 100, "no brace").subject(huge, 0, huge.capacity());
            assertThat(publisher.tryPublish(draft)).isEqualTo(Publisher.INVALID_SUBJECT);
            goesOn(router, publisher, router.subject("a.bcd"));
        }
    }
}
