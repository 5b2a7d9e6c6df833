package io.ringline.bench;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.consumer.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The family {@code delivery}: {@link DeliveryBenchmark}, what is acknowledged at once, fails and is deferred taking turns, and
 * {@link DeliveryIsolation}. Of the first, which is one thread's, a figure is the best iteration of all forks.
 */
final class DeliveryFamily {
    private static final OverflowPolicy[] POLICIES = {
        OverflowPolicy.DROP_NEWEST, OverflowPolicy.DEAD_LETTER, OverflowPolicy.REPLAY
    };
    private static final int ROUNDS = 5;
    private static final int ROUNDS_QUICK = 2;

    /** As in the family {@code subjects}. */
    private static final String[] HEAP = {"-XX:+UseSerialGC", "-Xms512m", "-Xmx512m", "-Xmn32m"};

    private static final DeliveryIsolation.Plan LONG = new DeliveryIsolation.Plan(10, 30);
    private static final DeliveryIsolation.Plan SHORT = new DeliveryIsolation.Plan(4, 5);

    private final BenchMain.Request request;
    private final Bounds bounds;
    private final List<Row> rows = new ArrayList<>();

    /** What the handler answers. */
    private enum Way {
        ACK("stream, ACK", 0, Outcome.ACK),
        PARK("stream, PARK, failures 1%", 1, Outcome.ACK),
        DEFER("stream, DEFER for " + DeliveryBenchmark.DEFERRED_FOR + " events", 0, Outcome.DEFER);

        private final String title;
        private final int failures;
        private final Outcome answer;

        Way(final String title, final int failures, final Outcome answer) {
            this.title = title;
            this.failures = failures;
            this.answer = answer;
        }

        Fork run(final boolean quick) throws RunnerException, IOException {
            System.err.printf("bench: %s%n", title);
            final Map<String, String> params = Map.of("failures", Integer.toString(failures), "answer", answer.name());
            return Fork.run(DeliveryBenchmark.class.getName() + ".stream", params, quick ? 5 : 8, quick ? 5 : 16, HEAP);
        }
    }

    DeliveryFamily(final BenchMain.Request request, final Bounds bounds) {
        this.request = request;
        this.bounds = bounds;
    }

    /** What was measured, and how. */
    static String notes() {
        return """
                Streams: INLINE, 10,000 aggregates in turn. One that fails is tried again after 10 ms, and what follows it in its aggregate
                waits for it; base is what is acknowledged at once. HEAD_OF_LINE is not shown: all wait the 10 ms then, 100 us an event.
                Isolation: FUSED, three consumers of the same %,d events a second, of which one stops polling; figures are those of the
                other two, of each pair the worse, base before the stop. What an event takes counts from when it was due; a p99.9 is
                the median of the p99.9 of each second. All events were accounted for, those of the stopped one included.
                """.formatted(DeliveryIsolation.EVENTS_A_SECOND);
    }

    List<Row> run() throws RunnerException, IOException, InterruptedException {
        if (request.onlyAlloc()) {
            for (final Way way : new Way[] {Way.ACK, Way.DEFER}) {
                allocation(way, List.of(way.run(true)));
            }
            return rows;
        }
        streams();
        for (final OverflowPolicy policy : POLICIES) {
            final DeliveryIsolation.Plan plan = request.quick() ? SHORT : LONG;
            System.err.printf("bench: isolation, %s, %d s%n", policy, plan.seconds());
            rows.addAll(isolation(policy, plan, DeliveryIsolation.measure(policy, plan), bounds));
        }
        return rows;
    }

    private void streams() throws RunnerException, IOException {
        final Map<Way, List<Fork>> forks = new EnumMap<>(Way.class);
        final int rounds = request.quick() ? ROUNDS_QUICK : ROUNDS;
        for (int round = 0; round < rounds; round++) {
            for (final Way way : Way.values()) {
                forks.computeIfAbsent(way, w -> new ArrayList<>()).add(way.run(request.quick()));
            }
        }
        final List<Fork> base = forks.getOrDefault(Way.ACK, List.of());
        allocation(Way.ACK, base);
        forks.forEach((way, ours) -> {
            if (way != Way.ACK) {
                compare(way, ours, base);
            }
        });
        allocation(Way.DEFER, forks.getOrDefault(Way.DEFER, List.of()));
    }

    private void compare(final Way way, final List<Fork> forks, final List<Fork> baseForks) {
        final double least = bounds.get("delivery.park.leastThroughputRatio");
        final boolean bounded = way == Way.PARK;
        final double figure = figure(forks);
        final double base = figure(baseForks);
        final double ratio = base / figure;
        rows.add(new Row(
                way.title,
                "1 thread, " + baseForks.size() + "+" + forks.size() + " forks",
                figure,
                PipelineFamily.spread(forks, Fork.Iteration::mean),
                bytes(forks),
                base,
                ratio,
                bounded ? "throughput >= " + least : "",
                !bounded || ratio >= least));
    }

    private void allocation(final Way way, final List<Fork> forks) {
        final double most = bounds.get("delivery.mostBytesPerIteration");
        final boolean holds = forks.stream().allMatch(fork -> fork.bytesInIteration() <= most);
        final double figure = figure(forks);
        rows.add(new Row(way.title, "allocation", figure, 0, bytes(forks), null, null, "0 B/op beside JMH's", holds));
    }

    private static double figure(final List<Fork> forks) {
        return forks.stream()
                .mapToDouble(fork -> fork.best(Fork.Iteration::mean))
                .min()
                .orElseThrow();
    }

    private static double bytes(final List<Fork> forks) {
        return forks.stream().mapToDouble(Fork::bytes).max().orElse(Double.NaN);
    }

    /** The rows of a policy: nanoseconds between two events that a consumer receives, and how late it receives them. */
    static List<Row> isolation(
            final OverflowPolicy policy,
            final DeliveryIsolation.Plan plan,
            final DeliveryIsolation.Found found,
            final Bounds bounds) {
        final double no = Double.NaN;
        final String name = "isolation, " + policy + ", ";
        final String label = "2 threads, stop of " + plan.phase() + " s";
        final double leastRate = bounds.get("delivery.isolation.leastThroughputRatio");
        final double leastTail = bounds.get("delivery.isolation.leastTailRatio");
        final double rate = found.rateRatio();
        final double tail = found.tailRatio();
        return List.of(
                new Row(
                        name + "throughput",
                        label,
                        1e9 / found.rate(),
                        no,
                        no,
                        1e9 / found.baseRate(),
                        rate,
                        "throughput >= " + leastRate,
                        rate >= leastRate),
                new Row(
                        name + "p99.9",
                        label,
                        found.tail(),
                        found.spread(),
                        no,
                        found.baseTail(),
                        tail,
                        "base / p99.9 >= " + leastTail,
                        tail >= leastTail));
    }
}
