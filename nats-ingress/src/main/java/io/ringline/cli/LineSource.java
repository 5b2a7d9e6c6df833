package io.ringline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a stream, read ahead by a thread of its own, so that whoever takes them can go on with other work while the
 * stream has nothing. A line over {@link #MAX_LINE_BYTES} is cut and said to be.
 */
final class LineSource implements AutoCloseable {
    /** Longest line that is taken whole. */
    static final int MAX_LINE_BYTES = 8 << 20;

    private static final int BLOCK_BYTES = 1 << 16;
    private static final byte[] END = new byte[0];

    private final InputStream in;
    private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(16);
    private volatile @Nullable IOException failure;
    private byte[] block = new byte[0];
    private int at;
    private byte[] line = new byte[4_096];
    private int length;
    private boolean tooLong;
    private boolean ended;
    private boolean returned;
    private long number;

    LineSource(final InputStream in) {
        this.in = in;
        final Thread thread = new Thread(this::readAhead, "ringline-input");
        thread.setDaemon(true);
        thread.start();
    }

    private void readAhead() {
        try {
            try {
                final byte[] buffer = new byte[BLOCK_BYTES];
                int count = in.read(buffer);
                while (count >= 0) {
                    if (count > 0) {
                        blocks.put(Arrays.copyOf(buffer, count));
                    }
                    count = in.read(buffer);
                }
            } catch (final IOException problem) {
                failure = problem;
            }
            blocks.put(END);
        } catch (final InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Goes on to the next line.
     *
     * @param waitMillis how long to wait for more of the stream.
     * @return false where no whole line has come yet; see {@link #isEnded()}.
     * @throws IOException          where the stream failed, after all lines before that were given.
     * @throws InterruptedException where the thread was interrupted.
     */
    boolean next(final long waitMillis) throws IOException, InterruptedException {
        if (returned) {
            length = 0;
            tooLong = false;
            returned = false;
        }
        while (!ended) {
            if (at == block.length) {
                final byte[] more = waitMillis > 0 ? blocks.poll(waitMillis, TimeUnit.MILLISECONDS) : blocks.poll();
                if (more == null) {
                    return false;
                }
                if (more == END) {
                    return end();
                }
                block = more;
                at = 0;
            }
            if (takeFromBlock()) {
                return line();
            }
        }
        return false;
    }

    /** Copies up to the next line end; true where it was found. */
    private boolean takeFromBlock() {
        int end = at;
        while (end < block.length && block[end] != '\n') {
            end++;
        }
        final int count = Math.min(end - at, MAX_LINE_BYTES - length);
        tooLong |= count < end - at;
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + count));
        }
        System.arraycopy(block, at, line, length, count);
        length += count;
        final boolean found = end < block.length;
        at = found ? end + 1 : end;
        return found;
    }

    private boolean end() throws IOException {
        ended = true;
        final IOException problem = failure;
        if (problem != null) {
            throw problem;
        }
        return length > 0 && line();
    }

    private boolean line() {
        number++;
        returned = true;
        return true;
    }

    /** Whether all lines were given. */
    boolean isEnded() {
        return ended;
    }

    /** The line's number, from 1. */
    long number() {
        return number;
    }

    /** The line's memory, good until the next call. */
    byte[] bytes() {
        return line;
    }

    /** Where the line starts: after a byte order mark, in the first. */
    int offset() {
        final boolean mark = number == 1
                && length >= 3
                && line[0] == (byte) 0xEF
                && line[1] == (byte) 0xBB
                && line[2] == (byte) 0xBF;
        return mark ? 3 : 0;
    }

    /** How long the line is, without its end. */
    int length() {
        final int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return Math.max(0, end - offset());
    }

    boolean isBlank() {
        for (int i = offset(); i < offset() + length(); i++) {
            if (line[i] != ' ' && line[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    boolean isTooLong() {
        return tooLong;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
