package io.ringline.cli;

import io.ringline.router.Ringline;
import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.Event;
import java.util.List;

/**
 * Writes the deliveries of all consumers as one stream, in the order of {@code globalSequence} and, within it, of the
 * consumers: the same lines whatever the topology and however the threads run.
 *
 * <pre>
 *   read P = fannedOutSequence       all channels hold what is theirs up to P by now
 *   poll one event of each consumer  an empty channel has nothing up to P left
 *   write the least up to P, poll its consumer again, and so on
 * </pre>
 *
 * <p>At most one event of each consumer is taken out of its channel before its turn: nothing grows. One thread.
 */
final class OrderedDeliveries implements Consumers {
    private static final long NONE = Long.MAX_VALUE;

    private final Ringline router;
    private final LineOutput output;
    private final Head[] heads;
    private final long[] sequences;

    /** The next delivery of one consumer, ready to be written. */
    private static final class Head implements ConsumerHandler {
        private final SubjectConsumer consumer;
        private final byte[] prefix;
        private final EventJson json = new EventJson();
        private final JsonBytes line = new JsonBytes();
        private long sequence;

        Head(final SubjectConsumer consumer) {
            this.consumer = consumer;
            this.prefix = EventJson.consumerPrefix(consumer.name());
        }

        @Override
        public Outcome onEvent(final Event event) {
            json.delivery(line.clear(), prefix, event);
            line.raw('\n');
            sequence = event.globalSequence();
            return Outcome.ACK;
        }

        long next() {
            return consumer.poll(this, 1) > 0 ? sequence : NONE;
        }
    }

    OrderedDeliveries(final Ringline router, final LineOutput output) {
        this.router = router;
        this.output = output;
        final List<SubjectConsumer> consumers = router.consumers();
        heads = new Head[consumers.size()];
        sequences = new long[heads.length];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = new Head(consumers.get(i));
            sequences[i] = NONE;
        }
    }

    @Override
    public int poll() {
        final long upTo = router.fannedOutSequence();
        for (int i = 0; i < heads.length; i++) {
            if (sequences[i] == NONE) {
                sequences[i] = heads[i].next();
            }
        }
        int written = 0;
        int least = least();
        while (sequences[least] <= upTo) {
            output.write(heads[least].line);
            sequences[least] = heads[least].next();
            written++;
            least = least();
        }
        return written;
    }

    private int least() {
        int least = 0;
        for (int i = 1; i < sequences.length; i++) {
            if (sequences[i] < sequences[least]) {
                least = i;
            }
        }
        return least;
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public boolean isGone() {
        return output.isClosed();
    }

    @Override
    public boolean isEmpty() {
        for (int i = 0; i < heads.length; i++) {
            if (sequences[i] != NONE || !heads[i].consumer.isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
