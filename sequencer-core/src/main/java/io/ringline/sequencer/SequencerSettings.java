package io.ringline.sequencer;

/**
 * Settings of a {@link Sequencer}.
 *
 * @param ordering          what order is kept.
 * @param maxSequenceGap    how far ahead of its turn an event may be, from 1.
 * @param maxBufferSize     events held for one aggregate at most, from 1.
 * @param maxHeld           events held for all together at most, 1 to 16,777,216. One fewer waits in fact: the one that
 *                          would take the last entry makes room at once.
 * @param sequenceTimeoutNs how long the first event behind a gap waits, nanoseconds, from 1.
 * @param onGapTooWide      what an event beyond {@code maxSequenceGap} does.
 * @param maxAggregates     how many aggregates are remembered at most; 0 for all. One more makes the sequencer forget the one
 *                          that has been idle for longest among those that hold nothing. When a forgotten one comes again it
 *                          is as if it had never been seen: events that were released before are released again instead of
 *                          dropped as duplicates, and its unnumbered events are numbered from 1 again. Under
 *                          {@link FirstSequence#ONE} it is expected to start at 1 again: where it goes on with the number
 *                          after its last, that is ahead of its turn, and {@link Sequencer#GAP_TOO_WIDE} where it is more
 *                          than {@code maxSequenceGap} above 1. {@link FirstSequence#FIRST_SEEN} is the setting to go with a
 *                          cap: it goes on with whichever number comes. Give a cap well above the number of aggregates that
 *                          are in use at a time.
 * @param firstSequence     what an aggregate, or in {@code GLOBAL} a source, starts with.
 */
public record SequencerSettings(
        Ordering ordering,
        int maxSequenceGap,
        int maxBufferSize,
        int maxHeld,
        long sequenceTimeoutNs,
        OnGapTooWide onGapTooWide,
        int maxAggregates,
        FirstSequence firstSequence) {
    static final int MAX_HELD_LIMIT = 1 << 24;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException naming the setting that is out of range.
     */
    public SequencerSettings {
        positive("maxSequenceGap", maxSequenceGap);
        positive("maxBufferSize", maxBufferSize);
        positive("maxHeld", maxHeld);
        if (maxHeld > MAX_HELD_LIMIT) {
            throw new IllegalArgumentException("maxHeld is " + maxHeld + ": give it at most " + MAX_HELD_LIMIT);
        }
        positive("sequenceTimeoutNs", sequenceTimeoutNs);
        if (maxAggregates < 0) {
            throw new IllegalArgumentException(
                    "maxAggregates is " + maxAggregates + ": give it at least 1, or 0 for no cap");
        }
    }

    /**
     * Settings without a cap on aggregates, each of which starts with number 1.
     *
     * @param ordering          as above.
     * @param maxSequenceGap    as above.
     * @param maxBufferSize     as above.
     * @param maxHeld           as above.
     * @param sequenceTimeoutNs as above.
     * @param onGapTooWide      as above.
     */
    public SequencerSettings(
            final Ordering ordering,
            final int maxSequenceGap,
            final int maxBufferSize,
            final int maxHeld,
            final long sequenceTimeoutNs,
            final OnGapTooWide onGapTooWide) {
        this(ordering, maxSequenceGap, maxBufferSize, maxHeld, sequenceTimeoutNs, onGapTooWide, 0, FirstSequence.ONE);
    }

    private static void positive(final String name, final long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ": give it at least 1");
        }
    }
}
