package io.ringline.router.record;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * What a handler sees of an event: a view of the encoded record, without a copy.
 *
 * <p>Valid only within the call it was handed to; the memory is used again afterwards. Offsets are absolute in
 * {@link #buffer()}, lengths are in bytes. Not thread-safe.
 */
public interface Event {
    /** The memory that holds the record. @return never null. */
    DirectBuffer buffer();

    /** Where the record starts. @return offset in {@link #buffer()}. */
    int offset();

    /** The whole record, header included. @return bytes. */
    int length();

    /** What the record is. @return one of {@link RecordType}. */
    int type();

    /** Bits of {@link RecordFlags}. @return 0 to 65,535. */
    int flags();

    /** How many numbers of the aggregate were given up just before this event. @return 0 where none. */
    int gap();

    /** The aggregate as an id. @return the id, or 0 where the aggregate is given as bytes. */
    long aggregateId();

    /** Where the aggregate's key bytes start; the subject's offset where the subject is the key. @return offset. */
    int aggregateOffset();

    /** How long the aggregate's key is. @return bytes; 0 where the aggregate is an id. */
    int aggregateLength();

    /** The event's number within its aggregate. @return from 1; 0 while none is given. */
    long aggregateSequence();

    /** The event's number in the order of release. @return from 1; 0 while not released. */
    long globalSequence();

    /** The number the source gave (a JetStream stream sequence, say). @return from 1; 0 where the source has none. */
    long sourceSequence();

    /** When the router accepted the event. @return nanoseconds since the epoch, from the router's clock. */
    long ingressNanos();

    /** Where the subject starts. @return offset. */
    int subjectOffset();

    /** How long the subject is. @return bytes. */
    int subjectLength();

    /** Where the headers start, see {@link HeaderReader}. @return offset. */
    int headersOffset();

    /** How long the headers are, all told. @return bytes; 0 where there are none. */
    int headersLength();

    /** Where the payload starts. @return offset. */
    int payloadOffset();

    /** How long the payload is. @return bytes. */
    int payloadLength();

    /** Whether the aggregate is given as a 64-bit id. @return true where {@link #aggregateId()} is the key. */
    default boolean aggregateIsId() {
        return (flags() & RecordFlags.AGGREGATE_IS_ID) != 0;
    }

    /** The subject as text, decoded as UTF-8. Allocates. @return the subject. */
    default String subject() {
        return text(subjectOffset(), subjectLength());
    }

    /** The aggregate as text: the id in decimal, or the key decoded as UTF-8. Allocates. @return the aggregate. */
    default String aggregate() {
        return aggregateIsId() ? Long.toString(aggregateId()) : text(aggregateOffset(), aggregateLength());
    }

    /** A copy of the payload. Allocates. @return the bytes. */
    default byte[] payload() {
        final byte[] bytes = new byte[payloadLength()];
        buffer().getBytes(payloadOffset(), bytes);
        return bytes;
    }

    private String text(final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer().getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
