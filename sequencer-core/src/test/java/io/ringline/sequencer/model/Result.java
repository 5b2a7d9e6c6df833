package io.ringline.sequencer.model;

/**
 * What became of one event. An event that is only held has no result yet.
 *
 * @param event          as it was offered.
 * @param fate           released, or why not.
 * @param globalSequence its number in the order of release; 0 where it was not released.
 * @param gap            numbers given up just before it; 0 where it was not released.
 * @param <T>            the caller's events.
 */
public record Result<T>(T event, Fate fate, long globalSequence, long gap) {
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
        /** Refused: its number is below 1. */
        INVALID
    }
}
