package io.ringline.router.consumer;

import java.util.List;

/**
 * Polls many consumers from one thread, and visits only those whose channels the fan-out stage has marked: looking into
 * a hundred channels to find the two that have something costs more than all the rest. One thread.
 */
public final class ConsumerPoller {
    // What was offered while this poller was being made may bear no mark: look into all channels now and then.
    private static final int SWEEP_MASK = 1_023;

    private final DirtyChannels dirty;
    private final SubjectConsumer[] consumers;
    private final ConsumerHandler[] handlers;
    private final long[] mine;
    private final long[] unfinished;
    private int emptyPolls;

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
        this.dirty = dirty;
        this.consumers = new SubjectConsumer[dirty.words() * Long.SIZE];
        this.handlers = new ConsumerHandler[dirty.words() * Long.SIZE];
        this.mine = new long[dirty.words()];
        this.unfinished = new long[dirty.words()];
        for (int i = 0; i < consumers.size(); i++) {
            final SubjectConsumer consumer = consumers.get(i);
            final int index = consumer.index();
            this.consumers[index] = consumer;
            this.handlers[index] = handlers.get(i);
            mine[index >>> 6] |= 1L << index;
            unfinished[index >>> 6] |= 1L << index;
        }
        dirty.watch(mine);
    }

    private void visitAllNextTime() {
        System.arraycopy(mine, 0, unfinished, 0, mine.length);
    }

    /**
     * Hands waiting events to the handlers.
     *
     * @param limit most events to hand out for each consumer, from 1.
     * @return how many events were done with.
     */
    public int poll(final int limit) {
        int done = 0;
        for (int word = 0; word < mine.length; word++) {
            if (mine[word] == 0) {
                continue;
            }
            long bits = dirty.take(word, mine[word]) | unfinished[word];
            long left = 0;
            while (bits != 0) {
                final int bit = Long.numberOfTrailingZeros(bits);
                final int index = (word << 6) + bit;
                final SubjectConsumer consumer = consumers[index];
                done += consumer.poll(handlers[index], limit);
                if (consumer.hasLeft()) {
                    left |= 1L << bit;
                }
                bits &= bits - 1;
            }
            unfinished[word] = left;
        }
        if (done == 0 && (++emptyPolls & SWEEP_MASK) == 0) {
            visitAllNextTime();
        }
        return done;
    }
}
