package io.ringline.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Gathers lines before they are written. Where nobody reads any more (a closed pipe), what is left is dropped without a
 * word, and {@link #isClosed()} says so; any other failure ends the command. Not thread-safe.
 */
final class LineOutput {
    private static final int BUFFER_BYTES = 64 << 10;
    // The system's own words for EPIPE and ECONNRESET, and java.io.PipedOutputStream's; Java gives no error number.
    private static final List<String> CLOSED =
            List.of("Broken pipe", "Connection reset", "Pipe closed", "Read end dead", "Pipe broken");

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;
    private boolean closed;

    LineOutput(final OutputStream out) {
        this.out = out;
    }

    /** Adds bytes. */
    void write(final byte[] bytes, final int count) {
        if (closed) {
            return;
        }
        if (count > BUFFER_BYTES - length) {
            writeBuffer();
        }
        if (count > BUFFER_BYTES) {
            writeOut(bytes, count);
        } else {
            System.arraycopy(bytes, 0, buffer, length, count);
            length += count;
        }
    }

    /** Adds a text. */
    void write(final JsonBytes text) {
        write(text.array(), text.length());
    }

    /** Hands on what is gathered. */
    void flush() {
        if (length > 0) {
            writeBuffer();
        }
    }

    private void writeBuffer() {
        writeOut(buffer, length);
        length = 0;
    }

    private void writeOut(final byte[] bytes, final int count) {
        if (closed) {
            return;
        }
        try {
            out.write(bytes, 0, count);
            out.flush();
        } catch (final IOException failure) {
            if (CLOSED.stream().noneMatch(String.valueOf(failure.getMessage())::contains)) {
                throw new CommandFailure(
                        ExitStatus.CANNOT_WRITE, "cannot write the output: " + failure.getMessage(), failure);
            }
            closed = true;
        }
    }

    /** Whether nobody reads what is written. */
    boolean isClosed() {
        return closed;
    }
}
