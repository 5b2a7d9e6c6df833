package io.ringline.router;

import io.ringline.router.consumer.ConsumerMatch;
import io.ringline.router.consumer.JournalCursor;
import io.ringline.router.consumer.QueueGroups;
import io.ringline.router.consumer.ReplayGate;
import io.ringline.router.consumer.ReplayReader;
import io.ringline.router.journal.Journal;
import io.ringline.router.journal.ReadableJournal;
import io.ringline.router.stage.JournalAppender;
import io.ringline.router.stage.PipelineCounter;
import io.ringline.router.stage.PipelineCounters;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/** Which of a router's consumers may have to read on from the journal, and what that takes: marks there, and a reader. */
final class ReplayPlan {
    private final @Nullable Journal journal;
    private final boolean keepsLetters;
    private final EpochNanoClock clock;
    private final QueueGroups groups;
    private final PipelineCounters counters;
    private final @Nullable JournalAppender appender;

    ReplayPlan(final RouterContext context, final QueueGroups groups, final PipelineCounters counters) {
        this.journal = context.journal();
        this.keepsLetters = context.deadLetters() != null;
        this.clock = context.clock();
        this.groups = groups;
        this.counters = counters;
        this.appender = appenderTo(context.journal(), groups.words());
    }

    /** What rules for a consumer under BACK_PRESSURE without a fallback whose thread has ended. */
    OverflowPolicy ofTheDead() {
        if (keepsLetters) {
            return OverflowPolicy.DEAD_LETTER;
        }
        return journal instanceof ReadableJournal ? OverflowPolicy.REPLAY : OverflowPolicy.DROP_NEWEST;
    }

    private boolean mayReplay(final ConsumerConfig config) {
        final boolean mayDie = config.overflow() == OverflowPolicy.BACK_PRESSURE && config.overflowFallback() == null;
        return config.replays() || (mayDie && ofTheDead() == OverflowPolicy.REPLAY);
    }

    /**
     * How a consumer reads on from the journal where its channel was full, where what it matches is noted from now on; null where
     * it does not.
     */
    @Nullable
    ReplayReader reader(final ConsumerConfig config, final int index) {
        if (appender == null || !mayReplay(config) || !(journal instanceof ReadableJournal readable)) {
            return null;
        }
        appender.addReader(index);
        final int group = groups.groupOf(index);
        if (group >= 0) {
            appender.addReader(groups.bit(group));
        }
        final ReplayGate gate = new ReplayGate(() -> counters.get(PipelineCounter.FANNED_OUT));
        final JournalCursor cursor =
                new JournalCursor(config.name(), gate, readable, new ConsumerMatch(groups, index), clock);
        return new ReplayReader(gate, cursor, config.channelCapacity());
    }

    /** How events are journaled; null where they are not. */
    @Nullable
    JournalAppender appender() {
        return appender;
    }

    private static @Nullable JournalAppender appenderTo(final @Nullable Journal journal, final int words) {
        if (journal == null) {
            return null;
        }
        return journal instanceof ReadableJournal readable
                ? new JournalAppender(readable, words)
                : new JournalAppender(journal);
    }

    /** Has the journal note what a group gets, where a member may have to read it from there. Before the member is one. */
    void onJoin(final ConsumerConfig config, final int group) {
        if (appender != null && mayReplay(config)) {
            appender.addReader(groups.bit(group));
        }
    }
}
