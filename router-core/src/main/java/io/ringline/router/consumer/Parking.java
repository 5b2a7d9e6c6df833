package io.ringline.router.consumer;

import io.ringline.router.record.EventRecord;
import io.ringline.sequencer.BuddyAllocator;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one consumer that are not done with, in the order of {@code globalSequence}: copied out of the channel into
 * a memory of fixed size, which is taken when the first one comes; or, at most one at a time, left at the channel's head.
 * What is done with keeps its place in that memory for the next one of about its length, until none is left or there is no
 * other room. The polling thread's, but for its figures.
 */
class Parking {
    private static final int LEAF_BYTES = 64;
    private static final int LINE_BYTES = 64;

    private final int maxEvents;
    private final int bytes;
    private final IntFunction<ByteBuffer> source;
    private final WaitingEvent head = new WaitingEvent(); // the one that is left there
    private final @Nullable WaitingEvent[]
            freeByOrder; // with a place of so many leaves, as a power of two, and those after it
    private @Nullable WaitingEvent free; // without one
    private int made;
    private final AtomicLong parked = new AtomicLong();
    private final AtomicLong lowest = new AtomicLong();
    private @Nullable BuddyAllocator runs;
    private UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private @Nullable WaitingEvent oldest;
    private @Nullable WaitingEvent newest;
    private long touched;

    /**
     * Takes no memory yet.
     *
     * @param maxEvents that are copied at most; 0: none ever is.
     * @param bytes     for their records, a power of two.
     */
    Parking(final int maxEvents, final int bytes) {
        this(maxEvents, bytes, ByteBuffer::allocateDirect);
    }

    /** With another source of the memory. */
    Parking(final int maxEvents, final int bytes, final IntFunction<ByteBuffer> source) {
        this.maxEvents = maxEvents;
        this.bytes = bytes;
        this.source = source;
        this.freeByOrder = new WaitingEvent[order(bytes) + 1];
    }

    private static int order(final int length) {
        return length <= LEAF_BYTES ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros((length - 1) / LEAF_BYTES);
    }

    /** Takes the memory if that was not done yet. */
    void prepare() {
        if (runs == null && maxEvents > 0) {
            memory = new UnsafeBuffer(source.apply(bytes));
            runs = new BuddyAllocator(bytes, Math.min(bytes, LEAF_BYTES));
        }
    }

    /** Copies an event; null where there is no room. */
    @Nullable
    WaitingEvent copy(final EventRecord event) {
        final BuddyAllocator from = runs;
        if (from == null || parked.get() >= maxEvents || event.length() > bytes) {
            return null;
        }
        final int order = order(event.length());
        WaitingEvent waiting = freeByOrder[order];
        if (waiting == null) {
            waiting = takeWithRun(from, event.length());
            if (waiting == null) {
                return null;
            }
        } else {
            freeByOrder[order] = waiting.newer;
        }
        memory.putBytes(waiting.run, event.buffer(), event.offset(), event.length());
        waiting.reset(event, memory, waiting.run);
        parked.lazySet(parked.get() + 1); // before the channel shows that it has one less
        add(waiting);
        return waiting;
    }

    /** Notes an event that stays at the head of the channel until it is done with. */
    WaitingEvent leave(final EventRecord event) {
        head.reset(event, event.buffer(), event.offset());
        add(head);
        return head;
    }

    private @Nullable WaitingEvent takeWithRun(final BuddyAllocator from, final int length) {
        if (free == null && made == maxEvents) {
            giveBackRuns(from); // some have places of other lengths, as not all are parked
        }
        final WaitingEvent waiting = free == null ? make() : free;
        if (waiting == null) {
            return null;
        }
        free = waiting.newer;
        int run = from.allocate(length);
        if (run == BuddyAllocator.NONE) {
            giveBackRuns(from);
            run = from.allocate(length);
        }
        if (run == BuddyAllocator.NONE) {
            putBack(waiting);
            return null;
        }
        waiting.run = run;
        return waiting;
    }

    private @Nullable WaitingEvent make() {
        try {
            final WaitingEvent waiting = new WaitingEvent();
            made++;
            return waiting;
        } catch (final OutOfMemoryError none) {
            return null; // as if there were no room
        }
    }

    private void putBack(final WaitingEvent waiting) {
        waiting.newer = free;
        free = waiting;
    }

    /** Has neighbouring places be one again. */
    private void giveBackRuns(final BuddyAllocator to) {
        for (int order = 0; order < freeByOrder.length; order++) {
            WaitingEvent next = freeByOrder[order];
            freeByOrder[order] = null;
            while (next != null) {
                final WaitingEvent waiting = next;
                next = waiting.newer;
                to.free(waiting.run);
                waiting.run = WaitingEvent.AT_HEAD;
                putBack(waiting);
            }
        }
    }

    private void add(final WaitingEvent waiting) {
        WaitingEvent older = newest;
        while (older != null
                && older.globalSequence > waiting.globalSequence) { // one that was handed over by another consumer
            older = older.older;
        }
        final WaitingEvent newer = older == null ? oldest : older.newer;
        waiting.older = older;
        waiting.newer = newer;
        if (older == null) {
            oldest = waiting;
            lowest.lazySet(waiting.globalSequence);
        } else {
            older.newer = waiting;
        }
        if (newer == null) {
            newest = waiting;
        } else {
            newer.older = waiting;
        }
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
        waiting.firstError = null; // not kept alive longer than needed
        waiting.lastError = null;
        waiting.newer = null;
        if (waiting.run != WaitingEvent.AT_HEAD && runs != null) {
            parked.lazySet(parked.get() - 1);
            final int order = order(waiting.length);
            waiting.newer = freeByOrder[order];
            freeByOrder[order] = waiting;
            if (oldest == null) {
                giveBackRuns(runs);
            }
        }
    }

    /**
     * Brings near an event that is parked and handed out soon: it, its record's header, and what comes next in the
     * record. Only a hint.
     */
    void touch(final @Nullable WaitingEvent waiting) {
        if (waiting != null) {
            final int second = Math.min(waiting.length - 1, LINE_BYTES); // the first comes with it
            touched += memory.getByte(waiting.offset + second); // summed, or the compiler would leave the read out
        }
    }

    /** Depends on all that was touched. */
    long touched() {
        return touched;
    }

    boolean isEmpty() {
        return oldest == null;
    }

    /** The one with the least {@code globalSequence}, of those that wait; null where none does. */
    @Nullable
    WaitingEvent oldest() {
        return oldest;
    }

    /** What the oldest event waits for; {@code NOTHING} where none does. */
    ConsumerWait oldestWaitsFor() {
        return oldest == null ? ConsumerWait.NOTHING : oldest.state.shownAs;
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
