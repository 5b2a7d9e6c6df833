package io.ringline.sequencer;

/** What a {@link Sequencer} knows of one aggregate: filled in by {@code describe}, reusable. */
public final class AggregateState {
    long next;
    int held;
    long oldestNs;
    long deadlineNs;

    /** Of no aggregate yet. */
    public AggregateState() {
        next = 0;
    }

    /** The number that is expected. @return from 1; 0 where nothing has been seen and the first number seen counts. */
    public long next() {
        return next;
    }

    /** How many of its events are held, for their turn in its order or in their source's. @return from 0. */
    public int held() {
        return held;
    }

    /** When the one that has been held for longest arrived. @return nanoseconds; means nothing where none is held. */
    public long oldestHeldNs() {
        return oldestNs;
    }

    /**
     * When the gap that this one waits for is given up, if nothing comes. @return nanoseconds; {@code Long.MAX_VALUE} where
     * none is held.
     */
    public long deadlineNs() {
        return deadlineNs;
    }
}
