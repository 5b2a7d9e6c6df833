package io.ringline.router.stage;

/** One or more stages, run over slots in order by a {@link StageRunner}. */
public interface SlotHandler {
    /** Before the first slot of a batch. */
    void onBatchStart();

    /**
     * Handles a slot.
     *
     * @param base of the slot in {@link SlotMemory#buffer()}.
     * @return false where the slot must wait: it comes again.
     */
    boolean onSlot(int base);

    /** After the last slot of a batch, before later stages may see the batch. */
    void onBatchEnd();
}
