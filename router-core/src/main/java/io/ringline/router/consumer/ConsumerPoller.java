package io.ringline.router.consumer;

import io.ringline.router.record.EventRecord;
import java.util.List;

/**
 * Polls many consumers from one thread, and visits only those whose channels the fan-out stage has marked: looking into
 * a hundred channels to find the two that have something costs more than all the rest. One thread.
 */
public final class ConsumerPoller {
    // What was offered while this poller was being made may bear no mark: look into all channels now and then, however
    // busy some of them are.
    private static final int SWEEP_MASK = 1_023;

    private final DirtyMarks marks;
    private final SubjectConsumer[] consumers;
    private final ConsumerHandler[] handlers;
    private final long[] pending;
    private int polls;

    /**
     * A poller; see {@code Ringline.poller}.
     *
     * @param dirty     marks, made by the router.
     * @param consumers whom to poll; none may have another poller or be polled directly meanwhile.
     * @param handlers  one for each, in the same order.
     */
    public ConsumerPoller(
            final DirtyChannels dirty, final List<SubjectConsumer> consumers, final List<ConsumerHandler> handlers) {
        if (consumers.size() != handlers.size()) {
            throw new IllegalArgumentException(
                    consumers.size() + " consumers and " + handlers.size() + " handlers: give one for each");
        }
        final int words = dirty.words();
        this.consumers = new SubjectConsumer[words * Long.SIZE];
        this.handlers = new ConsumerHandler[words * Long.SIZE];
        this.pending = new long[words];
        for (int i = 0; i < consumers.size(); i++) {
            final SubjectConsumer consumer = consumers.get(i);
            final int index = consumer.index();
            if (this.consumers[index] != null) {
                throw new IllegalArgumentException("consumer '" + consumer.name() + "' is named twice: name it once");
            }
            this.consumers[index] = consumer;
            this.handlers[index] = handlers.get(i);
            pending[index >>> 6] |= 1L << index;
        }
        this.marks = dirty.watch(pending);
        final EventRecord record = new EventRecord();
        for (final SubjectConsumer consumer : consumers) {
            consumer.shareRecord(record);
        }
    }

    /**
     * Hands waiting events to the handlers.
     *
     * @param limit most events to hand out for each consumer, from 1.
     * @return how many events were done with.
     */
    public int poll(final int limit) {
        marks.take(pending);
        if ((++polls & SWEEP_MASK) == 0) {
            marks.takeAll(pending);
        }
        int done = 0;
        for (int word = 0; word < pending.length; word++) {
            long bits = pending[word];
            if (bits == 0) {
                continue;
            }
            long left = 0;
            do {
                final int bit = Long.numberOfTrailingZeros(bits);
                final int index = (word << 6) + bit;
                final SubjectConsumer consumer = consumers[index];
                done += consumer.poll(handlers[index], limit);
                if (consumer.hasLeft()) {
                    left |= 1L << bit;
                }
                bits &= bits - 1;
            } while (bits != 0);
            pending[word] = left;
        }
        return done;
    }
}
