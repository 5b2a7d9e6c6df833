package io.ringline.router.stage;

/** Match, stamp, reorder and journal on one thread, one slot after the other: fields of exact types, so calls inline. */
public final class FrontStages implements SlotHandler {
    private final MatchStage match;
    private final StampStage stamp;
    private final ReorderStage reorder;
    private final JournalStage journal;
    private boolean stalled;

    /**
     * The stages, in their order.
     *
     * @param match   first.
     * @param stamp   second.
     * @param reorder third.
     * @param journal fourth.
     */
    public FrontStages(
            final MatchStage match, final StampStage stamp, final ReorderStage reorder, final JournalStage journal) {
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

    @Override
    public void onBatchEnd() {
        stamp.onBatchEnd();
        reorder.onBatchEnd();
        journal.onBatchEnd();
    }
}
