package io.ringline.router.stage;

/**
 * All five stages on one thread, each slot through all of them before the next: for a router without a journal, where
 * nothing need wait for a batch to be written.
 */
public final class AllStages implements SlotHandler {
    private final FrontStages front;
    private final FanOutStage fanOut;
    private boolean fanOutOnly;

    /**
     * The stages.
     *
     * @param front  the first four.
     * @param fanOut the last.
     */
    public AllStages(final FrontStages front, final FanOutStage fanOut) {
        this.front = front;
        this.fanOut = fanOut;
    }

    @Override
    public void onBatchStart() {
        front.onBatchStart();
        fanOut.onBatchStart();
    }

    @Override
    public boolean onSlot(final int base) {
        if (!fanOutOnly && !front.onSlot(base)) {
            return false;
        }
        fanOutOnly = !fanOut.onSlot(base);
        return !fanOutOnly; // a channel is full: the stages before it are done with the slot when it comes again
    }

    @Override
    public void onBatchEnd() {
        front.onBatchEnd();
        fanOut.onBatchEnd();
    }
}
