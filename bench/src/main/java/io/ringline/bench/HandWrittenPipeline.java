package io.ringline.bench;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What an expert writes by hand in a week for the same work, as well as we can: one Disruptor, one handler, subjects known
 * beforehand in a byte-keyed table, a number within the aggregate, one overall, a time for each batch, one copy into the
 * {@link OneToOneRingBuffer} of each match, and marks for channels that have something. No gaps, no duplicates, no
 * wildcards, no journal, no retries: the base that Ringline is measured against.
 */
final class HandWrittenPipeline implements AutoCloseable {
    static final int HEADER_BYTES = 40;
    private static final int SLOT_BYTES = 256;
    private static final int RING_SIZE = 1_024;
    private static final int CHANNEL_BYTES = 1 << 13;
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int WORD_STRIDE = 16;

    private final RingBuffer<Slot> ring;
    private final UnsafeBuffer memory;
    private final OneToOneRingBuffer[] channels;
    private final HandWrittenTable table;
    private final int[][] channelsOf;
    private final long[] aggregateSequences;
    private final OffsetEpochNanoClock clock = new OffsetEpochNanoClock();
    private final long[] dirty = new long[2 * WORD_STRIDE];
    private final long[] dirtied = new long[2];
    private final EventHandler<Slot> handler = this::onEvent;
    private final EventPoller.Handler<Slot> pollHandler = this::onPolled;
    private final @Nullable EventPoller<Slot> poller;
    private final @Nullable BatchEventProcessor<Slot> processor;
    private final @Nullable Thread thread;
    private long globalSequence;
    private long now;
    private boolean batchOpen;
    private final long[] unfinished = new long[2];

    private record Slot(int base) {}

    HandWrittenPipeline(final Workload workload, final boolean ownThread) {
        final int[] next = {0};
        ring = RingBuffer.createSingleProducer(
                () -> new Slot(SLOT_BYTES * next[0]++), RING_SIZE, new BusySpinWaitStrategy());
        final ByteBuffer bytes = BufferUtil.allocateDirectAligned(RING_SIZE * SLOT_BYTES, 64);
        memory = new UnsafeBuffer(bytes);
        channels = new OneToOneRingBuffer[Workload.PATTERNS];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = new OneToOneRingBuffer(new UnsafeBuffer(
                    BufferUtil.allocateDirectAligned(CHANNEL_BYTES + RingBufferDescriptor.TRAILER_LENGTH, 64)));
        }
        table = new HandWrittenTable(workload.subjects);
        channelsOf = new int[Workload.SUBJECTS][];
        for (int i = 0; i < channelsOf.length; i++) {
            channelsOf[i] = Workload.channelsOf(i);
        }
        aggregateSequences = new long[Workload.SUBJECTS];
        if (ownThread) {
            poller = null;
            processor = new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), handler);
            ring.addGatingSequences(processor.getSequence());
            thread = new Thread(processor, "hand-written");
            thread.setDaemon(true);
            thread.start();
        } else {
            processor = null;
            thread = null;
            poller = ring.newPoller();
            ring.addGatingSequences(poller.getSequence());
        }
    }

    boolean tryPublish(final UnsafeBuffer subject, final UnsafeBuffer payload) {
        return tryPublish(-1, HandWrittenTable.hash(subject, 0, subject.capacity()), subject, payload);
    }

    boolean tryPublish(final int id, final UnsafeBuffer subject, final UnsafeBuffer payload) {
        return tryPublish(id, 0, subject, payload);
    }

    private boolean tryPublish(final int id, final int hash, final UnsafeBuffer subject, final UnsafeBuffer payload) {
        if (!ring.hasAvailableCapacity(1)) {
            return false;
        }
        final long sequence = ring.next();
        final int base = ring.get(sequence).base;
        final int subjectLength = subject.capacity();
        final int payloadLength = payload.capacity();
        memory.putInt(base, id);
        memory.putInt(base + 4, hash);
        memory.putInt(base + 32, subjectLength);
        memory.putInt(base + 36, payloadLength);
        memory.putBytes(base + HEADER_BYTES, subject, 0, subjectLength);
        memory.putBytes(base + HEADER_BYTES + subjectLength, payload, 0, payloadLength);
        ring.publish(sequence);
        return true;
    }

    /** One turn of the handler on the caller's thread. */
    void doWork() {
        try {
            if (poller != null) {
                poller.poll(pollHandler);
            }
        } catch (final Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private boolean onPolled(final Slot slot, final long sequence, final boolean endOfBatch) {
        onEvent(slot, sequence, endOfBatch);
        return true;
    }

    private void onEvent(final Slot slot, final long sequence, final boolean endOfBatch) {
        if (!batchOpen) {
            now = clock.nanoTime();
            batchOpen = true;
        }
        final int base = slot.base;
        final int subjectLength = memory.getInt(base + 32);
        int id = memory.getInt(base);
        if (id < 0) {
            id = table.find(memory.getInt(base + 4), memory, base + HEADER_BYTES, subjectLength);
        }
        memory.putLong(base + 8, ++aggregateSequences[id]);
        memory.putLong(base + 16, ++globalSequence);
        memory.putLong(base + 24, now);
        final int length = HEADER_BYTES + subjectLength + memory.getInt(base + 36);
        for (final int channel : channelsOf[id]) {
            while (!channels[channel].write(1, memory, base, length)) {
                Thread.onSpinWait();
            }
            dirtied[channel >>> 6] |= 1L << channel;
        }
        if (endOfBatch) {
            batchOpen = false;
            mark();
        }
    }

    private void mark() {
        for (int i = 0; i < dirtied.length; i++) {
            if (dirtied[i] != 0) {
                WORD.getAndBitwiseOr(dirty, i * WORD_STRIDE, dirtied[i]);
                dirtied[i] = 0;
            }
        }
    }

    /** Reads what the marked channels have, up to a number each. */
    int poll(final MessageHandler reader, final int limit) {
        int read = 0;
        for (int word = 0; word < 2; word++) {
            long bits = unfinished[word];
            if ((long) WORD.getVolatile(dirty, word * WORD_STRIDE) != 0) {
                bits |= (long) WORD.getAndSet(dirty, word * WORD_STRIDE, 0L);
            }
            long left = 0;
            while (bits != 0) {
                final int bit = Long.numberOfTrailingZeros(bits);
                final OneToOneRingBuffer channel = channels[(word << 6) + bit];
                read += channel.read(reader, limit);
                if (channel.producerPosition() != channel.consumerPosition()) {
                    left |= 1L << bit;
                }
                bits &= bits - 1;
            }
            unfinished[word] = left;
        }
        return read;
    }

    @Override
    public void close() {
        if (processor != null && thread != null) {
            processor.halt();
            try {
                thread.join();
            } catch (final InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
