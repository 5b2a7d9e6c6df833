package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;

/**
 * All five stages on one thread, each slot through all of them before the next: for a router without a journal, where
 * nothing need wait for a batch to be written.
 */
public final class AllStages implements SlotHandler {
    private final FrontStages front;
    private final FanOutStage fanOut;
    private final EventRecord record;
    private final MatchStage matches;
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
        this.record = front.record();
        this.matches = front.matches();
    }

    @Override
    public void onAvailable(final long first, final long last) {
        front.onAvailable(first, last);
    }

    @Override
    public void onBatchStart() {
        front.onBatchStart();
        fanOut.onBatchStart();
    }

    @Override
    public boolean onSlot(final int base) {
        if (!fanOutOnly) {
            if (front.isPlain(base)) {
                if (front.onPlain(base) == FrontStages.RELEASED) {
                    return fanOut.offerToAll(record, matches.results(), matches.bits()) || stopAt(base);
                }
            } else {
                front.onSlot(base);
            }
            if (front.isStalled()) {
                return false;
            }
        }
        fanOutOnly = !fanOut.onSlot(base);
        return !fanOutOnly; // a channel is full: the stages before it are done with the slot when it comes again
    }

    private boolean stopAt(final int base) {
        front.noteReleased(base);
        fanOutOnly = true;
        return false;
    }

    @Override
    public void onBatchEnd() {
        front.onBatchEnd();
        fanOut.onBatchEnd();
    }
}
