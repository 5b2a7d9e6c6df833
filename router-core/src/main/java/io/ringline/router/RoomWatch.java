package io.ringline.router;

import io.ringline.router.stage.PipelineCounter;
import io.ringline.router.stage.PipelineCounters;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells publishers when there is room. Where nobody waits, the router's thread looks at one field for each turn, and no
 * more.
 */
final class RoomWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RoomWatch.class);

    private record Waiting(int slots, Runnable call) {}

    private final PipelineCounters counters;
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile int least = Integer.MAX_VALUE; // of those that wait
    private boolean closed;
    private long failures;

    RoomWatch(final PipelineCounters counters) {
        this.counters = counters;
    }

    /** Adds one to be told; false where nobody will be told any more. Any thread. */
    synchronized boolean add(final int slots, final Runnable call) {
        if (!closed) {
            waiting.add(new Waiting(slots, call));
            least = Math.min(least, slots);
        }
        return !closed;
    }

    /** Whether somebody waits. */
    boolean isWanted() {
        return least != Integer.MAX_VALUE;
    }

    /** Tells those that there is room enough for. The last stage's thread. @return how many. */
    int tell(final long free) {
        return free < least ? 0 : run(take(free));
    }

    /** Tells all, and takes no more. When the router's threads have ended. */
    void close() {
        final List<Runnable> all;
        synchronized (this) {
            closed = true;
            all = take(Integer.MAX_VALUE);
        }
        run(all);
    }

    private synchronized List<Runnable> take(final long free) {
        final List<Runnable> due = new ArrayList<>();
        int smallest = Integer.MAX_VALUE;
        for (final Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            final Waiting one = each.next();
            if (one.slots <= free) {
                due.add(one.call);
                each.remove();
            } else {
                smallest = Math.min(smallest, one.slots);
            }
        }
        least = smallest;
        return due;
    }

    /** Not under the lock: a call may ask to be told again. */
    private int run(final List<Runnable> due) {
        for (final Runnable call : due) {
            final boolean interrupted = Thread.currentThread().isInterrupted();
            try {
                call.run();
            } catch (final Throwable failure) { // whatever it is, it must not end the stage's thread
                counters.set(PipelineCounter.CALLBACKS_FAILED, ++failures);
                if (failures == 1) {
                    LOG.error("a publisher's whenRoom call threw; more of these are only counted", failure);
                }
            }
            if (!interrupted) {
                Thread.interrupted(); // the call's own: it would end the stage's thread
            }
        }
        return due.size();
    }
}
