package io.ringline.bench;

import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** What waits for its turn in a {@link HandWrittenOrderer}, by number. */
interface HeldEvents {
    /** A copy of one. */
    final class Held {
        final HandWrittenOrderer.Window aggregate;
        final long sequence;
        /** Its number in the order that it waits in: its aggregate's, or its source's. */
        final long number;

        final byte[] payload = new byte[Orderer.PAYLOAD_BYTES];

        Held(
                final HandWrittenOrderer.Window aggregate,
                final long sequence,
                final long number,
                final DirectBuffer payload) {
            this.aggregate = aggregate;
            this.sequence = sequence;
            this.number = number;
            payload.getBytes(0, this.payload);
        }

        Held(final Held other) {
            aggregate = other.aggregate;
            sequence = other.sequence;
            number = other.sequence;
            System.arraycopy(other.payload, 0, payload, 0, payload.length);
        }
    }

    /** Keeps one. @return false where the number is there already and the event is dropped. */
    boolean add(Held event);

    /** Takes out the one with a number, which is the lowest that can be there. @return null where it is missing. */
    @Nullable
    Held poll(long number);

    /** Duplicates that were only found since the last call. */
    int foundDuplicates();

    /** A map by number. */
    final class InTree implements HeldEvents {
        private final TreeMap<Long, Held> events = new TreeMap<>();

        @Override
        public boolean add(final Held event) {
            return events.putIfAbsent(event.number, event) == null;
        }

        @Override
        public @Nullable Held poll(final long number) {
            final Map.Entry<Long, Held> first = events.firstEntry();
            if (first == null || first.getKey() != number) {
                return null;
            }
            events.pollFirstEntry();
            return first.getValue();
        }

        @Override
        public int foundDuplicates() {
            return 0;
        }
    }

    /** A heap by number. It cannot tell on arrival whether a number is there: the second is dropped when its turn has passed. */
    final class InQueue implements HeldEvents {
        private final PriorityQueue<Held> events =
                new PriorityQueue<>(Comparator.comparingLong((Held event) -> event.number));
        private int duplicates;

        @Override
        public boolean add(final Held event) {
            return events.add(event);
        }

        @Override
        public @Nullable Held poll(final long number) {
            Held first = events.peek();
            while (first != null && first.number < number) {
                events.poll();
                duplicates++;
                first = events.peek();
            }
            return first == null || first.number > number ? null : events.poll();
        }

        @Override
        public int foundDuplicates() {
            final int found = duplicates;
            duplicates = 0;
            return found;
        }
    }
}
