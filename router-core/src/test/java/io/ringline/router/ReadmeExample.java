package io.ringline.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** The example in README.md, to the letter between the marks: {@link ReadmeExampleTest} compares and runs it. */
final class ReadmeExample {
    private ReadmeExample() {}

    static List<String> run() {
        final List<String> seen = new ArrayList<>();
        // README begin
        RouterContext context = new RouterContext()
                .topology(Topology.INLINE)
                .addConsumer(new ConsumerConfig("risk").patterns("order.*.filled", "order.*.cancelled"));

        try (Ringline router = Ringline.start(context)) {
            Publisher publisher = router.publisher();
            SubjectConsumer risk = router.consumer("risk");
            UnsafeBuffer payload = new UnsafeBuffer("100 @ 42.5".getBytes(UTF_8));

            EventDraft draft = new EventDraft().subject(router.subject("order.7.filled"));
            for (int sequence : new int[] {1, 3, 2}) { // 3 overtakes 2 on its way to us
                draft.sequence(sequence).payload(payload, 0, payload.capacity());
                if (publisher.tryPublish(draft) < 0) {
                    throw new IllegalStateException("back pressure: try again later");
                }
            }
            router.doWork(); // match, stamp, reorder, journal, fan out: on this thread
            risk.poll(
                    event -> {
                        seen.add(event.subject() + " #" + event.aggregateSequence());
                        return Outcome.ACK;
                    },
                    10);
        }
        // README end
        return seen;
    }
}
