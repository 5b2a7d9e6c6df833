package io.ringline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * One JMH fork of one benchmark with one set of parameters: short, so that a base and its rival can take turns.
 *
 * <p>A shared host slows a core by half for seconds at a time and then lets it go: within one fork the same code takes 165
 * ns in one iteration and 240 in the next. It never makes it faster. So a fork's figure is that of its best iteration, for
 * the base as for its rival, and what the iterations spread over is shown as the error.
 *
 * @param iterations what was measured in each.
 * @param bytes      allocated for an operation.
 * @param placement  where the two cores were, by the probes before and after.
 */
record Fork(List<Iteration> iterations, double bytes, Placement placement) {
    /** How long an iteration takes, milliseconds. */
    static final int ITERATION_MS = 250;

    private static final int WARMUP_MS = 500;

    /**
     * What an iteration showed, nanoseconds.
     *
     * @param mean of an operation.
     * @param p50  of sampled benchmarks.
     * @param p99  the same.
     * @param p999 the same.
     * @param bytes that all threads allocated for each operation.
     */
    record Iteration(double mean, double p50, double p99, double p999, double bytes) {
        static Iteration of(final IterationResult result) {
            final Result<?> primary = result.getPrimaryResult();
            final Statistics statistics = primary.getStatistics();
            final Result<?> alloc = result.getSecondaryResults().get("gc.alloc.rate.norm");
            return new Iteration(
                    primary.getScore(),
                    statistics.getPercentile(50),
                    statistics.getPercentile(99),
                    statistics.getPercentile(99.9),
                    alloc == null ? Double.NaN : alloc.getScore());
        }

        /** Bytes that were allocated in the whole iteration; its own mean says how many operations it had. */
        double bytesInAll() {
            return bytes * ITERATION_MS * 1_000_000.0 / mean;
        }
    }

    /** Where the cores were. */
    enum Placement {
        /** A cache line's round trip was short before and after. */
        NEAR,
        /** It was long before and after. */
        FAR,
        /** It changed, or the benchmark does not probe: the fork is not to be compared by it. */
        MOVED
    }

    /** Bytes that were allocated in an iteration: in half of them no more. */
    double bytesInIteration() {
        final double[] sorted =
                iterations.stream().mapToDouble(Iteration::bytesInAll).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** The best iteration's figure. */
    double best(final ToDoubleFunction<Iteration> value) {
        return iterations.stream().mapToDouble(value).min().orElseThrow();
    }

    static Fork run(final String benchmark, final Map<String, String> params, final int warmups, final int iterations)
            throws RunnerException, IOException {
        return run(benchmark, params, warmups, iterations, "-Xms512m", "-Xmx512m");
    }

    static Fork run(
            final String benchmark,
            final Map<String, String> params,
            final int warmups,
            final int iterations,
            final String... heap)
            throws RunnerException, IOException {
        final Path probes = Files.createTempFile("ringline-placement", ".txt");
        final List<String> arguments = new ArrayList<>(List.of(heap));
        arguments.add("-D" + PlacementProbe.FILE_PROPERTY + "=" + probes);
        try {
            final ChainedOptionsBuilder options = new OptionsBuilder()
                    .include("^" + benchmark.replace(".", "\\.") + "$")
                    .forks(1)
                    .warmupIterations(warmups)
                    .warmupTime(TimeValue.milliseconds(WARMUP_MS))
                    .measurementIterations(iterations)
                    .measurementTime(TimeValue.milliseconds(ITERATION_MS))
                    .jvmArgsAppend(arguments.toArray(new String[0])) // once: a second call would replace the first
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT);
            params.forEach(options::param);
            final Collection<RunResult> results = new Runner(options.build()).run();
            if (results.size() != 1) {
                throw new IllegalStateException(benchmark + " gave " + results.size() + " results: expected one");
            }
            return of(results.iterator().next(), Files.readAllLines(probes));
        } finally {
            Files.delete(probes);
        }
    }

    private static Fork of(final RunResult result, final List<String> probes) {
        final Result<?> alloc = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return new Fork(
                result.getBenchmarkResults().stream()
                        .flatMap(benchmark -> benchmark.getIterationResults().stream())
                        .map(Iteration::of)
                        .toList(),
                alloc == null ? Double.NaN : alloc.getScore(),
                placement(probes));
    }

    private static Placement placement(final List<String> probes) {
        int far = 0;
        for (final String line : probes) {
            if (Double.parseDouble(line.substring(line.indexOf(' ') + 1)) > PlacementProbe.FAR_NS) {
                far++;
            }
        }
        if (probes.isEmpty() || far > 0 && far < probes.size()) {
            return Placement.MOVED;
        }
        return far == 0 ? Placement.NEAR : Placement.FAR;
    }
}
