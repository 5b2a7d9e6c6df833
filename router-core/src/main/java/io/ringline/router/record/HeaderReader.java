package io.ringline.router.record;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * Walks over a record's headers: {@code [u16 nameLength][name][i32 valueLength][value]}, repeated; a name may come
 * again. Reusable, allocates only in {@link #name()} and {@link #value()}. Not thread-safe.
 */
public final class HeaderReader {
    /** Bytes that a pair needs beyond its name and value. */
    public static final int OVERHEAD_BYTES = Short.BYTES + Integer.BYTES;

    private DirectBuffer buffer;
    private int next;
    private int limit;
    private int nameOffset;
    private int nameLength;
    private int valueOffset;
    private int valueLength;

    /** A reader over nothing. */
    public HeaderReader() {
        buffer = new org.agrona.concurrent.UnsafeBuffer(0, 0);
    }

    /**
     * Starts over, before the first header of an event.
     *
     * @param event whose headers are to be read.
     * @return this.
     */
    public HeaderReader wrap(final Event event) {
        return wrap(event.buffer(), event.headersOffset(), event.headersLength());
    }

    /**
     * Starts over, before the first header of a block.
     *
     * @param source memory.
     * @param offset of the block.
     * @param length of the block in bytes.
     * @return this.
     */
    public HeaderReader wrap(final DirectBuffer source, final int offset, final int length) {
        buffer = source;
        next = offset;
        limit = offset + length;
        return this;
    }

    /**
     * Goes on to the next header.
     *
     * @return false at the end.
     * @throws IllegalStateException where a length points outside the block.
     */
    public boolean next() {
        if (next >= limit) {
            return false;
        }
        final int start = next;
        if (limit - start < OVERHEAD_BYTES) {
            throw damaged(start);
        }
        nameLength = buffer.getShort(start, LITTLE_ENDIAN) & 0xFFFF;
        nameOffset = start + Short.BYTES;
        if (limit - nameOffset - Integer.BYTES < nameLength) {
            throw damaged(start);
        }
        valueLength = buffer.getInt(nameOffset + nameLength, LITTLE_ENDIAN);
        valueOffset = nameOffset + nameLength + Integer.BYTES;
        if (valueLength < 0 || limit - valueOffset < valueLength) {
            throw damaged(start);
        }
        next = valueOffset + valueLength;
        return true;
    }

    private IllegalStateException damaged(final int offset) {
        return new IllegalStateException("damaged headers: the pair at offset " + offset + " runs past their end at "
                + limit + "; the writer of this record is at fault");
    }

    /** Where the name starts. @return offset in {@link #buffer()}. */
    public int nameOffset() {
        return nameOffset;
    }

    /** How long the name is. @return bytes. */
    public int nameLength() {
        return nameLength;
    }

    /** Where the value starts. @return offset in {@link #buffer()}. */
    public int valueOffset() {
        return valueOffset;
    }

    /** How long the value is. @return bytes. */
    public int valueLength() {
        return valueLength;
    }

    /** The memory that offsets refer to. @return as wrapped. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** The name as text. Allocates. @return decoded as UTF-8. */
    public String name() {
        return text(nameOffset, nameLength);
    }

    /** The value as text. Allocates. @return decoded as UTF-8. */
    public String value() {
        return text(valueOffset, valueLength);
    }

    private String text(final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
