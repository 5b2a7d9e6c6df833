package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.sequencer.Aggregates;
import io.ringline.sequencer.LookAhead;
import io.ringline.sequencer.ReleaseList;
import io.ringline.sequencer.Sequencer;
import io.ringline.sequencer.SequencerStatistics;
import io.ringline.sequencer.StreamStarts;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts each aggregate's events in order: asks the {@link Sequencer} about each, keeps what must wait, and notes in the
 * slot what it releases. Numbers what is released.
 */
public final class ReorderStage implements SlotHandler {
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final Sequencer sequencer;
    private final ReleaseList releases;
    private final StreamStarts starts;
    private final LookAhead ahead;
    private final Aggregates aggregates;
    private final SequencerStatistics totals;
    private final boolean tracks;
    private final KnownSubjects known = new KnownSubjects();
    private final HeldRecords held;
    private final PipelineCounters counters;
    private final int maxLargeHeld;
    private final EventRecord record = new EventRecord();
    private final EventRecord other = new EventRecord();
    private final EventRecord same = new EventRecord();
    private boolean unusual;
    private long aborted;
    private long abandoned;
    private long unused;
    private long startsRefused;
    private long evicted;

    /**
     * The stage.
     *
     * @param slots     the ring's memory.
     * @param sequencer this stage's own.
     * @param tracks    false where aggregates are neither numbered nor kept in order.
     * @param held      where waiting records are kept.
     * @param counters  where totals are shown.
     */
    public ReorderStage(
            final SlotMemory slots,
            final Sequencer sequencer,
            final boolean tracks,
            final HeldRecords held,
            final PipelineCounters counters) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.sequencer = sequencer;
        this.releases = sequencer.releases();
        this.starts = sequencer.starts();
        this.ahead = sequencer.lookAhead();
        this.aggregates = sequencer.aggregates();
        this.tracks = tracks;
        this.totals = sequencer.statistics();
        this.held = held;
        this.counters = counters;
        // Half of the large buffers at most wait here, so that publishers always find some that come back.
        this.maxLargeHeld = Math.max(1, slots.large().count() / 2);
    }

    @Override
    public void onAvailable(final long first, final long last) {
        if (tracks && ahead.isWorthwhile()) {
            for (long sequence = first; sequence <= last; sequence++) {
                expect(slots.base(sequence));
            }
            ahead.fetch();
        }
    }

    private void expect(final int base) {
        if (slots.kind(base) != SlotMemory.KIND_EVENT) {
            return;
        }
        slots.wrapRecord(other, base);
        if ((other.flags() & RecordFlags.AGGREGATE_IS_ID) != 0) {
            ahead.expectId(other.aggregateId());
        } else {
            ahead.expectBytes(buffer.getLong(base + SlotMemory.AGGREGATE_HASH_OFFSET));
        }
    }

    @Override
    public void onBatchStart() {
        reclaim();
    }

    private void reclaim() {
        final long consumed = counters.get(PipelineCounter.RELEASES_CONSUMED);
        for (long position = sequencer.reclaimed(); position < consumed; position++) {
            final int entry = releases.entry(position);
            if (entry >= 0) {
                held.reclaim(entry);
            }
        }
        sequencer.reclaim(consumed);
    }

    @Override
    public boolean onSlot(final int base) {
        final int kind = slots.kind(base);
        if (kind == SlotMemory.KIND_EVENT || kind == SlotMemory.KIND_NOTICE) {
            slots.wrapRecord(record, base);
            final int answer = offer(base, record, buffer.getLong(base + SlotMemory.SUBJECT_OFFSET));
            if (answer == Sequencer.RELEASED) {
                buffer.putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.OUTCOME_RELEASED);
                return true;
            }
            return onUnusual(base, record, answer);
        }
        buffer.putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.OUTCOME_NONE);
        unusual = true;
        switch (kind) {
            case SlotMemory.KIND_TICK -> sequencer.tick(buffer.getLong(base + SlotMemory.HASH_OFFSET));
            case SlotMemory.KIND_RELEASE_HELD -> sequencer.releaseAll();
            case SlotMemory.KIND_START -> start(base);
            case SlotMemory.KIND_START_SOURCE ->
                starts.startSource(
                        buffer.getLong(base + SlotMemory.AGGREGATE_HASH_OFFSET),
                        buffer.getLong(base + SlotMemory.HASH_OFFSET));
            default -> {
                onOtherSlot(base, kind);
                return true;
            }
        }
        noteReleases(base);
        return true;
    }

    private void onOtherSlot(final int base, final int kind) {
        switch (kind) {
            case SlotMemory.KIND_ABORTED -> aborted++;
            case SlotMemory.KIND_ABANDONED -> abandoned++;
            case SlotMemory.KIND_UNUSED -> unused++;
            case SlotMemory.KIND_LEAVE -> held.forget((int) buffer.getLong(base + SlotMemory.AGGREGATE_HASH_OFFSET));
            default -> {} // a new member, or bytes that are no event: of no interest here
        }
    }

    private void start(final int base) {
        slots.wrapRecord(record, base);
        final long first = record.aggregateSequence();
        final int answer = (record.flags() & RecordFlags.AGGREGATE_IS_ID) != 0
                ? starts.startId(record.aggregateId(), first, record.ingressNanos())
                : starts.startBytes(
                        record.buffer(),
                        record.aggregateOffset(),
                        record.aggregateLength(),
                        buffer.getLong(base + SlotMemory.AGGREGATE_HASH_OFFSET),
                        first,
                        record.ingressNanos());
        startsRefused += answer == Sequencer.TOO_MANY_AGGREGATES ? 1 : 0;
    }

    /**
     * Asks the sequencer about an event, whose subject is known by a generation and a token; one that is simply released is
     * numbered, and there is no more to do.
     */
    int offer(final int base, final EventRecord event, final long subject) {
        if (!tracks) {
            event.globalSequence(sequencer.lastGlobalSequence() + 1);
            return sequencer.offerUntracked();
        }
        final long given = event.aggregateSequence();
        final int flags = event.flags();
        final int answer = (flags & RecordFlags.AGGREGATE_IS_ID) != 0
                ? sequencer.offerId(event.aggregateId(), given, event.sourceSequence(), event.ingressNanos())
                : (flags & RecordFlags.AGGREGATE_IS_SUBJECT) != 0 && subject >= 0
                        ? offerSubject(base, event, given, subject)
                        : offerBytes(base, event, given);
        if (answer == Sequencer.RELEASED) {
            event.globalSequence(sequencer.lastGlobalSequence());
            if (given == 0) {
                event.aggregateSequence(sequencer.lastSequence());
            }
        }
        return answer;
    }

    private int offerBytes(final int base, final EventRecord event, final long given) {
        return sequencer.offerBytes(
                event.buffer(),
                event.aggregateOffset(),
                event.aggregateLength(),
                buffer.getLong(base + SlotMemory.AGGREGATE_HASH_OFFSET),
                given,
                event.sourceSequence(),
                event.ingressNanos());
    }

    private int offerSubject(final int base, final EventRecord event, final long given, final long subject) {
        final int token = SlotMemory.high(subject);
        final int generation = SlotMemory.low(subject);
        final int index = known.index(token, generation);
        if (index != KnownSubjects.NONE) {
            final int answer = sequencer.offerKnown(
                    index, known.aggregateGeneration(token), given, event.sourceSequence(), event.ingressNanos());
            if (answer != Sequencer.FORGOTTEN) {
                return answer;
            }
        }
        final int answer = offerBytes(base, event, given);
        final int found = sequencer.lastIndex();
        if (found >= 0) {
            known.remember(token, generation, found, sequencer.generation(found));
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
        if (answer == Sequencer.BUSY) {
            reclaim();
            return -1;
        }
        if (answer == Sequencer.TOO_MANY_AGGREGATES) {
            noteReleases(base); // those that waited for it in the source's order
            return SlotMemory.OUTCOME_TOO_MANY_AGGREGATES;
        }
        if (event.aggregateSequence() == 0) {
            event.aggregateSequence(sequencer.lastSequence()); // 0 while it waits for its turn in its source's order
        }
        switch (answer) {
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
            sequencer.markDuplicate();
            return SlotMemory.OUTCOME_NONE;
        }
        sequencer.markConflict();
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
            noteRelease(base, position, releases.entry(position));
        }
    }

    private void noteRelease(final int base, final long position, final int entry) {
        if (entry == Sequencer.NO_ENTRY) {
            return; // a gap of the source's: the journal's to note
        }
        if (entry == Sequencer.SELF) {
            slots.wrapRecord(other, base);
        } else {
            held.wrapRecord(other, entry);
            held.onReleased(entry);
        }
        other.globalSequence(releases.globalSequence(position));
        other.aggregateSequence(releases.sequence(position));
        final int gap = releases.gap(position);
        other.gap(gap);
        if (gap > 0) {
            final int ofSource = releases.isSourceGap(position) ? RecordFlags.SOURCE_GAP : 0;
            other.flags(other.flags() & ~RecordFlags.SOURCE_GAP | ofSource);
        }
        if (releases.outcome(position) == Sequencer.ALREADY_HELD) {
            onAlreadyHeld(position);
        }
    }

    /** The source numbered two events differently, and their aggregate's number is the same. */
    private void onAlreadyHeld(final long position) {
        held.wrapRecord(same, releases.other(position));
        if (other.sameContent(same.buffer(), same.offset())) {
            sequencer.markDuplicate(position);
        } else {
            sequencer.markConflict();
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
        if (!unusual && evicted == totals.evicted()) {
            return;
        }
        unusual = false;
        evicted = totals.evicted();
        counters.set(PipelineCounter.EVICTED, evicted);
        counters.set(PipelineCounter.DUPLICATES, totals.duplicates());
        counters.set(PipelineCounter.CONFLICTS, totals.conflicts());
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
        counters.set(PipelineCounter.FORCED_BY_START, totals.forcedByStart());
        counters.set(PipelineCounter.TOO_MANY_AGGREGATES, totals.tooManyAggregates());
        counters.set(PipelineCounter.EPOCHS, totals.epochs());
        counters.set(PipelineCounter.BASELINES, totals.baselines());
        counters.set(PipelineCounter.STARTS_REFUSED, startsRefused);
        counters.set(PipelineCounter.WITHOUT_MEMORY, aggregates.withoutMemory());
        counters.set(PipelineCounter.ABORTED, aborted);
        counters.set(PipelineCounter.ABANDONED, abandoned);
        counters.set(PipelineCounter.UNUSED, unused);
    }
}
