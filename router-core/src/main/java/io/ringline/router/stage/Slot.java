package io.ringline.router.stage;

/**
 * One preallocated place in the ring. The event itself stands in off-heap memory, at {@link #base}, so that a slot
 * object is never written after start and its cache line is shared by all threads without traffic.
 */
public final class Slot {
    /** Where this slot's memory starts in {@link SlotMemory#buffer()}. */
    public final int base;

    /**
     * A place for one event.
     *
     * @param base offset in {@link SlotMemory#buffer()}.
     */
    public Slot(final int base) {
        this.base = base;
    }
}
