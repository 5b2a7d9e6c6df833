package io.ringline.router.record;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Builds a block of headers for an event; reusable, grows as needed. Not thread-safe. See {@link HeaderReader}. */
public final class HeaderWriter {
    private static final int MAX_NAME_BYTES = 65_535;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256);
    private int length;

    /** A writer with no headers yet. */
    public HeaderWriter() {
        length = 0;
    }

    /** Forgets what was added. @return this. */
    public HeaderWriter clear() {
        length = 0;
        return this;
    }

    /**
     * Adds a pair; the same name may be added again.
     *
     * @param name  1 to 65,535 bytes as UTF-8.
     * @param value any text.
     * @return this.
     * @throws IllegalArgumentException where the name is empty or too long.
     */
    public HeaderWriter add(final String name, final String value) {
        return add(name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds a pair as bytes.
     *
     * @param name  1 to 65,535 bytes.
     * @param value any bytes.
     * @return this.
     * @throws IllegalArgumentException where the name is empty or too long.
     */
    public HeaderWriter add(final byte[] name, final byte[] value) {
        if (name.length == 0 || name.length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "a header name has " + name.length + " bytes: give it 1 to " + MAX_NAME_BYTES);
        }
        buffer.putShort(length, (short) name.length, LITTLE_ENDIAN);
        buffer.putBytes(length + Short.BYTES, name);
        final int valueAt = length + Short.BYTES + name.length;
        buffer.putInt(valueAt, value.length, LITTLE_ENDIAN);
        buffer.putBytes(valueAt + Integer.BYTES, value);
        length = valueAt + Integer.BYTES + value.length;
        return this;
    }

    /** The block, from offset 0. @return valid until the next change. */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /** How long the block is. @return bytes. */
    public int length() {
        return length;
    }
}
