package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import io.ringline.sequencer.Sequencer;
import io.ringline.sequencer.SequencerStatistics;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts each aggregate's events in order: asks the {@link Sequencer} about each, keeps what must wait, and notes in the
 * slot what it releases. Numbers what is released.
 */
public final class ReorderStage implements SlotHandler {
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final Sequencer sequencer;
    private final SequencerStatistics totals;
    private final HeldRecords held;
    private final PipelineCounters counters;
    private final int maxLargeHeld;
    private final EventRecord record = new EventRecord();
    private final EventRecord other = new EventRecord();
    private final EventRecord same = new EventRecord();
    private boolean unusual;
    private long conflicts;
    private long duplicatesHeld;
    private long aborted;

    /**
     * The stage.
     *
     * @param slots     the ring's memory.
     * @param sequencer this stage's own.
     * @param held      where waiting records are kept.
     * @param counters  where totals are shown.
     */
    public ReorderStage(
            final SlotMemory slots,
            final Sequencer sequencer,
            final HeldRecords held,
            final PipelineCounters counters) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.sequencer = sequencer;
        this.totals = sequencer.statistics();
        this.held = held;
        this.counters = counters;
        // Half of the large buffers at most wait here, so that publishers always find some that come back.
        this.maxLargeHeld = Math.max(1, slots.large().count() / 2);
    }

    @Override
    public void onBatchStart() {
        reclaim();
    }

    private void reclaim() {
        final long consumed = counters.get(PipelineCounter.RELEASES_CONSUMED);
        for (long position = sequencer.reclaimed(); position < consumed; position++) {
            final int entry = sequencer.releaseEntry(position);
            if (entry != Sequencer.SELF) {
                held.reclaim(entry);
            }
        }
        sequencer.reclaim(consumed);
    }

    @Override
    public boolean onSlot(final int base) {
        final int kind = slots.kind(base);
        if (kind == SlotMemory.KIND_EVENT) {
            slots.wrapRecord(record, base);
            final int aggregate = SlotMemory.low(buffer.getLong(base + SlotMemory.AGGREGATE_OFFSET));
            final int answer = offer(record, aggregate);
            if (answer == Sequencer.RELEASED) {
                buffer.putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.OUTCOME_RELEASED);
                return true;
            }
            return onUnusual(base, record, answer);
        }
        buffer.putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.OUTCOME_NONE);
        switch (kind) {
            case SlotMemory.KIND_TICK -> {
                unusual = true;
                sequencer.tick(buffer.getLong(base + SlotMemory.HASH_OFFSET));
                noteReleases(base);
            }
            case SlotMemory.KIND_RELEASE_HELD -> {
                unusual = true;
                sequencer.releaseAll();
                noteReleases(base);
            }
            case SlotMemory.KIND_ABORTED -> {
                unusual = true;
                aborted++;
            }
            default -> {}
        }
        return true;
    }

    /** Asks the sequencer about an event; one that is simply released is numbered, and there is no more to do. */
    int offer(final EventRecord event, final int aggregate) {
        final int answer =
                sequencer.offer(aggregate, event.aggregateSequence(), event.sourceSequence(), event.ingressNanos());
        if (answer == Sequencer.RELEASED) {
            event.globalSequence(sequencer.lastGlobalSequence());
        }
        return answer;
    }

    /** Notes any other answer in the slot; false where the slot must come again. */
    boolean onUnusual(final int base, final EventRecord event, final int answer) {
        unusual = true;
        buffer.putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.OUTCOME_NONE);
        final int outcome = onOther(base, event, answer);
        if (outcome > SlotMemory.OUTCOME_NONE) {
            final int releases = SlotMemory.high(buffer.getLong(base + SlotMemory.OUTCOME_OFFSET));
            buffer.putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.pair(outcome, releases));
        }
        return outcome >= 0;
    }

    private int onOther(final int base, final EventRecord event, final int answer) {
        switch (answer) {
            case Sequencer.BUSY:
                reclaim();
                return -1;
            case Sequencer.HELD:
                held.hold(base, event, sequencer.heldEntry());
                noteReleases(base);
                keepSomeLargeBuffers(base);
                return SlotMemory.OUTCOME_NONE;
            case Sequencer.RELEASED_WITH:
                noteReleases(base);
                return SlotMemory.OUTCOME_NONE;
            case Sequencer.ALREADY_HELD:
                noteReleases(base);
                return onAlreadyHeld(event);
            case Sequencer.LATE:
                noteReleases(base);
                return SlotMemory.OUTCOME_LATE;
            case Sequencer.GAP_TOO_WIDE:
                noteReleases(base);
                return SlotMemory.OUTCOME_GAP_TOO_WIDE;
            default: // DUPLICATE: the sequencer has counted it
                noteReleases(base);
                return SlotMemory.OUTCOME_NONE;
        }
    }

    private int onAlreadyHeld(final EventRecord event) {
        held.wrapRecord(other, sequencer.heldEntry());
        if (event.sameContent(other.buffer(), other.offset())) {
            duplicatesHeld++;
            return SlotMemory.OUTCOME_NONE;
        }
        conflicts++;
        return SlotMemory.OUTCOME_CONFLICT;
    }

    private void noteReleases(final int base) {
        final int before = SlotMemory.high(buffer.getLong(base + SlotMemory.OUTCOME_OFFSET));
        final long from = sequencer.releaseFrom();
        final int count = sequencer.releaseCount();
        if (before == 0) {
            buffer.putLong(base + SlotMemory.RELEASE_FROM_OFFSET, from);
        }
        buffer.putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.pair(SlotMemory.OUTCOME_NONE, before + count));
        for (long position = from; position < from + count; position++) {
            final int entry = sequencer.releaseEntry(position);
            if (entry == Sequencer.SELF) {
                slots.wrapRecord(other, base);
            } else {
                held.wrapRecord(other, entry);
                held.onReleased(entry);
            }
            other.globalSequence(sequencer.releaseGlobalSequence(position));
            other.gap(sequencer.releaseGap(position));
            if (sequencer.releaseOutcome(position) == Sequencer.ALREADY_HELD) {
                onAlreadyHeld(position);
            }
        }
    }

    /** The source numbered two events differently, and their aggregate's number is the same. */
    private void onAlreadyHeld(final long position) {
        held.wrapRecord(same, sequencer.releaseOther(position));
        if (other.sameContent(same.buffer(), same.offset())) {
            sequencer.markDuplicate(position);
            duplicatesHeld++;
        } else {
            conflicts++;
        }
    }

    private void keepSomeLargeBuffers(final int base) {
        while (held.largeHeld() > maxLargeHeld) {
            sequencer.forceOldest();
            noteReleases(base);
        }
    }

    @Override
    public void onBatchEnd() {
        counters.set(PipelineCounter.RELEASED, totals.released());
        if (!unusual) {
            return;
        }
        unusual = false;
        counters.set(PipelineCounter.DUPLICATES, totals.duplicates() + duplicatesHeld);
        counters.set(PipelineCounter.CONFLICTS, conflicts);
        counters.set(PipelineCounter.HELD_NOW, sequencer.heldNow());
        counters.set(PipelineCounter.HELD_MAX, totals.heldMax());
        counters.set(PipelineCounter.REORDERED, totals.reordered());
        counters.set(PipelineCounter.LATE, totals.late());
        counters.set(PipelineCounter.GAP_TOO_WIDE, totals.tooWide());
        counters.set(PipelineCounter.GAPS, totals.gaps());
        counters.set(PipelineCounter.MISSING, totals.missing());
        counters.set(PipelineCounter.FORCED_BY_TIMEOUT, totals.forcedByTimeout());
        counters.set(PipelineCounter.FORCED_BY_PRESSURE, totals.forcedByPressure());
        counters.set(PipelineCounter.FORCED_BY_GAP, totals.forcedByGap());
        counters.set(PipelineCounter.ABORTED, aborted);
    }
}
