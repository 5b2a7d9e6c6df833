package io.ringline.router;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the router takes events in, and why not. */
final class RouterState {
    private static final Logger LOG = LoggerFactory.getLogger(RouterState.class);

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean accepting = true;

    boolean isAccepting() {
        return accepting;
    }

    void stopAccepting() {
        accepting = false;
    }

    /** Seals the router; the first cause stays. */
    void seal(final Throwable cause) {
        final boolean first = failure.compareAndSet(null, cause);
        accepting = false; // after the cause: who is told that it is closed finds out why
        if (first) {
            LOG.error("the router is sealed: nothing more is taken in or delivered from the ring", cause);
        }
    }

    @Nullable
    Throwable failure() {
        return failure.get();
    }
}
