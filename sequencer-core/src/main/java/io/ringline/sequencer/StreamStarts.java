package io.ringline.sequencer;

import org.agrona.DirectBuffer;

/**
 * Lets a publisher say that its numbers start over, or start further on: explicit and counted, never guessed. Like an event, a
 * start takes effect in its place among the events, and adds to the release list. For the sequencer's own thread.
 *
 * <p>To start at N where a number above N is expected already, or over, begins an epoch: all that is held is released, its
 * gaps given up; N is expected; what was given up before is forgotten, so that lower numbers than N are late and N and above
 * are new. To start further on releases what is held below N, its gaps given up; the numbers up to N are late from then on, and
 * not missing. To start at the number that is expected is counted and changes nothing else. In {@code GLOBAL}, events of the
 * aggregate that still wait for their turn in the source's order meet the start that came after them: let the source's order
 * through first.
 */
public final class StreamStarts {
    private final Sequencer sequencer;
    private final Reorder reorder;
    private final AggregateTable table;

    StreamStarts(final Sequencer sequencer) {
        this.sequencer = sequencer;
        this.reorder = sequencer.reorder();
        this.table = reorder.table;
    }

    /**
     * Starts an aggregate with an id.
     *
     * @param id    any.
     * @param first the number that comes next, 1 to {@link Sequencer#MAX_FIRST}; 0 to start over from 1.
     * @param nowNs as for an event.
     * @return {@link Sequencer#RELEASED}, {@link Sequencer#INVALID_SEQUENCE} or {@link Sequencer#TOO_MANY_AGGREGATES}.
     */
    public int startId(final long id, final long first, final long nowNs) {
        sequencer.beginCall();
        if (!isValid(first)) {
            return Sequencer.INVALID_SEQUENCE;
        }
        final int index = table.findId(id);
        return start(index >= 0 ? index : table.addId(id), first, nowNs);
    }

    /**
     * Starts an aggregate with a key of bytes.
     *
     * @param key    memory.
     * @param offset of the key.
     * @param length in bytes.
     * @param hash   of the key's bytes.
     * @param first  as above.
     * @param nowNs  as above.
     * @return as above.
     */
    public int startBytes(
            final DirectBuffer key,
            final int offset,
            final int length,
            final long hash,
            final long first,
            final long nowNs) {
        sequencer.beginCall();
        if (!isValid(first)) {
            return Sequencer.INVALID_SEQUENCE;
        }
        final int index = table.findBytes(key, offset, length, hash);
        return start(index >= 0 ? index : table.addBytes(key, offset, length, hash), first, nowNs);
    }

    /**
     * Starts the source's own numbers, which count in {@code GLOBAL} only.
     *
     * @param first as above.
     * @param nowNs as above.
     * @return as above.
     */
    public int startSource(final long first, final long nowNs) {
        sequencer.beginCall();
        if (!isValid(first)) {
            return Sequencer.INVALID_SEQUENCE;
        }
        reorder.start(reorder.source, Reorder.SOURCE, Math.max(1, first), first == 0, nowNs);
        return Sequencer.RELEASED;
    }

    private static boolean isValid(final long first) {
        return first >= 0 && first <= Sequencer.MAX_FIRST;
    }

    private int start(final int index, final long first, final long nowNs) {
        if (index < 0) {
            return Sequencer.TOO_MANY_AGGREGATES;
        }
        table.touch(index);
        reorder.start(reorder.aggregates, index, Math.max(1, first), first == 0, nowNs);
        return Sequencer.RELEASED;
    }
}
