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
    /** Looking for slots to be moved takes microseconds: events wait, so seldom, and more so where there was nothing to move. */
    private static final int LEAST_TURNS = 16;

    private static final int MOST_TURNS = 1 << 14;
    private static final int EVEN = -1;

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
    private final int[] shares;
    private int turns;
    private int turnsBetweenLooks = LEAST_TURNS;
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
        this.shares = new int[table.capacity()];
    }

    /** A consumer gets nothing any more but what its groups give it. */
    void onLeave(final int index) {
        final ConsumerTable.Entry entry = table.at(index);
        if (entry != null) {
            leaving.add(entry.consumer());
            dirtied[index >>> 6] |= 1L << index; // so that its poller comes, and sees that it is closed
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
        if (now) { // what there was nothing to be done about before may be long ago
            turns = 0;
            turnsBetweenLooks = LEAST_TURNS;
        }
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
        if (detached.has(consumer)) {
            return false; // the journal keeps the event
        }
        if (group < 0 || (leaving.contains(consumer) && !staysAnybody(group))) {
            giveUp(consumer, 1);
            return true;
        }
        if (!consumer.pulse().isStopped() || policy == OverflowPolicy.REPLAY) {
            return false; // it may be polled yet; or the journal keeps the event
        }
        return keep(consumer, event);
    }

    /** On the heap, as many as come before somebody can inherit: mostly those that are in the ring already. */
    private boolean keep(final SubjectConsumer consumer, final EventRecord event) {
        try {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[event.length()]);
            copy.putBytes(0, event.buffer(), event.offset(), event.length());
            overflows.computeIfAbsent(consumer, key -> new ArrayDeque<>()).add(copy);
        } catch (final OutOfMemoryError none) {
            return false;
        }
        if (consumer.kept() == 0) {
            channels.shut(consumer.index()); // a shorter one that has room there must not pass it
        }
        consumer.countKept(1);
        return true;
    }

    /** Whether a member has not left yet: one that is to may have been followed by another, which is to be a member before. */
    private boolean staysAnybody(final int group) {
        for (final int member : groups.members(group)) {
            final ConsumerTable.Entry entry = table.at(member);
            if (entry != null && !leaving.contains(entry.consumer())) {
                return true;
            }
        }
        return false;
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
        if (unevenGroups > 0 && ++turns >= turnsBetweenLooks) {
            turns = 0;
            boolean moved = false;
            for (int group = 0; group < uneven.length; group++) {
                moved |= uneven[group] && even(group, fannedOut);
            }
            turnsBetweenLooks = moved ? LEAST_TURNS : Math.min(2 * turnsBetweenLooks, MOST_TURNS);
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
            if (inheritance.isTaken()) {
                giveUp(consumer, inheritance.lost());
            }
            return inheritance.isTaken();
        }
        if (!consumer.pulse().isStopping()) {
            return consumer.isEmpty() && !consumer.inherits();
        }
        if (!consumer.pulse().isStopped() || consumer.isWithWriter()) {
            return false;
        }
        giveUp(consumer, consumer.lag() - (consumer.handover().isWritten() ? 1 : 0)); // which is counted already
        consumer.countKept(-consumer.kept());
        giveUpInherited(consumer);
        return true;
    }

    /** What others had left to a consumer that has nobody to leave it to: they are to end as if nobody had inherited. */
    private void giveUpInherited(final SubjectConsumer heir) {
        for (final Map.Entry<SubjectConsumer, Inheritance> each : inheritances.entrySet()) {
            if (each.getValue().isFor(heir)) {
                each.getValue().giveUp(); // counted with what else waits there
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
        if (heir != null) { // all that takes memory first
            final Queue<UnsafeBuffer> overflow = overflows.getOrDefault(consumer, new ArrayDeque<>());
            final Inheritance inheritance = new Inheritance(consumer, heir, fannedOut, overflow);
            inheritances.put(consumer, inheritance);
            heir.inherit(inheritance);
            dirtied[heir.index() >>> 6] |= 1L << heir.index();
            overflows.remove(consumer);
        }
        groups.leave(group, consumer.index(), heir == null ? -1 : heir.index());
        setUneven(group, true);
    }

    /** Who has least to do of those that may take over, one whose thread has ended last of all; null where there is nobody. */
    private @Nullable SubjectConsumer heirOf(final SubjectConsumer consumer, final int group) {
        SubjectConsumer heir = null;
        long least = Long.MAX_VALUE;
        groups.shares(group, true, shares);
        for (final int member : groups.members(group)) {
            final SubjectConsumer other = member == consumer.index() ? null : live(member);
            if (other != null) {
                final long share = shares[member] + (other.pulse().isPollerDead() ? 1L << 32 : 0);
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
     *
     * @return whether any was moved.
     */
    private boolean even(final int group, final long fannedOut) {
        final int used = even(group, fannedOut, true);
        final int others = even(group, fannedOut, false);
        if (used == EVEN && others == EVEN) {
            setUneven(group, false);
        }
        return used > 0 || others > 0;
    }

    private int even(final int group, final long fannedOut, final boolean used) {
        final int[] members = groups.members(group);
        groups.shares(group, used, shares);
        int most = 0;
        int least = 0;
        for (int i = 1; i < members.length; i++) {
            most = shares[members[i]] > shares[members[most]] ? i : most;
            least = shares[members[i]] < shares[members[least]] ? i : least;
        }
        final int difference = members.length == 0 ? 0 : shares[members[most]] - shares[members[least]];
        if (difference <= 1) {
            return EVEN;
        }
        final ConsumerTable.Entry from = table.at(members[most]);
        final SubjectConsumer to = live(members[least]);
        if (from == null
                || to == null
                || !isLive(from.consumer())
                || from.consumer().inherits()) {
            return 0; // later
        }
        final long safe = safe(from.consumer(), fannedOut);
        if (used && from.consumer().heldAggregates() > 0) { // after safe: an event is safe when its aggregate is held
            return 0; // they would be held no more
        }
        return groups.move(group, members[most], safe, members[least], used, difference / 2);
    }

    /** Up to where a consumer is done with all that it was given: all there is, where it has nothing left. */
    private static long safe(final SubjectConsumer consumer, final long fannedOut) {
        return consumer.isEmpty() ? fannedOut : consumer.safeGlobalSequence();
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
