package io.ringline.sequencer;

import org.agrona.DirectBuffer;

/** What a {@link Sequencer} knows of its aggregates, on request. For the sequencer's own thread. */
public final class Aggregates {
    private final Reorder reorder;
    private final AggregateTable table;

    Aggregates(final Reorder reorder) {
        this.reorder = reorder;
        this.table = reorder.table;
    }

    /** How many are remembered. @return from 0. */
    public int size() {
        return table.size();
    }

    /** What all of them take: lines, index, long keys, and the list of the idle where there is a cap. @return bytes. */
    public long bytes() {
        return table.bytes();
    }

    /** How often one was refused for want of memory outside the heap, in this process. @return from 0. */
    public long withoutMemory() {
        return table.withoutMemory();
    }

    /** How many given-up gaps are forgotten for want of memory: an older number is called late. @return from 0. */
    public long forgottenGaps() {
        return reorder.givenUp.forgotten();
    }

    /**
     * Describes an aggregate with an id. Looks at all that is held, to find its oldest.
     *
     * @param id   any.
     * @param into filled in where the aggregate is known.
     * @return whether it is.
     */
    public boolean describeId(final long id, final AggregateState into) {
        return describe(table.findId(id), into);
    }

    /**
     * Describes an aggregate with a key of bytes.
     *
     * @param key    memory.
     * @param offset of the key.
     * @param length in bytes.
     * @param hash   of the key's bytes.
     * @param into   filled in where the aggregate is known.
     * @return whether it is.
     */
    public boolean describeBytes(
            final DirectBuffer key, final int offset, final int length, final long hash, final AggregateState into) {
        return describe(table.findBytes(key, offset, length, hash), into);
    }

    private boolean describe(final int index, final AggregateState into) {
        if (index < 0) {
            return false;
        }
        into.next = reorder.aggregates.next(index);
        into.held = table.lines.getInt(index, AggregateTable.PINNED);
        into.oldestNs = into.held == 0 ? 0 : Math.min(oldest(reorder.aggregates, index), oldest(reorder.source, index));
        final long deadline = into.oldestNs + reorder.settings.sequenceTimeoutNs();
        final boolean never = into.held == 0 || into.oldestNs > 0 && deadline < 0;
        into.deadlineNs = never ? Long.MAX_VALUE : deadline;
        return true;
    }

    private long oldest(final OrderWindow window, final int index) {
        long oldest = Long.MAX_VALUE;
        final ArrivalHeap held = window.arrivals();
        for (int i = 0; i < held.size(); i++) {
            if (reorder.entries.aggregate(held.entry(i)) == index) {
                oldest = Math.min(oldest, reorder.entries.arrivalNs(held.entry(i)));
            }
        }
        return oldest;
    }
}
