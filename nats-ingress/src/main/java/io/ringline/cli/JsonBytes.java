package io.ringline.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/** JSON text under construction, as bytes; reusable. */
final class JsonBytes {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1_024];
    private int length;

    JsonBytes clear() {
        length = 0;
        return this;
    }

    int length() {
        return length;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(final int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    JsonBytes raw(final char c) {
        room(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** Text that is JSON already. */
    JsonBytes raw(final String text) {
        final byte[] more = text.getBytes(StandardCharsets.UTF_8);
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    /** Bytes that are JSON already; line ends among them, which can only be white space, become spaces. */
    JsonBytes rawLine(final DirectBuffer buffer, final int offset, final int count) {
        room(count);
        buffer.getBytes(offset, bytes, length, count);
        for (int i = length; i < length + count; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                bytes[i] = ' ';
            }
        }
        length += count;
        return this;
    }

    JsonBytes number(final long value) {
        return raw(Long.toString(value));
    }

    /** A name within an object, and its colon; a comma before it unless it is the first. */
    JsonBytes name(final String name) {
        if (length > 0 && bytes[length - 1] != '{') {
            raw(',');
        }
        return text(name).raw(':');
    }

    JsonBytes text(final String value) {
        return text(value.getBytes(StandardCharsets.UTF_8));
    }

    JsonBytes text(final DirectBuffer buffer, final int offset, final int count) {
        final byte[] value = new byte[count];
        buffer.getBytes(offset, value);
        return text(value);
    }

    private JsonBytes text(final byte[] given) {
        final byte[] value = wellFormed(given);
        room(value.length * 6 + 2);
        bytes[length++] = '"';
        for (final byte b : value) {
            if (b == '"' || b == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = b;
            } else if (b >= 0 && b < ' ') {
                escape(b);
            } else {
                bytes[length++] = b;
            }
        }
        bytes[length++] = '"';
        return this;
    }

    /** NATS subjects may hold any bytes, JSON texts may not: what is no UTF-8 becomes the replacement character. */
    private static byte[] wellFormed(final byte[] given) {
        for (final byte b : given) {
            if (b < 0) {
                return new String(given, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            }
        }
        return given;
    }

    private void escape(final byte b) {
        bytes[length++] = '\\';
        switch (b) {
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[b >> 4];
                bytes[length++] = HEX[b & 15];
            }
        }
    }
}
