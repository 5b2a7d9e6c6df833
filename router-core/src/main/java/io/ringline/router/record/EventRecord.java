package io.ringline.router.record;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over one encoded event. The same bytes stand in a ring slot, a channel, the journal and a dead letter, so
 * that a stage fills in fields and handing an event on is one memory copy.
 *
 * <pre>
 *   0                   4                   8   9   10      12                 16
 *  +-------------------+-------------------+---+---+-------+------------------+
 *  |  length (i32)     |  crc32c (i32)     |ver|typ| flags |  gap (i32)       |
 *  +-------------------+-------------------+---+---+-------+------------------+
 *  |  aggregateId (i64)                    |  aggregateSequence (i64)         | 16, 24
 *  +---------------------------------------+----------------------------------+
 *  |  globalSequence (i64)                 |  sourceSequence (i64)            | 32, 40
 *  +---------------------------------------+---------+--------+---------------+
 *  |  ingressNanos (i64)                   | subjLen | aggLen | headersLength | 48, 56, 58, 60
 *  +---------------------------------------+---------+--------+---------------+
 *  |  subject ... aggregate key ... headers ... payload ...                   | 64
 * </pre>
 *
 * <p>Little-endian throughout. {@code length} counts the whole record, without padding; the payload's length follows
 * from the others. {@code crc32c} is 0 in memory; on disk it covers the record without the field itself. All numbers
 * on an event are explained in the contract: see {@link Event}. Not thread-safe; may be wrapped again and again.
 */
public final class EventRecord implements Event {
    /** The layout that this code writes. A reader refuses a higher one. */
    public static final int VERSION = 1;
    /** Bytes before the subject: one cache line. */
    public static final int HEADER_BYTES = 64;
    /** Offset of the record's length, i32. */
    public static final int LENGTH_OFFSET = 0;
    /** Offset of the CRC-32C, i32. */
    public static final int CRC_OFFSET = 4;
    /** Offset of the layout's version, u8. */
    public static final int VERSION_OFFSET = 8;
    /** Offset of the type, u8, see {@link RecordType}. */
    public static final int TYPE_OFFSET = 9;
    /** Offset of the flags, u16, see {@link RecordFlags}. */
    public static final int FLAGS_OFFSET = 10;
    /** Offset of the gap before the event, i32. */
    public static final int GAP_OFFSET = 12;
    /** Offset of the aggregate's id, i64. */
    public static final int AGGREGATE_ID_OFFSET = 16;
    /** Offset of the number within the aggregate, i64. */
    public static final int AGGREGATE_SEQUENCE_OFFSET = 24;
    /** Offset of the number in the order of release, i64. */
    public static final int GLOBAL_SEQUENCE_OFFSET = 32;
    /** Offset of the source's number, i64. */
    public static final int SOURCE_SEQUENCE_OFFSET = 40;
    /** Offset of the time of acceptance, i64. */
    public static final int INGRESS_NANOS_OFFSET = 48;
    /** Offset of the subject's length, u16. */
    public static final int SUBJECT_LENGTH_OFFSET = 56;
    /** Offset of the aggregate key's length, u16. */
    public static final int AGGREGATE_LENGTH_OFFSET = 58;
    /** Offset of the headers' length, i32. */
    public static final int HEADERS_LENGTH_OFFSET = 60;

    private static final int BODY_OFFSET = VERSION_OFFSET;

    // The class, not the interface: with no subclass loaded every access is inlined without a check of its type.
    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;

    /** A flyweight over nothing: {@link #wrap} it first. */
    public EventRecord() {
        offset = 0;
    }

    /**
     * Points this flyweight at a record. The lengths in it are trusted: records from outside go through
     * {@link RecordCheck} first.
     *
     * @param memory that holds the record.
     * @param at     its offset.
     * @return this.
     */
    @SuppressWarnings("ReferenceEquality") // the same memory is meant, not the same bytes
    public EventRecord wrap(final UnsafeBuffer memory, final int at) {
        if (buffer != memory) { // a reference store costs a collector's barrier, a comparison nothing
            buffer = memory;
        }
        offset = at;
        return this;
    }

    /**
     * Writes a header with its lengths; all numbers are 0, sections are to be written next.
     *
     * @param type            see {@link RecordType}.
     * @param flags           see {@link RecordFlags}.
     * @param subjectLength   0 to 65,535 bytes.
     * @param aggregateLength 0 to 65,535 bytes; of the stored key.
     * @param headersLength   bytes.
     * @param payloadLength   bytes.
     * @return the whole record's length in bytes.
     */
    public int init(
            final int type,
            final int flags,
            final int subjectLength,
            final int aggregateLength,
            final int headersLength,
            final int payloadLength) {
        return init(type, flags, subjectLength, aggregateLength, headersLength, payloadLength, 0, 0, 0);
    }

    /**
     * Writes a header with its lengths and what a publisher gives; the numbers that the router gives are 0.
     *
     * @param type              see {@link RecordType}.
     * @param flags             see {@link RecordFlags}.
     * @param subjectLength     0 to 65,535 bytes.
     * @param aggregateLength   0 to 65,535 bytes; of the stored key.
     * @param headersLength     bytes.
     * @param payloadLength     bytes.
     * @param aggregateId       any; 0 for an aggregate given as bytes.
     * @param aggregateSequence from 1; 0 for none.
     * @param sourceSequence    from 1; 0 for none.
     * @return the whole record's length in bytes.
     */
    public int init(
            final int type,
            final int flags,
            final int subjectLength,
            final int aggregateLength,
            final int headersLength,
            final int payloadLength,
            final long aggregateId,
            final long aggregateSequence,
            final long sourceSequence) {
        final int length = HEADER_BYTES + subjectLength + aggregateLength + headersLength + payloadLength;
        // The first eight bytes after the CRC and the two lengths go out as one word each: fewer, wider stores.
        buffer.putLong(offset + LENGTH_OFFSET, length & 0xFFFF_FFFFL, LITTLE_ENDIAN);
        buffer.putLong(offset + VERSION_OFFSET, VERSION | (long) type << 8 | (flags & 0xFFFFL) << 16, LITTLE_ENDIAN);
        buffer.putLong(offset + AGGREGATE_ID_OFFSET, aggregateId, LITTLE_ENDIAN);
        buffer.putLong(offset + AGGREGATE_SEQUENCE_OFFSET, aggregateSequence, LITTLE_ENDIAN);
        buffer.putLong(offset + GLOBAL_SEQUENCE_OFFSET, 0L);
        buffer.putLong(offset + SOURCE_SEQUENCE_OFFSET, sourceSequence, LITTLE_ENDIAN);
        buffer.putLong(offset + INGRESS_NANOS_OFFSET, 0L);
        buffer.putLong(
                offset + SUBJECT_LENGTH_OFFSET,
                (subjectLength & 0xFFFFL) | (aggregateLength & 0xFFFFL) << 16 | (long) headersLength << 32,
                LITTLE_ENDIAN);
        return length;
    }

    @Override
    public UnsafeBuffer buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public int length() {
        return buffer.getInt(offset + LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    /** The layout's version. @return {@link #VERSION}, or what a newer writer put there. */
    public int version() {
        return buffer.getByte(offset + VERSION_OFFSET) & 0xFF;
    }

    @Override
    public int type() {
        return buffer.getByte(offset + TYPE_OFFSET) & 0xFF;
    }

    @Override
    public int flags() {
        return buffer.getShort(offset + FLAGS_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets the flags. @param flags see {@link RecordFlags}. @return this. */
    public EventRecord flags(final int flags) {
        buffer.putShort(offset + FLAGS_OFFSET, (short) flags, LITTLE_ENDIAN);
        return this;
    }

    @Override
    public int gap() {
        return buffer.getInt(offset + GAP_OFFSET, LITTLE_ENDIAN);
    }

    /** Sets how many numbers were given up just before. @param gap from 0. @return this. */
    public EventRecord gap(final int gap) {
        buffer.putInt(offset + GAP_OFFSET, gap, LITTLE_ENDIAN);
        return this;
    }

    @Override
    public long aggregateId() {
        return buffer.getLong(offset + AGGREGATE_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** Sets the aggregate's id. @param id any; 0 for an aggregate given as bytes. @return this. */
    public EventRecord aggregateId(final long id) {
        buffer.putLong(offset + AGGREGATE_ID_OFFSET, id, LITTLE_ENDIAN);
        return this;
    }

    @Override
    public long aggregateSequence() {
        return buffer.getLong(offset + AGGREGATE_SEQUENCE_OFFSET, LITTLE_ENDIAN);
    }

    /** Sets the number within the aggregate. @param sequence from 1. @return this. */
    public EventRecord aggregateSequence(final long sequence) {
        buffer.putLong(offset + AGGREGATE_SEQUENCE_OFFSET, sequence, LITTLE_ENDIAN);
        return this;
    }

    @Override
    public long globalSequence() {
        return buffer.getLong(offset + GLOBAL_SEQUENCE_OFFSET, LITTLE_ENDIAN);
    }

    /** Sets the number in the order of release. @param sequence from 1. @return this. */
    public EventRecord globalSequence(final long sequence) {
        buffer.putLong(offset + GLOBAL_SEQUENCE_OFFSET, sequence, LITTLE_ENDIAN);
        return this;
    }

    @Override
    public long sourceSequence() {
        return buffer.getLong(offset + SOURCE_SEQUENCE_OFFSET, LITTLE_ENDIAN);
    }

    /** Sets the source's number. @param sequence from 1; 0 for none. @return this. */
    public EventRecord sourceSequence(final long sequence) {
        buffer.putLong(offset + SOURCE_SEQUENCE_OFFSET, sequence, LITTLE_ENDIAN);
        return this;
    }

    @Override
    public long ingressNanos() {
        return buffer.getLong(offset + INGRESS_NANOS_OFFSET, LITTLE_ENDIAN);
    }

    /** Sets the time of acceptance. @param nanos since the epoch. @return this. */
    public EventRecord ingressNanos(final long nanos) {
        buffer.putLong(offset + INGRESS_NANOS_OFFSET, nanos, LITTLE_ENDIAN);
        return this;
    }

    @Override
    public int subjectOffset() {
        return offset + HEADER_BYTES;
    }

    @Override
    public int subjectLength() {
        return buffer.getShort(offset + SUBJECT_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    @Override
    public int aggregateOffset() {
        return (flags() & RecordFlags.AGGREGATE_IS_SUBJECT) != 0 ? subjectOffset() : storedAggregateOffset();
    }

    @Override
    public int aggregateLength() {
        return (flags() & RecordFlags.AGGREGATE_IS_SUBJECT) != 0 ? subjectLength() : storedAggregateLength();
    }

    /** Where the section for the aggregate's own key bytes starts. @return offset. */
    public int storedAggregateOffset() {
        return subjectOffset() + subjectLength();
    }

    /** How long the section for the aggregate's own key bytes is. @return bytes; 0 for an id or the subject. */
    public int storedAggregateLength() {
        return buffer.getShort(offset + AGGREGATE_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    @Override
    public int headersOffset() {
        return storedAggregateOffset() + storedAggregateLength();
    }

    @Override
    public int headersLength() {
        return buffer.getInt(offset + HEADERS_LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    @Override
    public int payloadOffset() {
        return headersOffset() + headersLength();
    }

    @Override
    public int payloadLength() {
        return offset + length() - payloadOffset();
    }

    /**
     * Whether this and another record carry the same event: subject, aggregate key, headers and payload, byte for
     * byte. Numbers that the router gives do not count.
     *
     * @param other memory of the other record.
     * @param at    its offset.
     * @return true where they are the same.
     */
    public boolean sameContent(final DirectBuffer other, final int at) {
        final int length = length();
        if (other.getInt(at + LENGTH_OFFSET, LITTLE_ENDIAN) != length
                || other.getLong(at + SUBJECT_LENGTH_OFFSET) != buffer.getLong(offset + SUBJECT_LENGTH_OFFSET)) {
            return false;
        }
        for (int i = HEADER_BYTES; i < length; i++) {
            if (buffer.getByte(offset + i) != other.getByte(at + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Computes the record's CRC-32C as it stands on disk. Does not allocate for direct memory that backs a
     * {@code ByteBuffer} given by the caller; see {@link RecordCheck} for its use.
     *
     * @param crc     reused by the caller.
     * @param scratch heap bytes at least as long as the record, reused by the caller.
     * @return the checksum.
     */
    public int computeCrc(final CRC32C crc, final byte[] scratch) {
        final int length = length();
        buffer.getBytes(offset, scratch, 0, length);
        crc.reset();
        crc.update(scratch, LENGTH_OFFSET, Integer.BYTES);
        crc.update(scratch, BODY_OFFSET, length - BODY_OFFSET);
        return (int) crc.getValue();
    }

    /** The CRC-32C as stored. @return 0 off disk. */
    public int crc() {
        return buffer.getInt(offset + CRC_OFFSET, LITTLE_ENDIAN);
    }

    /** Stores the CRC-32C. @param value see {@link #computeCrc}. @return this. */
    public EventRecord crc(final int value) {
        buffer.putInt(offset + CRC_OFFSET, value, LITTLE_ENDIAN);
        return this;
    }

    @Override
    public String toString() {
        return "EventRecord{" + subject() + " aggregate=" + aggregate() + "#" + aggregateSequence() + " global="
                + globalSequence() + " payload=" + payloadLength() + "B}";
    }
}
