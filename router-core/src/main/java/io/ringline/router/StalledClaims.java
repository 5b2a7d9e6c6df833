package io.ringline.router;

import com.lmax.disruptor.RingBuffer;
import io.ringline.router.stage.PipelineCounter;
import io.ringline.router.stage.PipelineCounters;
import io.ringline.router.stage.Slot;
import io.ringline.router.stage.SlotMemory;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a claim whose thread died does not hold up the ring for ever, where there are many publishers. Asked by
 * the first runner whenever it finds nothing to do. A claim whose thread lives is not touched, however long it takes: that
 * thread may write into the slot at any moment. It is counted and logged. Only where nobody has its publisher any more, and so
 * nobody can commit it, is it passed though the thread lives.
 */
final class StalledClaims {
    private static final Logger LOG = LoggerFactory.getLogger(StalledClaims.class);
    private static final long LOG_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final RingBuffer<Slot> ring;
    private final SlotMemory slots;
    private final ClaimRegistry claims;
    private final PipelineCounters counters;
    private final EpochNanoClock clock;
    private final long timeoutNs;
    private long place = OpenClaim.NONE;
    private long sinceNs;
    private boolean reported;
    private long overdue;
    private boolean logged;
    private long lastLogNs;

    StalledClaims(
            final RingBuffer<Slot> ring,
            final SlotMemory slots,
            final ClaimRegistry claims,
            final PipelineCounters counters,
            final EpochNanoClock clock,
            final long timeoutNs) {
        this.ring = ring;
        this.slots = slots;
        this.claims = claims;
        this.counters = counters;
        this.clock = clock;
        this.timeoutNs = timeoutNs;
    }

    /** Looks whether the slot that comes next is claimed, and for how long. The first runner's thread, with nothing to do. */
    void onIdle(final long next) {
        if (ring.getCursor() < next) {
            return; // nobody has claimed it
        }
        final long now = clock.nanoTime();
        if (place != next) {
            place = next;
            sinceNs = now;
            reported = false;
        } else if (now < sinceNs) { // the clock was set back
            sinceNs = now;
        } else if (now - sinceNs >= timeoutNs) {
            sinceNs = now;
            onStalled(next, now);
        }
    }

    private void onStalled(final long next, final long now) {
        boolean passed = false;
        @Nullable Thread holder = null;
        for (final OpenClaim claim : claims.claims()) {
            final Thread owner = claim.owner();
            if (owner == null || claim.isAbandoned()) {
                continue;
            }
            // Without its publisher nobody can commit it.
            if (!owner.isAlive() || claim.refersTo(null)) {
                passed |= abandon(claim, owner);
            } else if (claim.has(next)) {
                holder = owner;
            }
        }
        if (!passed && !reported) {
            reported = true;
            counters.set(PipelineCounter.OVERDUE_CLAIMS, ++overdue);
            logOverdue(next, holder, now);
        }
    }

    private boolean abandon(final OpenClaim claim, final Thread owner) {
        final int passed = claim.abandon(owner, slots, ring);
        if (claim.refersTo(null)) {
            claims.remove(claim);
        }
        if (passed == 0) {
            return false;
        }
        LOG.warn(
                "thread '{}' is gone and left {} claimed slots open: they are passed over as abandoned",
                owner.getName(),
                passed);
        return true;
    }

    private void logOverdue(final long next, final @Nullable Thread holder, final long now) {
        if (logged && now - lastLogNs < LOG_INTERVAL_NS) {
            return;
        }
        logged = true;
        lastLogNs = now;
        LOG.warn(
                "slot {} has been claimed for over {} ms by thread '{}', which lives: nothing passes it before that thread"
                        + " commits, aborts or closes its batch",
                next,
                TimeUnit.NANOSECONDS.toMillis(timeoutNs),
                holder == null ? "(unknown: in the midst of a call)" : holder.getName());
    }
}
