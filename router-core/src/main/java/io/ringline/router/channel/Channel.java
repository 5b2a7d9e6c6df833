package io.ringline.router.channel;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The bounded queue between the fan-out stage (one thread offers) and one consumer (one thread polls): the memory of an
 * Agrona {@link OneToOneRingBuffer}, bounded in events as well as in bytes. Agrona's own class reads and writes it too.
 *
 * <p>{@link ChannelWriter} and {@link ChannelReader} work on that memory directly. Agrona leaves the rest of the cache
 * lines that hold the two positions empty; each side's own figures stand there, so that an event touches one line on
 * each side and its record, and no object for each channel. Nor need a record be at most an eighth of the ring: half is
 * enough.
 *
 * <pre>
 *   0         records: length i32, type i32, bytes; each from a multiple of 8
 *   capacity  Agrona's trailer, with the lines
 *             tail: tail i64 | events offered i64 | events there is room for, at least i64 | head last seen i64
 *                   shut i64: 0, or 1 where nothing is taken in
 *             head: head i64 | events consumed i64 | the consumer's own figures, from 16
 * </pre>
 */
public final class Channel {
    /** Message type of every record. */
    static final int RECORD_TYPE = 1;
    /** Message type of what fills up the ring's end, the same as Agrona's. */
    static final int PADDING_TYPE = -1;
    /** Bytes before a record. */
    static final int HEADER_BYTES = RecordDescriptor.HEADER_LENGTH;

    static final int OFFERED_OFFSET = 8;
    static final int LIMIT_OFFSET = 16;
    static final int HEAD_SEEN_OFFSET = 24;
    static final int SHUT_OFFSET = 32;
    static final int CONSUMED_OFFSET = 8;
    static final int FIGURES_OFFSET = 16;

    private static final int MIN_CAPACITY_BYTES = 4_096;

    private final int capacityEvents;
    private final int capacityBytes;
    private final UnsafeBuffer memory;
    private final int offset;
    private final OneToOneRingBuffer ring;

    /**
     * Takes the channel's memory.
     *
     * @param capacityEvents events it holds at most, from 1.
     * @param capacityBytes  a power of two, at least {@link #minCapacityBytes}.
     * @param maxRecordBytes longest record that will be offered.
     * @param from           where the memory comes from.
     */
    public Channel(
            final int capacityEvents, final int capacityBytes, final int maxRecordBytes, final ChannelMemory from) {
        if (capacityEvents < 1) {
            throw new IllegalArgumentException("channelCapacity is " + capacityEvents + " events: give it at least 1");
        }
        if (!BitUtil.isPowerOfTwo(capacityBytes) || capacityBytes < minCapacityBytes(maxRecordBytes)) {
            throw new IllegalArgumentException("channelCapacityBytes is " + capacityBytes
                    + ": it must be a power of two of at least " + minCapacityBytes(maxRecordBytes)
                    + " for records of " + maxRecordBytes + " bytes");
        }
        this.capacityEvents = capacityEvents;
        this.capacityBytes = capacityBytes;
        final int bytes = bytes(capacityBytes);
        this.memory = from.take(bytes);
        this.offset = from.used() - bytes;
        this.ring = new OneToOneRingBuffer(
                new UnsafeBuffer(memory, offset, capacityBytes + RingBufferDescriptor.TRAILER_LENGTH));
        memory.putLong(tailLine() + LIMIT_OFFSET, capacityEvents);
    }

    /**
     * The smallest channel for records of a given size: a record and the header after it fit between its start and its
     * middle.
     *
     * @param maxRecordBytes longest record.
     * @return bytes, a power of two.
     */
    public static int minCapacityBytes(final int maxRecordBytes) {
        final int needed = BitUtil.align(maxRecordBytes + HEADER_BYTES, RecordDescriptor.ALIGNMENT) + HEADER_BYTES;
        return Math.max(MIN_CAPACITY_BYTES, BitUtil.findNextPositivePowerOfTwo(2 * needed));
    }

    /**
     * The memory that a channel takes.
     *
     * @param capacityBytes its capacity.
     * @return bytes: an odd number of cache lines, so that the lines of many channels do not meet in a few of a cache's
     *     sets.
     */
    public static int bytes(final int capacityBytes) {
        final int lines = (capacityBytes + RingBufferDescriptor.TRAILER_LENGTH) / BitUtil.CACHE_LINE_LENGTH;
        return (lines | 1) * BitUtil.CACHE_LINE_LENGTH;
    }

    /** How many events have been offered and taken in. Any thread. @return from 0. */
    public long offered() {
        return memory.getLongVolatile(tailLine() + OFFERED_OFFSET);
    }

    /** How many events the consumer is done with. Any thread. @return from 0. */
    public long consumed() {
        return memory.getLongVolatile(headLine() + CONSUMED_OFFSET);
    }

    /** How many events it holds at most. @return from 1. */
    public int capacityEvents() {
        return capacityEvents;
    }

    /** How many bytes it holds. @return a power of two. */
    public int capacityBytes() {
        return capacityBytes;
    }

    /** Whether the consumer has read all that was offered. Any thread. @return true where nothing is left. */
    public boolean isEmpty() {
        final long head = memory.getLongVolatile(headLine()); // first: what it has reached cannot be offered later
        return memory.getLongVolatile(tailLine()) <= head;
    }

    /** What the channel's memory is to Agrona. @return a view of the same memory. */
    public OneToOneRingBuffer ring() {
        return ring;
    }

    /** The memory that holds the channel, shared with other channels. */
    UnsafeBuffer memory() {
        return memory;
    }

    /** Where the records start. */
    int offset() {
        return offset;
    }

    /** The line of the fan-out stage's thread. */
    int tailLine() {
        return offset + capacityBytes + RingBufferDescriptor.TAIL_POSITION_OFFSET;
    }

    /** The line of the consumer's thread. */
    int headLine() {
        return offset + capacityBytes + RingBufferDescriptor.HEAD_POSITION_OFFSET;
    }
}
