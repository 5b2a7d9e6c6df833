package io.ringline.sequencer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import java.util.BitSet;
import org.agrona.DirectBuffer;

/**
 * Makes a {@link Sequencer} that goes on exactly where a {@link SequencerSnapshot} was begun. Every byte is checked before it
 * is believed: what cannot have been written by a snapshot is refused with what is wrong and where, and nothing is set aside
 * for a number that the bytes do not bear out.
 */
public final class SequencerRestore {
    /** Hashes keys as the caller will: hashes are secrets of a process and not part of a snapshot. */
    @FunctionalInterface
    public interface KeyHash {
        /**
         * Hashes a key.
         *
         * @param key    memory.
         * @param offset of the key.
         * @param length in bytes.
         * @return the same as is given with an event of that aggregate.
         */
        long hash(DirectBuffer key, int offset, int length);
    }

    /** Takes the bytes of held events back. */
    @FunctionalInterface
    public interface HeldBytes {
        /**
         * Takes what {@link SequencerSnapshot.HeldBytes} gave.
         *
         * @param entry  under which the event is held now.
         * @param from   memory.
         * @param offset of the bytes.
         * @param length how many.
         */
        void take(int entry, DirectBuffer from, int offset, int length);
    }

    private final Reorder reorder;
    private final AggregateTable table;
    private final KeyHash hash;
    private final HeldBytes heldBytes;
    private final DirectBuffer from;
    private final SnapshotHead head = new SnapshotHead();
    private final SnapshotPart part = new SnapshotPart();
    private int[] idleAfter = new int[1_024];
    private int ranges;
    private int held;

    private SequencerRestore(
            final Reorder reorder, final DirectBuffer from, final KeyHash hash, final HeldBytes heldBytes) {
        this.reorder = reorder;
        this.table = reorder.table;
        this.from = from;
        this.hash = hash;
        this.heldBytes = heldBytes;
    }

    /**
     * Restores.
     *
     * @param settings  those that the snapshot was taken with; limits may differ where what is held fits them.
     * @param ringSize  as for a new sequencer.
     * @param from      memory: an array, or a {@code ByteBuffer}.
     * @param offset    of the snapshot, its pieces one behind the other.
     * @param length    of all of them, bytes.
     * @param hash      of keys.
     * @param heldBytes gets the bytes of what is held.
     * @return a sequencer.
     * @throws SnapshotException where the bytes are no whole snapshot of this version, or of other settings.
     */
    public static Sequencer restore(
            final SequencerSettings settings,
            final int ringSize,
            final DirectBuffer from,
            final int offset,
            final int length,
            final KeyHash hash,
            final HeldBytes heldBytes) {
        return restore(
                new Reorder(settings, ringSize, Sequencer.GIVEN_UP_LIMIT), from, offset, length, hash, heldBytes);
    }

    static Sequencer restore(
            final Reorder into,
            final DirectBuffer from,
            final int offset,
            final int length,
            final KeyHash hash,
            final HeldBytes heldBytes) {
        from.boundsCheck(offset, length);
        final SequencerRestore restore = new SequencerRestore(into, from, hash, heldBytes);
        restore.parts(offset, offset + length);
        return new Sequencer(into);
    }

    private void parts(final int start, final int limit) {
        part.read(from, start, limit);
        if (part.type != SnapshotPart.HEAD) {
            throw SnapshotPart.wrong(start, "a snapshot starts with a part of type " + SnapshotPart.HEAD);
        }
        head.read(from, part.start, part.end - part.start, reorder);
        final int rest = part.end;
        int type = SnapshotPart.HEAD;
        int at = rest;
        while (type != SnapshotPart.END) { // all but what is held, which is last to be believed
            part.read(from, at, limit);
            if (part.type < type || part.type > SnapshotPart.END || part.type == SnapshotPart.HEAD) {
                throw SnapshotPart.wrong(at, "a part of type " + part.type + " comes after one of type " + type);
            }
            type = part.type;
            if (type == SnapshotPart.AGGREGATES) {
                aggregates();
            } else if (type == SnapshotPart.GIVEN_UP) {
                ranges();
            }
            at = part.end;
        }
        if (at != limit) {
            throw SnapshotPart.wrong(at, (limit - at) + " bytes follow behind the end");
        }
        isWhole(at);
        heldParts(rest, limit);
        idle(at);
    }

    private void isWhole(final int at) {
        if (table.size() != head.aggregates) {
            throw SnapshotPart.wrong(at, "there are " + table.size() + " aggregates, not " + head.aggregates);
        }
        final long newest = reorder.givenUp.newest();
        final long wanted = newest == 0 ? 0 : Math.min(newest + 1, reorder.givenUp.limit());
        if (ranges != wanted) {
            throw SnapshotPart.wrong(at, "there are " + ranges + " given-up ranges, not " + wanted);
        }
    }

    private void aggregates() {
        int at = part.start;
        for (int i = 0; i < part.records; i++) {
            fits(at, SnapshotPart.AGGREGATE_BYTES);
            final int number = table.size();
            if (number == head.aggregates) {
                throw SnapshotPart.wrong(at, "more aggregates than the " + number + " of the first part");
            }
            final int keyLength = from.getInt(at + 32, LITTLE_ENDIAN);
            final int key = at + SnapshotPart.AGGREGATE_BYTES;
            if (keyLength < AggregateTable.ID) {
                throw SnapshotPart.wrong(at, "a key of " + keyLength + " bytes");
            }
            final int keyBytes = keyLength == AggregateTable.ID ? Long.BYTES : keyLength;
            fits(key, keyBytes);
            add(at, key, keyLength);
            final long next = number(at, "the next number", reorder.firstNext(), SnapshotHead.MAX_NEXT);
            final long first = number(at + 8, "the first number", 0, next);
            final long newest = number(at + 16, "the newest given-up range", 0, reorder.givenUp.newest());
            table.lines.putLong(number, AggregateTable.NEXT, next);
            table.lines.putLong(number, AggregateTable.FIRST, first);
            table.lines.putLong(number, AggregateTable.GIVEN_UP, newest);
            table.lines.putInt(number, AggregateTable.GENERATION, from.getInt(at + 24, LITTLE_ENDIAN));
            noteIdle(number, from.getInt(at + 28, LITTLE_ENDIAN));
            at = key + keyBytes;
        }
        isUsedUp(at);
    }

    private void add(final int at, final int key, final int length) {
        final boolean isId = length == AggregateTable.ID;
        final long id = isId ? from.getLong(key, LITTLE_ENDIAN) : 0;
        final long keyHash = isId ? 0 : hash.hash(from, key, length);
        final int known = isId ? table.findId(id) : table.findBytes(from, key, length, keyHash);
        if (known != AggregateTable.NONE) {
            throw SnapshotPart.wrong(at, "the key of aggregate " + known + " comes again");
        }
        final int added = isId ? table.addId(id) : table.addBytes(from, key, length, keyHash);
        if (added == AggregateTable.NONE) {
            throw SnapshotPart.wrong(
                    at,
                    "there is no memory outside the heap for more than " + table.size()
                            + " aggregates: start with a larger -XX:MaxDirectMemorySize");
        }
    }

    private void noteIdle(final int number, final int after) {
        if (number == idleAfter.length) {
            idleAfter = Arrays.copyOf(idleAfter, number * 2);
        }
        idleAfter[number] = after;
    }

    private void ranges() {
        int at = part.start;
        final GivenUp givenUp = reorder.givenUp;
        for (int i = 0; i < part.records; i++) {
            fits(at, GivenUp.RANGE_BYTES);
            if (ranges == givenUp.limit()) {
                throw SnapshotPart.wrong(at, "more given-up ranges than " + ranges);
            }
            final boolean used = ranges > 0 || givenUp.newest() >= givenUp.limit();
            final long first = number(at, "a range's first number", used ? 1 : 0, Long.MAX_VALUE);
            number(at + GivenUp.LAST, "a range's last number", first, Long.MAX_VALUE);
            for (int field = GivenUp.OLDER; field <= GivenUp.DEPTH; field += Integer.BYTES) {
                if (from.getInt(at + field, LITTLE_ENDIAN) < 0) {
                    throw SnapshotPart.wrong(at + field, "a range points forward");
                }
            }
            givenUp.ranges.ensure(ranges);
            givenUp.ranges.chunk(ranges).putBytes(givenUp.ranges.offset(ranges), from, at, GivenUp.RANGE_BYTES);
            ranges++;
            at += GivenUp.RANGE_BYTES;
        }
        isUsedUp(at);
    }

    private void heldParts(final int start, final int limit) {
        part.read(from, start, limit);
        while (part.type == SnapshotPart.HELD) {
            int at = part.start;
            for (int i = 0; i < part.records; i++) {
                at = held(at);
            }
            isUsedUp(at);
            part.read(from, part.end, limit);
        }
        if (held != head.held) {
            throw SnapshotPart.wrong(start, held + " events are held, not " + head.held);
        }
    }

    private int held(final int at) {
        fits(at, SnapshotPart.HELD_BYTES);
        if (held == head.held) {
            throw SnapshotPart.wrong(at, "more is held than the " + held + " of the first part");
        }
        final long arrivalNs = number(at, "the arrival", Long.MIN_VALUE, reorder.now);
        final long order = number(at + 8, "the order of arrival", 1, reorder.entries.arrivals());
        final long sequence = number(at + 16, "the number", 0, Long.MAX_VALUE);
        final long source = number(at + 24, "the source's number", Long.MIN_VALUE, Long.MAX_VALUE);
        final int aggregate = from.getInt(at + 32, LITTLE_ENDIAN);
        final int place = from.getInt(at + 36, LITTLE_ENDIAN);
        final int bytes = from.getInt(at + 40, LITTLE_ENDIAN);
        if (aggregate < 0 || aggregate >= table.size()) {
            throw SnapshotPart.wrong(at, "aggregate " + aggregate + " of " + table.size());
        }
        if (place != Entries.IN_AGGREGATE && !(reorder.global && place == Entries.IN_SOURCE)) {
            throw SnapshotPart.wrong(at, "an event waits at " + place + ", where none can");
        }
        if (bytes < 0) {
            throw SnapshotPart.wrong(at, "an event of " + bytes + " bytes");
        }
        fits(at + SnapshotPart.HELD_BYTES, bytes);
        final OrderWindow window = place == Entries.IN_SOURCE ? reorder.source : reorder.aggregates;
        final int key = place == Entries.IN_SOURCE ? Reorder.SOURCE : aggregate;
        final long waiting = place == Entries.IN_SOURCE ? source : sequence;
        canWait(at, window, key, waiting);
        final int entry = reorder.entries.take(aggregate, sequence, source, arrivalNs, order);
        table.pin(aggregate);
        window.hold(entry, key);
        heldBytes.take(entry, from, at + SnapshotPart.HELD_BYTES, bytes);
        held++;
        return at + SnapshotPart.HELD_BYTES + bytes;
    }

    private void canWait(final int at, final OrderWindow window, final int key, final long waiting) {
        final long next = window.next(key);
        if (waiting <= next || !window.isStarted(key) || window.find(key, waiting) != OrderWindow.NONE) {
            throw SnapshotPart.wrong(
                    at, "number " + waiting + " is held, where " + next + " is expected or it is held already");
        }
        final int maxGap = reorder.settings.maxSequenceGap();
        if (waiting - next > maxGap) { // of two numbers from 0: it cannot overflow
            throw SnapshotPart.wrong(
                    at,
                    "number " + waiting + " is held, where " + next + " is expected: a maxSequenceGap of " + maxGap
                            + " is too small for that");
        }
        if (window.held(key) >= reorder.settings.maxBufferSize()) {
            throw SnapshotPart.wrong(
                    at,
                    "number " + waiting + " is held, and " + window.held(key) + " more of the same order: a"
                            + " maxBufferSize of " + reorder.settings.maxBufferSize() + " is too small for that");
        }
    }

    /** Puts those that are idle into their order. */
    private void idle(final int at) {
        if (!table.idle.on()) {
            return;
        }
        table.idle.clear();
        final BitSet seen = new BitSet(table.size());
        int number = head.oldestIdle;
        while (number != IdleList.NONE) {
            if (number < 0
                    || number >= table.size()
                    || seen.get(number)
                    || table.lines.getInt(number, AggregateTable.PINNED) != 0) {
                throw SnapshotPart.wrong(at, "aggregate " + number + " is not the next of the idle");
            }
            seen.set(number);
            table.idle.add(number);
            number = idleAfter[number];
        }
        int idle = 0;
        for (int i = 0; i < table.size(); i++) {
            idle += table.lines.getInt(i, AggregateTable.PINNED) == 0 ? 1 : 0;
        }
        if (seen.cardinality() != idle) {
            throw SnapshotPart.wrong(at, seen.cardinality() + " aggregates are in the order of the idle, not " + idle);
        }
    }

    private long number(final int at, final String what, final long least, final long most) {
        final long value = from.getLong(at, LITTLE_ENDIAN);
        if (value < least || value > most) {
            throw SnapshotPart.wrong(at, what + " is " + value + ", which is not from " + least + " to " + most);
        }
        return value;
    }

    private void fits(final int at, final int bytes) {
        if (bytes > part.end - at) {
            throw SnapshotPart.wrong(
                    at, "a record of " + bytes + " bytes runs past the end of its part at " + part.end);
        }
    }

    private void isUsedUp(final int at) {
        if (at != part.end) {
            throw SnapshotPart.wrong(at, "the part's records end here and its bytes at " + part.end);
        }
    }
}
