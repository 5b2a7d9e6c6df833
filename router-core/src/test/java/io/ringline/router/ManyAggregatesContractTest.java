package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More aggregates than a cache holds: the stages then look ahead at each batch, whatever names the aggregates. */
class ManyAggregatesContractTest {
    private static final int AGGREGATES = 10_000;
    private static final int ROUNDS = 3;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private final Map<String, Long> last = new HashMap<>();
    private long read;

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static EventDraft draft(final int aggregate, final long sequence) {
        final EventDraft draft = new EventDraft().sequence(sequence);
        final UnsafeBuffer subject = bytes(aggregate % 3 == 0 ? "by.subject." + aggregate : "by.key");
        draft.subject(subject, 0, subject.capacity());
        if (aggregate % 3 == 1) {
            return draft.aggregateId(aggregate);
        }
        final UnsafeBuffer key = bytes("aggregate-" + aggregate);
        return aggregate % 3 == 2 ? draft.aggregate(key, 0, key.capacity()) : draft;
    }

    private int poll(final Ringline router) {
        final SubjectConsumer all = router.consumer("all");
        return router.doWork()
                + all.poll(
                        event -> {
                            final String key = event.subject() + "/" + event.aggregateId() + "/"
                                    + event.buffer()
                                            .getStringWithoutLengthAscii(
                                                    event.aggregateOffset(), event.aggregateLength());
                            assertThat(event.globalSequence()).isEqualTo(++read);
                            assertThat(event.aggregateSequence()).isEqualTo(last.merge(key, 1L, Long::sum));
                            return Outcome.ACK;
                        },
                        1_000);
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void comeOutInOrder(final Topology topology) {
        final RouterContext context =
                new RouterContext().topology(topology).addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final long deadline = System.nanoTime() + LIMIT_NS;
            for (long sequence = 1; sequence <= ROUNDS; sequence++) {
                for (int aggregate = 0; aggregate < AGGREGATES; aggregate++) {
                    final EventDraft draft = draft(aggregate, sequence);
                    while (publisher.tryPublish(draft) < 0 && System.nanoTime() < deadline) {
                        poll(router);
                    }
                }
            }
            while (read < (long) ROUNDS * AGGREGATES && System.nanoTime() < deadline) {
                poll(router);
            }
            assertThat(last)
                    .hasSize(AGGREGATES)
                    .allSatisfy((key, number) -> assertThat(number).isEqualTo(ROUNDS));
        }
    }
}
