package io.ringline.router.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Tells a breaker's changes of state, as events on {@code $RINGLINE.consumer.NAME.breaker} with a payload such as
 * {@code {"state":"OPEN","failures":50,"time":"2026-01-31T12:00:00.5Z"}}; {@code failures} are those in a row until then.
 * In the name, what a subject's token cannot hold (dot, blank) and what looks like a wildcard becomes {@code _}; of a long name the first 200 characters are told. What finds
 * no room is told at a later poll, in order; where too much waits, the oldest is given up and counted. The polling thread's,
 * but for that count.
 */
final class BreakerNotices {
    private static final int MAX_WAITING = 16;
    private static final int MAX_NAME_LENGTH = 200; // so that a notice is short, three bytes a character
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final NoticeSink sink;
    private final UnsafeBuffer subject;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[128]);
    private final BreakerState[] states = new BreakerState[MAX_WAITING];
    private final int[] failures = new int[MAX_WAITING];
    private final long[] times = new long[MAX_WAITING];
    private int head;
    private int size;
    private final AtomicLong dropped = new AtomicLong();

    BreakerNotices(final String consumer, final NoticeSink sink) {
        this.sink = sink;
        final StringBuilder text = new StringBuilder("$RINGLINE.consumer.");
        for (int i = 0; i < Math.min(consumer.length(), MAX_NAME_LENGTH); i++) {
            final char c = consumer.charAt(i);
            text.append(c <= ' ' || ".*>\u007f".indexOf(c) >= 0 ? '_' : c);
        }
        this.subject = new UnsafeBuffer(text.append(".breaker").toString().getBytes(StandardCharsets.UTF_8));
    }

    void add(final BreakerState state, final int failed, final long nowNs) {
        if (size == MAX_WAITING) {
            dropped.lazySet(dropped.get() + 1);
            removeFirst();
        }
        final int at = (head + size) % MAX_WAITING;
        states[at] = state;
        failures[at] = failed;
        times[at] = nowNs;
        size++;
        tell();
    }

    private void removeFirst() {
        head = (head + 1) % MAX_WAITING;
        size--;
    }

    /** Tells what waits, as far as there is room, and memory for the words. */
    void tell() {
        try {
            tellAll();
        } catch (final OutOfMemoryError none) {
            return; // at a later poll
        }
    }

    private void tellAll() {
        while (size > 0) {
            final long time = times[head];
            final String text = "{\"state\":\"" + states[head] + "\",\"failures\":" + failures[head] + ",\"time\":\""
                    + Instant.ofEpochSecond(
                            Math.floorDiv(time, NANOS_PER_SECOND), Math.floorMod(time, NANOS_PER_SECOND))
                    + "\"}";
            final int length = payload.putStringWithoutLengthAscii(0, text);
            if (!sink.offer(subject, 0, subject.capacity(), payload, 0, length)) {
                return;
            }
            removeFirst();
        }
    }

    boolean isWaiting() {
        return size > 0;
    }

    /** How many were given up. Any thread. */
    long dropped() {
        return dropped.get();
    }
}
