package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import io.ringline.sequencer.Sequencer;
import org.agrona.concurrent.UnsafeBuffer;

/** Match, stamp, reorder and journal on one thread, one slot after the other: fields of exact types, so calls inline. */
public final class FrontStages implements SlotHandler {
    /** The event is next in its order, and releases no other. */
    static final int RELEASED = Sequencer.RELEASED;

    private final MatchStage match;
    private final StampStage stamp;
    private final ReorderStage reorder;
    private final JournalStage journal;
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final EventRecord record = new EventRecord();
    private boolean stalled;

    /**
     * The stages, in their order.
     *
     * @param slots   the ring's memory.
     * @param match   first.
     * @param stamp   second.
     * @param reorder third.
     * @param journal fourth.
     */
    public FrontStages(
            final SlotMemory slots,
            final MatchStage match,
            final StampStage stamp,
            final ReorderStage reorder,
            final JournalStage journal) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.match = match;
        this.stamp = stamp;
        this.reorder = reorder;
        this.journal = journal;
    }

    @Override
    public void onAvailable(final long first, final long last) {
        reorder.onAvailable(first, last);
    }

    @Override
    public void onBatchStart() {
        match.onBatchStart();
        stamp.onBatchStart();
        reorder.onBatchStart();
    }

    @Override
    public boolean onSlot(final int base) {
        if (isPlain(base)) {
            if (onPlain(base) == RELEASED) {
                noteReleased(base);
            }
            return !stalled;
        }
        if (!stalled) {
            match.onSlot(base);
            stamp.onSlot(base);
        }
        stalled = !reorder.onSlot(base); // matched and stamped already when it comes again
        if (!stalled) {
            journal.onSlot(base);
        }
        return !stalled;
    }

    /** Whether a slot holds what nearly all hold, and is not one that comes again. */
    boolean isPlain(final int base) {
        return !stalled && buffer.getLong(base + SlotMemory.KIND_OFFSET) == SlotMemory.PLAIN_EVENT;
    }

    /**
     * Takes a plain event through the stages without each finding out again what the slot holds, and without a word to the
     * slot where it is simply {@link #RELEASED}: a line that the publisher's core need not fetch back. Any other answer,
     * with what later stages need, stands in the slot.
     */
    int onPlain(final int base) {
        slots.wrapRecord(record, base, SlotMemory.NOT_LARGE);
        final long subject = match.match(base, record);
        stamp.stamp(record);
        final int answer = reorder.offer(base, record, subject);
        if (answer == RELEASED) {
            if (journal.wantsReleased()) {
                journal.onReleased(record, match.results(), match.bits());
            }
            return RELEASED;
        }
        match.note(base);
        buffer.putLong(base + SlotMemory.SUBJECT_OFFSET, subject);
        stalled = !reorder.onUnusual(base, record, answer);
        if (!stalled) {
            journal.onSlot(base);
        }
        return answer;
    }

    /** Notes in the slot what {@link #onPlain} found of an event that is simply released. */
    void noteReleased(final int base) {
        match.note(base);
        buffer.putLong(base + SlotMemory.OUTCOME_OFFSET, SlotMemory.OUTCOME_RELEASED);
    }

    /** Whether the last slot has to come again. */
    boolean isStalled() {
        return stalled;
    }

    /** The event that {@link #onPlain} was given last. */
    EventRecord record() {
        return record;
    }

    /** What that event matches. */
    MatchStage matches() {
        return match;
    }

    @Override
    public void onBatchEnd() {
        stamp.onBatchEnd();
        reorder.onBatchEnd();
        journal.onBatchEnd();
    }
}
