package io.ringline.bench.soak;

import io.ringline.router.consumer.Outcome;
import org.jspecify.annotations.Nullable;

/** One call of a handler. Written by the polling thread, but for what is said later. */
final class Call {
    final Item item;
    final long globalSequence;
    /** Which call for this event: from 1. */
    final int attempt;

    final Answer answer;

    private volatile @Nullable Outcome later;

    Call(final Item item, final long globalSequence, final int attempt, final Answer answer) {
        this.item = item;
        this.globalSequence = globalSequence;
        this.attempt = attempt;
        this.answer = answer;
    }

    /** Before the acknowledgement is given. */
    void later(final Outcome outcome) {
        later = outcome;
    }

    /** What the router is to make of it; null while it is deferred. */
    @Nullable
    Outcome outcome() {
        return switch (answer) {
            case ACK -> Outcome.ACK;
            case REJECT -> Outcome.REJECT;
            case DEFER -> later;
            default -> Outcome.RETRY;
        };
    }

    boolean isAcknowledged() {
        return outcome() == Outcome.ACK;
    }

    boolean isFailure() {
        return outcome() == Outcome.RETRY;
    }

    /** Whether the next event of the aggregate may follow. */
    boolean isSettled(final int maxRetries) {
        final Outcome now = outcome();
        return now == Outcome.ACK || now == Outcome.REJECT || now == Outcome.RETRY && attempt > maxRetries;
    }

    @Override
    public String toString() {
        final Outcome said = later;
        return item + " @" + globalSequence + " call " + attempt + " answered " + answer
                + (said == null ? "" : ", later " + said);
    }
}
