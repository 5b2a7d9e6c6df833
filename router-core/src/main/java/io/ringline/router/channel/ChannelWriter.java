package io.ringline.router.channel;

import java.util.List;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;

/** The offering side of all channels. One thread: the fan-out stage's. Never waits, never allocates. */
public final class ChannelWriter {
    private final Channel none = new Channel(1, Channel.minCapacityBytes(0), 0, new ChannelMemory(0));
    private final Channel[] channels;
    private final UnsafeBuffer[] memories;
    private final int[] offsets;
    private final int[] capacities;
    private final int[] tailLines;

    /**
     * Writes to no channel yet: one that is not there is full.
     *
     * @param count how many channels there can be.
     */
    public ChannelWriter(final int count) {
        this.channels = new Channel[count];
        this.memories = new UnsafeBuffer[count];
        this.offsets = new int[count];
        this.capacities = new int[count];
        this.tailLines = new int[count];
        for (int i = 0; i < count; i++) {
            remove(i);
            shut(i);
        }
    }

    /**
     * The only writer of these channels.
     *
     * @param channels in the order of their index.
     */
    public ChannelWriter(final List<Channel> channels) {
        this(channels.size());
        for (int i = 0; i < channels.size(); i++) {
            put(i, channels.get(i));
        }
    }

    /** From now on writes to a channel; its only writer. @param index of it. @param channel new, or another writer's before. */
    public void put(final int index, final Channel channel) {
        channels[index] = channel;
        memories[index] = channel.memory();
        offsets[index] = channel.offset();
        capacities[index] = channel.capacityBytes();
        tailLines[index] = channel.tailLine();
    }

    /** Writes to a channel no more. @param index of it. */
    public void remove(final int index) {
        put(index, none);
    }

    /**
     * Copies a record into a channel.
     *
     * @param index  of the channel.
     * @param source memory of the record.
     * @param at     its offset.
     * @param length its length in bytes, from 1.
     * @return false where the channel is full; nothing was written then.
     * @throws IllegalArgumentException where the record does not even fit the empty channel: it never would.
     */
    public boolean offer(final int index, final UnsafeBuffer source, final int at, final int length) {
        final UnsafeBuffer memory = memories[index];
        final int line = tailLines[index];
        final long offered = memory.getLong(line + Channel.OFFERED_OFFSET);
        if (offered >= memory.getLong(line + Channel.LIMIT_OFFSET) && !hasRoomForEvents(index, offered)) {
            return false;
        }
        final int capacity = capacities[index];
        final int aligned = BitUtil.align(length + Channel.HEADER_BYTES, RecordDescriptor.ALIGNMENT);
        final long tail = memory.getLong(line);
        final int place = (int) tail & capacity - 1;
        final int toEnd = capacity - place;
        final int padding = aligned > toEnd ? toEnd : 0;
        final long newTail = tail + padding + aligned;
        // The header after the record is zeroed before the record can be seen, so there must be room for that as well.
        if (newTail + Channel.HEADER_BYTES - memory.getLong(line + Channel.HEAD_SEEN_OFFSET) > capacity
                && !hasRoomForBytes(index, tail, newTail)) {
            return false;
        }
        final int records = offsets[index];
        final int start = records + ((int) (tail + padding) & capacity - 1);
        memory.putLong(records + ((int) newTail & capacity - 1), 0L);
        memory.putBytes(start + Channel.HEADER_BYTES, source, at, length);
        memory.putInt(start + RecordDescriptor.typeOffset(0), Channel.RECORD_TYPE);
        memory.putIntRelease(start, length + Channel.HEADER_BYTES);
        if (padding > 0) { // last, so that a reader that comes to the ring's start finds the record there
            memory.putInt(records + place + RecordDescriptor.typeOffset(0), Channel.PADDING_TYPE);
            memory.putIntRelease(records + place, padding);
        }
        memory.putLongRelease(line, newTail);
        memory.putLongRelease(line + Channel.OFFERED_OFFSET, offered + 1);
        return true;
    }

    /**
     * Takes nothing more into a channel: it is full until it is opened again. To the others, and to this one while it is
     * open, that costs nothing.
     *
     * @param index of the channel.
     */
    public void shut(final int index) {
        memories[index].putLong(tailLines[index] + Channel.SHUT_OFFSET, 1);
        memories[index].putLong(tailLines[index] + Channel.LIMIT_OFFSET, 0); // so that every offer comes to ask
    }

    /** Takes events into a channel again. @param index of the channel. */
    public void open(final int index) {
        memories[index].putLong(tailLines[index] + Channel.SHUT_OFFSET, 0);
    }

    private boolean hasRoomForEvents(final int index, final long offered) {
        if (memories[index].getLong(tailLines[index] + Channel.SHUT_OFFSET) != 0) {
            return false;
        }
        final Channel channel = channels[index];
        final long limit = channel.consumed() + channel.capacityEvents();
        memories[index].putLong(tailLines[index] + Channel.LIMIT_OFFSET, limit);
        return offered < limit;
    }

    private boolean hasRoomForBytes(final int index, final long tail, final long newTail) {
        final long head = memories[index].getLongVolatile(channels[index].headLine());
        memories[index].putLong(tailLines[index] + Channel.HEAD_SEEN_OFFSET, head);
        if (newTail + Channel.HEADER_BYTES - head <= capacities[index]) {
            return true;
        }
        if (head == tail) {
            throw new IllegalArgumentException("a record takes " + (newTail - tail) + " bytes of a channel of "
                    + capacities[index] + ": it is longer than the channel was made for");
        }
        return false;
    }
}
