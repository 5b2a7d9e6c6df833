package io.ringline.sequencer;

/** What number an aggregate, or a source, that nothing is known of starts with. */
public enum FirstSequence {
    /** Number 1: whatever comes before that waits for it. */
    ONE,
    /** The first number that is seen, whichever it is: what is below it is late. Counted as a baseline. */
    FIRST_SEEN
}
