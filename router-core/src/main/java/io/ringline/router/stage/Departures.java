package io.ringline.router.stage;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.consumer.DirtyChannels;
import io.ringline.router.consumer.Inheritance;
import io.ringline.router.consumer.QueueGroups;
import io.ringline.router.consumer.ReplayGate;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.EventRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Consumers that leave, and members of queue groups that come: between two events of the fan-out stage, on its thread. One that
 * leaves gets nothing after a place among the events that the router has set; then, once it has finished or nobody polls it any
 * more, its place is free. A member's aggregates go to another one before that, with all that it had not finished.
 */
final class Departures {
    /** Looking for slots to be moved takes microseconds: events wait, so not at each turn. */
    private static final int TURNS_MASK = 15;

    private final ConsumerTable table;
    private final @Nullable SubjectConsumer[] known;
    private final ChannelWriter channels;
    private final DetachedConsumers detached;
    private final QueueGroups groups;
    private final DirtyChannels dirty;
    private final long[] dirtied;
    private final PipelineCounters counters;
    private final List<SubjectConsumer> leaving = new ArrayList<>();
    private final Map<SubjectConsumer, Queue<UnsafeBuffer>> overflows = new HashMap<>();
    private final Map<SubjectConsumer, Inheritance> inheritances = new HashMap<>();
    private final boolean[] uneven;
    private int unevenGroups;
    private int turns;
    private long ended;
    private long left;
    private long handedOver;

    /** Nobody leaves. @param known the fan-out stage's consumers. @param dirtied its marks for pollers. */
    Departures(
            final ConsumerTable table,
            final @Nullable SubjectConsumer[] known,
            final ChannelWriter channels,
            final DetachedConsumers detached,
            final QueueGroups groups,
            final DirtyChannels dirty,
            final long[] dirtied,
            final PipelineCounters counters) {
        this.table = table;
        this.known = known;
        this.channels = channels;
        this.detached = detached;
        this.groups = groups;
        this.dirty = dirty;
        this.dirtied = dirtied;
        this.counters = counters;
        this.uneven = new boolean[groups.count()];
    }

    /** A consumer gets nothing any more but what its groups give it. */
    void onLeave(final int index) {
        final ConsumerTable.Entry entry = table.at(index);
        if (entry != null) {
            leaving.add(entry.consumer());
        }
    }

    /** A consumer is a member from now on. */
    void onJoin(final int group, final int index) {
        groups.join(group, index);
        setUneven(group, true);
    }

    private void setUneven(final int group, final boolean now) {
        unevenGroups += (now ? 1 : 0) - (uneven[group] ? 1 : 0);
        uneven[group] = now;
    }

    /** Whether there is something to be done in turns. */
    boolean isActive() {
        return unevenGroups > 0 || !leaving.isEmpty();
    }

    /**
     * An event found the channel of a consumer full that was closed: it is kept for who inherits, or given up. That must not wait
     * until somebody can inherit, as who does may come behind this very event.
     *
     * @return false where the overflow policy rules.
     */
    boolean onFull(final SubjectConsumer consumer, final OverflowPolicy policy, final EventRecord event) {
        final int group = groups.groupOf(consumer.index());
        if (group < 0 || (leaving.contains(consumer) && !staysAnybody(group))) {
            giveUp(consumer, 1);
            return true;
        }
        if (!consumer.pulse().isStopped() || policy == OverflowPolicy.REPLAY) {
            return false; // it may be polled yet; or the journal keeps the event
        }
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[event.length()]);
        copy.putBytes(0, event.buffer(), event.offset(), event.length());
        overflows.computeIfAbsent(consumer, key -> new ArrayDeque<>()).add(copy);
        return true;
    }

    /** Whether a member has not left yet: one that is to may have been followed by another, which is to be a member before. */
    private boolean staysAnybody(final int group) {
        return Arrays.stream(groups.members(group))
                .mapToObj(table::at)
                .anyMatch(entry -> entry != null && !leaving.contains(entry.consumer()));
    }

    private void giveUp(final SubjectConsumer consumer, final long more) {
        consumer.countAbandoned(more);
        left += more;
        counters.set(PipelineCounter.EVENTS_LEFT, left);
    }

    /** Goes on with what is to be done; an event may wait at no channel meanwhile. @param fannedOut the last event that all have. */
    void turn(final long fannedOut) {
        for (int i = leaving.size() - 1; i >= 0; i--) {
            final SubjectConsumer consumer = leaving.get(i);
            if (isDone(consumer, fannedOut)) {
                leaving.remove(i);
                retire(consumer);
            }
        }
        final boolean looks = unevenGroups > 0 && (++turns & TURNS_MASK) == 0;
        for (int group = 0; looks && group < uneven.length; group++) {
            if (uneven[group]) {
                even(group);
            }
        }
    }

    private boolean isDone(final SubjectConsumer consumer, final long fannedOut) {
        final int group = groups.groupOf(consumer.index());
        if (group >= 0) {
            if (consumer.pulse().isStopped()) {
                leaveGroup(consumer, group, fannedOut);
            }
            return false;
        }
        final Inheritance inheritance = inheritances.get(consumer);
        if (inheritance != null) {
            return inheritance.isTaken();
        }
        if (!consumer.pulse().isStopping()) {
            return consumer.isEmpty() && !consumer.inherits();
        }
        if (!consumer.pulse().isStopped() || consumer.isWithWriter()) {
            return false;
        }
        giveUp(consumer, consumer.lag() - (consumer.handover().isWritten() ? 1 : 0)); // which is counted already
        giveUpInherited(consumer);
        return true;
    }

    /** What others had left to a consumer that has nobody to leave it to: they are to end as if nobody had inherited. */
    private void giveUpInherited(final SubjectConsumer heir) {
        for (final Map.Entry<SubjectConsumer, Inheritance> each : inheritances.entrySet()) {
            if (each.getValue().isFor(heir)) {
                giveUp(each.getKey(), each.getValue().giveUp());
            }
        }
        inheritances.values().removeIf(each -> each.isFor(heir));
    }

    /** Hands over what a member has, as soon as there is somebody; where there will be nobody, to nobody. */
    private void leaveGroup(final SubjectConsumer consumer, final int group, final long fannedOut) {
        final SubjectConsumer heir = heirOf(consumer, group);
        if (heir == null && staysAnybody(group)) {
            return;
        }
        counters.set(PipelineCounter.FANNED_OUT, fannedOut); // up to where the heir may read its journal
        consumer.keepAggregates();
        groups.leave(group, consumer.index(), heir == null ? -1 : heir.index());
        setUneven(group, true);
        if (heir != null) {
            final Queue<UnsafeBuffer> overflow = overflows.remove(consumer);
            final Inheritance inheritance =
                    new Inheritance(consumer, heir, fannedOut, overflow == null ? new ArrayDeque<>() : overflow);
            inheritances.put(consumer, inheritance);
            heir.inherit(inheritance);
            dirtied[heir.index() >>> 6] |= 1L << heir.index();
        }
    }

    /** Who has least to do of those that may take over, one whose thread has ended last of all; null where there is nobody. */
    private @Nullable SubjectConsumer heirOf(final SubjectConsumer consumer, final int group) {
        SubjectConsumer heir = null;
        long least = Long.MAX_VALUE;
        for (final int member : groups.members(group)) {
            final SubjectConsumer other = member == consumer.index() ? null : live(member);
            if (other != null) {
                final long share =
                        groups.share(group, member, true) + (other.pulse().isPollerDead() ? 1L << 32 : 0);
                if (share < least) {
                    heir = other;
                    least = share;
                }
            }
        }
        return heir;
    }

    /** A member that may get aggregates, which it may not while it reads from the journal; null where it may not. */
    private @Nullable SubjectConsumer live(final int member) {
        final ConsumerTable.Entry entry = table.at(member);
        if (entry == null || entry.consumer().isLeaving() || !isLive(entry.consumer())) {
            return null;
        }
        return entry.consumer();
    }

    private static boolean isLive(final SubjectConsumer consumer) {
        final ReplayGate gate = consumer.replayGate();
        return gate == null || gate.isLive();
    }

    /**
     * Moves idle slots from who has most to who has least: of those that events go by, and, for aggregates to come, of the
     * others.
     */
    private void even(final int group) {
        final boolean usedAreEven = even(group, true);
        if (even(group, false) && usedAreEven) {
            setUneven(group, false);
        }
    }

    private boolean even(final int group, final boolean used) {
        int most = -1;
        int least = -1;
        int mostShare = 0;
        int leastShare = Integer.MAX_VALUE;
        for (final int member : groups.members(group)) {
            final int share = groups.share(group, member, used);
            if (share > mostShare) {
                most = member;
                mostShare = share;
            }
            if (share < leastShare) {
                least = member;
                leastShare = share;
            }
        }
        if (mostShare - leastShare <= 1) {
            return true;
        }
        final ConsumerTable.Entry from = table.at(most);
        final SubjectConsumer to = live(least);
        if (from != null
                && to != null
                && isLive(from.consumer())
                && !from.consumer().inherits()) {
            groups.move(group, most, from.consumer().safeGlobalSequence(), least, used, (mostShare - leastShare) / 2);
        }
        return false; // not all may have been idle, and there may be others
    }

    private void retire(final SubjectConsumer consumer) {
        handedOver += consumer.handedOver();
        counters.set(PipelineCounter.EVENTS_HANDED_OVER, handedOver);
        inheritances.remove(consumer);
        overflows.remove(consumer);
        detached.forget(consumer);
        channels.remove(consumer.index());
        known[consumer.index()] = null;
        dirty.forget(consumer.index());
        consumer.leaveJournal();
        table.remove(consumer);
        consumer.end();
        counters.set(PipelineCounter.CONSUMERS_ENDED, ++ended);
    }
}
