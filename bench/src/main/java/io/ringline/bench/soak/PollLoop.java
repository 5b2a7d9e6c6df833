package io.ringline.bench.soak;

import io.ringline.router.IdleStrategyFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/**
 * A thread that polls one consumer or several; that stops polling for a while now and then, and dies where that is planned,
 * until another takes its place.
 */
final class PollLoop implements Agent {
    private static final int MAX_PAUSES = 3;
    private static final int CLOSE_MS = 10_000;
    private static final long SHORT_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(60);
    private static final long LONG_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(400); // the router looks ten times a second
    private static final long LONGEST_DEATH_NS = TimeUnit.MILLISECONDS.toNanos(900);

    private final List<SoakHandler> handlers;
    private final IntUnaryOperator poll;
    private final Watch watch;
    private final Random random;
    private final int pauseEvery;
    private int pausesLeft = MAX_PAUSES;
    private int nextPause;
    private int pauseUntilPublished;
    private long pauseUntilNs;
    private boolean pausing;
    private int dieAtCall;
    private volatile boolean stopped;
    private @Nullable Thread thread;
    private @Nullable AgentRunner runner;
    private long bornAgainNs;

    /**
     * Not started.
     *
     * @param handlers of those that are polled.
     * @param poll     polls all, with a limit; answers how much was done.
     */
    PollLoop(final List<SoakHandler> handlers, final IntUnaryOperator poll, final Watch watch, final Random random) {
        this.handlers = handlers;
        this.poll = poll;
        this.watch = watch;
        this.random = random;
        pauseEvery =
                handlers.stream().mapToInt(each -> each.plan.pauseEvery).min().orElse(Integer.MAX_VALUE);
        nextPause = pauseEvery;
        dieAtCall = handlers.stream().anyMatch(each -> each.plan.threadDies)
                ? 1 + random.nextInt(1_000)
                : Integer.MAX_VALUE;
    }

    void start() {
        final ErrorHandler onError = failure -> {
            if (!(failure instanceof AgentTerminationException)) {
                watch.fail(new AssertionError("thrown out of poll()", failure));
            }
        };
        final AgentRunner next = new AgentRunner(IdleStrategyFactory.BACKOFF.create(), onError, null, this);
        runner = next;
        thread = AgentRunner.startOnThread(next);
    }

    /** Starts another thread where this one has died and some time has passed. Its owner's thread. */
    void revive() {
        final Thread dead = thread;
        if (dead == null || dead.isAlive() || watch.wrong() != null) {
            return;
        }
        final long now = System.nanoTime();
        if (bornAgainNs == 0) {
            bornAgainNs = now + (long) (random.nextDouble() * LONGEST_DEATH_NS);
        } else if (now >= bornAgainNs) {
            start();
        }
    }

    /** Polls no more; what waits goes on waiting. */
    void stopPolling() {
        stopped = true;
    }

    /** Ends the thread; fails the round where a call of its does not return. Its owner's thread. */
    void close() {
        final AgentRunner last = runner;
        try {
            if (last != null) {
                last.close(CLOSE_MS, stuck -> {
                    throw new IllegalStateException(
                            roleName() + " does not end: " + Arrays.toString(stuck.getStackTrace()));
                });
            }
        } catch (final IllegalStateException stuck) {
            runner = null;
            watch.fail(stuck);
        }
    }

    private int calls() {
        int calls = 0;
        for (final SoakHandler each : handlers) {
            calls += each.calls.size();
        }
        return calls;
    }

    @Override
    public int doWork() {
        if (stopped || pausing && !isPauseOver()) {
            return 0;
        }
        final int done = poll.applyAsInt(1 + random.nextInt(1 + random.nextInt(64)));
        final int calls = calls();
        if (calls >= dieAtCall) {
            dieAtCall = Integer.MAX_VALUE;
            throw new AgentTerminationException("as planned");
        }
        if (calls >= nextPause && pausesLeft > 0 && !watch.isPublishingOver()) {
            beginPause(calls);
        }
        return done;
    }

    private void beginPause(final int calls) {
        pausing = true;
        pausesLeft--;
        nextPause = calls + pauseEvery;
        final boolean fallsBack = handlers.stream().anyMatch(each -> each.plan.fallback != null);
        final int capacity =
                handlers.stream().mapToInt(each -> each.plan.capacity).max().orElse(1);
        pauseUntilPublished = watch.published() + capacity * (1 + random.nextInt(5));
        pauseUntilNs = System.nanoTime() + (fallsBack ? LONG_PAUSE_NS : SHORT_PAUSE_NS);
    }

    /** Over when events for several times its channel were published meanwhile, or nobody could because it pauses. */
    private boolean isPauseOver() {
        pausing = watch.published() < pauseUntilPublished
                && !watch.isPublishingOver()
                && watch.wrong() == null
                && System.nanoTime() < pauseUntilNs;
        return !pausing;
    }

    @Override
    public String roleName() {
        return "soak-poll-" + handlers.get(0).plan.name;
    }
}
