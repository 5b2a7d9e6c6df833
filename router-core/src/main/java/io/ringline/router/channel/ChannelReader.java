package io.ringline.router.channel;

import io.ringline.router.record.EventRecord;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * The consumer's side of a {@link Channel}: hands out one record after the other, keeps the one that was not taken at
 * the head, and puts fragments together. One thread only. Allocates once, at the first fragmented record.
 */
public final class ChannelReader {
    /** What becomes of each record. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Takes a record, or leaves it.
         *
         * @param record valid until this returns; longer where the record is left at the head.
         * @return false to leave the record at the head of the channel and stop.
         */
        boolean onRecord(EventRecord record);
    }

    private final Channel channel;
    private final OneToOneRingBuffer ring;
    private final Receiver receiver;
    private final int maxRecordBytes;
    private final EventRecord record = new EventRecord();
    private final ControlledMessageHandler onMessage = this::onMessage;
    private UnsafeBuffer assembly = new UnsafeBuffer(0, 0);
    private int assembled;
    private boolean waiting;
    private boolean stopped;
    private int taken;

    /**
     * A reader; the only one of its channel.
     *
     * @param channel        to read.
     * @param maxRecordBytes longest record that the channel's offering side lets through.
     * @param receiver       takes the records.
     */
    public ChannelReader(final Channel channel, final int maxRecordBytes, final Receiver receiver) {
        this.channel = channel;
        this.ring = channel.ring();
        this.receiver = receiver;
        this.maxRecordBytes = maxRecordBytes;
    }

    /**
     * Hands out what is there.
     *
     * @param limit most records to hand out.
     * @return how many were taken.
     */
    public int read(final int limit) {
        taken = 0;
        stopped = false;
        ring.controlledRead(onMessage, limit);
        while (!stopped && taken < limit && hasMore()) {
            ring.controlledRead(onMessage, limit - taken);
        }
        if (taken > 0) {
            channel.addConsumed(taken);
        }
        return taken;
    }

    /** An Agrona ring stops where its memory ends, and counts each fragment as a message. */
    private boolean hasMore() {
        final boolean atEnd = (ring.consumerPosition() & ring.capacity() - 1) == 0;
        return (atEnd || assembled > 0) && !channel.isEmpty();
    }

    /** Whether the last read may have left something: it met its limit, or a record was not taken. @return true if so. */
    public boolean mayHaveLeft(final int limit) {
        return stopped || taken >= limit;
    }

    private ControlledMessageHandler.Action onMessage(
            final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        if (type == Channel.WHOLE) {
            record.wrap(buffer, index);
        } else if (!assemble(type, buffer, index, length)) {
            return ControlledMessageHandler.Action.CONTINUE;
        }
        if (receiver.onRecord(record)) {
            taken++;
            waiting = false;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        stopped = true;
        waiting = type != Channel.WHOLE;
        return ControlledMessageHandler.Action.ABORT;
    }

    /** Adds a fragment; true where the record is whole. The last fragment may be seen again, after it was left. */
    private boolean assemble(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        if (!waiting) {
            if (assembly.capacity() == 0) {
                assembly = new UnsafeBuffer(new byte[maxRecordBytes]);
            }
            assembly.putBytes(assembled, buffer, index, length);
            assembled += length;
            if (type == Channel.FRAGMENT) {
                return false;
            }
            assembled = 0;
        }
        record.wrap(assembly, 0);
        return true;
    }
}
