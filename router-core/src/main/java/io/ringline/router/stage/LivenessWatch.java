package io.ringline.router.stage;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.consumer.SubjectConsumer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks ten times a second whether consumers with events waiting are polled, shows and tells of those that are not, and has
 * the fan-out stage treat them by their fallback. The fan-out stage's thread, between its batches.
 *
 * <p>What counts is time in which the consumer could have polled: however long there was no look (a suspended machine, a
 * debugger), no more than a second of it counts.
 */
public final class LivenessWatch {
    /** Between two looks. */
    static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Most that counts between two looks. */
    static final long MAX_PASSED_NS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(LivenessWatch.class);
    private static final long LOG_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    /** While there is work the time is asked for only every so many turns. */
    private static final int BUSY_TURNS_MASK = 255;

    /** One consumer, and what is known of it. */
    private static final class Watched {
        final SubjectConsumer consumer;
        final PollWatch polls;
        final Eviction eviction;
        PollWatch.Verdict verdict = PollWatch.Verdict.LIVE;

        Watched(final ConsumerTable.Entry entry) {
            final LivenessSettings settings = entry.liveness();
            this.consumer = entry.consumer();
            this.polls = new PollWatch(settings.timeoutNs());
            this.eviction = new Eviction(consumer, entry.overflow(), settings.fallback(), settings.ofTheDead());
        }
    }

    private final FanOutStage fanOut;
    private final EpochNanoClock clock;
    private final PipelineCounters counters;
    private final ConsumerTable table;
    private final @Nullable Watched[] all;
    private int turns;
    private boolean started;
    private long lastLookNanos;
    private boolean logged;
    private long lastLogNanos;
    private long unlogged;
    private long silences;
    private long evictions;

    /**
     * A watch; all are live.
     *
     * @param fanOut   told which policy rules.
     * @param table    the stage's consumers.
     * @param clock    nanoseconds.
     * @param counters where totals are shown.
     */
    public LivenessWatch(
            final FanOutStage fanOut,
            final ConsumerTable table,
            final EpochNanoClock clock,
            final PipelineCounters counters) {
        this.fanOut = fanOut;
        this.clock = clock;
        this.counters = counters;
        this.table = table;
        this.all = new Watched[table.capacity()];
    }

    /** Looks, where it is time to. To be called at each turn. @param work what the turn has done; 0 where it was idle. */
    public void onTurn(final int work) {
        if (work != 0 && (++turns & BUSY_TURNS_MASK) != 0) {
            return;
        }
        final long now = clock.nanoTime();
        final long passed = now - lastLookNanos;
        if (started && passed >= 0 && passed < INTERVAL_NS) {
            return;
        }
        lastLookNanos = now;
        look(started ? Math.min(Math.max(passed, 0), MAX_PASSED_NS) : 0, now);
        started = true;
    }

    private void look(final long passedNs, final long now) {
        for (int i = 0; i < all.length; i++) {
            final ConsumerTable.Entry entry = table.at(i);
            if (entry == null || entry.consumer().pulse().isStopped()) { // who was closed need not poll
                all[i] = null;
                continue;
            }
            final SubjectConsumer consumer = entry.consumer();
            final Watched watched = all[i];
            final Watched each = watched == null || watched.consumer != consumer ? new Watched(entry) : watched;
            all[i] = each;
            final PollWatch.Verdict verdict = each.polls.look(
                    passedNs,
                    consumer.beats(),
                    !consumer.isEmpty() || consumer.inherits(),
                    consumer.pulse().isPollerDead());
            final boolean wasEvicted = each.eviction.isEvicted();
            final OverflowPolicy policy = each.eviction.policy(verdict, each.polls.isOverdue());
            if (verdict != each.verdict || wasEvicted != each.eviction.isEvicted()) {
                fanOut.overflow(consumer.index(), policy);
                onChange(each, verdict, wasEvicted, policy, now);
            }
        }
    }

    private void onChange(
            final Watched each,
            final PollWatch.Verdict verdict,
            final boolean wasEvicted,
            final OverflowPolicy policy,
            final long now) {
        if (each.verdict == PollWatch.Verdict.LIVE && verdict != PollWatch.Verdict.LIVE) {
            counters.set(PipelineCounter.CONSUMERS_SILENT, ++silences);
        }
        if (!wasEvicted && each.eviction.isEvicted()) {
            counters.set(PipelineCounter.CONSUMERS_EVICTED, ++evictions);
        }
        each.verdict = verdict;
        each.consumer.pulse().show(verdict != PollWatch.Verdict.LIVE, verdict == PollWatch.Verdict.DIED);
        tell(each, policy, now);
    }

    private void tell(final Watched each, final OverflowPolicy policy, final long now) {
        if (logged && now - lastLogNanos < LOG_INTERVAL_NS && now >= lastLogNanos) {
            unlogged++;
            return;
        }
        logged = true;
        lastLogNanos = now;
        final String what = switch (each.verdict) {
            case LIVE -> "is polled again";
            case SILENT ->
                "has events waiting and has not been polled for " + TimeUnit.NANOSECONDS.toMillis(each.polls.silentNs())
                        + " ms: look at its thread";
            case DIED -> "has events waiting and the thread that polled it has ended: start another";
        };
        LOG.warn(
                "consumer '{}' {}. Its overflow policy now is {} ({} more such changes since the last line)",
                each.consumer.name(),
                what,
                policy,
                unlogged);
        unlogged = 0;
    }
}
