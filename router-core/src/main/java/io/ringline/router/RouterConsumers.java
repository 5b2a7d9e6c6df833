package io.ringline.router;

import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelMemory;
import io.ringline.router.consumer.ConsumerHome;
import io.ringline.router.consumer.HandoverSignal;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.Journal;
import io.ringline.router.stage.ConsumerTable;
import io.ringline.router.stage.LivenessSettings;
import java.util.HashSet;
import java.util.Set;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/** The consumers that a router starts with, and those that come and go while events flow. Any thread. */
final class RouterConsumers implements ConsumerHome {
    private final RouterContext context;
    private final RouterState state;
    private final RouterSubscriptions subscriptions;
    private final ReplayPlan replays;
    private final ConsumerTable table;
    private final ControlSlot control;
    private final HandoverSignal signal;
    // The context may be changed, or used for another router, after the start.
    private final int maxRecordBytes;
    private final EpochNanoClock clock;
    private final @Nullable Journal journal;
    private final Set<SubjectConsumer> members = new HashSet<>(); // of queue groups
    private volatile boolean closed;

    RouterConsumers(
            final RouterContext context,
            final RouterState state,
            final RouterSubscriptions subscriptions,
            final ReplayPlan replays,
            final ConsumerTable table,
            final ControlSlot control,
            final HandoverSignal signal) {
        this.context = context;
        this.state = state;
        this.subscriptions = subscriptions;
        this.replays = replays;
        this.table = table;
        this.control = control;
        this.signal = signal;
        this.maxRecordBytes = context.maxRecordBytes();
        this.clock = context.clock();
        this.journal = context.journal();
    }

    /** Makes those that the router starts with, in their order. */
    void makeFirst() {
        final int least = Channel.minCapacityBytes(context.maxRecordBytes());
        final ChannelMemory memory = new ChannelMemory(context.consumers().stream()
                .mapToLong(config -> Channel.bytes(config.channelBytes(least)))
                .sum());
        for (final ConsumerConfig config : context.consumers()) {
            final SubjectConsumer consumer = make(config, table.free(), memory);
            if (subscriptions.groups().groupOf(consumer.index()) >= 0) {
                members.add(consumer);
            }
        }
    }

    private SubjectConsumer make(final ConsumerConfig config, final int index, final ChannelMemory memory) {
        final int bytes = config.channelBytes(Channel.minCapacityBytes(maxRecordBytes));
        final SubjectConsumer consumer = new SubjectConsumer(
                index,
                new Channel(config.channelCapacity(), bytes, maxRecordBytes, memory),
                config.settings(maxRecordBytes),
                clock,
                signal,
                control.noticesOf(index),
                replays.reader(config, index));
        consumer.belongsTo(this);
        table.add(new ConsumerTable.Entry(
                consumer,
                config.overflow(),
                new LivenessSettings(config.livenessTimeoutNs(), config.overflowFallback(), replays.ofTheDead())));
        return consumer;
    }

    synchronized SubjectConsumer add(final ConsumerConfig config) {
        final SubjectConsumer consumer = makeLater(config);
        try {
            subscriptions.add(config, consumer.index());
        } catch (final Throwable failure) { // no memory, say: nobody would poll it
            takeBack(consumer, failure);
            throw failure;
        }
        return consumer;
    }

    synchronized SubjectConsumer join(final String groupName, final ConsumerConfig config) {
        final int group = subscriptions.group(groupName);
        final SubjectConsumer consumer = makeLater(config);
        try {
            subscriptions.add(config, consumer.index());
            members.add(consumer);
            replays.onJoin(config, group);
            control.join(consumer.index(), group);
        } catch (final Throwable failure) {
            takeBack(consumer, failure);
            throw failure;
        }
        return consumer;
    }

    private static void takeBack(final SubjectConsumer consumer, final Throwable failure) {
        try {
            consumer.close();
        } catch (final Throwable another) {
            failure.addSuppressed(another);
        }
    }

    private SubjectConsumer makeLater(final ConsumerConfig config) {
        if (closed || state.failure() != null || !state.isAccepting()) {
            throw new IllegalStateException("consumer '" + config.name()
                    + "' cannot come: the router is closed, sealed or drained, and takes no events any more");
        }
        subscriptions.mustBeFree(config.name());
        ContextCheck.conclude(journal, config);
        final int index = table.free();
        if (index < 0) {
            throw new IllegalStateException("consumer '" + config.name() + "' cannot come: there are "
                    + table.capacity() + " others, as many as RouterContext.maxConsumers allows");
        }
        return make(config, index, new ChannelMemory(0));
    }

    /** Has a consumer get nothing from some event on; closes a member of a group, whose aggregates have events all the time. */
    void remove(final SubjectConsumer consumer) {
        if (isMember(consumer)) {
            consumer.close();
        } else {
            onClose(consumer);
        }
    }

    private synchronized boolean isMember(final SubjectConsumer consumer) {
        return members.contains(consumer);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // that very consumer
    public synchronized void onClose(final SubjectConsumer consumer) {
        if (consumer.isLeaving()) {
            return;
        }
        final ConsumerTable.Entry entry = table.at(consumer.index());
        if (entry == null || entry.consumer() != consumer) {
            throw new IllegalArgumentException(
                    "consumer '" + consumer.name() + "' is none of this router's: ask the router that it is from");
        }
        subscriptions.remove(consumer.name(), consumer.index()); // may be done again where there was no memory for all
        members.remove(consumer);
        control.leave(consumer.index());
        consumer.leave();
    }

    @Override
    public boolean isDown() {
        return closed || state.failure() != null;
    }

    /** The router is closed. */
    void close() {
        closed = true;
        for (final SubjectConsumer consumer : table.all()) {
            consumer.leaveJournal();
        }
    }
}
