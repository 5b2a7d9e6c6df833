package io.ringline.router.consumer;

import io.ringline.router.record.EventRecord;
import io.ringline.sequencer.BuddyAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one consumer that are not done with, in the order of {@code globalSequence}: copied out of the channel into
 * a memory of fixed size, which is taken when the first one comes; or, at most one at a time, left at the channel's head.
 * The polling thread's, but for its figures.
 */
final class Parking {
    private static final int LEAF_BYTES = 64;

    private final int maxEvents;
    private final int bytes;
    private final ArrayDeque<WaitingEvent> free = new ArrayDeque<>();
    private final AtomicLong parked = new AtomicLong();
    private final AtomicLong lowest = new AtomicLong();
    private @Nullable BuddyAllocator runs;
    private UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private @Nullable WaitingEvent oldest;
    private @Nullable WaitingEvent newest;

    /**
     * Takes no memory yet.
     *
     * @param maxEvents that are copied at most; 0: none ever is.
     * @param bytes     for their records, a power of two.
     */
    Parking(final int maxEvents, final int bytes) {
        this.maxEvents = maxEvents;
        this.bytes = bytes;
    }

    /** Takes the memory if that was not done yet. */
    void prepare() {
        if (runs == null && maxEvents > 0) {
            memory = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes));
            runs = new BuddyAllocator(bytes, Math.min(bytes, LEAF_BYTES));
        }
    }

    /** Copies an event; null where there is no room. */
    @Nullable
    WaitingEvent copy(final EventRecord event) {
        final BuddyAllocator from = runs;
        if (from == null || parked.get() >= maxEvents) {
            return null;
        }
        final int run = from.allocate(event.length());
        if (run == BuddyAllocator.NONE) {
            return null;
        }
        memory.putBytes(run, event.buffer(), event.offset(), event.length());
        final WaitingEvent waiting = take();
        waiting.reset(event, memory, run);
        waiting.run = run;
        parked.lazySet(parked.get() + 1); // before the channel shows that it has one less
        add(waiting);
        return waiting;
    }

    /** Notes an event that stays at the head of the channel until it is done with. */
    WaitingEvent leave(final EventRecord event) {
        final WaitingEvent waiting = take();
        waiting.reset(event, event.buffer(), event.offset());
        add(waiting);
        return waiting;
    }

    private WaitingEvent take() {
        final WaitingEvent used = free.pollFirst();
        return used == null ? new WaitingEvent() : used;
    }

    private void add(final WaitingEvent waiting) {
        waiting.older = newest;
        waiting.newer = null;
        if (newest == null) {
            oldest = waiting;
            lowest.lazySet(waiting.globalSequence);
        } else {
            newest.newer = waiting;
        }
        newest = waiting;
    }

    /** Takes out an event that is done with. */
    void remove(final WaitingEvent waiting) {
        final WaitingEvent older = waiting.older;
        final WaitingEvent newer = waiting.newer;
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        if (older == null) {
            oldest = newer;
            lowest.lazySet(newer == null ? 0 : newer.globalSequence);
        } else {
            older.newer = newer;
        }
        if (waiting.run != WaitingEvent.AT_HEAD && runs != null) {
            runs.free(waiting.run);
            waiting.run = WaitingEvent.AT_HEAD;
            parked.lazySet(parked.get() - 1);
        }
        waiting.firstError = null; // not kept alive longer than needed
        waiting.lastError = null;
        free.addFirst(waiting);
    }

    boolean isEmpty() {
        return oldest == null;
    }

    @Nullable
    WaitingEvent oldest() {
        return oldest;
    }

    /** How many have left the channel and are not done with. Any thread. */
    long parked() {
        return parked.get();
    }

    /** The least {@code globalSequence} of an event that waits; 0 where none does. Any thread. */
    long lowest() {
        return lowest.get();
    }
}
