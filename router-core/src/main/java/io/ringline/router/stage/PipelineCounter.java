package io.ringline.router.stage;

/** The pipeline's totals; each is written by one stage and readable from any thread. */
public enum PipelineCounter {
    /** Events that entered the ring. */
    ACCEPTED("events accepted"),
    /** Inputs that were no event. */
    MALFORMED("malformed inputs"),
    /** Events released in order, each with a global sequence. */
    RELEASED("events released"),
    /** Events released after having been held. */
    REORDERED("events reordered"),
    /** Events held at present. */
    HELD_NOW("events held now"),
    /** The most events ever held. */
    HELD_MAX("events held at most"),
    /** Events dropped because the same one had been released or is held. */
    DUPLICATES("duplicates dropped"),
    /** Events whose number had been given up. */
    LATE("late events"),
    /** Events too far ahead of their turn. */
    GAP_TOO_WIDE("events too far ahead"),
    /** Events with other bytes than the one held under their number. */
    CONFLICTS("conflicting events"),
    /** Gaps given up. */
    GAPS("gaps given up"),
    /** Numbers missing in those gaps. */
    MISSING("numbers missing"),
    /** Gaps given up because their time was over. */
    FORCED_BY_TIMEOUT("gaps given up by timeout"),
    /** Gaps given up because too much was held. */
    FORCED_BY_PRESSURE("gaps given up for room"),
    /** Gaps given up because the stream had moved on. */
    FORCED_BY_GAP("gaps given up as the stream moved on"),
    /** Released events that no consumer's pattern matches. */
    NO_MATCH("events without a consumer"),
    /** The last event offered to all its channels. */
    FANNED_OUT("last global sequence fanned out"),
    /** Release-list entries that the fan-out stage is done with. */
    RELEASES_CONSUMED("release entries consumed"),
    /** Claims given back by their publishers. */
    ABORTED("claims aborted");

    private final String label;

    PipelineCounter(final String label) {
        this.label = label;
    }

    /** What the counter counts, in words. @return a short text. */
    public String label() {
        return label;
    }
}
