package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import org.agrona.concurrent.UnsafeBuffer;

/** Match, stamp, reorder and journal on one thread, one slot after the other: fields of exact types, so calls inline. */
public final class FrontStages implements SlotHandler {
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
    public void onBatchStart() {
        stamp.onBatchStart();
        reorder.onBatchStart();
    }

    @Override
    public boolean onSlot(final int base) {
        if (buffer.getLong(base + SlotMemory.KIND_OFFSET) == SlotMemory.PLAIN_EVENT) {
            return onPlainEvent(base);
        }
        if (!stalled) {
            match.onSlot(base);
            stamp.onSlot(base);
        }
        stalled = !reorder.onSlot(base);
        if (stalled) {
            return false; // matched and stamped already when it comes again
        }
        journal.onSlot(base);
        return true;
    }

    /** The same for nearly all slots, without each stage finding out again what the slot holds. */
    private boolean onPlainEvent(final int base) {
        slots.wrapRecord(record, base, SlotMemory.NOT_LARGE);
        if (!stalled) {
            match.onEvent(base, record);
            stamp.onEvent(base, record);
        }
        final int outcome = reorder.onEvent(base, record);
        stalled = outcome < 0;
        if (stalled) {
            return false;
        }
        if (outcome != SlotMemory.OUTCOME_RELEASED || journal.wantsReleased()) {
            journal.onSlot(base);
        }
        return true;
    }

    @Override
    public void onBatchEnd() {
        stamp.onBatchEnd();
        reorder.onBatchEnd();
        journal.onBatchEnd();
    }
}
