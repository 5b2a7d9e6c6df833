package io.ringline.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** An output that tells a reader's going away, which is no failure, from a disk's being full, which is. */
final class QuietPipe extends FilterOutputStream {
    private boolean broken;

    QuietPipe(final OutputStream out) {
        super(out);
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (final IOException failure) {
            throw translate(failure);
        }
    }

    @Override
    public void write(final int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (final IOException failure) {
            throw translate(failure);
        }
    }

    @Override
    public void close() throws IOException {
        if (!broken) {
            super.close();
        }
    }

    private IOException translate(final IOException failure) {
        broken = true;
        final String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("broken pipe") || message.contains("connection reset")
                ? new ClosedPipeException(failure)
                : failure;
    }
}
