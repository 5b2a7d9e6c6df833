package io.ringline.router.record;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether bytes from outside this process are a record, before a flyweight is pointed at them. Reads no byte
 * past the given end and allocates by no number found in the bytes.
 */
public final class RecordCheck {
    private RecordCheck() {}

    /**
     * Checks version, type and lengths; the checksum is the caller's.
     *
     * @param buffer    memory.
     * @param offset    where the record is said to start.
     * @param available bytes from there to the end.
     * @return null where all is well, otherwise what is wrong.
     */
    public static @Nullable String problem(final DirectBuffer buffer, final int offset, final int available) {
        if (available < EventRecord.HEADER_BYTES) {
            return "torn record: " + available + " bytes are left, a header has " + EventRecord.HEADER_BYTES;
        }
        final int length = buffer.getInt(offset + EventRecord.LENGTH_OFFSET, LITTLE_ENDIAN);
        if (length < EventRecord.HEADER_BYTES || length > available) {
            return "bad length " + length + ": between " + EventRecord.HEADER_BYTES + " and the " + available
                    + " bytes that are left was expected";
        }
        final int version = buffer.getByte(offset + EventRecord.VERSION_OFFSET) & 0xFF;
        if (version != EventRecord.VERSION) {
            return "record of version " + version + "; this is version " + EventRecord.VERSION
                    + ": read it with the release that wrote it";
        }
        final int type = buffer.getByte(offset + EventRecord.TYPE_OFFSET) & 0xFF;
        if (type < RecordType.EVENT || type > RecordType.RAW) {
            return "unknown record type " + type;
        }
        return sections(buffer, offset, length);
    }

    private static @Nullable String sections(final DirectBuffer buffer, final int offset, final int length) {
        final long subject = buffer.getShort(offset + EventRecord.SUBJECT_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFFL;
        final long aggregate = buffer.getShort(offset + EventRecord.AGGREGATE_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFFL;
        final int headers = buffer.getInt(offset + EventRecord.HEADERS_LENGTH_OFFSET, LITTLE_ENDIAN);
        if (headers < 0 || EventRecord.HEADER_BYTES + subject + aggregate + headers > length) {
            return "sections run past the record's end: subject " + subject + ", aggregate " + aggregate + ", headers "
                    + headers + " bytes in a record of " + length;
        }
        return null;
    }
}
