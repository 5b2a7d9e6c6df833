package io.ringline.sequencer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * How a snapshot is laid out: parts, one behind the other, each with its own checksum. Little-endian.
 *
 * <pre>
 *  part         0 i32 magic   4 i32 version   8 i32 type   12 i32 records   16 i32 bytes behind the header   20 i32 CRC-32C
 *               of the part but this field
 *  HEAD         see SnapshotHead
 *  HELD         records of i64 arrival, i64 order of arrival, i64 number, i64 source's number, i32 aggregate,
 *               i32 where it waits, i32 length of its bytes, its bytes
 *  AGGREGATES   records of i64 next, i64 first, i64 newest given-up range, i32 generation, i32 next of the idle,
 *               i32 key's length or -1 for an id, its bytes or i64 id
 *  GIVEN_UP     records as in GivenUp, by their place
 *  END          nothing
 * </pre>
 *
 * <p>Parts come in the order of these types; of HELD, AGGREGATES and GIVEN_UP there are as many as are needed.
 */
final class SnapshotPart {
    static final int MAGIC = 0x5153_4C52; // "RLSQ"
    static final int VERSION = 1;
    static final int HEADER_BYTES = 24;
    static final int HEAD = 1;
    static final int HELD = 2;
    static final int AGGREGATES = 3;
    static final int GIVEN_UP = 4;
    static final int END = 5;
    static final int HELD_BYTES = 44;
    static final int AGGREGATE_BYTES = 36;

    private static final int VERSION_AT = 4;
    private static final int TYPE_AT = 8;
    private static final int RECORDS_AT = 12;
    private static final int BYTES_AT = 16;
    private static final int CRC_AT = 20;

    int type;
    int records;
    int start;
    int end;
    private final CRC32C crc = new CRC32C();

    /** Writes the header before a part's records. @return the whole part's length. */
    int finish(final MutableDirectBuffer to, final int at, final int ofType, final int ofRecords, final int bytes) {
        to.putInt(at, MAGIC, LITTLE_ENDIAN);
        to.putInt(at + VERSION_AT, VERSION, LITTLE_ENDIAN);
        to.putInt(at + TYPE_AT, ofType, LITTLE_ENDIAN);
        to.putInt(at + RECORDS_AT, ofRecords, LITTLE_ENDIAN);
        to.putInt(at + BYTES_AT, bytes, LITTLE_ENDIAN);
        to.putInt(at + CRC_AT, crcOf(to, at, bytes), LITTLE_ENDIAN);
        return HEADER_BYTES + bytes;
    }

    /** Reads and checks the part at a place. @throws SnapshotException where it is none, torn, damaged, or of a newer version. */
    void read(final DirectBuffer from, final int at, final int limit) {
        if (limit - at < HEADER_BYTES) {
            throw wrong(
                    at,
                    "the snapshot is cut off: " + (limit - at) + " bytes are left, a part's header has "
                            + HEADER_BYTES);
        }
        if (from.getInt(at, LITTLE_ENDIAN) != MAGIC) {
            throw wrong(at, "no part of a snapshot starts here");
        }
        final int version = from.getInt(at + VERSION_AT, LITTLE_ENDIAN);
        if (version != VERSION) {
            throw wrong(
                    at,
                    "version " + version + "; this is version " + VERSION
                            + ": restore it with the release that wrote it");
        }
        final int bytes = from.getInt(at + BYTES_AT, LITTLE_ENDIAN);
        if (bytes < 0 || bytes > limit - at - HEADER_BYTES) {
            throw wrong(
                    at,
                    "the snapshot is cut off: the part has " + bytes + " bytes, " + (limit - at - HEADER_BYTES)
                            + " are left");
        }
        if (from.getInt(at + CRC_AT, LITTLE_ENDIAN) != crcOf(from, at, bytes)) {
            throw wrong(at, "the part is damaged: its checksum does not match");
        }
        type = from.getInt(at + TYPE_AT, LITTLE_ENDIAN);
        records = from.getInt(at + RECORDS_AT, LITTLE_ENDIAN);
        start = at + HEADER_BYTES;
        end = start + bytes;
    }

    static SnapshotException wrong(final int at, final String what) {
        return new SnapshotException("at byte " + at + ": " + what);
    }

    /** Refuses memory that a checksum cannot be taken of. @throws IllegalArgumentException which says what will do. */
    static void isUsable(final DirectBuffer buffer) {
        if (buffer.byteArray() == null && buffer.byteBuffer() == null) {
            throw new IllegalArgumentException("a snapshot's memory must be an array or a ByteBuffer");
        }
    }

    private int crcOf(final DirectBuffer buffer, final int at, final int bytes) {
        crc.reset();
        update(buffer, at, CRC_AT);
        update(buffer, at + HEADER_BYTES, bytes);
        return (int) crc.getValue();
    }

    private void update(final DirectBuffer buffer, final int at, final int length) {
        final byte[] array = buffer.byteArray();
        final int from = buffer.wrapAdjustment() + at;
        if (array != null) {
            crc.update(array, from, length);
        } else {
            isUsable(buffer);
            final ByteBuffer view = buffer.byteBuffer().duplicate();
            view.limit(from + length).position(from);
            crc.update(view);
        }
    }
}
