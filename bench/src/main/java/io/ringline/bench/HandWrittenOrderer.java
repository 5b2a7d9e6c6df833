package io.ringline.bench;

import io.ringline.sequencer.Ordering;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a good programmer writes in an afternoon: a {@code HashMap} from the key to the next number and what is held, looked up
 * with one key object that is used again, so that nothing is allocated while events come in order. No deadline, no limit to
 * what is held, no memory of numbers that were given up, no conflicts told from duplicates: that much less it has to do.
 */
final class HandWrittenOrderer implements Orderer {
    private final Map<Key, Window> windows = new HashMap<>();
    private final Key probe = new Key(0, 0);
    private final boolean byId;
    private final Supplier<HeldEvents> heldEvents;
    private final Sink sink;
    private final @Nullable Window source;
    private final UnsafeBuffer released = new UnsafeBuffer(new byte[PAYLOAD_BYTES]);
    private int held;
    private long duplicates;
    private long tooWide;
    private long globalSequence;

    /** A key of 16 bytes, or an id. */
    private static final class Key {
        private long high;
        private long low;

        Key(final long high, final long low) {
            this.high = high;
            this.low = low;
        }

        @Override
        public int hashCode() {
            final long mixed = (high ^ low * 0x9E37_79B9_7F4A_7C15L) * 0xD6E8_FEB8_6659_FD93L;
            return (int) (mixed >>> 32);
        }

        @Override
        public boolean equals(final @Nullable Object other) {
            return other instanceof final Key key && key.high == high && key.low == low;
        }
    }

    /** The next number, of an aggregate or of the source, and what waits for it. */
    static final class Window {
        private long next = 1;
        private int held;
        private @Nullable HeldEvents events;
    }

    HandWrittenOrderer(
            final Keys keys, final Ordering ordering, final Sink sink, final Supplier<HeldEvents> heldEvents) {
        this.byId = keys == Keys.ID;
        this.heldEvents = heldEvents;
        this.sink = sink;
        this.source = ordering == Ordering.GLOBAL ? new Window() : null;
    }

    @Override
    public void offer(
            final DirectBuffer event,
            final int keyOffset,
            final long sequence,
            final long sourceSequence,
            final DirectBuffer payload) {
        final Window aggregate = window(event, keyOffset);
        if (source == null) {
            offerToAggregate(aggregate, sequence, payload);
        } else if (sourceSequence == source.next) {
            source.next++;
            offerToAggregate(aggregate, sequence, payload);
            drainSource(source);
        } else if (isInReach(source, sourceSequence)) {
            hold(source, new HeldEvents.Held(aggregate, sequence, sourceSequence, payload));
        }
    }

    private Window window(final DirectBuffer event, final int keyOffset) {
        probe.high = event.getLong(keyOffset);
        probe.low = byId ? 0 : event.getLong(keyOffset + Long.BYTES);
        Window window = windows.get(probe);
        if (window == null) {
            window = new Window();
            windows.put(new Key(probe.high, probe.low), window);
        }
        return window;
    }

    private void offerToAggregate(final Window window, final long sequence, final DirectBuffer payload) {
        if (sequence == window.next) {
            release(window, payload);
            drain(window);
        } else if (isInReach(window, sequence)) {
            hold(window, new HeldEvents.Held(window, sequence, sequence, payload));
        }
    }

    private boolean isInReach(final Window window, final long number) {
        if (number < window.next) {
            duplicates++;
            return false;
        }
        if (number - window.next > MAX_GAP) {
            tooWide++;
            return false;
        }
        return true;
    }

    private void hold(final Window window, final HeldEvents.Held event) {
        if (window.events == null) {
            window.events = heldEvents.get();
        }
        if (window.events.add(event)) {
            window.held++;
            held++;
        } else {
            duplicates++;
        }
    }

    private void release(final Window window, final DirectBuffer payload) {
        window.next++;
        sink.onEvent(++globalSequence, payload, 0);
    }

    private void drain(final Window window) {
        HeldEvents.Held event = poll(window);
        while (event != null) {
            released.wrap(event.payload);
            release(window, released);
            event = poll(window);
        }
    }

    private void drainSource(final Window window) {
        HeldEvents.Held event = poll(window);
        while (event != null) {
            window.next++;
            final Window aggregate = event.aggregate;
            if (event.sequence == aggregate.next) {
                released.wrap(event.payload);
                release(aggregate, released);
                drain(aggregate);
            } else if (isInReach(aggregate, event.sequence)) {
                hold(aggregate, new HeldEvents.Held(event));
            }
            event = poll(window);
        }
    }

    private HeldEvents.@Nullable Held poll(final Window window) {
        if (window.held == 0 || window.events == null) {
            return null;
        }
        final HeldEvents.Held event = window.events.poll(window.next);
        final int dropped = window.events.foundDuplicates();
        final int gone = dropped + (event == null ? 0 : 1);
        duplicates += dropped;
        window.held -= gone;
        held -= gone;
        return event;
    }

    @Override
    public int held() {
        return held;
    }

    @Override
    public long duplicates() {
        return duplicates;
    }

    @Override
    public long tooWide() {
        return tooWide;
    }
}
