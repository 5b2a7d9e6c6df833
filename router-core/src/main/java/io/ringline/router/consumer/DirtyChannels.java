package io.ringline.router.consumer;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One bit for each channel that has something new, set by the fan-out stage and taken by {@link ConsumerPoller}s. Each
 * word stands on a pair of cache lines of its own. Setting is one atomic operation a word and batch, and none where no
 * poller watches.
 */
public final class DirtyChannels {
    private static final int STRIDE = 2 * BitUtil.CACHE_LINE_LENGTH;

    private final UnsafeBuffer marks;
    private final UnsafeBuffer watched;
    private final int words;

    /**
     * Marks for a number of consumers.
     *
     * @param consumers from 1.
     */
    public DirtyChannels(final int consumers) {
        words = Math.max(1, (consumers + 63) >>> 6);
        marks = new UnsafeBuffer(memory(words * STRIDE));
        watched = new UnsafeBuffer(memory(words * Long.BYTES));
    }

    private static ByteBuffer memory(final int bytes) {
        return BufferUtil.allocateDirectAligned(BitUtil.align(bytes, STRIDE), BitUtil.CACHE_LINE_LENGTH);
    }

    /** How many words of 64 consumers there are. @return from 1. */
    public int words() {
        return words;
    }

    /**
     * Sets marks, after what they stand for was offered. The fan-out stage's thread.
     *
     * @param word which 64 consumers.
     * @param bits theirs.
     */
    public void mark(final int word, final long bits) {
        final long wanted = bits & watched.getLongVolatile(word * Long.BYTES);
        if (wanted != 0) {
            // The atomic operation is also the fence that keeps a taker from missing what was offered before.
            long now;
            do {
                now = marks.getLongVolatile(word * STRIDE);
            } while (!marks.compareAndSetLong(word * STRIDE, now, now | wanted));
        }
    }

    /**
     * Takes marks away, before the channels are read. A poller's thread.
     *
     * @param word which 64 consumers.
     * @param mine the poller's own.
     * @return those of its own that were set.
     */
    long take(final int word, final long mine) {
        long now = marks.getLongVolatile(word * STRIDE);
        while ((now & mine) != 0) {
            if (marks.compareAndSetLong(word * STRIDE, now, now & ~mine)) {
                return now & mine;
            }
            now = marks.getLongVolatile(word * STRIDE);
        }
        return 0;
    }

    void watch(final long[] mine) {
        for (int word = 0; word < words; word++) {
            long now;
            do {
                now = watched.getLongVolatile(word * Long.BYTES);
                if ((now & mine[word]) != 0) {
                    throw new IllegalStateException("a consumer has a poller already: give each consumer to one");
                }
            } while (!watched.compareAndSetLong(word * Long.BYTES, now, now | mine[word]));
        }
    }
}
