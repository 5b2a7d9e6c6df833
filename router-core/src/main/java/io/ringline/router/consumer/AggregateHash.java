package io.ringline.router.consumer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringline.router.record.Event;
import org.agrona.DirectBuffer;

/** Hashes of aggregates: the same in every process, unlike those that subjects have. All bits are good, the upper best. */
final class AggregateHash {
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private AggregateHash() {}

    static long of(final Event event) {
        return event.aggregateIsId()
                ? of(event.aggregateId())
                : of(event.buffer(), event.aggregateOffset(), event.aggregateLength());
    }

    static long of(final long id) {
        return finish(id);
    }

    static long of(final DirectBuffer buffer, final int offset, final int length) {
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = finish(hash ^ buffer.getLong(offset + i, LITTLE_ENDIAN));
        }
        for (; i < length; i++) {
            hash = finish(hash ^ buffer.getByte(offset + i));
        }
        return finish(hash);
    }

    private static long finish(final long hash) {
        final long mixed = (hash ^ hash >>> 32) * MULTIPLIER;
        return mixed ^ mixed >>> 29;
    }
}
