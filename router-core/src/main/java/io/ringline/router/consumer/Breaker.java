package io.ringline.router.consumer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The circuit breaker of one consumer. Time is an argument. The polling thread's, but for its figures.
 *
 * <pre>
 *   CLOSED --- failures, see BreakerPolicy ---> OPEN --- open time over ---> HALF_OPEN --- all probes succeed ---> CLOSED
 *                                                 ^------ a probe fails: the open time doubles ------|
 * </pre>
 *
 * <p>A probe that is not answered within the open time is waited for no longer: others go out, or one lost acknowledgement
 * would stop the consumer for good. Its answer counts still when it comes while half-open.
 *
 * <p>A success while closed costs nothing here: what lies between two failures is found from the consumer's own count of
 * successes when the second one comes.
 */
final class Breaker {
    private final BreakerPolicy policy;
    private final BreakerNotices notices;
    private volatile BreakerState state = BreakerState.CLOSED;
    private final AtomicLong changes = new AtomicLong();
    private long openNs;
    private long openUntilNs;
    private int period; // half-open periods so far; the one under way where half-open
    private long turns; // how often probes have gone out
    private long turnBeganNs;
    private int probesOut;
    private int probesSucceeded;
    private long rejects;
    private long failures;
    private int inRow;
    private long successesAtLastFailure;
    private long windowBase;
    private final long[] windowFailures; // places among all answers of the failures in the window, in turn
    private int windowHead;
    private int windowSize;

    Breaker(final BreakerPolicy policy, final BreakerNotices notices) {
        this.policy = policy;
        this.notices = notices;
        this.openNs = policy.openNs();
        this.windowFailures = new long[policy.windowEvents()];
    }

    /** Any thread. */
    BreakerState state() {
        return state;
    }

    /** How often the state has changed. Any thread. */
    long changes() {
        return changes.get();
    }

    boolean isClosed() {
        return state == BreakerState.CLOSED;
    }

    /** Whether an event may be handed out now; half-opens where the open time is over. */
    boolean allows(final long nowNs) {
        if (state == BreakerState.CLOSED) {
            return true;
        }
        if (state == BreakerState.OPEN) {
            if (nowNs < openUntilNs) {
                return false;
            }
            period++;
            probesSucceeded = 0;
            beginTurn(nowNs);
            change(BreakerState.HALF_OPEN, nowNs);
        } else if (probesOut >= policy.probes() && nowNs - turnBeganNs >= openNs) {
            beginTurn(nowNs);
        }
        return probesOut < policy.probes();
    }

    private void beginTurn(final long nowNs) {
        turns++;
        turnBeganNs = nowNs;
        probesOut = 0;
    }

    /** Whether the probes come from the channel first, every other time: one that always fails must not be the only one. */
    boolean probesNewEvents() {
        return state == BreakerState.HALF_OPEN && (turns & 1) == 0;
    }

    /**
     * Whether a failure that is told now uses up a try of its event: not while open, nor later where the event was handed out
     * before it opened.
     */
    boolean countsTry(final int probe) {
        return state == BreakerState.CLOSED || isCurrent(probe);
    }

    /** Notes that an event is handed out. @return what kind of try it is: 0 an ordinary one, else a probe's period. */
    int onHandOut() {
        if (state != BreakerState.HALF_OPEN) {
            return 0;
        }
        probesOut++;
        return period;
    }

    /**
     * An event was acknowledged.
     *
     * @param probe        as {@link #onHandOut} said.
     * @param acknowledged how many events the consumer has acknowledged so far.
     * @param nowNs        when.
     */
    void onSuccess(final int probe, final long acknowledged, final long nowNs) {
        if (isCurrent(probe) && ++probesSucceeded >= policy.probes()) {
            openNs = policy.openNs();
            inRow = 0;
            windowSize = 0;
            windowBase = acknowledged + rejects + failures;
            change(BreakerState.CLOSED, nowNs);
        }
    }

    /** An event was rejected: the handler works. Figures as for {@link #onSuccess}. */
    void onReject(final int probe, final long acknowledged, final long nowNs) {
        rejects++;
        onSuccess(probe, acknowledged, nowNs);
    }

    /**
     * A try failed.
     *
     * @param probe        as {@link #onHandOut} said.
     * @param acknowledged how many events the consumer has acknowledged so far.
     * @param nowNs        when.
     */
    void onFailure(final int probe, final long acknowledged, final long nowNs) {
        final long successes = acknowledged + rejects;
        inRow = successes == successesAtLastFailure ? inRow + 1 : 1;
        successesAtLastFailure = successes;
        failures++;
        if (isCurrent(probe)) {
            openNs = openNs > policy.maxOpenNs() / 2 ? policy.maxOpenNs() : 2 * openNs;
            open(nowNs);
        } else if (state == BreakerState.CLOSED && (isRowFull() || isRateReached(successes + failures))) {
            open(nowNs);
        }
    }

    private boolean isCurrent(final int probe) {
        return probe == period && state == BreakerState.HALF_OPEN;
    }

    private boolean isRowFull() {
        return policy.failuresInRow() > 0 && inRow >= policy.failuresInRow();
    }

    private boolean isRateReached(final long answers) {
        final int window = policy.windowEvents();
        if (window == 0) {
            return false;
        }
        while (windowSize > 0 && windowFailures[windowHead] <= answers - window) {
            windowHead = (windowHead + 1) % window;
            windowSize--;
        }
        windowFailures[(windowHead + windowSize) % window] = answers;
        windowSize++;
        final long counted = Math.min(window, answers - windowBase);
        return counted >= policy.minEvents() && windowSize >= policy.failureRate() * counted;
    }

    private void open(final long nowNs) {
        openUntilNs = openNs > Long.MAX_VALUE - nowNs ? Long.MAX_VALUE : nowNs + openNs;
        change(BreakerState.OPEN, nowNs);
    }

    private void change(final BreakerState to, final long nowNs) {
        state = to;
        changes.lazySet(changes.get() + 1);
        notices.add(to, inRow, nowNs);
    }
}
