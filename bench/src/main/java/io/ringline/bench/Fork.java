package io.ringline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
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
 * @param mean  nanoseconds for an operation.
 * @param p50   nanoseconds; of sampled benchmarks.
 * @param p99   the same.
 * @param p999  the same.
 * @param bytes allocated for an operation.
 * @param placement where the two cores were, by the probes before and after.
 */
record Fork(double mean, double p50, double p99, double p999, double bytes, Placement placement) {
    /** How long an iteration takes, milliseconds. */
    static final int ITERATION_MS = 500;

    /** Where the cores were. */
    enum Placement {
        /** A cache line's round trip was short before and after. */
        NEAR,
        /** It was long before and after. */
        FAR,
        /** It changed: the fork is not to be compared with any. */
        MOVED
    }

    static Fork run(final String benchmark, final Map<String, String> params, final int warmups, final int iterations)
            throws RunnerException, IOException {
        final Path probes = Files.createTempFile("ringline-placement", ".txt");
        try {
            final ChainedOptionsBuilder options = new OptionsBuilder()
                    .include("^" + benchmark.replace(".", "\\.") + "$")
                    .forks(1)
                    .warmupIterations(warmups)
                    .warmupTime(TimeValue.milliseconds(700))
                    .measurementIterations(iterations)
                    .measurementTime(TimeValue.milliseconds(ITERATION_MS))
                    .jvmArgsAppend("-D" + PlacementProbe.FILE_PROPERTY + "=" + probes, "-Xms512m", "-Xmx512m")
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
        final Result<?> primary = result.getPrimaryResult();
        final Statistics statistics = primary.getStatistics();
        final Result<?> alloc = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return new Fork(
                primary.getScore(),
                statistics.getPercentile(50),
                statistics.getPercentile(99),
                statistics.getPercentile(99.9),
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
        if (far == 0) {
            return Placement.NEAR;
        }
        return far == probes.size() ? Placement.FAR : Placement.MOVED;
    }
}
