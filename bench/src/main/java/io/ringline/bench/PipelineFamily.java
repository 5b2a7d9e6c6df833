package io.ringline.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.runner.RunnerException;

/** The family {@code pipeline}: {@link PipelineBenchmark}, Ringline and its base taking turns. */
final class PipelineFamily {
    private static final String[] BY = {"bytes", "handle"};

    private final BenchMain.Request request;
    private final Bounds bounds;
    private final List<Row> rows = new ArrayList<>();

    PipelineFamily(final BenchMain.Request request, final Bounds bounds) {
        this.request = request;
        this.bounds = bounds;
    }

    List<Row> run() throws RunnerException, IOException {
        for (int threads = 1; threads <= 2; threads++) {
            for (final String by : BY) {
                if (request.onlyAlloc()) {
                    allocation(threads, by);
                } else {
                    stream(threads, by);
                    one(threads, by);
                }
            }
        }
        return rows;
    }

    private Fork fork(final String method, final String pipeline, final int threads, final String by)
            throws RunnerException, IOException {
        final Map<String, String> params = Map.of("pipeline", pipeline, "threads", Integer.toString(threads), "by", by);
        System.err.printf("bench: %s %s, %d thread(s), by %s%n", method, pipeline, threads, by);
        final int warmups = request.quick() ? 2 : 5;
        final int iterations = request.quick() ? 3 : 10;
        return Fork.run(PipelineBenchmark.class.getName() + "." + method, params, warmups, iterations);
    }

    private void allocation(final int threads, final String by) throws RunnerException, IOException {
        final Fork fork = fork("stream", "ringline", threads, by);
        rows.add(allocationRow("stream, " + topology(threads) + ", by " + by, fork.bytes(), fork.mean()));
    }

    private Row allocationRow(final String name, final double bytes, final double nanos) {
        final double most = bounds.get("pipeline.mostBytesPerIteration");
        final double inIteration = bytes * Fork.ITERATION_MS * 1_000_000.0 / nanos;
        return new Row(name, "allocation", nanos, 0, bytes, null, null, "0 B/op beside JMH's", inIteration <= most);
    }

    /** Forks of both, taking turns, by where the cores were; forks in which the cores moved are left out. */
    private Map<Fork.Placement, List<List<Fork>>> turns(final String method, final int threads, final String by)
            throws RunnerException, IOException {
        final Map<Fork.Placement, List<List<Fork>>> byPlacement = new EnumMap<>(Fork.Placement.class);
        final int rounds = request.quick() ? 1 : 4;
        for (int round = 0; round < rounds; round++) {
            for (final String pipeline : new String[] {"base", "ringline"}) {
                final Fork fork = fork(method, pipeline, threads, by);
                final Fork.Placement placement = threads == 1 ? Fork.Placement.NEAR : fork.placement();
                byPlacement
                        .computeIfAbsent(placement, p -> List.of(new ArrayList<>(), new ArrayList<>()))
                        .get("base".equals(pipeline) ? 0 : 1)
                        .add(fork);
            }
        }
        return byPlacement;
    }

    private void stream(final int threads, final String by) throws RunnerException, IOException {
        final double least = bounds.get("pipeline.stream.leastThroughputRatio");
        final String name = "stream, " + topology(threads) + ", by " + by;
        for (final var entry : turns("stream", threads, by).entrySet()) {
            final List<Fork> base = entry.getValue().get(0);
            final List<Fork> ours = entry.getValue().get(1);
            if (ours.isEmpty()) {
                continue;
            }
            final double bytes = ours.stream().mapToDouble(Fork::bytes).max().orElse(Double.NaN);
            final boolean comparable = entry.getKey() != Fork.Placement.MOVED && !base.isEmpty();
            final double figure = median(ours, Fork::mean);
            final Double baseFigure = base.isEmpty() ? null : median(base, Fork::mean);
            final Double ratio = comparable && baseFigure != null ? baseFigure / figure : null;
            rows.add(new Row(
                    name,
                    label(threads, entry.getKey(), ours.size()),
                    figure,
                    spread(ours, Fork::mean),
                    bytes,
                    baseFigure,
                    ratio,
                    ratio == null ? "" : "throughput >= " + least,
                    ratio == null || ratio >= least));
            rows.add(allocationRow(name, bytes, figure));
        }
    }

    private void one(final int threads, final String by) throws RunnerException, IOException {
        final String name = "one event, " + topology(threads) + ", by " + by;
        for (final var entry : turns("one", threads, by).entrySet()) {
            final List<Fork> base = entry.getValue().get(0);
            final List<Fork> ours = entry.getValue().get(1);
            final String label = label(threads, entry.getKey(), ours.size());
            final boolean comparable = entry.getKey() != Fork.Placement.MOVED;
            if (ours.isEmpty() || base.isEmpty()) {
                continue;
            }
            rows.add(percentile(name + ", p50", label, base, ours, Fork::p50, comparable, "pipeline.one.mostP50Ratio"));
            rows.add(percentile(name + ", p99", label, base, ours, Fork::p99, comparable, ""));
            rows.add(percentile(
                    name + ", p99.9", label, base, ours, Fork::p999, comparable, "pipeline.one.mostP999Ratio"));
        }
    }

    private Row percentile(
            final String name,
            final String label,
            final List<Fork> base,
            final List<Fork> ours,
            final ToDoubleFunction<Fork> value,
            final boolean comparable,
            final String boundName) {
        final double figure = median(ours, value);
        final double baseFigure = median(base, value);
        final double ratio = figure / baseFigure;
        final boolean bounded = comparable && !boundName.isEmpty();
        final double most = bounded ? bounds.get(boundName) : Double.NaN;
        return new Row(
                name,
                label,
                figure,
                spread(ours, value),
                Double.NaN,
                baseFigure,
                ratio,
                bounded ? "<= " + most + " x base" : "",
                !bounded || ratio <= most);
    }

    private static String topology(final int threads) {
        return threads == 1 ? "INLINE" : "FUSED";
    }

    private static String label(final int threads, final Fork.Placement placement, final int forks) {
        return threads + (threads == 1 ? " thread" : " threads, " + placement) + ", " + forks + " fork(s)";
    }

    private static double median(final List<Fork> forks, final ToDoubleFunction<Fork> value) {
        final double[] sorted = forks.stream().mapToDouble(value).sorted().toArray();
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double spread(final List<Fork> forks, final ToDoubleFunction<Fork> value) {
        final double[] sorted = forks.stream().mapToDouble(value).sorted().toArray();
        return Arrays.stream(sorted).max().orElse(0) / 2
                - Arrays.stream(sorted).min().orElse(0) / 2;
    }
}
