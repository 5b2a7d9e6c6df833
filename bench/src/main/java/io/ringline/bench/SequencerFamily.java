package io.ringline.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The family {@code sequencer}: {@link SequencerBenchmark}, Ringline and its peers taking turns, and {@link SequencerGrowth}. As
 * all is of one thread, a figure is the best iteration of all forks.
 */
final class SequencerFamily {
    private static final int FEW = 1_000;
    private static final int MANY = 1_000_000;
    private static final int ROUNDS = 3;

    /** As in the family {@code subjects}: one collector's thread, and a young generation whose pages are soon all touched. */
    private static final String[] HEAP = {"-XX:+UseSerialGC", "-Xms512m", "-Xmx512m", "-Xmn32m"};

    private static final String[] HEAP_OF_MANY = {"-XX:+UseSerialGC", "-Xms2g", "-Xmx2g", "-Xmn128m"};

    private final BenchMain.Request request;
    private final Bounds bounds;
    private final List<Row> rows = new ArrayList<>();

    /** What is measured; {@code bound} names the most nanoseconds an event may take, where something is promised. */
    private record Scenario(
            String method,
            int aggregates,
            Orderer.Keys keys,
            String ordering,
            @Nullable String bound) {
        String name() {
            final String what =
                    method.equals("backwards") ? "gap of " + SequencerBenchmark.GAP + ", backwards" : method;
            return (method.equals("inOrder") ? "in order" : what) + (ordering.equals("GLOBAL") ? ", GLOBAL" : "");
        }

        String label() {
            return (aggregates == FEW ? "1,000 " : "1,000,000 ") + (keys == Orderer.Keys.ID ? "ids" : "keys");
        }

        Fork run(final Orderer.Kind kind, final boolean quick) throws RunnerException, IOException {
            System.err.printf("bench: %s, %s, %s%n", name(), label(), kind.title());
            final Map<String, String> params = new LinkedHashMap<>();
            params.put("orderer", kind.name());
            params.put("aggregates", Integer.toString(aggregates));
            params.put("keys", keys.name());
            params.put("ordering", ordering);
            final String[] heap = aggregates == MANY ? HEAP_OF_MANY : HEAP;
            return Fork.run(
                    SequencerBenchmark.class.getName() + "." + method, params, quick ? 3 : 6, quick ? 4 : 12, heap);
        }
    }

    SequencerFamily(final BenchMain.Request request, final Bounds bounds) {
        this.request = request;
        this.bounds = bounds;
    }

    /** What the peers are, and what they are spared. */
    static String notes() {
        return """
                Ratios are a peer's figure to Ringline's. An event's figure has its key's hash and look-up in it; of one that waits, the
                copying of its 64 bytes too. The peers are a HashMap, looked up with a key object that is used again, and for each aggregate
                its next number and a TreeMap or a PriorityQueue of what waits; they keep no deadlines, no limit to what is held and no
                memory of what was given up. All pass the same contract test. With 1,000,000 aggregates Ringline is named the keys of 16
                events, or 8 pairs, before they are offered, as its stage names those of a batch; the peers have no use for that. It is in the
                figure, and the keys are hashed twice. The longest offer is the longest of a million, each
                the least of five rounds; beside it, as it was seen, stands the longest step of a loop that only reads the clock. A snapshot's
                steps, and the events between them, are each the least of six rounds.
                """;
    }

    private List<Scenario> scenarios() {
        final List<Scenario> all = new ArrayList<>();
        for (final int size : new int[] {FEW, MANY}) {
            final String most = size == FEW ? "sequencer.inOrder.few.mostNs" : "sequencer.inOrder.many.mostNs";
            all.add(new Scenario("inOrder", size, Orderer.Keys.BYTES, "AGGREGATE", most));
            all.add(new Scenario("inOrder", size, Orderer.Keys.ID, "AGGREGATE", most));
            all.add(new Scenario("inOrder", size, Orderer.Keys.BYTES, "GLOBAL", null));
            all.add(new Scenario("swapped", size, Orderer.Keys.BYTES, "AGGREGATE", "sequencer.swapped.mostNs"));
            all.add(new Scenario("backwards", size, Orderer.Keys.BYTES, "AGGREGATE", null));
            all.add(new Scenario("duplicate", size, Orderer.Keys.BYTES, "AGGREGATE", null));
        }
        return all;
    }

    List<Row> run() throws RunnerException, IOException, InterruptedException {
        if (request.onlyAlloc()) {
            for (final Scenario scenario : scenarios()) {
                if (scenario.aggregates() == FEW) {
                    allocation(scenario, List.of(scenario.run(Orderer.Kind.RINGLINE, true)));
                }
            }
            return rows;
        }
        final int rounds = request.quick() ? 1 : ROUNDS;
        for (final Scenario scenario : scenarios()) {
            final Map<Orderer.Kind, List<Fork>> forks = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (final Orderer.Kind kind : Orderer.Kind.values()) {
                    forks.computeIfAbsent(kind, k -> new ArrayList<>()).add(scenario.run(kind, request.quick()));
                }
            }
            compare(scenario, forks);
        }
        for (final Orderer.Kind kind : new Orderer.Kind[] {Orderer.Kind.RINGLINE, Orderer.Kind.TREE_MAP}) {
            growth(kind);
        }
        snapshots();
        return rows;
    }

    private static double figure(final List<Fork> forks) {
        return forks.stream()
                .mapToDouble(fork -> fork.best(Fork.Iteration::mean))
                .min()
                .orElseThrow();
    }

    private void compare(final Scenario scenario, final Map<Orderer.Kind, List<Fork>> forks) {
        final List<Fork> ours = forks.getOrDefault(Orderer.Kind.RINGLINE, List.of());
        final double figure = figure(ours);
        final double most = scenario.bound() == null ? Double.POSITIVE_INFINITY : bounds.get(scenario.bound());
        final String bound = scenario.bound() == null ? "" : "<= " + most + " ns";
        final double error = PipelineFamily.spread(ours, Fork.Iteration::mean);
        rows.add(new Row(
                scenario.name(), scenario.label(), figure, error, bytes(ours), null, null, bound, figure <= most));
        allocation(scenario, ours);
        forks.forEach((kind, peers) -> {
            if (kind != Orderer.Kind.RINGLINE) {
                final String label = scenario.label() + ", peer's " + bytesText(peers);
                final double base = figure(peers);
                rows.add(new Row(
                        "  / " + kind.title(), label, figure, error, bytes(ours), base, base / figure, "", true));
            }
        });
    }

    private static double bytes(final List<Fork> forks) {
        return forks.stream().mapToDouble(Fork::bytes).max().orElse(Double.NaN);
    }

    private static String bytesText(final List<Fork> forks) {
        return Math.round(bytes(forks)) + " B";
    }

    private void allocation(final Scenario scenario, final List<Fork> forks) {
        final double most = bounds.get("sequencer.mostBytesPerIteration");
        final boolean holds = forks.stream().allMatch(fork -> fork.bytesInIteration() <= most);
        rows.add(new Row(
                scenario.name(),
                scenario.label() + ", allocation",
                figure(forks),
                0,
                bytes(forks),
                null,
                null,
                "0 B/op beside JMH's",
                holds));
    }

    private void growth(final Orderer.Kind kind) throws IOException, InterruptedException {
        System.err.printf("bench: adding %,d aggregates, %s%n", SequencerGrowth.AGGREGATES, kind.title());
        final SequencerGrowth.Found found = SequencerGrowth.measure(kind);
        final String label = kind.title();
        final double no = Double.NaN;
        rows.add(new Row("adding 1,000,000, longest offer", label, found.longest(), no, no, null, null, "", true));
        rows.add(new Row(
                "  as seen / the clock alone", label, found.seen(), found.spread(), no, found.host(), null, "", true));
        rows.add(new Row("adding 1,000,000, each", label, found.mean(), no, no, null, null, "", true));
        final double most = bounds.get("sequencer.mostBytesPerAggregate");
        final boolean ours = kind == Orderer.Kind.RINGLINE;
        rows.add(new Row(
                "bytes an aggregate",
                label,
                no,
                no,
                found.bytes(),
                null,
                null,
                ours ? "<= " + most + " B" : "",
                !ours || found.bytes() <= most));
    }

    private void snapshots() throws IOException, InterruptedException {
        System.err.printf("bench: snapshots of %,d aggregates%n", SequencerGrowth.AGGREGATES);
        final SnapshotPauses.Found found = SnapshotPauses.measure();
        final String label = Math.round(found.bytes() / 1_000_000) + " MB in " + Math.round(found.steps()) + " steps";
        final double no = Double.NaN;
        rows.add(new Row("snapshot, longest step", label, found.longestStep(), no, no, null, null, "", true));
        rows.add(new Row("snapshot, longest event between", label, found.longestEvent(), no, no, null, null, "", true));
    }
}
