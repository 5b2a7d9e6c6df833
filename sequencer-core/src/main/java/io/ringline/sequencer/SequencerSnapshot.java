package io.ringline.sequencer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the whole state of a {@link Sequencer} as it is at {@link #begin}, a bounded piece at each {@link #step}, while
 * events go on in between: what is written to meanwhile is first copied aside, a chunk of 256 KiB at a time. Released events
 * that the caller has not reclaimed are not part of it: they have gone on. For the sequencer's own thread.
 *
 * <p>While it runs, entries that were held at its begin come back only when they have been written: go on with steps where
 * the sequencer is {@link Sequencer#BUSY}. Restore with {@link SequencerRestore}.
 */
public final class SequencerSnapshot {
    /** The bytes of held events, which are the caller's. */
    public interface HeldBytes {
        /** How many bytes an entry has. @param entry held. @return from 0. */
        int length(int entry);

        /**
         * Copies an entry's bytes.
         *
         * @param entry  held.
         * @param to     memory.
         * @param offset where they go.
         */
        void copy(int entry, MutableDirectBuffer to, int offset);
    }

    private static final int STEP_BYTES = 1 << 16;
    private static final int STEP_RECORDS = 2_048;

    private final Sequencer sequencer;
    private final Reorder reorder;
    private final AggregateTable table;
    private final Entries entries;
    private final GivenUp givenUp;
    private final SnapshotHead head = new SnapshotHead();
    private final SnapshotPart part = new SnapshotPart();
    private int phase;
    private int cursor;
    private int aggregates;
    private int ranges;
    private int count;
    private int written;

    /**
     * For snapshots of a sequencer, one at a time.
     *
     * @param sequencer of which.
     */
    public SequencerSnapshot(final Sequencer sequencer) {
        this.sequencer = sequencer;
        this.reorder = sequencer.reorder();
        this.table = reorder.table;
        this.entries = reorder.entries;
        this.givenUp = reorder.givenUp;
    }

    /** Whether one is under way. @return false before {@link #begin} and after the last step. */
    public boolean isUnderWay() {
        return phase != 0;
    }

    /**
     * Begins: the snapshot shows how things stand now.
     *
     * @throws IllegalStateException where one is under way.
     */
    public void begin() {
        if (isUnderWay()) {
            throw new IllegalStateException("a snapshot is under way: step it to its end, or abort it");
        }
        head.write(reorder);
        aggregates = table.size();
        ranges = givenUp.newest() == 0 ? 0 : (int) Math.min(givenUp.newest() + 1, givenUp.limit());
        table.lines.freeze(aggregates);
        table.idle.links.freeze(table.idle.on() ? aggregates : 0);
        givenUp.ranges.freeze(ranges);
        entries.memory.freeze(entries.count());
        entries.keepFrom(0);
        table.keys.keep(true);
        sequencer.snapshotting(true);
        enter(SnapshotPart.HEAD);
    }

    private void enter(final int next) {
        phase = next;
        cursor = 0;
    }

    /** Ends the snapshot under way, if any: no more is written. */
    public void abort() {
        entries.keepFrom(Integer.MAX_VALUE);
        entries.memory.thawAll();
        table.lines.thawAll();
        table.idle.links.thawAll();
        givenUp.ranges.thawAll();
        table.keys.keep(false);
        sequencer.snapshotting(false);
        phase = 0;
    }

    /**
     * Writes the next piece, about 64 KiB at most, or one record where that is larger.
     *
     * @param to     memory: an array, or a {@code ByteBuffer}.
     * @param offset where the piece goes.
     * @param length of the room there, bytes; 4,096 will do where no key and no held event is that large.
     * @param held   of the caller.
     * @return how many bytes were written; 0 where all is.
     * @throws IllegalArgumentException where the next record or a piece's header does not fit, with its length, or the memory
     *                                  is of another kind; the snapshot has not gone on then.
     */
    public int step(final MutableDirectBuffer to, final int offset, final int length, final HeldBytes held) {
        to.boundsCheck(offset, length);
        if (!isUnderWay()) {
            return 0;
        }
        fits(length, SnapshotPart.HEADER_BYTES);
        SnapshotPart.isUsable(to); // seen before anything moves on: a piece that cannot be written is not passed over
        count = 0;
        written = 0;
        final int from = offset + SnapshotPart.HEADER_BYTES;
        final int room = Math.min(length - SnapshotPart.HEADER_BYTES, Math.max(STEP_BYTES, SnapshotHead.BYTES));
        final int type = phase;
        switch (type) {
            case SnapshotPart.HEAD -> head(to, from, length - SnapshotPart.HEADER_BYTES);
            case SnapshotPart.HELD -> held(to, from, room, length, held);
            case SnapshotPart.AGGREGATES -> aggregates(to, from, room, length);
            case SnapshotPart.GIVEN_UP -> ranges(to, from, room);
            default -> {} // the end, which is a header alone
        }
        final int all = part.finish(to, offset, type, count, written);
        if (type == SnapshotPart.END) {
            abort();
        }
        return all;
    }

    private static void fits(final int room, final int bytes) {
        if (bytes > room) {
            throw new IllegalArgumentException("the next record of the snapshot needs " + bytes
                    + " bytes and there are " + room + ": give the step more room");
        }
    }

    private void head(final MutableDirectBuffer to, final int from, final int room) {
        fits(room, SnapshotHead.BYTES);
        to.putBytes(from, head.buffer(), 0, SnapshotHead.BYTES);
        written = SnapshotHead.BYTES;
        count = 1;
        enter(SnapshotPart.HELD);
    }

    /** Whether a record of so many bytes goes into this piece: the first does wherever there is room at all. */
    private boolean takes(final int bytes, final int room, final int length) {
        if (count == 0) {
            fits(length - SnapshotPart.HEADER_BYTES, bytes);
            return true;
        }
        return written + bytes <= room;
    }

    private void held(
            final MutableDirectBuffer to, final int from, final int room, final int length, final HeldBytes held) {
        final int end = Math.min(entries.count(), cursor + STEP_RECORDS);
        while (cursor < end) {
            final UnsafeBuffer memory = entries.memory.frozen(cursor);
            final int at = entries.memory.offset(cursor);
            final int place = memory.getInt(at + Entries.PLACE);
            if (place != Entries.IN_NONE) {
                final int bytes = held.length(cursor);
                if (!takes(SnapshotPart.HELD_BYTES + bytes, room, length)) {
                    break;
                }
                final int record = from + written;
                to.putLong(record, memory.getLong(at + Entries.ARRIVAL_NS), LITTLE_ENDIAN);
                to.putLong(record + 8, memory.getLong(at + Entries.ARRIVAL_ORDER), LITTLE_ENDIAN);
                to.putLong(record + 16, memory.getLong(at + Entries.SEQUENCE), LITTLE_ENDIAN);
                to.putLong(record + 24, memory.getLong(at + Entries.SOURCE), LITTLE_ENDIAN);
                to.putInt(record + 32, memory.getInt(at + Entries.AGGREGATE), LITTLE_ENDIAN);
                to.putInt(record + 36, place, LITTLE_ENDIAN);
                to.putInt(record + 40, bytes, LITTLE_ENDIAN);
                held.copy(cursor, to, record + SnapshotPart.HELD_BYTES);
                count++;
                written += SnapshotPart.HELD_BYTES + bytes;
            }
            cursor++;
        }
        entries.keepFrom(cursor);
        if (cursor == entries.count()) {
            entries.keepFrom(Integer.MAX_VALUE);
            entries.memory.thawAll();
            enter(SnapshotPart.AGGREGATES);
        }
    }

    private void aggregates(final MutableDirectBuffer to, final int from, final int room, final int length) {
        while (cursor < aggregates && count < STEP_RECORDS) {
            final UnsafeBuffer line = table.lines.frozen(cursor);
            final int at = table.lines.offset(cursor);
            final int keyLength = line.getInt(at + AggregateTable.LENGTH);
            final int keyBytes = keyLength == AggregateTable.ID ? Long.BYTES : keyLength;
            if (!takes(SnapshotPart.AGGREGATE_BYTES + keyBytes, room, length)) {
                return;
            }
            final int record = from + written;
            to.putLong(record, line.getLong(at + AggregateTable.NEXT), LITTLE_ENDIAN);
            to.putLong(record + 8, line.getLong(at + AggregateTable.FIRST), LITTLE_ENDIAN);
            to.putLong(record + 16, line.getLong(at + AggregateTable.GIVEN_UP), LITTLE_ENDIAN);
            to.putInt(record + 24, line.getInt(at + AggregateTable.GENERATION), LITTLE_ENDIAN);
            to.putInt(record + 28, table.idle.on() ? table.idle.frozenAfter(cursor) : IdleList.NONE, LITTLE_ENDIAN);
            to.putInt(record + 32, keyLength, LITTLE_ENDIAN);
            if (keyLength > AggregateTable.INLINE_BYTES) {
                final long place = line.getLong(at + AggregateTable.KEY);
                to.putBytes(
                        record + SnapshotPart.AGGREGATE_BYTES,
                        table.keys.buffer(place),
                        KeyArena.offset(place),
                        keyBytes);
            } else {
                to.putBytes(record + SnapshotPart.AGGREGATE_BYTES, line, at + AggregateTable.KEY, keyBytes);
            }
            count++;
            written += SnapshotPart.AGGREGATE_BYTES + keyBytes;
            cursor++;
            thawBefore(cursor);
        }
        if (cursor == aggregates) {
            table.lines.thawAll();
            table.idle.links.thawAll();
            table.keys.keep(false);
            enter(ranges == 0 ? SnapshotPart.END : SnapshotPart.GIVEN_UP);
        }
    }

    private void thawBefore(final int number) {
        if (number % AggregateTable.LINES_PER_CHUNK == 0) {
            table.lines.thaw(number - 1);
        }
    }

    private void ranges(final MutableDirectBuffer to, final int from, final int room) {
        fits(room, GivenUp.RANGE_BYTES);
        while (cursor < ranges && count < STEP_RECORDS && written + GivenUp.RANGE_BYTES <= room) {
            to.putBytes(
                    from + written, givenUp.ranges.frozen(cursor), givenUp.ranges.offset(cursor), GivenUp.RANGE_BYTES);
            count++;
            written += GivenUp.RANGE_BYTES;
            cursor++;
        }
        if (cursor == ranges) {
            enter(SnapshotPart.END);
        }
    }
}
