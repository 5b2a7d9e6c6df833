package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives each event its time of acceptance. The only place where time enters the pipeline: the clock is read once for a batch
 * and never goes back.
 */
public final class StampStage implements SlotHandler {
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final EpochNanoClock clock;
    private final EventRecord record = new EventRecord();
    private final PipelineCounters counters;
    private long nowNanos;
    private long accepted;
    private long malformed;
    private long others;
    private long notices;

    /**
     * The stage.
     *
     * @param slots    the ring's memory.
     * @param clock    nanoseconds since the epoch.
     * @param counters where totals are shown.
     */
    public StampStage(final SlotMemory slots, final EpochNanoClock clock, final PipelineCounters counters) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public void onBatchStart() {
        nowNanos = Math.max(nowNanos, clock.nanoTime());
    }

    @Override
    public void onBatchEnd() {
        counters.set(PipelineCounter.ACCEPTED, accepted);
        counters.set(PipelineCounter.MALFORMED, malformed);
        counters.set(PipelineCounter.OTHER_SLOTS, others);
        if (notices != 0) {
            counters.set(PipelineCounter.NOTICES, notices);
        }
    }

    @Override
    public boolean onSlot(final int base) {
        switch (slots.kind(base)) {
            case SlotMemory.KIND_EVENT -> {
                slots.wrapRecord(record, base);
                stamp(record);
            }
            case SlotMemory.KIND_NOTICE -> {
                notices++;
                slots.wrapRecord(record, base);
                stamp(record);
            }
            case SlotMemory.KIND_LEAVE, SlotMemory.KIND_JOIN -> {} // no time enters, and none of the ring's slots
            case SlotMemory.KIND_MALFORMED -> {
                malformed++;
                slots.wrapRecord(record, base);
                record.ingressNanos(nowNanos);
            }
            case SlotMemory.KIND_START -> {
                others++;
                slots.wrapRecord(record, base);
                record.ingressNanos(nowNanos);
            }
            case SlotMemory.KIND_TICK -> buffer.putLong(base + SlotMemory.HASH_OFFSET, nowNanos); // none of the ring's
            default -> {
                others++;
                buffer.putLong(base + SlotMemory.HASH_OFFSET, nowNanos);
            }
        }
        return true;
    }

    /** Stamps an event. */
    void stamp(final EventRecord event) {
        accepted++;
        event.ingressNanos(nowNanos);
    }
}
