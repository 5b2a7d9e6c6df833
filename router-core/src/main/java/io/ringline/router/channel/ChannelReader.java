package io.ringline.router.channel;

import io.ringline.router.record.EventRecord;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;

/**
 * The consumer's side of a {@link Channel}: hands out one record after the other, and keeps the one that was not taken at
 * the head. One thread at a time. Never allocates; the object itself is only read, what changes stands in the channel's
 * memory.
 */
public abstract class ChannelReader {
    private final UnsafeBuffer memory;
    private final int offset;
    private final int mask;
    private final int headLine;
    private EventRecord record = new EventRecord();

    /**
     * A reader; the only one of its channel.
     *
     * @param channel to read.
     */
    protected ChannelReader(final Channel channel) {
        this.memory = channel.memory();
        this.offset = channel.offset();
        this.mask = channel.capacityBytes() - 1;
        this.headLine = channel.headLine();
    }

    /**
     * Takes a record, or leaves it. Should not throw; where it does, the record is left.
     *
     * @param event valid until this returns; its memory stays as it is where the record is left at the head.
     * @return false to leave the record at the head of the channel and stop.
     */
    protected abstract boolean onRecord(EventRecord event);

    /** Lets several readers on one thread share a flyweight, so that it stays in the cache. @param shared theirs. */
    protected final void share(final EventRecord shared) {
        record = shared;
    }

    /**
     * Hands out what is there.
     *
     * @param limit most records to hand out, from 1.
     * @return how many were taken; one's complement of that number where the last one was left.
     */
    protected final int read(final int limit) {
        return read(limit, record);
    }

    /** The same by another flyweight. @param limit as there. @param with flyweight. @return as there. */
    protected final int read(final int limit, final EventRecord with) {
        final long head = memory.getLong(headLine);
        long position = head;
        int taken = 0;
        boolean left = false;
        try {
            while (taken < limit) {
                final int at = offset + ((int) position & mask);
                final int length = memory.getIntVolatile(at);
                if (length <= 0) {
                    break;
                }
                if (memory.getInt(at + RecordDescriptor.typeOffset(0)) != Channel.PADDING_TYPE) {
                    if (!onRecord(with.wrap(memory, at + Channel.HEADER_BYTES))) {
                        left = true;
                        break;
                    }
                    taken++;
                }
                position += BitUtil.align(length, RecordDescriptor.ALIGNMENT);
            }
        } finally { // what was taken before something was thrown must not come again
            release(head, position, taken);
        }
        return left ? ~taken : taken;
    }

    private void release(final long head, final long position, final int taken) {
        if (position != head) {
            memory.putLongRelease(headLine, position);
        }
        if (taken > 0) {
            final int consumed = headLine + Channel.CONSUMED_OFFSET;
            memory.putLongRelease(consumed, memory.getLong(consumed) + taken);
        }
    }

    /** One of the consumer's own figures. Any thread. @param number which, from 0 to 5. @return its value. */
    protected final long figure(final int number) {
        return memory.getLongVolatile(headLine + Channel.FIGURES_OFFSET + number * Long.BYTES);
    }

    /** Sets a figure. The reading thread. @param number which, from 0 to 5. @param value of it. */
    protected final void setFigure(final int number, final long value) {
        memory.putLongRelease(headLine + Channel.FIGURES_OFFSET + number * Long.BYTES, value);
    }

    /** Adds to a figure. The reading thread. @param number which, from 0 to 5. @param more to add. */
    protected final void addToFigure(final int number, final long more) {
        final int at = headLine + Channel.FIGURES_OFFSET + number * Long.BYTES;
        memory.putLongRelease(at, memory.getLong(at) + more);
    }
}
