package io.ringline.router.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The bounded queue between the fan-out stage (one thread offers) and one consumer (one thread polls): an Agrona
 * {@link OneToOneRingBuffer}, bounded in events as well as in bytes.
 *
 * <p>An Agrona ring takes messages of up to an eighth of its size. A longer record goes through in fragments, all of
 * them or none, and is put together again on the consumer's side ({@link ChannelReader}); so a channel need only be
 * twice as large as the largest record.
 */
public final class Channel {
    /** Message type of a whole record. */
    static final int WHOLE = 1;
    /** Message type of a fragment that others follow. */
    static final int FRAGMENT = 2;
    /** Message type of the last fragment. */
    static final int LAST_FRAGMENT = 3;

    /** Bytes of the consumer's own figures, a pair of cache lines: the number of events it is done with comes first. */
    public static final int CONSUMER_BLOCK_BYTES = 2 * BitUtil.CACHE_LINE_LENGTH;

    private static final VarHandle OFFERED;

    static {
        try {
            OFFERED = MethodHandles.lookup().findVarHandle(Channel.class, "offered", long.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final int capacityEvents;
    private final int maxFragment;
    private final OneToOneRingBuffer ring;
    private final UnsafeBuffer consumerBlock;
    private long offered;
    private long consumedSeen;

    /**
     * Sets the channel's memory aside.
     *
     * @param capacityEvents events it holds at most, from 1.
     * @param capacityBytes  a power of two, at least twice {@code maxRecordBytes}.
     * @param maxRecordBytes longest record that will be offered.
     */
    public Channel(final int capacityEvents, final int capacityBytes, final int maxRecordBytes) {
        if (capacityEvents < 1) {
            throw new IllegalArgumentException("channelCapacity is " + capacityEvents + " events: give it at least 1");
        }
        if (!BitUtil.isPowerOfTwo(capacityBytes) || capacityBytes < minCapacityBytes(maxRecordBytes)) {
            throw new IllegalArgumentException("channelCapacityBytes is " + capacityBytes
                    + ": it must be a power of two of at least " + minCapacityBytes(maxRecordBytes)
                    + " for records of " + maxRecordBytes + " bytes");
        }
        this.capacityEvents = capacityEvents;
        final ByteBuffer memory = BufferUtil.allocateDirectAligned(
                capacityBytes + RingBufferDescriptor.TRAILER_LENGTH + CONSUMER_BLOCK_BYTES, BitUtil.CACHE_LINE_LENGTH);
        final int ringBytes = capacityBytes + RingBufferDescriptor.TRAILER_LENGTH;
        this.ring = new OneToOneRingBuffer(new UnsafeBuffer(memory, 0, ringBytes));
        this.consumerBlock = new UnsafeBuffer(memory, ringBytes, CONSUMER_BLOCK_BYTES);
        this.maxFragment = ring.maxMsgLength();
    }

    /**
     * The smallest channel for records of a given size.
     *
     * @param maxRecordBytes longest record.
     * @return bytes, a power of two.
     */
    public static int minCapacityBytes(final int maxRecordBytes) {
        return Math.max(4_096, BitUtil.findNextPositivePowerOfTwo(2 * maxRecordBytes));
    }

    /**
     * Copies a record into the channel. The fan-out stage's thread only.
     *
     * @param source memory of the record.
     * @param offset its offset.
     * @param length its length in bytes.
     * @return false where the channel is full; nothing was written then.
     */
    public boolean offer(final DirectBuffer source, final int offset, final int length) {
        if (offered - consumedSeen >= capacityEvents) {
            consumedSeen = consumed();
            if (offered - consumedSeen >= capacityEvents) {
                return false;
            }
        }
        final boolean taken = length <= maxFragment
                ? ring.write(WHOLE, source, offset, length)
                : offerFragments(source, offset, length);
        if (taken) {
            OFFERED.setRelease(this, offered + 1);
        }
        return taken;
    }

    private boolean offerFragments(final DirectBuffer source, final int offset, final int length) {
        final int fragments = (length + maxFragment - 1) / maxFragment;
        final long perFragment =
                BitUtil.align(maxFragment + RecordDescriptor.HEADER_LENGTH, RecordDescriptor.ALIGNMENT);
        // One fragment more than needed: the ring may have to skip up to that much at its end.
        final long needed = (fragments + 1) * perFragment;
        if (ring.capacity() - (ring.producerPosition() - ring.consumerPosition()) < needed) {
            return false;
        }
        int at = 0;
        while (length - at > maxFragment) {
            write(FRAGMENT, source, offset + at, maxFragment);
            at += maxFragment;
        }
        write(LAST_FRAGMENT, source, offset + at, length - at);
        return true;
    }

    private void write(final int type, final DirectBuffer source, final int offset, final int length) {
        if (!ring.write(type, source, offset, length)) {
            throw new IllegalStateException("a channel refused a fragment that it has room for: this is a bug");
        }
    }

    /** How many events have been offered and taken in. Any thread. @return from 0. */
    public long offered() {
        return (long) OFFERED.getAcquire(this);
    }

    /** How many events the consumer is done with. Any thread. @return from 0. */
    public long consumed() {
        return consumerBlock.getLongVolatile(0);
    }

    /** How many events it holds at most. @return from 1. */
    public int capacityEvents() {
        return capacityEvents;
    }

    /** Whether the consumer has read all that was offered. Any thread. @return true where nothing is left. */
    public boolean isEmpty() {
        return ring.producerPosition() == ring.consumerPosition();
    }

    /** The consumer's own figures; what stands behind the first eight bytes is the consumer's to lay out. @return memory. */
    public UnsafeBuffer consumerBlock() {
        return consumerBlock;
    }

    OneToOneRingBuffer ring() {
        return ring;
    }

    /** The consumer is done with more events. The consumer's thread only. */
    void addConsumed(final int events) {
        consumerBlock.putLongRelease(0, consumerBlock.getLong(0) + events);
    }
}
