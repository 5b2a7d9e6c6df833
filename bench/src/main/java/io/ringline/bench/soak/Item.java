package io.ringline.bench.soak;

import io.ringline.router.record.Event;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One event as the model knows it.
 *
 * @param id             its place among a round's items, written into its payload; below 0: one that is never accepted.
 * @param aggregate      which one.
 * @param sequence       its number within the aggregate, or 0.
 * @param sourceSequence its number within the source, or 0.
 * @param subject        literal.
 * @param payloadBytes   from {@link #LEAST_BYTES}.
 */
record Item(int id, Aggregate aggregate, long sequence, long sourceSequence, String subject, int payloadBytes) {
    static final int LEAST_BYTES = 8;

    /** How an aggregate is named. */
    enum Naming {
        ID,
        BYTES,
        SUBJECT
    }

    /**
     * What order is kept within.
     *
     * @param index  among a round's aggregates; its id too.
     * @param naming by which its events name it.
     */
    record Aggregate(int index, Naming naming) {
        /** The key's bytes; the subject of all its events where that is the key. */
        byte[] key() {
            return (naming == Naming.SUBJECT ? "e.own." + index : "key-" + index).getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Writes what the payload is to be. */
    void writePayload(final MutableDirectBuffer to, final int offset) {
        to.putInt(offset, id);
        to.putInt(offset + Integer.BYTES, payloadBytes);
        for (int i = LEAST_BYTES; i < payloadBytes; i++) {
            to.putByte(offset + i, fill(i));
        }
    }

    private byte fill(final int at) {
        return (byte) (31 * id + at);
    }

    /** Which item a payload says it is. */
    static int id(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset);
    }

    /** What of an event is not as it was published; null where nothing is. */
    @Nullable
    String difference(final Event event) {
        if (event.payloadLength() != payloadBytes) {
            return "a payload of " + event.payloadLength() + " bytes, not " + payloadBytes;
        }
        for (int i = LEAST_BYTES; i < payloadBytes; i++) {
            if (event.buffer().getByte(event.payloadOffset() + i) != fill(i)) {
                return "another payload from byte " + i + " on";
            }
        }
        if (!event.subject().equals(subject)) {
            return "subject '" + event.subject() + "', not '" + subject + "'";
        }
        final String key = aggregate.naming == Naming.ID
                ? Integer.toString(aggregate.index)
                : new String(aggregate.key(), StandardCharsets.UTF_8);
        if (event.aggregateIsId() != (aggregate.naming == Naming.ID)
                || !event.aggregate().equals(key)) {
            return "aggregate '" + event.aggregate() + "', not '" + key + "'";
        }
        return sequence != 0 && event.aggregateSequence() != sequence
                ? "number " + event.aggregateSequence() + " of its aggregate, not " + sequence
                : null;
    }

    @Override
    public String toString() {
        return "item " + id + " '" + subject + "' of " + aggregate.naming + " aggregate " + aggregate.index
                + (sequence == 0 ? "" : " number " + sequence)
                + (sourceSequence == 0 ? "" : " source number " + sourceSequence);
    }
}
