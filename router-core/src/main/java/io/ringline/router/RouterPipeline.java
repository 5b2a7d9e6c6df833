package io.ringline.router;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.ProducerType;
import io.ringline.router.consumer.DirtyChannels;
import io.ringline.router.consumer.HandoverSignal;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.stage.AllStages;
import io.ringline.router.stage.ConsumerTable;
import io.ringline.router.stage.DeadLetterCounts;
import io.ringline.router.stage.FanOutStage;
import io.ringline.router.stage.FrontStages;
import io.ringline.router.stage.HeldRecords;
import io.ringline.router.stage.JournalStage;
import io.ringline.router.stage.LargeBuffers;
import io.ringline.router.stage.LivenessWatch;
import io.ringline.router.stage.MatchStage;
import io.ringline.router.stage.NoWaitStrategy;
import io.ringline.router.stage.PipelineCounter;
import io.ringline.router.stage.PipelineCounters;
import io.ringline.router.stage.ReorderStage;
import io.ringline.router.stage.Slot;
import io.ringline.router.stage.SlotHandler;
import io.ringline.router.stage.SlotMemory;
import io.ringline.router.stage.StageRunner;
import io.ringline.router.stage.StampStage;
import io.ringline.router.subject.SubjectMatcher;
import io.ringline.sequencer.Ordering;
import io.ringline.sequencer.ReleaseList;
import io.ringline.sequencer.Sequencer;
import io.ringline.sequencer.SequencerSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wires the ring; no other file does.
 *
 * <pre>
 *                 one RingBuffer&lt;Slot&gt;, memory in SlotMemory
 *   Publisher --> [ match | stamp | reorder | journal ] --> [ fan-out ] --> Channel --> SubjectConsumer
 *       ^              |                |        |  ^            |                            |
 *       |           clock          HeldRecords   |  +-- dead letters, handed over -----------+
 *     ticks                                      +--> Journal, dead letters
 *
 *   INLINE, FUSED:  runner(match stamp reorder journal fan-out), or, where there is a journal,
 *                   runner(match stamp reorder journal) --> runner(fan-out)          on one thread
 *   STAGED:         runner(match) --> (stamp) --> (reorder) --> (journal) --> (fan-out), a thread each
 * </pre>
 *
 * <p>Each runner stays behind the one before it; publishers stay behind the last. The journal has a batch in the page
 * cache before the fan-out stage sees the batch.
 */
final class RouterPipeline {
    private static final int BATCH_LIMIT = 64;
    private static final long TICK_INTERVAL_NS = 5_000_000L;
    private final RouterContext context;
    private final RouterState state = new RouterState();
    private final PipelineCounters counters = new PipelineCounters();
    private final SlotMemory slots;
    private final RingBuffer<Slot> ring;
    private final RouterSubscriptions subscriptions;
    private final ReplayPlan replays;
    private final ConsumerTable table;
    private final RouterConsumers consumers;
    private final ControlSlot control;
    private final DirtyChannels dirty;
    private final HandoverSignal signal = new HandoverSignal();
    private final DeadLetterCounts deadLetters;
    private final JournalStage journalStage;
    private final FanOutStage fanOutStage;
    private final LivenessWatch livenessWatch;
    private final List<StageRunner> runners = new ArrayList<>();
    private final RoomWatch room = new RoomWatch(counters);
    private final InlineTurns turns = new InlineTurns();
    private final @Nullable ClaimRegistry claims; // of many publishers
    private final Publisher publisher;
    private long nextTickNanos;

    RouterPipeline(final RouterContext context) {
        this.context = context;
        final boolean single = context.publisherType() == PublisherType.SINGLE;
        this.table = new ConsumerTable(context.maxConsumers());
        this.dirty = new DirtyChannels(context.maxConsumers());
        this.deadLetters = new DeadLetterCounts(context.deadLetters());
        this.subscriptions = new RouterSubscriptions(context);
        this.replays = new ReplayPlan(context, subscriptions.groups(), counters);
        this.slots = new SlotMemory(
                context.ringSize(),
                context.slotBytes(),
                subscriptions.groups().bits(),
                new LargeBuffers(context.largeBuffers(), context.maxRecordBytes()));
        this.control = new ControlSlot(slots, subscriptions.reserved(), this::isTickDue);
        this.consumers = new RouterConsumers(context, state, subscriptions, replays, table, control, signal);
        consumers.makeFirst();
        this.ring = makeRing(single);
        final HeldRecords held = new HeldRecords(slots, context.maxHeld(), context.heldLargeBytes());
        final long lastGlobal =
                context.journal() == null ? 0 : context.journal().lastGlobalSequence();
        final Sequencer sequencer = new Sequencer(sequencerSettings(), context.ringSize(), lastGlobal);
        final MatchStage match =
                new MatchStage(slots, new SubjectMatcher(subscriptions.subscriptions(), slots.words()));
        final StampStage stamp = new StampStage(slots, context.clock(), counters);
        final ReorderStage reorder = new ReorderStage(slots, sequencer, context.trackSequences(), held, counters);
        this.journalStage = makeJournalStage(sequencer.releases(), held);
        this.fanOutStage = makeFanOutStage(sequencer.releases(), held, lastGlobal);
        this.livenessWatch = new LivenessWatch(fanOutStage, table, context.clock(), counters);
        if (context.topology() == Topology.STAGED) {
            wire(match, stamp, reorder, journalStage, fanOutStage);
        } else {
            wireOnOneThread(new FrontStages(slots, match, stamp, reorder, journalStage));
        }
        this.claims = single ? null : new ClaimRegistry();
        watchClaims();
        this.publisher = new Publisher(this, context);
    }

    private RingBuffer<Slot> makeRing(final boolean single) {
        return RingBuffer.create(
                single ? ProducerType.SINGLE : ProducerType.MULTI, Slot::new, context.ringSize(), new NoWaitStrategy());
    }

    private Ordering ordering() {
        return context.trackSequences() ? context.ordering() : Ordering.NONE;
    }

    private SequencerSettings sequencerSettings() {
        return new SequencerSettings(
                ordering(),
                context.maxSequenceGap(),
                context.maxBufferSize(),
                context.maxHeld(),
                context.sequenceTimeoutNs(),
                context.onGapTooWide(),
                context.maxAggregates(),
                context.firstSequence());
    }

    private JournalStage makeJournalStage(final ReleaseList releases, final HeldRecords held) {
        return new JournalStage(
                slots, releases, held, replays.appender(), deadLetters, context.deadLetterNoMatch(), table, signal);
    }

    private FanOutStage makeFanOutStage(final ReleaseList releases, final HeldRecords held, final long lastGlobal) {
        return new FanOutStage(
                slots, releases, held, table, subscriptions.groups(), dirty, signal, lastGlobal, counters);
    }

    private void wireOnOneThread(final FrontStages front) {
        if (context.journal() == null) {
            wire(new AllStages(front, fanOutStage));
        } else {
            wire(front, fanOutStage);
        }
    }

    private void wire(final SlotHandler... handlers) {
        StageRunner before = null;
        for (final SlotHandler handler : handlers) {
            before = new StageRunner(
                    slots,
                    before == null ? ring.newBarrier() : ring.newBarrier(before.sequence()),
                    before,
                    handler,
                    BATCH_LIMIT,
                    state::seal);
            runners.add(before);
        }
        ring.addGatingSequences(lastRunner().sequence());
        runners.get(0).tickBy(control, lastRunner());
    }

    private void watchClaims() {
        if (claims != null) {
            final StalledClaims stalled =
                    new StalledClaims(ring, slots, claims, counters, context.clock(), context.claimTimeoutNs());
            runners.get(0).watchBy(stalled::onIdle);
        }
    }

    /** One turn of all stages on the caller's thread, ticks and dead letters included. */
    int doWork() {
        int work = 0;
        for (int i = 0; i < runners.size(); i++) {
            work += runners.get(i).poll();
        }
        watchConsumers(work);
        return work + takeOverDeadLetters() + tellOfRoom();
    }

    /** Tells publishers that wait for room, where there is enough or no more use in waiting. The last stage's thread. */
    int tellOfRoom() {
        if (!room.isWanted()) {
            return 0;
        }
        final long used = ring.getCursor() - lastRunner().sequence().get();
        return room.tell(state.isAccepting() ? ring.getBufferSize() - used : Integer.MAX_VALUE);
    }

    /** Looks whether consumers are polled, now and then, and goes on with those that leave. The last runner's thread. @param work of this turn. */
    void watchConsumers(final int work) {
        if (state.failure() != null) {
            return;
        }
        try {
            fanOutStage.onTurn();
            livenessWatch.onTurn(work);
        } catch (final Throwable failure) { // no memory for what a consumer leaves
            state.seal(failure);
        }
    }

    /** One turn where the caller's thread is the one that runs the stages; else nothing. */
    int doInlineWork() {
        if (context.topology() != Topology.INLINE || !turns.begin()) {
            return 0;
        }
        try {
            return doWork();
        } finally {
            turns.end();
        }
    }

    int takeOverDeadLetters() {
        if (state.failure() != null) {
            return 0;
        }
        try {
            return journalStage.takeOver(fanOutStage);
        } catch (final Throwable failure) { // the dead letters' disk
            state.seal(failure);
            return 0;
        }
    }

    /** Time is to pass where something is held, every few milliseconds. The first runner's thread. */
    private boolean isTickDue() {
        if (counters.get(PipelineCounter.HELD_NOW) == 0) {
            return false;
        }
        final long now = context.clock().nanoTime();
        if (now < nextTickNanos) {
            return false;
        }
        nextTickNanos = now + Math.min(TICK_INTERVAL_NS, context.sequenceTimeoutNs());
        return true;
    }

    /**
     * Asks for the release of all that is held; true where the order is in the ring. Where there is one publisher, its thread;
     * else any, one after the other.
     */
    synchronized boolean tryReleaseHeld() {
        return publisher.tryControl(SlotMemory.KIND_RELEASE_HELD);
    }

    /** Slots, and ticks, that are not through all stages; one more where the router itself has something to say. */
    long inRing() {
        final long slotsInRing = ring.getCursor() - lastRunner().sequence().get();
        return slotsInRing + (lastRunner().isBehindTick(runners.get(0)) || control.isWanted() ? 1 : 0);
    }

    private StageRunner lastRunner() {
        return runners.get(runners.size() - 1);
    }

    RouterContext context() {
        return context;
    }

    RouterState state() {
        return state;
    }

    PipelineCounters counters() {
        return counters;
    }

    DeadLetterCounts deadLetters() {
        return deadLetters;
    }

    SlotMemory slots() {
        return slots;
    }

    RingBuffer<Slot> ring() {
        return ring;
    }

    RouterSubscriptions subscriptions() {
        return subscriptions;
    }

    /** Who waits for room. */
    RoomWatch room() {
        return room;
    }

    /** Whose turn it is under INLINE. */
    InlineTurns turns() {
        return turns;
    }

    /** What publishers have open, where there are many; null where there is one. */
    @Nullable
    ClaimRegistry claims() {
        return claims;
    }

    /** The only publisher where there is one, else the router's own. */
    Publisher control() {
        return publisher;
    }

    DirtyChannels dirty() {
        return dirty;
    }

    /** Those that there are now, in the order in which they came. */
    List<SubjectConsumer> consumers() {
        return table.all();
    }

    /** Who comes and goes. */
    RouterConsumers comingAndGoing() {
        return consumers;
    }

    List<StageRunner> runners() {
        return runners;
    }
}
