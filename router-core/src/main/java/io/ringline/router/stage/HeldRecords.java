package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import io.ringline.sequencer.HeldArena;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The records that wait for their turn: match words and record of each, copied out of its slot into the arena; a large
 * record keeps the buffer it stands in. Written by the reorder stage, read by the stages after it once a slot that
 * releases an entry has reached them.
 */
public final class HeldRecords {
    private final SlotMemory slots;
    private final HeldArena arena;
    private final int[] large;
    private int largeHeld;

    /**
     * Room for a number of records.
     *
     * @param slots  the ring's memory.
     * @param blocks how many records can be held.
     */
    public HeldRecords(final SlotMemory slots, final int blocks) {
        this.slots = slots;
        this.arena = new HeldArena(blocks, slots.words() * Long.BYTES + slots.slotBytes());
        this.large = new int[blocks];
    }

    /**
     * Keeps a slot's event. The reorder stage's thread.
     *
     * @param base   of the slot.
     * @param record the slot's record; where it is large its buffer passes from the slot to the entry.
     * @param entry  the sequencer's number for it.
     */
    void hold(final int base, final EventRecord record, final int entry) {
        final MutableDirectBuffer to = arena.buffer(entry);
        final int at = arena.offset(entry);
        final int wordBytes = slots.words() * Long.BYTES;
        final int index = slots.buffer().getInt(base + SlotMemory.LARGE_OFFSET);
        large[entry] = index;
        if (index == SlotMemory.NOT_LARGE) {
            to.putBytes(at, slots.buffer(), base + SlotMemory.WORDS_OFFSET, wordBytes + record.length());
        } else {
            to.putBytes(at, slots.buffer(), base + SlotMemory.WORDS_OFFSET, wordBytes);
            slots.buffer().putInt(base + SlotMemory.LARGE_OFFSET, SlotMemory.NOT_LARGE);
            largeHeld++;
        }
    }

    /** Notes that an entry is released. The reorder stage's thread. */
    void onReleased(final int entry) {
        if (large[entry] != SlotMemory.NOT_LARGE) {
            largeHeld--;
        }
    }

    /** How many large buffers wait here. The reorder stage's thread. */
    int largeHeld() {
        return largeHeld;
    }

    /** Points a flyweight at an entry's record. */
    void wrapRecord(final EventRecord record, final int entry) {
        final int index = large[entry];
        if (index == SlotMemory.NOT_LARGE) {
            record.wrap(arena.buffer(entry), arena.offset(entry) + slots.words() * Long.BYTES);
        } else {
            record.wrap(slots.large().buffer(index), 0);
        }
    }

    /** The memory that holds an entry's match words, at {@link #wordsOffset}. */
    DirectBuffer wordsBuffer(final int entry) {
        return arena.buffer(entry);
    }

    int wordsOffset(final int entry) {
        return arena.offset(entry);
    }

    /** The large buffer of an entry, or {@link SlotMemory#NOT_LARGE}. */
    int large(final int entry) {
        return large[entry];
    }
}
