package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.zip.CRC32C;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one Chronicle excerpt of ours holds: a header, then entries.
 *
 * <pre>
 *   0                4    5    6         8                12               16
 *  +----------------+----+----+---------+----------------+----------------+
 *  |  magic (i32)   |ver |kind|marks u16|  length (i32)  |  count (i32)   |
 *  +----------------+----+----+---------+----------------+----------------+
 *  |  base (i64)                        |  position (i64)                 | 16, 24
 *  +----------------+-------------------+---------------------------------+
 *  |  crc32c (i32)  |  entries, each padded with zeros to 8 bytes ...     | 32, 36
 *  +----------------+-----------------------------------------------------+
 * </pre>
 *
 * <p>Little-endian. {@code length} counts the whole frame with its padding; {@code base} is the number of the first
 * entry (globalSequence, or id of a dead letter); {@code position} is the file offset at which the frame stands, so
 * that bytes which merely look like a frame (a payload may hold anything) are never taken for one; {@code crc32c}
 * covers the 32 bytes before it. Each entry starts with its unpadded length (i32) and a CRC-32C (i32) over all of it
 * but that field.
 *
 * <p>Version 2 is for a journal whose records have {@code marks}: so many words of bits, {@link Marks}, behind each entry and
 * its padding, and in its CRC-32C with that. They tell which of the router's consumers, by their place in its settings, may
 * have to read the event from the journal. Without them (0) it is version 1.
 *
 * <p>A frame has at least {@link #MIN_BYTES}, and a length that is 4 more than a multiple of 8. So Chronicle's own
 * header before it, which is that length, has two bytes that are not 0: no change to a single byte can make it 0,
 * which would read as the end of the data.
 */
final class Frame {
    static final int VERSION = 1;
    /** With marks. */
    static final int MARKED_VERSION = 2;
    /** Most words of marks. */
    static final int MAX_MARKS = 0xFFFF;

    static final int KIND_JOURNAL = 1;
    static final int KIND_DEAD_LETTERS = 2;
    static final int HEADER_BYTES = 36;
    static final int MIN_BYTES = 260;
    /** Length and CRC-32C, with which every entry starts. */
    static final int ENTRY_PREFIX_BYTES = 8;

    private static final int MAGIC = 0x4C464C52; // "RLFL" as bytes
    private static final int VERSION_OFFSET = 4;
    private static final int KIND_OFFSET = 5;
    private static final int MARKS_OFFSET = 6;
    private static final int LENGTH_OFFSET = 8;
    private static final int COUNT_OFFSET = 12;
    private static final int BASE_OFFSET = 16;
    private static final int POSITION_OFFSET = 24;
    private static final int CRC_OFFSET = 32;

    private Frame() {}

    static int padded(final int entryLength) {
        return (entryLength + 7) & ~7;
    }

    /** Writes the header. {@code bytes} and {@code buffer} are the same memory. */
    static void writeHeader(
            final MutableDirectBuffer buffer,
            final byte[] bytes,
            final int at,
            final int kind,
            final int length,
            final int count,
            final int marks,
            final long base,
            final long position,
            final CRC32C crc) {
        buffer.putInt(at, MAGIC, LITTLE_ENDIAN);
        buffer.putByte(at + VERSION_OFFSET, (byte) (marks == 0 ? VERSION : MARKED_VERSION));
        buffer.putByte(at + KIND_OFFSET, (byte) kind);
        buffer.putShort(at + MARKS_OFFSET, (short) marks, LITTLE_ENDIAN);
        buffer.putInt(at + LENGTH_OFFSET, length, LITTLE_ENDIAN);
        buffer.putInt(at + COUNT_OFFSET, count, LITTLE_ENDIAN);
        buffer.putLong(at + BASE_OFFSET, base, LITTLE_ENDIAN);
        buffer.putLong(at + POSITION_OFFSET, position, LITTLE_ENDIAN);
        buffer.putInt(at + CRC_OFFSET, headerCrc(bytes, at, crc), LITTLE_ENDIAN);
    }

    private static int headerCrc(final byte[] bytes, final int at, final CRC32C crc) {
        crc.reset();
        crc.update(bytes, at, CRC_OFFSET);
        return (int) crc.getValue();
    }

    /** How many bytes of an entry its CRC-32C covers. */
    static int covered(final int length, final int marksLength) {
        return marksLength == 0 ? length : padded(length) + marksLength;
    }

    /** The CRC-32C of an entry, which leaves out the field that holds it. */
    static int entryCrc(final byte[] bytes, final int at, final int length, final CRC32C crc) {
        crc.reset();
        crc.update(bytes, at, Integer.BYTES);
        crc.update(bytes, at + ENTRY_PREFIX_BYTES, length - ENTRY_PREFIX_BYTES);
        return (int) crc.getValue();
    }

    /** Whether a frame that was written to just this place starts here; reads {@link #HEADER_BYTES}. */
    static boolean standsAt(
            final MutableDirectBuffer buffer, final byte[] bytes, final int at, final long position, final CRC32C crc) {
        return buffer.getInt(at, LITTLE_ENDIAN) == MAGIC
                && buffer.getLong(at + POSITION_OFFSET, LITTLE_ENDIAN) == position
                && buffer.getInt(at + CRC_OFFSET, LITTLE_ENDIAN) == headerCrc(bytes, at, crc);
    }

    /** What is wrong with a frame of {@code length} bytes by Chronicle's count, or null. */
    static @Nullable String problem(
            final MutableDirectBuffer buffer,
            final byte[] bytes,
            final int at,
            final int length,
            final long position,
            final int kind,
            final CRC32C crc) {
        if (length < HEADER_BYTES || buffer.getInt(at, LITTLE_ENDIAN) != MAGIC) {
            return "an excerpt of " + length + " bytes that Ringline did not write";
        }
        final int version = buffer.getByte(at + VERSION_OFFSET) & 0xFF;
        if (buffer.getInt(at + CRC_OFFSET, LITTLE_ENDIAN) != headerCrc(bytes, at, crc)) {
            return "the excerpt's header does not match its checksum";
        }
        if (version != VERSION && version != MARKED_VERSION) {
            return "an excerpt of version " + version + "; this is version " + MARKED_VERSION
                    + ": read it with the release that wrote it";
        }
        final int found = buffer.getByte(at + KIND_OFFSET) & 0xFF;
        if (found != kind) {
            return "an excerpt of kind " + found + ", where kind " + kind + " was expected (1 journal, 2 dead letters)";
        }
        if (length(buffer, at) != length || length < MIN_BYTES) {
            return "an excerpt of " + length + " bytes that says it has " + length(buffer, at);
        }
        if (buffer.getLong(at + POSITION_OFFSET, LITTLE_ENDIAN) != position) {
            return "an excerpt that was written to byte " + buffer.getLong(at + POSITION_OFFSET, LITTLE_ENDIAN)
                    + " and stands at byte " + position;
        }
        return count(buffer, at) < 1 ? "an excerpt of " + count(buffer, at) + " entries" : null;
    }

    /** The frame's length by its own count. */
    static int length(final MutableDirectBuffer buffer, final int at) {
        return buffer.getInt(at + LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    /** Words of marks behind each entry. */
    static int marks(final MutableDirectBuffer buffer, final int at) {
        return buffer.getShort(at + MARKS_OFFSET, LITTLE_ENDIAN) & MAX_MARKS;
    }

    static int count(final MutableDirectBuffer buffer, final int at) {
        return buffer.getInt(at + COUNT_OFFSET, LITTLE_ENDIAN);
    }

    static long base(final MutableDirectBuffer buffer, final int at) {
        return buffer.getLong(at + BASE_OFFSET, LITTLE_ENDIAN);
    }
}
