package io.ringline.router.stage;

/** The pipeline's totals; each is written by one stage and readable from any thread. */
public enum PipelineCounter {
    /** Events that entered the ring. */
    ACCEPTED(Writer.STAMP, "events accepted"),
    /** Inputs that were no event. */
    MALFORMED(Writer.STAMP, "malformed inputs"),
    /** Events released in order, each with a global sequence. */
    RELEASED(Writer.REORDER, "events released"),
    /** Events released after having been held. */
    REORDERED(Writer.REORDER, "events reordered"),
    /** Events held at present. */
    HELD_NOW(Writer.REORDER, "events held now"),
    /** The most events ever held. */
    HELD_MAX(Writer.REORDER, "events held at most"),
    /** Events dropped because the same one had been released or is held. */
    DUPLICATES(Writer.REORDER, "duplicates dropped"),
    /** Events whose number had been given up. */
    LATE(Writer.REORDER, "late events"),
    /** Events too far ahead of their turn. */
    GAP_TOO_WIDE(Writer.REORDER, "events too far ahead"),
    /** Events with other bytes than the one held under their number. */
    CONFLICTS(Writer.REORDER, "conflicting events"),
    /** Gaps given up. */
    GAPS(Writer.REORDER, "gaps given up"),
    /** Numbers missing in those gaps. */
    MISSING(Writer.REORDER, "numbers missing"),
    /** Gaps given up because their time was over. */
    FORCED_BY_TIMEOUT(Writer.REORDER, "gaps given up by timeout"),
    /** Gaps given up because too much was held. */
    FORCED_BY_PRESSURE(Writer.REORDER, "gaps given up for room"),
    /** Gaps given up because the stream had moved on. */
    FORCED_BY_GAP(Writer.REORDER, "gaps given up as the stream moved on"),
    /** Released events that no consumer's pattern matches. */
    NO_MATCH(Writer.FAN_OUT, "events without a consumer"),
    /** The last event offered to all its channels. */
    FANNED_OUT(Writer.FAN_OUT, "last global sequence fanned out"),
    /** Release-list entries that the fan-out stage is done with. */
    RELEASES_CONSUMED(Writer.FAN_OUT, "release entries consumed"),
    /** Claims given back by their publishers. */
    ABORTED(Writer.REORDER, "claims aborted"),
    /** Gaps given up because the publisher started over, or further on. */
    FORCED_BY_START(Writer.REORDER, "gaps given up as numbers started over"),
    /** Events of an aggregate that there was no room for. */
    TOO_MANY_AGGREGATES(Writer.REORDER, "events of too many aggregates"),
    /** Aggregates forgotten to make room for others. */
    EVICTED(Writer.REORDER, "aggregates evicted"),
    /** Epochs that publishers began. */
    EPOCHS(Writer.REORDER, "epochs begun"),
    /** Streams that started with the first number seen, or with one that the publisher named. */
    BASELINES(Writer.REORDER, "baselines taken"),
    /** Starts of an aggregate that there was no room for. */
    STARTS_REFUSED(Writer.REORDER, "starts refused"),
    /** Events and starts of an aggregate that there was no memory for: among those that there was no room for. */
    WITHOUT_MEMORY(Writer.REORDER, "aggregates without memory"),
    /** Slots of claims whose thread died before they were published or given back. */
    ABANDONED(Writer.REORDER, "claims abandoned"),
    /** Slots that were claimed with others, and that there was nothing for. */
    UNUSED(Writer.REORDER, "claims unused"),
    /** Claims that were open for longer than the time limit, by a thread that lived. */
    OVERDUE_CLAIMS(Writer.MATCH, "claims overdue"),
    /** Slots without an event that entered the pipeline: claims given back, starts, orders. */
    OTHER_SLOTS(Writer.STAMP, "slots without an event"),
    /** Publishers' callbacks that threw when told of room. */
    CALLBACKS_FAILED(Writer.FAN_OUT, "callbacks failed"),
    /** Times a consumer with events waiting stopped polling, or the thread ended that polled it. */
    CONSUMERS_SILENT(Writer.FAN_OUT, "consumers that stopped polling"),
    /** Times a consumer that stopped polling was treated by its overflow fallback, so that the ring goes on. */
    CONSUMERS_EVICTED(Writer.FAN_OUT, "consumers evicted to their overflow fallback"),
    /** Events of the router's own, among those that entered. */
    NOTICES(Writer.STAMP, "notices published"),
    /** Consumers that left and have ended. */
    CONSUMERS_ENDED(Writer.FAN_OUT, "consumers ended"),
    /** Events that a consumer had not finished when it was closed, and nobody inherited. */
    EVENTS_LEFT(Writer.FAN_OUT, "events left by closed consumers"),
    /** Events that a member of a queue group had not finished when it was closed, handed over to another. */
    EVENTS_HANDED_OVER(Writer.FAN_OUT, "events handed over in queue groups");

    /** Whose thread writes a total. */
    enum Writer {
        /** The match stage's runner. */
        MATCH,
        /** The stamp stage. */
        STAMP,
        /** The reorder stage. */
        REORDER,
        /** The fan-out stage. */
        FAN_OUT
    }

    private final Writer writer;
    private final String label;

    PipelineCounter(final Writer writer, final String label) {
        this.writer = writer;
        this.label = label;
    }

    /** The one stage that writes the total. */
    Writer writer() {
        return writer;
    }

    /** What the counter counts, in words. @return a short text. */
    public String label() {
        return label;
    }
}
