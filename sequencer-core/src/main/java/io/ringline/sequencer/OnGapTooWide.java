package io.ringline.sequencer;

/** What becomes of an event more than {@code maxSequenceGap} ahead of its turn. */
public enum OnGapTooWide {
    /** Where held events prove that the stream has moved on, the gaps before them are given up; else it is refused. */
    FORCE,
    /** It is refused, always. */
    DEAD_LETTER
}
