package io.ringline.router.stage;

/**
 * The ring's entry, which is never looked at: the event stands in {@link SlotMemory}, at an offset that follows from the
 * ring's sequence. To go by way of an object would cost every stage one more cache line for each event.
 */
public final class Slot {
    /** An entry. */
    public Slot() {
        // nothing to hold
    }
}
