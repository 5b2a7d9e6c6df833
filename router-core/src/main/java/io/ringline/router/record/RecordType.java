package io.ringline.router.record;

/** What a record is; one byte of its header. */
public final class RecordType {
    /** An event with a subject. */
    public static final int EVENT = 1;
    /**
     * Numbers of an aggregate that were given up: {@code aggregateSequence} is the first, {@code gap} how many. Or of the
     * source, see {@link RecordFlags#SOURCE_GAP}.
     */
    public static final int GAP = 2;
    /** Bytes that were no event; found in dead letters only, as payload. */
    public static final int RAW = 3;

    private RecordType() {}
}
