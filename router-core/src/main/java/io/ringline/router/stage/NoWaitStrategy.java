package io.ringline.router.stage;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;

/** Answers at once with what there is: how to wait is the agent's matter, so that stages can be run by hand too. */
public final class NoWaitStrategy implements WaitStrategy {
    /** A strategy without state. */
    public NoWaitStrategy() {
        // nothing to set up
    }

    @Override
    public long waitFor(
            final long sequence, final Sequence cursor, final Sequence dependent, final SequenceBarrier barrier) {
        return dependent.get();
    }

    @Override
    public void signalAllWhenBlocking() {
        // nobody blocks
    }
}
