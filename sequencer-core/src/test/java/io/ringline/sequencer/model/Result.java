package io.ringline.sequencer.model;

import org.jspecify.annotations.Nullable;

/**
 * What became of one event. An event that is only held has no result yet.
 *
 * @param event          as it was offered; null for a gap in the source's order.
 * @param fate           released, or why not.
 * @param globalSequence its number in the order of release; 0 where it was not released.
 * @param gap            numbers given up just before it; 0 where it was not released.
 * @param ofSource       whether these are the source's numbers.
 * @param number         its number in its aggregate where it was released; of a gap in the source's order the first missing.
 * @param <T>            the caller's events.
 */
public record Result<T>(@Nullable T event, Fate fate, long globalSequence, long gap, boolean ofSource, long number) {
    /** All that can become of an event. */
    public enum Fate {
        /** Delivered. */
        RELEASED,
        /** Dropped and counted: the same event was released or is held. */
        DUPLICATE,
        /** Dead-lettered: another event is held under its number. */
        CONFLICT,
        /** Dead-lettered: its number had been given up. */
        LATE,
        /** Dead-lettered: too far ahead of its turn. */
        GAP_TOO_WIDE,
        /** Refused: its number is below 0. */
        INVALID,
        /** Dead-lettered: there is no room for its aggregate. */
        TOO_MANY_AGGREGATES,
        /** No event: numbers of the source were given up. */
        SOURCE_GAP
    }
}
