package io.ringline.router.consumer;

/** Where a consumer whose overflow policy is {@code REPLAY} gets its events from. */
public enum ReplayState {
    /** From its channel, as they are fanned out. */
    LIVE,
    /** From the journal: its channel was full. */
    DETACHED,
    /** Still from the journal, near its end; it has asked for the channel. */
    REQUESTED,
    /**
     * From nowhere: the journal cannot be read, see {@code SubjectConsumer.replayFailure()}. Unless it is damaged that is tried
     * again and again.
     */
    FAILED
}
