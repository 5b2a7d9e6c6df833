package io.ringline.cli;

import java.time.Instant;

/** Times as journals and dead letters have them: nanoseconds since the epoch. */
final class LogTime {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private LogTime() {}

    static Instant instant(final long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    static long nowNanos() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }
}
