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
 */
public record SequencerSettings(
        Ordering ordering,
        int maxSequenceGap,
        int maxBufferSize,
        int maxHeld,
        long sequenceTimeoutNs,
        OnGapTooWide onGapTooWide) {
    private static final int MAX_HELD_LIMIT = 1 << 24;

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
    }

    private static void positive(final String name, final long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ": give it at least 1");
        }
    }
}
