package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/** A router whose stages run on the test's thread, with its publisher, and what its consumers were handed. */
final class InlineRouter implements AutoCloseable {
    /** The router. */
    final Ringline router;
    /** Consumer, subject and number of release of each event that {@link #poll} has acknowledged. */
    final List<String> seen = new ArrayList<>();

    private final Publisher publisher;
    private final EventDraft draft = new EventDraft();

    InlineRouter(final RouterContext context) {
        router = Ringline.start(context.topology(Topology.INLINE));
        publisher = router.publisher();
    }

    /** Publishes an event and runs the stages. @param sequence in its aggregate, the subject; 0: the next. */
    void publish(final String subject, final long sequence) {
        assertThat(tryPublish(subject, sequence)).isNotNegative();
        settle();
    }

    /** The same, of the next in its aggregate each. */
    void publish(final String... subjects) {
        for (final String subject : subjects) {
            publish(subject, 0);
        }
    }

    /** Publishes only. @return as the publisher answers. */
    long tryPublish(final String subject, final long sequence) {
        final UnsafeBuffer name = new UnsafeBuffer(subject.getBytes(StandardCharsets.UTF_8));
        return publisher.tryPublish(draft.reset()
                .subject(name, 0, name.capacity())
                .sequence(sequence)
                .payload(name, 0, name.capacity()));
    }

    /** The same with a payload of so many bytes. @return as the publisher answers. */
    long tryPublishBytes(final String subject, final int payloadBytes) {
        final UnsafeBuffer name = new UnsafeBuffer(subject.getBytes(StandardCharsets.UTF_8));
        return publisher.tryPublish(draft.reset()
                .subject(name, 0, name.capacity())
                .payload(new UnsafeBuffer(new byte[payloadBytes]), 0, payloadBytes));
    }

    /** Runs the stages until they can get no further. */
    void settle() {
        int idle = 0;
        while (idle < 3) { // a turn may only let an order in
            idle = router.doWork() == 0 ? idle + 1 : 0;
        }
    }

    /** Runs the stages until something is so. */
    void await(final BooleanSupplier condition) {
        for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) {
            router.doWork();
        }
        assertThat(condition.getAsBoolean()).as("after 10,000 turns").isTrue();
    }

    /** Polls a consumer, which acknowledges all, until nothing comes, with a turn of the stages after each poll. */
    void poll(final SubjectConsumer consumer) {
        int idle = 0;
        while (idle < 3) {
            final int done = consumer.poll(
                    event -> {
                        seen.add(consumer.name() + " " + event.subject() + " " + event.globalSequence());
                        return Outcome.ACK;
                    },
                    3);
            idle = done + router.doWork() == 0 ? idle + 1 : 0;
        }
    }

    /** What a consumer got of {@link #seen}, without its name. */
    List<String> seenBy(final SubjectConsumer consumer) {
        final String prefix = consumer.name() + " ";
        return seen.stream()
                .filter(each -> each.startsWith(prefix))
                .map(each -> each.substring(prefix.length()))
                .toList();
    }

    @Override
    public void close() {
        router.close();
    }
}
