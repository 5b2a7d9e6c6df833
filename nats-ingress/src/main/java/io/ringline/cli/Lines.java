package io.ringline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts blocks of bytes into lines. A line ends with LF, CR LF or the end of the input; a byte order mark before the first
 * is skipped. Of a line longer than {@link #MAX_BYTES} the first bytes are kept and the rest skipped. Not thread-safe.
 */
final class Lines {
    /** The longest line: room for a payload of 1 MiB in base64 or escaped, beside all else. */
    static final int MAX_BYTES = 4 << 20;

    private static final int KEPT_BYTES = 256 << 10;
    private static final int BLOCK_BYTES = 64 << 10;

    /** Takes lines. */
    @FunctionalInterface
    interface LineHandler {
        /**
         * Takes a line.
         *
         * @param number  of the line, from 1.
         * @param bytes   memory, valid within the call.
         * @param offset  of the line.
         * @param length  of what there is of it, without its end.
         * @param tooLong whether more followed.
         */
        void onLine(long number, byte[] bytes, int offset, int length, boolean tooLong) throws IOException;
    }

    /** Is asked after each block. */
    @FunctionalInterface
    interface BlockHandler {
        /** Says whether to read on. */
        boolean readOn() throws IOException;
    }

    private final LineHandler handler;
    private byte[] carried = new byte[KEPT_BYTES];
    private int carriedLength;
    private boolean tooLong;
    private long number;

    Lines(final LineHandler handler) {
        this.handler = handler;
    }

    /** Takes an input to its end, or until it is not to be read on. */
    void onInput(final InputStream in, final BlockHandler block) throws IOException {
        final byte[] buffer = new byte[BLOCK_BYTES];
        int read = in.read(buffer);
        while (read >= 0) {
            onBytes(buffer, read);
            read = block.readOn() ? in.read(buffer) : -1;
        }
        onEnd();
    }

    /** Takes the next bytes of the input and hands out the lines that end in them. */
    void onBytes(final byte[] bytes, final int length) throws IOException {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                if (carriedLength == 0 && !tooLong) {
                    line(bytes, start, i - start);
                } else {
                    carry(bytes, start, i - start);
                    carriedLine();
                }
                start = i + 1;
            }
        }
        carry(bytes, start, length - start);
    }

    /** Hands out what is left where the input does not end with a line's end. */
    void onEnd() throws IOException {
        if (carriedLength > 0) {
            carriedLine();
        }
    }

    private void carry(final byte[] bytes, final int offset, final int length) {
        final int taken = Math.min(length, MAX_BYTES - carriedLength);
        tooLong |= taken < length;
        if (carriedLength + taken > carried.length) {
            carried = Arrays.copyOf(carried, Math.min(MAX_BYTES, Math.max(carriedLength + taken, 2 * carried.length)));
        }
        System.arraycopy(bytes, offset, carried, carriedLength, taken);
        carriedLength += taken;
    }

    private void carriedLine() throws IOException {
        final int length = carriedLength;
        carriedLength = 0;
        line(carried, 0, length);
        tooLong = false;
        if (carried.length > KEPT_BYTES) {
            carried = new byte[KEPT_BYTES];
        }
    }

    private void line(final byte[] bytes, final int offset, final int length) throws IOException {
        number++;
        int from = offset;
        int to = offset + length;
        if (to > from && bytes[to - 1] == '\r' && !tooLong) {
            to--;
        }
        if (number == 1 && to - from >= 3 && isByteOrderMark(bytes, from)) {
            from += 3;
        }
        handler.onLine(number, bytes, from, to - from, tooLong);
    }

    private static boolean isByteOrderMark(final byte[] bytes, final int at) {
        return bytes[at] == (byte) 0xEF && bytes[at + 1] == (byte) 0xBB && bytes[at + 2] == (byte) 0xBF;
    }

    /** Whether a line holds nothing but blanks. */
    static boolean isBlank(final byte[] bytes, final int offset, final int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
