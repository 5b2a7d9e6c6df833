package io.ringline.router.consumer;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledgements of deferred events on their way from any thread to the polling one. Bounded; the memory is taken with
 * the first, after which nothing is allocated.
 */
final class Acknowledgements {
    private static final int MIN_BYTES = 1 << 10;
    private static final int MESSAGE_BYTES = RecordDescriptor.HEADER_LENGTH + 2 * Long.BYTES;
    private static final int READ_LIMIT = 256;
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final int bytes;
    private final AtomicLong ignored = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private volatile @Nullable ManyToOneRingBuffer queue;

    /** Room for twice as many as may be outstanding: some may be repeated. */
    Acknowledgements(final int maxOutstanding) {
        final long least = Math.max(MIN_BYTES, 2L * maxOutstanding * MESSAGE_BYTES);
        bytes = (int) Math.min(1 << 30, BitUtil.findNextPositivePowerOfTwo(least));
    }

    /** Any thread. @return false where there is no room now. */
    boolean offer(final long globalSequence, final int attempt, final Outcome outcome) {
        final ManyToOneRingBuffer ready = queue;
        final ManyToOneRingBuffer to = ready == null ? make() : ready;
        final int index = to.tryClaim(outcome.ordinal() + 1, Long.BYTES + Integer.BYTES);
        if (index < 0) {
            return false;
        }
        to.buffer().putLong(index, globalSequence);
        to.buffer().putInt(index + Long.BYTES, attempt);
        to.commit(index);
        return true;
    }

    private synchronized ManyToOneRingBuffer make() {
        ManyToOneRingBuffer made = queue;
        if (made == null) {
            made = new ManyToOneRingBuffer(
                    new UnsafeBuffer(ByteBuffer.allocateDirect(bytes + RingBufferDescriptor.TRAILER_LENGTH)));
            queue = made;
        }
        return made;
    }

    /** Hands on what has come, up to a limit. The polling thread. */
    void drain(final MessageHandler to) {
        final ManyToOneRingBuffer from = queue;
        if (from != null) {
            from.read(to, READ_LIMIT);
            from.read(to, READ_LIMIT); // one stops at the end of the memory, before what has come since
        }
    }

    /** Which event a message is about. */
    static long globalSequence(final DirectBuffer buffer, final int index) {
        return buffer.getLong(index);
    }

    /** Which try of it. */
    static int attempt(final DirectBuffer buffer, final int index) {
        return buffer.getInt(index + Long.BYTES);
    }

    /** What a message says. */
    static Outcome outcome(final int messageType) {
        return OUTCOMES[messageType - 1];
    }

    /** Counts one that fits no event. The polling thread. */
    void countIgnored() {
        ignored.lazySet(ignored.get() + 1);
    }

    /** Counts one that comes when the consumer has ended. Any thread. */
    void countLate() {
        late.incrementAndGet();
    }

    /** How many fitted no event. Any thread. */
    long ignored() {
        return ignored.get() + late.get();
    }
}
