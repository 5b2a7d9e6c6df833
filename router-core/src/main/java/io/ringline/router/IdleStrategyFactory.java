package io.ringline.router;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** Makes an idle strategy for each thread that may have to wait. */
@FunctionalInterface
public interface IdleStrategyFactory {
    /** Spins, yields, then parks for up to 100 us: for machines with fewer cores than busy threads. */
    IdleStrategyFactory BACKOFF = () ->
            new BackoffIdleStrategy(100, 20, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MICROSECONDS.toNanos(100));

    /** Spins: the least latency, a core for each thread. */
    IdleStrategyFactory BUSY_SPIN = () -> BusySpinIdleStrategy.INSTANCE;

    /**
     * A strategy for one thread.
     *
     * @return not shared where it has state.
     */
    IdleStrategy create();
}
