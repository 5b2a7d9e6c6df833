package io.ringline.router.consumer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the dead letters' writer that somebody has something for it: one word to look at instead of one for each consumer.
 * Raised by any thread, taken by the writer's.
 */
public final class HandoverSignal {
    private final AtomicLong raised = new AtomicLong();
    private long taken;

    /** Nothing raised yet. */
    public HandoverSignal() {
        taken = 0;
    }

    void raise() {
        raised.incrementAndGet();
    }

    /** Whether something was raised since the last time. The writer's thread. @return true where it must look. */
    public boolean take() {
        final long now = raised.get();
        if (now == taken) {
            return false;
        }
        taken = now;
        return true;
    }
}
