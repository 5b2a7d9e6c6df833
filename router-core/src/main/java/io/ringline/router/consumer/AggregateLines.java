package io.ringline.router.consumer;

import io.ringline.router.record.Event;
import io.ringline.router.record.EventRecord;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a consumer by aggregate: a table with open addressing that compares whole keys, so that no aggregate ever
 * waits for another. Small at first and never more than half full. One thread.
 *
 * <p>Each event of a consumer that has any line looks here, and what most learn, that there is no line for them, must cost
 * neither a wait for memory nor a branch that nobody can foresee. Hence the marks: at most one event in 64 that has no line
 * finds one, and only what does looks at the table.
 */
final class AggregateLines {
    private static final int FIRST_SLOTS = 1_024;

    private AggregateLine[] slots;
    private int[] marks; // for each slot, one bit of 32 for each line that is looked for from there on
    private int mask;
    private @Nullable AggregateLine free; // and those after it
    private final EventRecord headRecord = new EventRecord();
    private int size;

    /** For so many lines at most. */
    AggregateLines(final int max) {
        slots = new AggregateLine[Math.min(FIRST_SLOTS, 2 * BitUtil.findNextPositivePowerOfTwo(max))];
        marks = new int[slots.length];
        mask = slots.length - 1;
    }

    /** Takes the memory for one line more. */
    void prepare() {
        if (free == null) {
            free = new AggregateLine();
        }
        if (2 * size >= slots.length) {
            grow();
        }
    }

    private void grow() {
        final AggregateLine[] old = slots;
        final AggregateLine[] wider = new AggregateLine[2 * old.length];
        marks = new int[wider.length]; // nothing is changed before there is memory for both
        slots = wider;
        mask = wider.length - 1;
        for (final AggregateLine line : old) {
            if (line != null) {
                put(line);
            }
        }
    }

    private void put(final AggregateLine line) {
        slots[freeSlot(line.hash)] = line;
        marks[slot(line.hash)] |= mark(line.hash);
    }

    private int freeSlot(final long hash) {
        int at = slot(hash);
        while (slots[at] != null) {
            at = at + 1 & mask;
        }
        return at;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable
    AggregateLine find(final Event event) {
        return event.aggregateIsId()
                ? find(event.aggregateId())
                : find(event.buffer(), event.aggregateOffset(), event.aggregateLength());
    }

    @Nullable
    AggregateLine find(final long id) {
        final long hash = AggregateHash.of(id);
        return isMarked(hash) ? findMarked(hash, id) : null;
    }

    private @Nullable AggregateLine findMarked(final long hash, final long id) {
        int at = slot(hash);
        AggregateLine line = slots[at];
        while (line != null && !(line.hash == hash && line.isId && line.id == id)) {
            at = at + 1 & mask;
            line = slots[at];
        }
        return line;
    }

    @Nullable
    AggregateLine find(final DirectBuffer buffer, final int offset, final int length) {
        final long hash = AggregateHash.of(buffer, offset, length);
        return isMarked(hash) ? findMarked(hash, buffer, offset, length) : null;
    }

    private @Nullable AggregateLine findMarked(
            final long hash, final DirectBuffer buffer, final int offset, final int length) {
        int at = slot(hash);
        AggregateLine line = slots[at];
        while (line != null && !(line.hash == hash && !line.isId && hasKey(line, buffer, offset, length))) {
            at = at + 1 & mask;
            line = slots[at];
        }
        return line;
    }

    private boolean hasKey(final AggregateLine line, final DirectBuffer buffer, final int offset, final int length) {
        final byte[] key = line.key;
        if (key != null) {
            if (key.length != length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (key[i] != buffer.getByte(offset + i)) {
                    return false;
                }
            }
            return true;
        }
        final EventRecord head = wrapHead(line);
        if (head.aggregateLength() != length) {
            return false;
        }
        final int from = head.aggregateOffset();
        for (int i = 0; i < length; i++) {
            if (head.buffer().getByte(from + i) != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private EventRecord wrapHead(final AggregateLine line) {
        final WaitingEvent head = line.head;
        if (head == null) {
            throw new IllegalStateException("a line that is not held has no event");
        }
        return headRecord.wrap(head.memory, head.offset);
    }

    /** A new line with its first event; only after {@link #prepare}. */
    AggregateLine add(final Event event, final WaitingEvent first) {
        final AggregateLine line = free;
        if (line == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        free = line.nextFree;
        line.nextFree = null;
        line.hash = AggregateHash.of(event);
        line.isId = event.aggregateIsId();
        line.id = event.aggregateId();
        line.append(first);
        put(line);
        size++;
        return line;
    }

    /** Marks a line as held; it stays when its events are gone. @return false where there is no memory for its key. */
    boolean hold(final AggregateLine line) {
        if (!line.isId) {
            final EventRecord head = wrapHead(line);
            final byte[] key;
            try {
                key = new byte[head.aggregateLength()];
            } catch (final OutOfMemoryError none) {
                return false;
            }
            head.buffer().getBytes(head.aggregateOffset(), key);
            line.key = key;
        }
        line.held = true;
        return true;
    }

    /** Ends that, before or after which its first event may have gone. */
    void release(final AggregateLine line) {
        line.held = false;
        if (line.head == null) {
            remove(line);
        } else {
            line.key = null;
        }
    }

    /** Takes out a line without events that is not held. */
    @SuppressWarnings({"ReferenceEquality", "NullAway"}) // that very line; the table's empty places are null
    void remove(final AggregateLine line) {
        int gap = slot(line.hash);
        while (slots[gap] != line) {
            gap = gap + 1 & mask;
        }
        slots[gap] = null;
        for (int at = gap + 1 & mask; slots[at] != null; at = at + 1 & mask) {
            // Whoever would be looked for across the gap moves into it.
            if ((at - slot(slots[at].hash) & mask) >= (at - gap & mask)) {
                slots[gap] = slots[at];
                slots[at] = null;
                gap = at;
            }
        }
        unmark(line.hash);
        size--;
        line.key = null;
        line.nextFree = free;
        free = line;
    }

    /** Takes the mark of a line that is gone away, unless it is another's too. */
    private void unmark(final long hash) {
        final int home = slot(hash);
        for (int at = home; slots[at] != null; at = at + 1 & mask) {
            if (slot(slots[at].hash) == home && mark(slots[at].hash) == mark(hash)) {
                return;
            }
        }
        marks[home] &= ~mark(hash);
    }

    private boolean isMarked(final long hash) {
        return (marks[slot(hash)] & mark(hash)) != 0;
    }

    /** How many marks there are: as many as lines, or less where some share one. */
    int marked() {
        int count = 0;
        for (final int mark : marks) {
            count += Integer.bitCount(mark);
        }
        return count;
    }

    /** By bits that {@link #slot} does not look at. */
    private static int mark(final long hash) {
        return 1 << (int) (hash >>> 27);
    }

    private int slot(final long hash) {
        return (int) (hash >>> 32) & mask;
    }
}
