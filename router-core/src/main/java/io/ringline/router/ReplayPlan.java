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
import org.jspecify.annotations.Nullable;

/** Which of a router's consumers may have to read on from the journal, and what that takes: marks there, and a reader. */
final class ReplayPlan {
    private final RouterContext context;
    private final QueueGroups groups;
    private final PipelineCounters counters;

    ReplayPlan(final RouterContext context, final QueueGroups groups, final PipelineCounters counters) {
        this.context = context;
        this.groups = groups;
        this.counters = counters;
    }

    /** What rules for a consumer under BACK_PRESSURE without a fallback whose thread has ended. */
    OverflowPolicy ofTheDead() {
        if (context.deadLetters() != null) {
            return OverflowPolicy.DEAD_LETTER;
        }
        return context.journal() instanceof ReadableJournal ? OverflowPolicy.REPLAY : OverflowPolicy.DROP_NEWEST;
    }

    private boolean mayReplay(final ConsumerConfig config) {
        final boolean mayDie = config.overflow() == OverflowPolicy.BACK_PRESSURE && config.overflowFallback() == null;
        return config.replays() || (mayDie && ofTheDead() == OverflowPolicy.REPLAY);
    }

    /** How a consumer reads on from the journal where its channel was full; null where it does not. */
    @Nullable
    ReplayReader reader(final ConsumerConfig config, final int index) {
        if (!mayReplay(config) || !(context.journal() instanceof ReadableJournal journal)) {
            return null;
        }
        final ReplayGate gate = new ReplayGate(() -> counters.get(PipelineCounter.FANNED_OUT));
        final JournalCursor cursor =
                new JournalCursor(config.name(), gate, journal, new ConsumerMatch(groups, index), context.clock());
        return new ReplayReader(gate, cursor, config.channelCapacity());
    }

    /** How events are journaled; null where they are not. */
    @Nullable
    JournalAppender appender() {
        final Journal journal = context.journal();
        if (journal == null) {
            return null;
        }
        final long[] readers = new long[groups.words()];
        boolean any = false;
        for (int i = 0; i < context.consumers().size(); i++) {
            if (mayReplay(context.consumers().get(i))) {
                readers[i >>> 6] |= 1L << i;
                any = true;
            }
        }
        if (!any || !(journal instanceof ReadableJournal readable)) {
            return new JournalAppender(journal);
        }
        groups.addGroupsOf(readers);
        return new JournalAppender(readable, readers);
    }
}
