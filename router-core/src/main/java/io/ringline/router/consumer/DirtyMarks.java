package io.ringline.router.consumer;

import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * From the fan-out stage's thread to one poller's: which of its channels have something new, as one set of bits for each
 * batch, in a queue of sets. Neither side ever needs an atomic operation or a fence, which one shared word of bits would
 * cost them both, and each would wait there until its stores are through. Where the poller is so far behind that the
 * queue is full, it is told to look into all its channels instead.
 *
 * <pre>
 *   0 tail i64 | overruns i64 | head last seen i64     128 head i64     256 sets, {@link #SETS} of them, in turn
 * </pre>
 */
final class DirtyMarks {
    static final int SETS = 64;
    private static final int OVERRUNS_OFFSET = 8;
    private static final int HEAD_SEEN_OFFSET = 16;
    private static final int HEAD_OFFSET = 2 * BitUtil.CACHE_LINE_LENGTH;
    private static final int SETS_OFFSET = 4 * BitUtil.CACHE_LINE_LENGTH;

    private final AtomicLongArray mine; // changed under the lock of DirtyChannels
    private final int words;
    private final UnsafeBuffer memory;
    private long overrunsSeen;

    /**
     * Marks for a poller.
     *
     * @param mine its consumers, one bit for each.
     */
    DirtyMarks(final long[] mine) {
        this.mine = new AtomicLongArray(mine);
        this.words = mine.length;
        final int bytes = BitUtil.align(SETS_OFFSET + SETS * words * Long.BYTES, BitUtil.CACHE_LINE_LENGTH);
        this.memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, 2 * BitUtil.CACHE_LINE_LENGTH));
    }

    boolean watches(final int word, final long bits) {
        return (mine.getOpaque(word) & bits) != 0;
    }

    /** One more channel is this poller's. Under the lock of {@link DirtyChannels}. */
    void add(final int index) {
        mine.setOpaque(index >>> 6, mine.getOpaque(index >>> 6) | 1L << index);
    }

    /** A channel is this poller's no more. Under the lock of {@link DirtyChannels}. */
    void remove(final int index) {
        mine.setOpaque(index >>> 6, mine.getOpaque(index >>> 6) & ~(1L << index));
    }

    /** Adds those of the bits that are this poller's. The fan-out stage's thread, after what they stand for was offered. */
    void offer(final long[] bits) {
        long any = 0;
        for (int word = 0; word < words; word++) {
            any |= bits[word] & mine.getOpaque(word);
        }
        if (any == 0) {
            return;
        }
        final long tail = memory.getLong(0);
        if (tail - memory.getLong(HEAD_SEEN_OFFSET) >= SETS && isFull(tail)) {
            memory.putLongRelease(OVERRUNS_OFFSET, memory.getLong(OVERRUNS_OFFSET) + 1);
            return;
        }
        int at = set(tail);
        for (int word = 0; word < words; word++) {
            memory.putLong(at, bits[word] & mine.getOpaque(word));
            at += Long.BYTES;
        }
        memory.putLongRelease(0, tail + 1);
    }

    private boolean isFull(final long tail) {
        final long head = memory.getLongVolatile(HEAD_OFFSET);
        memory.putLong(HEAD_SEEN_OFFSET, head);
        return tail - head >= SETS;
    }

    /** Adds what is new to a set of bits; before the channels are read. The poller's thread. */
    void take(final long[] into) {
        final long tail = memory.getLongVolatile(0);
        long head = memory.getLong(HEAD_OFFSET);
        if (head != tail) {
            do {
                int at = set(head);
                for (int word = 0; word < into.length; word++) {
                    into[word] |= memory.getLong(at);
                    at += Long.BYTES;
                }
                head++;
            } while (head != tail);
            memory.putLongRelease(HEAD_OFFSET, head);
        }
        final long overruns = memory.getLongVolatile(OVERRUNS_OFFSET);
        if (overruns != overrunsSeen) {
            overrunsSeen = overruns;
            takeAll(into);
        }
    }

    /** Adds all of the poller's channels. The poller's thread. */
    void takeAll(final long[] into) {
        for (int word = 0; word < into.length; word++) {
            into[word] |= mine.getOpaque(word);
        }
    }

    private int set(final long position) {
        return SETS_OFFSET + ((int) position & SETS - 1) * words * Long.BYTES;
    }
}
