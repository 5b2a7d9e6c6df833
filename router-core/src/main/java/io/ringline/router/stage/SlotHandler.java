package io.ringline.router.stage;

/** One or more stages, run over slots in order by a {@link StageRunner}. */
public interface SlotHandler {
    /**
     * Slots are there, and come next: a stage may bring near what it will need for them. Before {@link #onBatchStart()}.
     *
     * @param first the ring's sequence of the first.
     * @param last  of the last; none of them need be handled in the end.
     */
    default void onAvailable(final long first, final long last) {
        // nearly all stages need nothing but the slot itself
    }

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
