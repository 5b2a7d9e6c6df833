package io.ringline.sequencer;

/**
 * One step of a {@link ProofRun}: all that happens, with nothing left to chance, so that a list of steps can be run again with
 * some of them left out.
 */
record ProofStep(Kind kind, int aggregate, long sequence, long source, long content, long now) {
    /** What a step does. */
    enum Kind {
        /** An event is offered. */
        OFFER,
        /** Time passes. */
        TICK,
        /** Room is made. */
        FORCE_OLDEST,
        /** The input ends, for now. */
        RELEASE_ALL,
        /** An aggregate, or below 0 the source, starts at {@code sequence}, or over. */
        START,
        /** {@code content} releases are consumed. */
        CONSUME,
        /** A snapshot begins, where none is under way. */
        SNAPSHOT,
        /** A piece of the snapshot under way is written; after the last it is restored and goes on instead. */
        PIECE
    }

    static ProofStep of(final Kind kind, final long content, final long now) {
        return new ProofStep(kind, 0, 0, 0, content, now);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case OFFER ->
                "offer aggregate " + aggregate + " number " + sequence + " source " + source + " content " + content
                        + " at " + now;
            case START -> "start " + (aggregate < 0 ? "the source" : "aggregate " + aggregate) + " at " + sequence;
            case TICK -> "tick " + now;
            case CONSUME -> "consume " + content;
            default -> kind.name();
        };
    }
}
