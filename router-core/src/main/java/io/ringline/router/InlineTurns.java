package io.ringline.router;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Whose turn it is to run the stages under {@link Topology#INLINE}: one thread's at a time, so that a router can be drained
 * and closed from any. One atomic operation for a turn.
 */
final class InlineTurns {
    private static final long NOBODY = 0;
    private static final long STOPPED = -1;
    private static final long PARK_NS = 10_000;

    private final AtomicLong owner = new AtomicLong(NOBODY); // a thread's id

    /** Begins a turn; false where another thread is in one, or this one is already, or there are none any more. */
    boolean begin() {
        return owner.get() == NOBODY
                && owner.compareAndSet(NOBODY, Thread.currentThread().getId());
    }

    void end() {
        owner.setRelease(NOBODY);
    }

    /** Whether the calling thread is in a turn. */
    boolean isMine() {
        return owner.get() == Thread.currentThread().getId();
    }

    /** Whether some thread is in a turn. */
    boolean isTaken() {
        return owner.get() > NOBODY;
    }

    /** Waits for the turn under way, and lets no other begin. */
    void stop() {
        while (owner.get() != STOPPED && !owner.compareAndSet(NOBODY, STOPPED)) {
            LockSupport.parkNanos(PARK_NS);
        }
    }
}
