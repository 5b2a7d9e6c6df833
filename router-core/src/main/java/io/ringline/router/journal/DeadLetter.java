package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordCheck;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Flyweight over one dead letter, as it stands in a {@link DeadLetterLog}.
 *
 * <pre>
 *   0                4                8    9    10       12               16
 *  +----------------+----------------+----+----+--------+----------------+
 *  |  length (i32)  |  crc32c (i32)  |ver |rsn | consLen| attempts (i32) |
 *  +----------------+----------------+----+----+--------+----------------+
 *  |  id (i64)                       |  firstFailureNanos (i64)          | 16, 24
 *  +---------------------------------+----------------+------------------+
 *  |  timeNanos (i64)                | errorLen (i32) | recordLen (i32)  | 32, 40, 44
 *  +---------------------------------+----------------+------------------+
 *  |  firstErrorLen (i32)            |  0                                | 48, 52
 *  +---------------------------------+-----------------------------------+
 *  |  consumer (UTF-8) ... first error (UTF-8) ... error (UTF-8) ...     | 56
 *  |  record ...                                                         |
 *  +---------------------------------------------------------------------+
 * </pre>
 *
 * <p>That is version 2. Version 1 has no first error: its texts start at 48. It is read, and no longer written.
 *
 * <p>Little-endian. {@code length} counts the whole entry, without padding; {@code crc32c} covers all of it but that
 * field. Reasons are {@link DeadLetterReason#code()}, times nanoseconds since the epoch. The record stands as it was
 * handed over. Not thread-safe; good until its reader's next call.
 */
public final class DeadLetter {
    static final int VERSION = 2;
    static final int HEADER_BYTES = 56;
    static final int VERSION_OFFSET = 8;
    static final int REASON_OFFSET = 9;
    static final int CONSUMER_LENGTH_OFFSET = 10;
    static final int ATTEMPTS_OFFSET = 12;
    static final int ID_OFFSET = 16;
    static final int FIRST_FAILURE_OFFSET = 24;
    static final int TIME_OFFSET = 32;
    static final int ERROR_LENGTH_OFFSET = 40;
    static final int RECORD_LENGTH_OFFSET = 44;
    static final int FIRST_ERROR_LENGTH_OFFSET = 48;
    static final int RESERVED_OFFSET = 52;

    private static final int VERSION_1 = 1;
    private static final int VERSION_1_HEADER_BYTES = 48;

    private final EventRecord record = new EventRecord();
    private MutableDirectBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;

    /** Points at nothing: {@link DeadLetterReader#next} fills it. */
    public DeadLetter() {
        offset = 0;
    }

    /** What is wrong with an entry whose checksum holds, or null. */
    static @Nullable String problem(final DirectBuffer buffer, final int at, final int length) {
        final int version = length < VERSION_1_HEADER_BYTES ? VERSION : buffer.getByte(at + VERSION_OFFSET) & 0xFF;
        if (length < headerBytes(version)) {
            return "torn dead letter: " + length + " bytes, its header has " + headerBytes(version);
        }
        if (version != VERSION && version != VERSION_1) {
            return "dead letter of version " + version + "; this is version " + VERSION
                    + ": read it with the release that wrote it";
        }
        try {
            DeadLetterReason.of(buffer.getByte(at + REASON_OFFSET) & 0xFF);
        } catch (final IllegalArgumentException ex) {
            return ex.getMessage();
        }
        final long consumer = buffer.getShort(at + CONSUMER_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFFL;
        final int error = buffer.getInt(at + ERROR_LENGTH_OFFSET, LITTLE_ENDIAN);
        final int first = version == VERSION ? buffer.getInt(at + FIRST_ERROR_LENGTH_OFFSET, LITTLE_ENDIAN) : 0;
        final int recordLength = buffer.getInt(at + RECORD_LENGTH_OFFSET, LITTLE_ENDIAN);
        if (error < 0
                || first < 0
                || recordLength < 0
                || headerBytes(version) + consumer + (long) first + error + recordLength != length) {
            return "sections do not fill the dead letter: consumer " + consumer + ", errors " + first + " and " + error
                    + ", record " + recordLength + " bytes in " + length;
        }
        final int recordAt = at + length - recordLength;
        final String problem = RecordCheck.problem(buffer, recordAt, recordLength);
        if (problem == null && buffer.getInt(recordAt, LITTLE_ENDIAN) != recordLength) {
            return "its record is shorter than the dead letter says";
        }
        return problem;
    }

    private static int headerBytes(final int version) {
        return version == VERSION_1 ? VERSION_1_HEADER_BYTES : HEADER_BYTES;
    }

    DeadLetter wrap(final UnsafeBuffer memory, final int at) {
        buffer = memory;
        offset = at;
        record.wrap(memory, at + length() - recordLength());
        return this;
    }

    /**
     * How much it takes on disk.
     *
     * @return bytes, without padding and framing.
     */
    public int length() {
        return buffer.getInt(offset, LITTLE_ENDIAN);
    }

    private int version() {
        return buffer.getByte(offset + VERSION_OFFSET) & 0xFF;
    }

    private int textsOffset() {
        return offset + headerBytes(version());
    }

    private int firstErrorLength() {
        return version() == VERSION_1 ? 0 : buffer.getInt(offset + FIRST_ERROR_LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    private int consumerLength() {
        return buffer.getShort(offset + CONSUMER_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    private int recordLength() {
        return buffer.getInt(offset + RECORD_LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The number by which a person names this dead letter.
     *
     * @return from 1, by 1, across restarts.
     */
    public long id() {
        return buffer.getLong(offset + ID_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * Why it is one.
     *
     * @return the reason.
     */
    public DeadLetterReason reason() {
        return DeadLetterReason.of(buffer.getByte(offset + REASON_OFFSET) & 0xFF);
    }

    /**
     * For which consumer it failed. Allocates.
     *
     * @return a name, or the empty string.
     */
    public String consumer() {
        return buffer.getStringWithoutLengthUtf8(textsOffset(), consumerLength());
    }

    /**
     * How often a handler was given it.
     *
     * @return from 0.
     */
    public int attempts() {
        return buffer.getInt(offset + ATTEMPTS_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The last error's text. Allocates.
     *
     * @return the text, or the empty string.
     */
    public String error() {
        return buffer.getStringWithoutLengthUtf8(
                textsOffset() + consumerLength() + firstErrorLength(),
                buffer.getInt(offset + ERROR_LENGTH_OFFSET, LITTLE_ENDIAN));
    }

    /**
     * The first error's text, where there were several and it is known. Allocates.
     *
     * @return the text, or the empty string.
     */
    public String firstError() {
        return buffer.getStringWithoutLengthUtf8(textsOffset() + consumerLength(), firstErrorLength());
    }

    /**
     * When an attempt failed first.
     *
     * @return nanoseconds since the epoch.
     */
    public long firstFailureNanos() {
        return buffer.getLong(offset + FIRST_FAILURE_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * When it was given up.
     *
     * @return nanoseconds since the epoch.
     */
    public long timeNanos() {
        return buffer.getLong(offset + TIME_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The record as it was handed over; of type RAW for bytes that were no event.
     *
     * @return a flyweight that belongs to this one.
     */
    public EventRecord record() {
        return record;
    }
}
