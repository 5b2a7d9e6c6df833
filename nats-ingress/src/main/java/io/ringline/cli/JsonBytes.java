package io.ringline.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** JSON text as UTF-8 in a buffer that grows; reusable. Not thread-safe. */
final class JsonBytes {
    private static final int KEPT_BYTES = 64 << 10;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);
    private static final byte PLAIN = 0;
    private static final byte UNICODE_ESCAPE = 'u';
    private static final byte NOT_ASCII = 1;
    /** For each byte: plain, not ASCII, or the letter of its escape. */
    private static final byte[] ESCAPES = new byte[256];

    static {
        Arrays.fill(ESCAPES, 0, 0x20, UNICODE_ESCAPE);
        Arrays.fill(ESCAPES, 0x80, 0x100, NOT_ASCII);
        ESCAPES['"'] = '"';
        ESCAPES['\\'] = '\\';
        ESCAPES['\b'] = 'b';
        ESCAPES['\f'] = 'f';
        ESCAPES['\n'] = 'n';
        ESCAPES['\r'] = 'r';
        ESCAPES['\t'] = 't';
    }

    private byte[] bytes = new byte[1024];
    private int length;

    /** What a person is to read, printed. */
    static JsonBytes printed(final Consumer<PrintStream> text) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        text.accept(out);
        out.flush();
        return new JsonBytes().raw(bytes.toByteArray());
    }

    /** Forgets the text, and what one large text made the buffer grow to. */
    JsonBytes clear() {
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[KEPT_BYTES];
        }
        length = 0;
        return this;
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Adds text as it is. */
    JsonBytes raw(final byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** Adds one byte as it is. */
    JsonBytes raw(final char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Adds bytes as they are. */
    JsonBytes raw(final DirectBuffer source, final int offset, final int count) {
        reserve(count);
        source.getBytes(offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Adds a number. */
    JsonBytes number(final long value) {
        if (value < 0) {
            return raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        reserve(digits);
        length += digits;
        long rest = value;
        for (int i = length - 1; i >= length - digits; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** Adds a string with its quotes. */
    JsonBytes string(final String text) {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        reserve(6 * utf8.length + 2);
        bytes[length++] = '"';
        escape(utf8, 0, utf8.length);
        bytes[length++] = '"';
        return this;
    }

    /** Adds UTF-8 bytes as a string with its quotes; a byte that is not UTF-8 becomes U+FFFD. */
    JsonBytes string(final DirectBuffer source, final int offset, final int count) {
        // In place: the text is copied to the far end of the room, then escaped to where it belongs.
        reserve(7 * count + 2);
        final int from = length + 6 * count + 2;
        source.getBytes(offset, bytes, from, count);
        bytes[length++] = '"';
        escape(bytes, from, from + count);
        bytes[length++] = '"';
        return this;
    }

    private void escape(final byte[] text, final int from, final int to) {
        int i = from;
        while (i < to) {
            final byte b = text[i];
            final byte escape = ESCAPES[b & 0xFF];
            if (escape == PLAIN) {
                bytes[length++] = b;
                i++;
            } else if (escape == NOT_ASCII) {
                i += character(text, i, to);
            } else {
                control(b, escape);
                i++;
            }
        }
    }

    private int character(final byte[] text, final int i, final int end) {
        final int size = Utf8.sequenceLength(text, i, end);
        final byte[] source = size == 0 ? REPLACEMENT : text;
        final int count = size == 0 ? REPLACEMENT.length : size;
        System.arraycopy(source, size == 0 ? 0 : i, bytes, length, count);
        length += count;
        return Math.max(1, size);
    }

    private void control(final byte b, final byte escape) {
        bytes[length++] = '\\';
        bytes[length++] = escape;
        if (escape == UNICODE_ESCAPE) {
            bytes[length++] = '0';
            bytes[length++] = '0';
            bytes[length++] = HEX[b >> 4];
            bytes[length++] = HEX[b & 0xF];
        }
    }

    /** Adds bytes as a string of base64. */
    JsonBytes base64(final DirectBuffer source, final int offset, final int count) {
        final byte[] plain = new byte[count];
        source.getBytes(offset, plain);
        return raw('"').raw(Base64.getEncoder().encode(plain)).raw('"');
    }

    /** Takes one byte out again. */
    void remove(final int at) {
        System.arraycopy(bytes, at + 1, bytes, at, --length - at);
    }

    private void reserve(final int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
