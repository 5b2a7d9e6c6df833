package io.ringline.bench.soak;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How a round goes: what was found wrong first, how much is published, and whether there is time left. Any thread. */
final class Watch {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long PARK_NS = 20_000;

    private final long startNs = System.nanoTime();
    private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
    private final AtomicInteger published = new AtomicInteger();
    private volatile boolean publishingIsOver;

    /** Ends the calling thread's part in a round that has failed already. */
    static final class RoundFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        RoundFailed() {
            super("another thread has found something wrong", null, false, false);
        }
    }

    void fail(final Throwable what) {
        if (!(what instanceof RoundFailed)) {
            wrong.compareAndSet(null, what);
        }
    }

    void fail(final String what) {
        fail(new AssertionError(what));
    }

    @Nullable
    Throwable wrong() {
        return wrong.get();
    }

    void onPublished(final int more) {
        published.addAndGet(more);
    }

    int published() {
        return published.get();
    }

    void endPublishing() {
        publishingIsOver = true;
    }

    boolean isPublishingOver() {
        return publishingIsOver;
    }

    /** Throws where the round has failed, or takes too long. */
    void check(final String waitingFor) {
        if (wrong.get() == null && System.nanoTime() - startNs > LIMIT_NS) {
            fail("stuck: waited for " + waitingFor + " for too long");
        }
        if (wrong.get() != null) {
            throw new RoundFailed();
        }
    }

    /** Waits until something holds, doing something meanwhile that says how much it did. */
    void await(final String what, final BooleanSupplier condition, final Meanwhile meanwhile) {
        while (!condition.getAsBoolean()) {
            check(what);
            if (meanwhile.work() == 0) {
                LockSupport.parkNanos(PARK_NS);
            }
        }
    }

    /** Something to do while waiting. */
    @FunctionalInterface
    interface Meanwhile {
        /** @return how much was done. */
        int work();
    }
}
