package io.ringline.router.consumer;

import io.ringline.router.record.EventRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Polls many consumers from one thread, and visits only those whose channels the fan-out stage has marked: looking into
 * a hundred channels to find the two that have something costs more than all the rest. One thread. Consumers that have ended
 * are forgotten by themselves.
 */
public final class ConsumerPoller implements AutoCloseable {
    // What was offered while this poller was being made may bear no mark: look into all channels now and then, however
    // busy some of them are.
    private static final int SWEEP_MASK = 1_023;
    private static final ConsumerHandler NO_HANDLER = event -> Outcome.RETRY;

    private final DirtyChannels dirty;
    private final DirtyMarks marks;
    private final @Nullable SubjectConsumer[] consumers;
    private final ConsumerHandler[] handlers;
    private final long[] pending;
    private final EventRecord record = new EventRecord();
    private int polls;
    private boolean closed;

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
        this.dirty = dirty;
        this.consumers = new SubjectConsumer[words * Long.SIZE];
        this.handlers = new ConsumerHandler[words * Long.SIZE];
        this.pending = new long[words];
        for (int i = 0; i < consumers.size(); i++) {
            final SubjectConsumer consumer = consumers.get(i);
            mustBeNew(consumer);
            put(consumer, handlers.get(i));
        }
        this.marks = dirty.watch(pending);
        for (final SubjectConsumer consumer : consumers) {
            consumer.shareRecord(record);
        }
    }

    private void mustBeNew(final SubjectConsumer consumer) {
        final SubjectConsumer there = consumers[consumer.index()];
        if (there != null && (there == consumer || !there.isLeaving())) { // one that left may have had the place before
            throw new IllegalArgumentException("consumer '" + consumer.name() + "' is named twice: name it once");
        }
    }

    private void put(final SubjectConsumer consumer, final ConsumerHandler handler) {
        final int index = consumer.index();
        consumers[index] = consumer;
        handlers[index] = handler;
        pending[index >>> 6] |= 1L << index;
    }

    /**
     * Polls one consumer more from now on. The poller's thread, between its polls.
     *
     * @param consumer which has no other poller.
     * @param handler  called with each of its events.
     * @throws IllegalStateException    where it has another, or this poller is closed.
     * @throws IllegalArgumentException where it has this one, or has ended.
     */
    public void add(final SubjectConsumer consumer, final ConsumerHandler handler) {
        if (closed) {
            throw new IllegalStateException("this poller is closed: make another");
        }
        mustBeNew(consumer);
        if (consumer.hasEnded()) {
            throw new IllegalArgumentException(
                    "consumer '" + consumer.name() + "' has ended: there is nothing to poll");
        }
        dirty.watch(marks, consumer.index());
        put(consumer, handler);
        consumer.shareRecord(record);
    }

    /**
     * Hands waiting events to the handlers.
     *
     * @param limit most events to hand out for each consumer, from 1.
     * @return how many events were done with; 0 where the poller is closed.
     */
    public int poll(final int limit) {
        if (closed) {
            return 0;
        }
        marks.take(pending);
        if ((++polls & SWEEP_MASK) == 0) {
            sweep();
        }
        int done = 0;
        for (int word = 0; word < pending.length; word++) {
            if (pending[word] != 0) {
                done += pollWord(word, limit);
            }
        }
        return done;
    }

    private int pollWord(final int word, final int limit) {
        long bits = pending[word];
        long left = 0;
        int done = 0;
        do {
            final int bit = Long.numberOfTrailingZeros(bits);
            final int index = (word << 6) + bit;
            final SubjectConsumer consumer = consumers[index];
            if (consumer != null) {
                done += consumer.poll(handlers[index], limit);
                if (consumer.hasLeft()) {
                    left |= 1L << bit;
                }
            }
            bits &= bits - 1;
        } while (bits != 0);
        pending[word] = left;
        return done;
    }

    /** Looks into all channels, and forgets consumers that have ended. */
    private void sweep() {
        marks.takeAll(pending);
        for (int index = 0; index < consumers.length; index++) {
            final SubjectConsumer consumer = consumers[index];
            if (consumer != null && consumer.hasEnded()) {
                dirty.unwatch(marks, index);
                forget(index);
            }
        }
    }

    private void forget(final int index) {
        consumers[index] = null;
        handlers[index] = NO_HANDLER;
        pending[index >>> 6] &= ~(1L << index);
    }

    /** Polls nobody any more: the consumers may be given to others. The poller's thread; the consumers stay as they are. */
    @Override
    public void close() {
        closed = true;
        dirty.unwatch(marks);
        for (int index = 0; index < consumers.length; index++) {
            final SubjectConsumer consumer = consumers[index];
            if (consumer != null) {
                if (!consumer.isLeaving()) { // another may be at work with it already
                    consumer.shareRecord(new EventRecord());
                }
                consumer.pulse().letGo();
                forget(index);
            }
        }
    }
}
