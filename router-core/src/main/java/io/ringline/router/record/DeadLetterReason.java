package io.ringline.router.record;

/** Why a record became a dead letter. The {@link #code()} is what stands on disk, so codes are never reused. */
public enum DeadLetterReason {
    /** Bytes that a source gave and that were no event; the record is of type {@link RecordType#RAW}. */
    MALFORMED(1),
    /** The event's number was given up earlier. */
    LATE(2),
    /** The event is further ahead of its turn than {@code maxSequenceGap}, and held events do not prove the gap. */
    GAP_TOO_WIDE(3),
    /** Another event with other bytes is held under the same number. */
    CONFLICT(4),
    /** No consumer's pattern matches the subject. */
    NO_MATCH(5),
    /** The handler asked for a retry, or threw, more than {@code maxRetries} times. */
    RETRIES_EXHAUSTED(6),
    /** The handler answered {@code REJECT}. */
    REJECTED(7),
    /** The consumer's channel was full and its overflow policy is {@code DEAD_LETTER}. */
    OVERFLOW(8),
    /** The event is larger than the router was set up for. */
    OVERSIZE(9),
    /** There is no room for the event's aggregate: as many as {@code maxAggregates} are known, and all hold something. */
    TOO_MANY_AGGREGATES(10),
    /** An earlier event of its aggregate became a dead letter of its consumer, whose aggregates are held then. */
    AGGREGATE_HELD(11);

    private static final DeadLetterReason[] BY_CODE = new DeadLetterReason[12];

    static {
        for (final DeadLetterReason reason : values()) {
            BY_CODE[reason.code] = reason;
        }
    }

    private final int code;

    DeadLetterReason(final int code) {
        this.code = code;
    }

    /**
     * The number that stands for this reason on disk.
     *
     * @return 1 to 11.
     */
    public int code() {
        return code;
    }

    /**
     * The reason with a given code.
     *
     * @param code as read from disk.
     * @return the reason.
     * @throws IllegalArgumentException where no reason has that code.
     */
    public static DeadLetterReason of(final int code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("unknown dead-letter reason " + code + ": written by a newer version?");
        }
        return BY_CODE[code];
    }
}
