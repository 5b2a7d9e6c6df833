package io.ringline.router.stage;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;

/**
 * Drives a {@link SlotHandler} over the ring, a batch at a time, without ever waiting: the same code under an agent's
 * thread and under a caller's own loop. Where a slot must wait the runner stays before it, so the ring does too.
 *
 * <p>A stage does not throw; if one does, that is a failure of the pipeline as a whole (a journal's disk, say, or a bug),
 * and it is handed to the {@link FailureHandler}, which seals the router: the runner then stands still for good.
 */
public final class StageRunner {
    /** Told of a failure, once. */
    @FunctionalInterface
    public interface FailureHandler {
        /**
         * Seals the router.
         *
         * @param failure why.
         */
        void onFailure(Throwable failure);
    }

    private final SlotMemory slots;
    private final SequenceBarrier barrier;
    private final SlotHandler handler;
    private final int limit;
    private final FailureHandler failures;
    private final Sequence sequence = new Sequence();
    private long next = sequence.get() + 1;
    private boolean failed;

    /**
     * A runner.
     *
     * @param slots    the ring's memory.
     * @param barrier  behind which it stays; of a ring with a {@link NoWaitStrategy}.
     * @param handler  its stages.
     * @param limit    most slots in a batch, from 1.
     * @param failures told when a stage throws.
     */
    public StageRunner(
            final SlotMemory slots,
            final SequenceBarrier barrier,
            final SlotHandler handler,
            final int limit,
            final FailureHandler failures) {
        this.slots = slots;
        this.barrier = barrier;
        this.handler = handler;
        this.limit = limit;
        this.failures = failures;
    }

    /** The last slot that is done with; later stages and publishers stay behind it. @return the live sequence. */
    public Sequence sequence() {
        return sequence;
    }

    /**
     * Handles a batch, if there is one. One thread only.
     *
     * @return how many slots were done with.
     */
    public int poll() {
        final long available = available();
        if (available < next || failed) {
            return 0;
        }
        final long last = Math.min(available, next + limit - 1);
        final long first = next;
        try {
            handler.onBatchStart();
            while (next <= last && handler.onSlot(slots.base(next))) {
                next++;
            }
            handler.onBatchEnd();
        } catch (final Throwable failure) { // an InternalError of a mapped file among them
            failed = true;
            failures.onFailure(failure);
            return 0;
        }
        if (next != first) {
            sequence.set(next - 1);
        }
        return (int) (next - first);
    }

    private long available() {
        try {
            return barrier.waitFor(next);
        } catch (final AlertException | TimeoutException | InterruptedException neverThrown) {
            throw new IllegalStateException("a barrier that never waits was interrupted: this is a bug", neverThrown);
        }
    }
}
