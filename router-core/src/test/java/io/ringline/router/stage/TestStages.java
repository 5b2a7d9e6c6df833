package io.ringline.router.stage;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelMemory;
import io.ringline.router.consumer.DirtyChannels;
import io.ringline.router.consumer.HandoverSignal;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.QueueGroups;
import io.ringline.router.consumer.RetryPolicy;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.consumer.TestSettings;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectHash;
import io.ringline.router.subject.SubjectMatcher;
import io.ringline.router.subject.Subscriptions;
import io.ringline.sequencer.OnGapTooWide;
import io.ringline.sequencer.Ordering;
import io.ringline.sequencer.Sequencer;
import io.ringline.sequencer.SequencerSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All stages, without a ring: a test writes slots and hands them over itself. Every consumer matches every subject. */
public final class TestStages {
    private static final int RING_SIZE = 64;

    /** What consumers have acknowledged: name, number in the aggregate, number of release. */
    public final List<String> seen = new ArrayList<>();
    /** The marks that the fan-out stage sets. */
    public final DirtyChannels dirty;
    /** The last stage. */
    public final FanOutStage fanOut;

    final JournalStage journal;
    final SlotMemory slots;
    final PipelineCounters counters = new PipelineCounters();
    final AllStages all;
    private final List<SubjectConsumer> consumers = new ArrayList<>();
    private final EventRecord record = new EventRecord();
    private long next;

    /**
     * The stages.
     *
     * @param maxHeld    events that can be held.
     * @param policy     of every consumer.
     * @param capacities events that each consumer's channel holds.
     */
    public TestStages(final int maxHeld, final OverflowPolicy policy, final int... capacities) {
        this(null, maxHeld, policy, capacities);
    }

    /** With a place for dead letters. */
    TestStages(
            final @Nullable DeadLetterSink letters,
            final int maxHeld,
            final OverflowPolicy policy,
            final int... capacities) {
        final HandoverSignal signal = new HandoverSignal();
        final Subscriptions subscriptions = new Subscriptions();
        for (final int capacity : capacities) {
            subscriptions.add(new Pattern(new byte[] {'>'}), consumers.size());
            consumers.add(consumer(consumers.size(), capacity, signal));
        }
        final ConsumerTable table = new ConsumerTable(capacities.length);
        consumers.forEach(consumer -> table.add(
                new ConsumerTable.Entry(consumer, policy, new LivenessSettings(Long.MAX_VALUE / 2, null, policy))));
        dirty = new DirtyChannels(capacities.length);
        slots = new SlotMemory(RING_SIZE, 512, capacities.length, new LargeBuffers(2, 1_024));
        final Sequencer sequencer = new Sequencer(
                new SequencerSettings(Ordering.AGGREGATE, 100, 1_000, maxHeld, 1_000_000, OnGapTooWide.DEAD_LETTER),
                RING_SIZE,
                0);
        final HeldRecords held = new HeldRecords(slots, maxHeld, 1_024);
        fanOut = new FanOutStage(
                slots,
                sequencer.releases(),
                held,
                table,
                new QueueGroups(capacities.length, List.of()),
                dirty,
                signal,
                0,
                counters);
        journal = new JournalStage(
                slots, sequencer.releases(), held, null, new DeadLetterCounts(letters), false, table, signal);
        final FrontStages front = new FrontStages(
                slots,
                new MatchStage(slots, new SubjectMatcher(subscriptions, slots.words())),
                new StampStage(slots, () -> 1, counters),
                new ReorderStage(slots, sequencer, true, held, counters),
                journal);
        all = new AllStages(front, fanOut);
    }

    private static SubjectConsumer consumer(final int index, final int capacity, final HandoverSignal signal) {
        return new SubjectConsumer(
                index,
                new Channel(capacity, 1 << 16, 1_000, new ChannelMemory(0)),
                TestSettings.of("c" + index, new RetryPolicy(3, 0, 0)),
                () -> 1,
                signal,
                TestSettings.NO_NOTICES,
                null);
    }

    /** A consumer. @param index from 0. @return made at start. */
    public SubjectConsumer consumer(final int index) {
        return consumers.get(index);
    }

    /** Writes an event into the next slot. @param sequence in its aggregate; 0: to be stamped. @return the slot. */
    int put(final long sequence) {
        final byte[] subject = "s".getBytes(StandardCharsets.UTF_8);
        final int base = slots.base(next++);
        slots.buffer()
                .putLong(base + SlotMemory.KIND_OFFSET, SlotMemory.pair(SlotMemory.KIND_EVENT, SlotMemory.NOT_LARGE));
        slots.wrapRecord(record, base);
        record.init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_SUBJECT, subject.length, 0, 0, 0, 0, sequence, 0);
        slots.buffer().putBytes(record.subjectOffset(), subject);
        final long hash = SubjectHash.hash(slots.buffer(), record.subjectOffset(), subject.length);
        slots.buffer().putLong(base + SlotMemory.HASH_OFFSET, hash);
        slots.buffer().putLong(base + SlotMemory.AGGREGATE_HASH_OFFSET, hash);
        return base;
    }

    /** Writes an event that is released already, for the fan-out stage alone. @param global its number. @return the slot. */
    public int putReleased(final long global) {
        final int base = put(global);
        record.globalSequence(global);
        slots.buffer().putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.OUTCOME_RELEASED);
        for (int word = 0; word < slots.words(); word++) {
            final int left = consumers.size() - word * Long.SIZE;
            slots.buffer()
                    .putLong(
                            base + SlotMemory.WORDS_OFFSET + word * Long.BYTES,
                            left >= Long.SIZE ? -1L : (1L << left) - 1);
        }
        return base;
    }

    /** One batch of one slot. */
    boolean run(final int base) {
        all.onBatchStart();
        final boolean done = all.onSlot(base);
        all.onBatchEnd();
        return done;
    }

    int poll(final int index, final int limit) {
        return consumer(index)
                .poll(
                        event -> {
                            seen.add(consumer(index).name() + " " + event.aggregateSequence() + " "
                                    + event.globalSequence());
                            return Outcome.ACK;
                        },
                        limit);
    }
}
