package io.ringline.cli;

import io.ringline.router.Ringline;
import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Polls all consumers and writes a line for each delivery, ordered by global sequence and then by the consumers' order:
 * whichever threads run the stages, the same bytes come out. What has been offered to all its channels (the router's
 * {@code fannedOutSequence}, read before polling) and polled from all of them is written; the rest waits a turn.
 */
final class Deliveries {
    private static final int LIMIT = 256;
    private static final Comparator<Line> ORDER =
            Comparator.<Line>comparingLong(line -> line.global).thenComparingInt(line -> line.consumer);

    private final Ringline router;
    private final List<SubjectConsumer> consumers;
    private final List<ConsumerHandler> handlers = new ArrayList<>();
    private final OutputStream out;
    private final EventJson json = new EventJson();
    private final JsonBytes bytes = new JsonBytes();
    private final List<Line> staged = new ArrayList<>();
    private long lastPolled;
    private boolean unflushed;

    private static final class Line {
        private final long global;
        private final int consumer;
        private final byte[] text;

        Line(final long global, final int consumer, final byte[] text) {
            this.global = global;
            this.consumer = consumer;
            this.text = text;
        }
    }

    Deliveries(final Ringline router, final OutputStream out) {
        this.router = router;
        this.out = out;
        this.consumers = router.consumers();
        for (final SubjectConsumer consumer : consumers) {
            handlers.add(event -> {
                lastPolled = event.globalSequence();
                staged.add(new Line(
                        lastPolled,
                        consumer.index(),
                        json.delivery(bytes, consumer.name(), event).toArray()));
                return Outcome.ACK;
            });
        }
    }

    /** One turn. Returns how many deliveries were polled. */
    int turn() throws IOException {
        long complete = router.fannedOutSequence();
        int polled = 0;
        for (int i = 0; i < consumers.size(); i++) {
            final int count = consumers.get(i).poll(handlers.get(i), LIMIT);
            polled += count;
            if (count == LIMIT) {
                complete = Math.min(complete, lastPolled); // there may be more in this channel
            }
        }
        if (!staged.isEmpty()) {
            write(complete);
        }
        return polled;
    }

    private void write(final long complete) throws IOException {
        staged.sort(ORDER);
        int count = 0;
        while (count < staged.size() && staged.get(count).global <= complete) {
            out.write(staged.get(count++).text);
        }
        staged.subList(0, count).clear();
        unflushed |= count > 0;
    }

    /** Hands what was written on, when there is nothing better to do. */
    void flush() throws IOException {
        if (unflushed) {
            out.flush();
            unflushed = false;
        }
    }

    /** Whether nothing is left to write. */
    boolean isDone() {
        return staged.isEmpty() && consumers.stream().allMatch(SubjectConsumer::isEmpty);
    }
}
