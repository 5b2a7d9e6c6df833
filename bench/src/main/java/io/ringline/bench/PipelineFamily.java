package io.ringline.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The family {@code pipeline}: {@link PipelineBenchmark}, Ringline and its base taking turns. Of one thread a figure is the best
 * iteration of all forks: a host that slows a core for longer than a fork lasts must not decide between the two. Rows of two
 * threads are made for each placement of the cores, only like is compared with like, and a figure is the median of the forks'
 * best iterations, as how two threads fall into step is the pipeline's own.
 */
final class PipelineFamily {
    private static final String[] BY = {"bytes", "handle"};

    /** Two busy threads on two cores leave the compilers little of either: their forks need longer to get going. */
    private static final int MORE_WARMUPS = 4;

    private final BenchMain.Request request;
    private final Bounds bounds;
    private final List<Row> rows = new ArrayList<>();

    /** Forks of the two pipelines in one placement. */
    private record Pair(List<Fork> base, List<Fork> ours) {
        Pair() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        boolean isComparable() {
            return !base.isEmpty() && !ours.isEmpty();
        }
    }

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
        final int warmups = (request.quick() ? 3 : 5) + (threads == 1 ? 0 : MORE_WARMUPS);
        final int iterations = request.quick() ? 5 : 16;
        return Fork.run(PipelineBenchmark.class.getName() + "." + method, params, warmups, iterations);
    }

    private void allocation(final int threads, final String by) throws RunnerException, IOException {
        final Fork fork = fork("stream", "ringline", threads, by);
        rows.add(allocationRow("stream, " + topology(threads) + ", by " + by, List.of(fork)));
    }

    private Row allocationRow(final String name, final List<Fork> forks) {
        final double most = bounds.get("pipeline.mostBytesPerIteration");
        final boolean holds = forks.stream().allMatch(fork -> fork.bytesInIteration() <= most);
        final double bytes = forks.stream().mapToDouble(Fork::bytes).max().orElse(Double.NaN);
        final double nanos = median(forks, Fork.Iteration::mean);
        return new Row(name, "allocation", nanos, 0, bytes, null, null, "0 B/op beside JMH's", holds);
    }

    /** Forks of both, taking turns, by where the cores were. */
    private Map<Fork.Placement, Pair> turns(final String method, final int threads, final String by)
            throws RunnerException, IOException {
        final Map<Fork.Placement, Pair> byPlacement = new EnumMap<>(Fork.Placement.class);
        final int rounds = request.quick() ? (threads == 1 ? 2 : 1) : 5;
        for (int round = 0; round < rounds; round++) {
            for (final String pipeline : new String[] {"base", "ringline"}) {
                final Fork fork = fork(method, pipeline, threads, by);
                final Fork.Placement placement = threads == 1 ? Fork.Placement.NEAR : fork.placement();
                final Pair pair = byPlacement.computeIfAbsent(placement, p -> new Pair());
                ("base".equals(pipeline) ? pair.base() : pair.ours()).add(fork);
            }
        }
        return byPlacement;
    }

    private void stream(final int threads, final String by) throws RunnerException, IOException {
        final double least = bounds.get("pipeline.stream.leastThroughputRatio");
        final String name = "stream, " + topology(threads) + ", by " + by;
        for (final var entry : turns("stream", threads, by).entrySet()) {
            final Pair pair = entry.getValue();
            if (pair.ours().isEmpty()) {
                continue;
            }
            final double bytes =
                    pair.ours().stream().mapToDouble(Fork::bytes).max().orElse(Double.NaN);
            final double figure = figure(threads, pair.ours(), Fork.Iteration::mean);
            final Double base = pair.base().isEmpty() ? null : figure(threads, pair.base(), Fork.Iteration::mean);
            final Double ratio = base == null ? null : base / figure;
            final boolean moved = entry.getKey() == Fork.Placement.MOVED;
            rows.add(new Row(
                    name,
                    label(threads, entry.getKey(), pair),
                    figure,
                    spread(pair.ours(), Fork.Iteration::mean),
                    bytes,
                    base,
                    ratio,
                    ratio == null || moved ? Row.NOT_COMPARED : "throughput >= " + least,
                    ratio == null || moved || ratio >= least));
            rows.add(allocationRow(name, pair.ours()));
        }
    }

    private void one(final int threads, final String by) throws RunnerException, IOException {
        final String name = "one event, " + topology(threads) + ", by " + by;
        for (final var entry : turns("one", threads, by).entrySet()) {
            final Pair pair = entry.getValue();
            if (!pair.isComparable()) {
                continue;
            }
            final String label = label(threads, entry.getKey(), pair);
            final boolean bounded = entry.getKey() != Fork.Placement.MOVED;
            final double most50 = bounds.get("pipeline.one.mostP50Ratio");
            final double most999 = bounds.get("pipeline.one.mostP999Ratio");
            final double no = Double.NaN;
            rows.add(percentile(name + ", p50", label, threads, pair, Fork.Iteration::p50, bounded ? most50 : no));
            rows.add(percentile(name + ", p99", label, threads, pair, Fork.Iteration::p99, Double.POSITIVE_INFINITY));
            rows.add(percentile(name + ", p99.9", label, threads, pair, Fork.Iteration::p999, bounded ? most999 : no));
        }
    }

    /** A row; {@code most} is infinite where nothing is promised, and not a number where forks are not alike. */
    private static Row percentile(
            final String name,
            final String label,
            final int threads,
            final Pair pair,
            final ToDoubleFunction<Fork.Iteration> value,
            final double most) {
        final double figure = figure(threads, pair.ours(), value);
        final double base = figure(threads, pair.base(), value);
        final String bound =
                Double.isNaN(most) ? Row.NOT_COMPARED : Double.isInfinite(most) ? "" : "<= " + most + " x base";
        final boolean holds = Double.isNaN(most) || figure / base <= most;
        return new Row(name, label, figure, spread(pair.ours(), value), Double.NaN, base, figure / base, bound, holds);
    }

    private static String topology(final int threads) {
        return threads == 1 ? "INLINE" : "FUSED";
    }

    private static String label(final int threads, final Fork.Placement placement, final Pair pair) {
        final String forks = pair.base().size() + "+" + pair.ours().size() + " forks";
        return threads == 1 ? "1 thread, " + forks : "2 threads, " + placement + ", " + forks;
    }

    private static double figure(
            final int threads, final List<Fork> forks, final ToDoubleFunction<Fork.Iteration> value) {
        return threads == 1
                ? forks.stream().mapToDouble(fork -> fork.best(value)).min().orElseThrow()
                : median(forks, value);
    }

    static double median(final List<Fork> forks, final ToDoubleFunction<Fork.Iteration> value) {
        final double[] sorted =
                forks.stream().mapToDouble(fork -> fork.best(value)).sorted().toArray();
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Half of what all iterations of all forks spread over. */
    static double spread(final List<Fork> forks, final ToDoubleFunction<Fork.Iteration> value) {
        final var statistics = forks.stream()
                .flatMap(fork -> fork.iterations().stream())
                .mapToDouble(value)
                .summaryStatistics();
        return (statistics.getMax() - statistics.getMin()) / 2;
    }
}
