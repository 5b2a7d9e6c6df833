package io.ringline.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How late the events of each second are, from when they were due to the handler. One thread. */
final class IsolationTails {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;
    private static final double TAIL = 99.9;

    private final int eventsInSlice;
    private final Histogram[] slices;

    /** For so many slices; of events that come later nothing is kept. */
    IsolationTails(final int slices, final int eventsInSlice) {
        this.eventsInSlice = eventsInSlice;
        this.slices = new Histogram[slices];
        Arrays.setAll(this.slices, i -> new Histogram(LONGEST_NS, DIGITS));
    }

    void record(final long number, final long latencyNs) {
        final long slice = (number - 1) / eventsInSlice;
        if (slice < slices.length) {
            slices[(int) slice].recordValue(Math.max(0, Math.min(latencyNs, LONGEST_NS)));
        }
    }

    /** The p99.9 of each of some slices, nanoseconds, from the least on. */
    double[] sorted(final int from, final int to) {
        return Arrays.stream(slices, from, to)
                .mapToDouble(slice -> slice.getValueAtPercentile(TAIL))
                .sorted()
                .toArray();
    }

    static double median(final double[] sorted) {
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
