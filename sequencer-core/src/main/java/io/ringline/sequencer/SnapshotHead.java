package io.ringline.sequencer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The first part of a snapshot: all that is one number, in the order of the methods below, each an i64. */
final class SnapshotHead {
    static final int BYTES = 40 * Long.BYTES;
    /** The highest number that is believed to be expected next: far above where streams may start, with room to go on. */
    static final long MAX_NEXT = Long.MAX_VALUE - (1L << 61);

    /** The highest count that is believed, of what is counted on from: no run gets there in a thousand years. */
    static final long MAX_COUNT = 1L << 62;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BYTES]);
    private int at;

    UnsafeBuffer buffer() {
        return buffer;
    }

    private void put(final long value) {
        buffer.putLong(at, value, LITTLE_ENDIAN);
        at += Long.BYTES;
    }

    private long get() {
        at += Long.BYTES;
        return buffer.getLong(at - Long.BYTES, LITTLE_ENDIAN);
    }

    private long get(final String what, final long least, final long most) {
        final long value = get();
        if (value < least || value > most) {
            throw new SnapshotException("in the first part, byte " + (at - Long.BYTES) + ": " + what + " is " + value
                    + ", which is not from " + least + " to " + most);
        }
        return value;
    }

    /** Notes how things stand. */
    void write(final Reorder from) {
        at = 0;
        put(from.settings.ordering().ordinal());
        put(from.settings.firstSequence().ordinal());
        put(from.table.idle.on() ? 1 : 0);
        put(from.givenUp.limit());
        put(from.now);
        put(from.globalSequence);
        put(from.pendingSourceGap);
        put(from.entries.arrivals());
        put(from.table.size());
        put(from.heldNow());
        put(from.givenUp.newest());
        put(from.table.idle.oldest());
        put(from.source.next(Reorder.SOURCE));
        put(from.sourceLine.getLong(Reorder.SOURCE, AggregateTable.FIRST));
        put(from.sourceLine.getLong(Reorder.SOURCE, AggregateTable.GIVEN_UP));
        final long[] totals = from.statistics.totals();
        for (final long total : totals) {
            put(total);
        }
    }

    int aggregates;
    int held;
    int oldestIdle;

    /** Sets things as they stood. @throws SnapshotException where they cannot have. */
    void read(final DirectBuffer memory, final int from, final int length, final Reorder to) {
        if (length != BYTES) {
            throw SnapshotPart.wrong(from, "the first part has " + length + " bytes, not " + BYTES);
        }
        buffer.putBytes(0, memory, from, BYTES);
        at = 0;
        same("ordering", to.settings.ordering().ordinal());
        same("firstSequence", to.settings.firstSequence().ordinal());
        same("whether aggregates are capped", to.table.idle.on() ? 1 : 0);
        same("the number of given-up ranges", to.givenUp.limit());
        to.now = get();
        to.globalSequence = get("globalSequence", 0, MAX_COUNT);
        to.pendingSourceGap = (int) get("the source's gap", 0, to.global ? Integer.MAX_VALUE : 0);
        to.entries.arrivals(get("arrivals", 0, MAX_COUNT));
        final int max = to.settings.maxAggregates() == 0 ? Integer.MAX_VALUE : to.settings.maxAggregates();
        aggregates = (int) get("the number of aggregates", 0, max);
        held = held(to);
        to.givenUp.newest(get("given-up ranges", 0, MAX_COUNT));
        oldestIdle = (int) get("the oldest idle aggregate", IdleList.NONE, aggregates - 1L);
        final long next = get("the source's number", to.firstNext(), MAX_NEXT);
        to.source.start(Reorder.SOURCE, get("the source's first number", 0, next));
        to.source.next(Reorder.SOURCE, next);
        to.sourceLine.putLong(
                Reorder.SOURCE, AggregateTable.GIVEN_UP, get("the source's ranges", 0, to.givenUp.newest()));
        final long[] totals = to.statistics.totals();
        for (int i = 0; i < totals.length; i++) {
            totals[i] = get("a total", 0, MAX_COUNT);
        }
        to.statistics.totals(totals);
    }

    private int held(final Reorder to) {
        final boolean holds = to.settings.ordering() != Ordering.NONE;
        final long found = get("the number held", 0, holds ? SequencerSettings.MAX_HELD_LIMIT - 1L : 0);
        if (found >= to.entries.count()) {
            throw new SnapshotException("in the first part, byte " + (at - Long.BYTES) + ": " + found
                    + " events are held, and a maxHeld of " + to.entries.count() + " is too small for them: "
                    + "restore with a maxHeld of at least " + (found + 1));
        }
        return (int) found;
    }

    private void same(final String what, final long wanted) {
        final long found = get();
        if (found != wanted) {
            throw new SnapshotException("in the first part, byte " + (at - Long.BYTES) + ": " + what + " was " + found
                    + " and is " + wanted + " here: restore with the settings that it was taken with");
        }
    }
}
