package io.ringline.router.record;

/** Bits of a record's {@code flags}. */
public final class RecordFlags {
    /** The publisher gave {@code aggregateSequence}. */
    public static final int SOURCE_SEQUENCED = 1;
    /** The aggregate is the 64-bit {@code aggregateId}. */
    public static final int AGGREGATE_IS_ID = 2;
    /** The aggregate is the subject itself; no key bytes are stored. */
    public static final int AGGREGATE_IS_SUBJECT = 4;
    /** The publisher says that the payload is one JSON text. */
    public static final int PAYLOAD_JSON = 8;
    /** The publisher says that the payload is binary. */
    public static final int PAYLOAD_BINARY = 16;
    /** The event comes from a journal or a dead letter, not from its first source. */
    public static final int REPLAYED = 32;
    /**
     * The gap is one in the source's order, not in the aggregate's. On a {@link RecordType#GAP} record {@code sourceSequence}
     * is the first number that is missing, and there is no aggregate.
     */
    public static final int SOURCE_GAP = 64;

    private RecordFlags() {}
}
