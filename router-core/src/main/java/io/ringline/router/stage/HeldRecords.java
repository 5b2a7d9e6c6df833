package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import io.ringline.sequencer.BuddyAllocator;
import io.ringline.sequencer.HeldArena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The records that wait for their turn: match words and record of each, copied out of its slot into the arena; a large
 * record into a run of a second memory, or, where that has no room, it keeps the buffer it stands in. Written by the
 * reorder stage, read by the stages after it once a slot that releases an entry has reached them.
 */
public final class HeldRecords {
    private static final int LEAF_BYTES = 1_024;

    private final SlotMemory slots;
    private final HeldArena arena;
    private final int[] large;
    private final BuddyAllocator runs;
    private final UnsafeBuffer runMemory;
    private final int[] run;
    private final boolean[] waiting;
    private int largeHeld;

    /**
     * Room for a number of records.
     *
     * @param slots    the ring's memory.
     * @param blocks   how many records can be held.
     * @param runBytes memory for those larger than a slot; a power of two, from 1,024.
     */
    public HeldRecords(final SlotMemory slots, final int blocks, final int runBytes) {
        this.slots = slots;
        this.arena = new HeldArena(blocks, slots.words() * Long.BYTES + slots.slotBytes());
        this.large = new int[blocks];
        this.runs = new BuddyAllocator(runBytes, LEAF_BYTES);
        this.runMemory = new UnsafeBuffer(ByteBuffer.allocateDirect(runBytes));
        this.run = new int[blocks];
        this.waiting = new boolean[blocks];
        Arrays.fill(run, BuddyAllocator.NONE);
    }

    /**
     * Keeps a slot's event. The reorder stage's thread.
     *
     * @param base   of the slot.
     * @param record the slot's record.
     * @param entry  the sequencer's number for it.
     */
    void hold(final int base, final EventRecord record, final int entry) {
        final MutableDirectBuffer to = arena.buffer(entry);
        final int at = arena.offset(entry);
        final int wordBytes = slots.words() * Long.BYTES;
        final int index = slots.large(base);
        waiting[entry] = true;
        large[entry] = index;
        if (index == SlotMemory.NOT_LARGE) {
            to.putBytes(at, slots.buffer(), base + SlotMemory.WORDS_OFFSET, wordBytes + record.length());
        } else {
            to.putBytes(at, slots.buffer(), base + SlotMemory.WORDS_OFFSET, wordBytes);
            holdLarge(base, record, entry);
        }
    }

    /** Copies a large record, so that its buffer goes back to publishers; only where there is no room it keeps it. */
    private void holdLarge(final int base, final EventRecord record, final int entry) {
        final int offset = runs.allocate(record.length());
        run[entry] = offset;
        if (offset == BuddyAllocator.NONE) {
            slots.buffer().putLong(base + SlotMemory.KIND_OFFSET, SlotMemory.PLAIN_EVENT);
            largeHeld++;
        } else {
            runMemory.putBytes(offset, record.buffer(), record.offset(), record.length());
            large[entry] = SlotMemory.NOT_LARGE;
        }
    }

    /** Takes back an entry's memory: its release has been consumed. The reorder stage's thread. */
    void reclaim(final int entry) {
        if (run[entry] != BuddyAllocator.NONE) {
            runs.free(run[entry]);
            run[entry] = BuddyAllocator.NONE;
        }
    }

    /** Notes that an entry is released. The reorder stage's thread. */
    void onReleased(final int entry) {
        waiting[entry] = false;
        if (large[entry] != SlotMemory.NOT_LARGE) {
            largeHeld--;
        }
    }

    /** Has what waits here match a consumer no more. The reorder stage's thread. @param consumer its bit. */
    void forget(final int consumer) {
        for (int entry = 0; entry < waiting.length; entry++) {
            if (waiting[entry]) {
                final MutableDirectBuffer words = arena.buffer(entry);
                final int at = arena.offset(entry) + (consumer >>> 6) * Long.BYTES;
                words.putLong(at, words.getLong(at) & ~(1L << consumer));
            }
        }
    }

    /** How many large buffers wait here. The reorder stage's thread. */
    int largeHeld() {
        return largeHeld;
    }

    /** Points a flyweight at an entry's record. */
    void wrapRecord(final EventRecord record, final int entry) {
        final int index = large[entry];
        if (run[entry] != BuddyAllocator.NONE) {
            record.wrap(runMemory, run[entry]);
        } else if (index == SlotMemory.NOT_LARGE) {
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
