package io.ringline.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How far a command on files has come: on a terminal a bar with rate and time left in one line that is rewritten, and rubbed out
 * at the end; nothing otherwise. Not thread-safe.
 */
final class ProgressBar {
    private static final int WIDTH = 30;
    private static final long DRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int CALLS_A_LOOK = 1_024; // a clock's reading is not free
    private static final String RUB_OUT = "\r\u001b[K";

    private final PrintStream err;
    private final boolean terminal;
    private final String unit;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private long drawnNanos;
    private long total;
    private int calls;
    private boolean drawn;

    /**
     * A bar at its start.
     *
     * @param err       where to draw.
     * @param terminal  whether that is one.
     * @param unit      what is counted, many of them.
     * @param nanoClock nanoseconds from any start.
     */
    ProgressBar(final PrintStream err, final boolean terminal, final String unit, final LongSupplier nanoClock) {
        this.err = err;
        this.terminal = terminal;
        this.unit = unit;
        this.nanoClock = nanoClock;
        startNanos = nanoClock.getAsLong();
        drawnNanos = startNanos;
    }

    /**
     * A bar for a command.
     *
     * @param toTerminal whether the command's own output may go to the terminal, where the two would mix.
     */
    static ProgressBar of(final Streams streams, final String unit, final boolean toTerminal) {
        // From the launcher: what System.console() says of a terminal differs between JDKs.
        final boolean mixed = toTerminal && Boolean.getBoolean("ringline.terminal.out");
        return new ProgressBar(
                streams.err(), Boolean.getBoolean("ringline.terminal") && !mixed, unit, System::nanoTime);
    }

    /** Whether it draws at all: else a total need not be found out. */
    boolean isShown() {
        return terminal;
    }

    /** How many there are; 0 where that is not known. */
    void total(final long count) {
        total = count;
    }

    /** So many are done. */
    void at(final long count) {
        if (!terminal || (++calls & CALLS_A_LOOK - 1) != 0) {
            return;
        }
        final long now = nanoClock.getAsLong();
        if (now - drawnNanos >= DRAW_NANOS) {
            drawnNanos = now;
            draw(count, now - startNanos);
        }
    }

    private void draw(final long count, final long nanos) {
        final double rate = count * 1e9 / Math.max(1, nanos);
        final StringBuilder line = new StringBuilder(RUB_OUT);
        if (total > 0) {
            final double part = Math.min(1, (double) count / total);
            final int full = (int) (part * WIDTH);
            line.append('[')
                    .append("#".repeat(full))
                    .append(" ".repeat(WIDTH - full))
                    .append("] ");
            line.append(String.format("%3d%% ", (int) (100 * part)));
        }
        line.append(String.format("%,d %s, %,.0f/s", count, unit, rate));
        if (total > 0) {
            line.append(", ")
                    .append(time((long) (Math.max(0, total - count) / Math.max(1e-9, rate))))
                    .append(" left");
        }
        err.print(line);
        err.flush();
        drawn = true;
    }

    private static String time(final long seconds) {
        final long hours = seconds / 3_600;
        return hours > 0
                ? String.format("%d:%02d:%02d", hours, seconds / 60 % 60, seconds % 60)
                : String.format("%d:%02d", seconds / 60, seconds % 60);
    }

    /** Rubs the line out, so that what follows stands alone. */
    void done() {
        if (drawn) {
            err.print(RUB_OUT);
            err.flush();
            drawn = false;
        }
    }
}
