package io.ringline.router.stage;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.consumer.ReplayState;
import io.ringline.router.consumer.SubjectConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which overflow policy rules for a consumer under {@code BACK_PRESSURE}: its own, or, from when it has not polled for longer
 * than it may, the one it falls back to. It has its own again once it has polled and is through with what was waiting when it
 * did. That its thread has ended is no haste: another may take over, and until then its events wait as for a slow one. The
 * fan-out stage's thread.
 */
final class Eviction {
    private static final int NOT_SEEN = -1;

    private final SubjectConsumer consumer;
    private final OverflowPolicy own;
    private final @Nullable OverflowPolicy fallback;
    private final OverflowPolicy ofTheDead;
    private boolean evicted;
    private long backlogEnd = NOT_SEEN;

    /**
     * A consumer under its own policy.
     *
     * @param consumer  whose.
     * @param own       its policy.
     * @param fallback  for when it does not poll; null: none, it goes on holding the ring.
     * @param ofTheDead for when the thread that polled it has ended and there is no other fallback.
     */
    Eviction(
            final SubjectConsumer consumer,
            final OverflowPolicy own,
            final @Nullable OverflowPolicy fallback,
            final OverflowPolicy ofTheDead) {
        this.consumer = consumer;
        this.own = own;
        this.fallback = fallback;
        this.ofTheDead = ofTheDead;
    }

    /**
     * The policy that rules after a look.
     *
     * @param verdict what the look has shown.
     * @param overdue whether it has not polled for longer than it may.
     * @return the policy.
     */
    OverflowPolicy policy(final PollWatch.Verdict verdict, final boolean overdue) {
        if (own != OverflowPolicy.BACK_PRESSURE) {
            return own;
        }
        if (verdict != PollWatch.Verdict.LIVE) {
            backlogEnd = NOT_SEEN;
            evicted |= overdue && (fallback != null || verdict == PollWatch.Verdict.DIED);
        } else if (evicted) {
            noteReturn();
        }
        return evicted ? fallback == null ? ofTheDead : fallback : own;
    }

    private void noteReturn() {
        if (backlogEnd == NOT_SEEN) {
            backlogEnd = consumer.channel().offered();
        }
        if (consumer.channel().consumed() >= backlogEnd && consumer.replayState() == ReplayState.LIVE) {
            backlogEnd = NOT_SEEN;
            evicted = false;
        }
    }

    boolean isEvicted() {
        return evicted;
    }
}
