package io.ringline.router.stage;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Drives a {@link SlotHandler} over the ring, a batch at a time, without ever waiting: the same code under an agent's
 * thread and under a caller's own loop. Where a slot must wait the runner stays before it, so the ring does too.
 *
 * <p>A tick goes through the stages as an event does, at a definite place between two slots of the ring, in a slot of its
 * own: {@link SlotMemory#tickBase}. The first runner says where it stands and each later one takes it there; the next comes
 * when the last runner is done with it. So time enters without a claim on the publisher's ring, which the publisher would
 * have to pay for with an atomic operation for each event.
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

    /** Says when time is to pass. */
    @FunctionalInterface
    public interface Ticks {
        /**
         * Whether a tick is due; asked by the first runner's thread, before each batch.
         *
         * @return true once for each tick.
         */
        boolean isDue();
    }

    /** Told that there is nothing to do. */
    @FunctionalInterface
    public interface Idle {
        /**
         * Looks why.
         *
         * @param next the slot that is not there yet.
         */
        void onIdle(long next);
    }

    private final SlotMemory slots;
    private final SequenceBarrier barrier;
    private final SlotHandler handler;
    private final int limit;
    private final FailureHandler failures;
    private final Sequence sequence = new Sequence();
    private final Sequence ticked = new Sequence();
    private final @Nullable StageRunner before;
    private Ticks ticks = () -> false;
    private @Nullable StageRunner last;
    private @Nullable Idle idle;
    private long tickPlace; // written before ticked is, and not again until the last runner is done with the tick
    private boolean inTick;
    private boolean waiting; // the next slot has been begun and must come again: no tick may come between
    private long next = sequence.get() + 1;
    private boolean failed;

    /**
     * A runner.
     *
     * @param slots    the ring's memory.
     * @param barrier  behind which it stays; of a ring with a {@link NoWaitStrategy}.
     * @param before   the runner before it; null for the first.
     * @param handler  its stages.
     * @param limit    most slots in a batch, from 1.
     * @param failures told when a stage throws.
     */
    public StageRunner(
            final SlotMemory slots,
            final SequenceBarrier barrier,
            final @Nullable StageRunner before,
            final SlotHandler handler,
            final int limit,
            final FailureHandler failures) {
        this.slots = slots;
        this.barrier = barrier;
        this.before = before;
        this.handler = handler;
        this.limit = limit;
        this.failures = failures;
    }

    /**
     * Lets time in, at the first runner; before it runs.
     *
     * @param source     says when.
     * @param lastRunner which must be done with one tick before the next.
     */
    public void tickBy(final Ticks source, final StageRunner lastRunner) {
        ticks = source;
        last = lastRunner;
    }

    /** Lets somebody look for the reason whenever there is nothing to do; before it runs. @param watcher who looks. */
    public void watchBy(final Idle watcher) {
        idle = watcher;
    }

    /** The last slot that is done with; later stages and publishers stay behind it. @return the live sequence. */
    public Sequence sequence() {
        return sequence;
    }

    /** Whether a tick is on its way through the runners. Any thread. @param first of them. @return false where none is. */
    public boolean isBehindTick(final StageRunner first) {
        return ticked.get() != first.ticked.get();
    }

    /**
     * Handles a batch, or a tick, if there is one. One thread only.
     *
     * @return how many slots were done with.
     */
    public int poll() {
        if (failed) {
            return 0;
        }
        final long available = available(); // before looking for a tick: one that stands before these is seen then
        long end = Math.min(available, next + limit - 1);
        if (before == null ? startsTick() : before.ticked.get() != ticked.get()) {
            if (tickPlace() == next - 1) {
                return tick();
            }
            end = Math.min(end, tickPlace());
        }
        return end < next ? onIdle() : batch(end);
    }

    private int onIdle() {
        if (idle != null) {
            idle.onIdle(next);
        }
        return 0;
    }

    private boolean startsTick() {
        final StageRunner end = last;
        if (!inTick && !waiting && end != null && !end.isBehindTick(this) && ticks.isDue()) {
            inTick = true;
            tickPlace = next - 1;
        }
        return inTick;
    }

    private long tickPlace() {
        return before == null ? tickPlace : before.tickPlace;
    }

    private int batch(final long end) {
        final long first = next;
        try {
            if (!waiting) {
                handler.onAvailable(first, end);
            }
            handler.onBatchStart();
            while (next <= end && handler.onSlot(slots.base(next))) {
                next++;
            }
            waiting = next <= end;
            handler.onBatchEnd();
        } catch (final Throwable failure) { // an InternalError of a mapped file among them
            fail(failure);
            return 0;
        }
        if (next != first) {
            sequence.set(next - 1);
        }
        return (int) (next - first);
    }

    private int tick() {
        final boolean done;
        try {
            handler.onBatchStart();
            done = handler.onSlot(slots.tickBase());
            handler.onBatchEnd();
        } catch (final Throwable failure) {
            fail(failure);
            return 0;
        }
        if (!done) {
            return 0;
        }
        inTick = false;
        tickPlace = next - 1;
        ticked.set(ticked.get() + 1);
        return 1;
    }

    private void fail(final Throwable failure) {
        failed = true;
        failures.onFailure(failure);
    }

    private long available() {
        try {
            return barrier.waitFor(next);
        } catch (final AlertException | TimeoutException | InterruptedException neverThrown) {
            throw new IllegalStateException("a barrier that never waits was interrupted: this is a bug", neverThrown);
        }
    }
}
