package io.ringline.bench;

import io.ringline.sequencer.Ordering;
import org.agrona.DirectBuffer;

/**
 * Puts numbered events back into the order of their aggregates, as the family {@code sequencer} measures it: by Ringline's
 * sequencer, and by hand. An event has a key, its number in the key's aggregate, its source's number, and a payload of
 * {@link #PAYLOAD_BYTES}, which is copied only where it must wait. One more than {@link #MAX_GAP} ahead is refused.
 */
interface Orderer {
    int PAYLOAD_BYTES = 64;
    int KEY_BYTES = 16;
    int MAX_GAP = 100;

    /** What a key is. */
    enum Keys {
        /** Sixteen bytes. */
        BYTES,
        /** A 64-bit id. */
        ID
    }

    /** Who puts them into order. */
    enum Kind {
        RINGLINE("Ringline") {
            @Override
            Orderer make(final Keys keys, final Ordering ordering, final Sink sink) {
                return new RinglineOrderer(keys, ordering, sink);
            }
        },
        TREE_MAP("HashMap, TreeMap") {
            @Override
            Orderer make(final Keys keys, final Ordering ordering, final Sink sink) {
                return new HandWrittenOrderer(keys, ordering, sink, HeldEvents.InTree::new);
            }
        },
        PRIORITY_QUEUE("HashMap, PriorityQueue") {
            @Override
            Orderer make(final Keys keys, final Ordering ordering, final Sink sink) {
                return new HandWrittenOrderer(keys, ordering, sink, HeldEvents.InQueue::new);
            }
        };

        private final String title;

        Kind(final String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        abstract Orderer make(Keys keys, Ordering ordering, Sink sink);
    }

    /** Takes what is released, in order. */
    interface Sink {
        /**
         * One event.
         *
         * @param globalSequence from 1, by 1.
         * @param payload        memory, until this returns.
         * @param offset         of the payload.
         */
        void onEvent(long globalSequence, DirectBuffer payload, int offset);
    }

    /**
     * Takes an event and hands on all that is ready.
     *
     * @param event     memory of the key.
     * @param keyOffset where its key stands.
     * @param sequence  from 1, by 1, within its aggregate.
     * @param source    from 1, by 1; looked at where the order is {@code GLOBAL}.
     * @param payload   its bytes, from offset 0 on.
     */
    void offer(DirectBuffer event, int keyOffset, long sequence, long source, DirectBuffer payload);

    /** Whether it wants to be told of a batch of events before they come. */
    default boolean looksAhead() {
        return false;
    }

    /** The batch has an event with this key. @param event memory of the key. @param keyOffset where it stands. */
    default void expect(final DirectBuffer event, final int keyOffset) {
        // of no use to it
    }

    /** The batch is complete. */
    default void fetch() {
        // of no use to it
    }

    /** How many wait. */
    int held();

    /** How many were dropped because their number was there already. */
    long duplicates();

    /** How many were refused because they were too far ahead. */
    long tooWide();
}
