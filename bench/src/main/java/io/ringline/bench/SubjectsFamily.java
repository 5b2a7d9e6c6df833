package io.ringline.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The family {@code subjects}: {@link SubjectsBenchmark}, {@link SubjectChangesBenchmark} and {@link RoutingChangesBenchmark}, peers and Ringline taking turns,
 * all at each number of patterns in each round. A figure is the median of the forks' best iterations.
 */
final class SubjectsFamily {
    private static final String PEERS = "io.ringline.bench.SubjectPeersBenchmark";
    private static final String OURS = SubjectsBenchmark.class.getName();

    /** What is measured under changes of the subscriptions: matching alone, and a router. */
    private static final String[] CHANGED = {
        SubjectChangesBenchmark.class.getName() + ".match", RoutingChangesBenchmark.class.getName() + ".route"
    };

    private static final int SMALL = 1_000;
    private static final int MIDDLE = 100_000;
    private static final int LARGE = 1_000_000;
    private static final int ROUNDS = 3;

    /** To subscribe a million takes longer than to measure them. */
    private static final int ROUNDS_OF_LARGE = 2;

    /**
     * With a small young generation, as a first touch of a page costs microseconds: until a large one had all been touched,
     * peers that allocate would be measured at a tenth of their speed. And with the collector that has one thread: those of
     * others wait for each other on a busy machine.
     */
    private static final String[] HEAP = {"-XX:+UseSerialGC", "-Xms1g", "-Xmx1g", "-Xmn32m"};

    private static final String[] HEAP_OF_LARGE = {"-XX:+UseSerialGC", "-Xms4g", "-Xmx4g", "-Xmn256m"};

    /** Peers bring more code to compile. */
    private static final int MORE_WARMUPS = 3;

    private final BenchMain.Request request;
    private final Bounds bounds;
    private final int[] sizes;
    private final Map<Entrant, List<Fork>> forks = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();

    /** What is measured: a benchmark's method with its parameters. */
    private record Entrant(String method, int patterns, Map<String, String> more) {
        static Entrant ours(final String method, final int patterns) {
            return new Entrant(OURS + "." + method, patterns, Map.of());
        }

        static Entrant changes(final String method, final int rate, final int patterns) {
            return new Entrant(method, patterns, Map.of("changes", Integer.toString(rate)));
        }

        static Entrant peer(final Peer peer, final int patterns) {
            return new Entrant(PEERS + ".match", patterns, Map.of("peer", peer.name()));
        }

        Fork run(final boolean quick) throws RunnerException, IOException {
            System.err.printf("bench: %s, %d patterns %s%n", method.replaceAll(".*\\.", ""), patterns, more);
            final Map<String, String> params = new LinkedHashMap<>(more);
            params.put("patterns", Integer.toString(patterns));
            final String[] heap = patterns >= LARGE ? HEAP_OF_LARGE : HEAP;
            final int warmups = (quick ? 3 : 6) + (method.startsWith(PEERS) ? MORE_WARMUPS : 0);
            return Fork.run(method, params, warmups, quick ? 4 : 12, heap);
        }
    }

    SubjectsFamily(final BenchMain.Request request, final Bounds bounds) {
        this.request = request;
        this.bounds = bounds;
        this.sizes = request.quick() ? new int[] {SMALL, MIDDLE} : new int[] {SMALL, MIDDLE, LARGE};
    }

    /** Where peers are other things than Ringline's. */
    static String notes() {
        final StringBuilder text = new StringBuilder(2_048);
        text.append(
                "Ratios are base to Ringline's, where the bound does not say otherwise. Uncached stands beside the best peer,\n");
        text.append(
                "and beside the best that takes subjects apart anew as Ringline does. All find the same, as was checked. Peers:\n");
        for (final Peer peer : Peer.values()) {
            text.append("  ")
                    .append(peer.title())
                    .append(": ")
                    .append(peer.note())
                    .append('\n');
        }
        return text.toString();
    }

    List<Row> run() throws RunnerException, IOException {
        if (request.onlyAlloc()) {
            for (final int size : sizes) {
                for (final String path : new String[] {"handle", "cached", "uncached"}) {
                    allocation(path, size, List.of(Entrant.ours(path, size).run(true)));
                }
            }
            return rows;
        }
        measure();
        for (final int size : sizes) {
            path("handle", size, Peer.KNOWN_STRINGS, bounds.get("subjects.handle.mostNs"));
            path("cached", size, Peer.KNOWN_BYTES, bounds.get("subjects.cached.mostNs"));
            uncached(size);
            Arrays.stream(Peer.values()).forEach(peer -> peer(peer, size));
        }
        growth("uncached", bounds.get("subjects.uncached.mostGrowth"));
        growth("change", Double.NaN);
        for (final String method : CHANGED) {
            Arrays.stream(sizes).forEach(size -> underChanges(method, size));
        }
        footprint(sizes[sizes.length - 1]);
        return rows;
    }

    private void measure() throws RunnerException, IOException {
        try {
            Class.forName(PEERS, false, getClass().getClassLoader());
        } catch (final ClassNotFoundException missing) {
            throw new IllegalStateException("the peers are not on the class path: use scripts/bench subjects", missing);
        }
        final List<Entrant> entrants =
                IntStream.of(sizes).boxed().flatMap(this::entrants).toList();
        final int rounds = request.quick() ? 1 : ROUNDS;
        for (int round = 0; round < rounds; round++) {
            for (final Entrant entrant : entrants) {
                if (entrant.patterns() < LARGE || round < ROUNDS_OF_LARGE) {
                    forks.computeIfAbsent(entrant, e -> new ArrayList<>()).add(entrant.run(request.quick()));
                }
            }
        }
    }

    /** Slow ones stand last, so that those to be compared follow each other closely. */
    private Stream<Entrant> entrants(final int size) {
        final boolean few = request.quick() && size > SMALL;
        final Stream<Entrant> ours = Stream.of("handle", "cached", "uncached").map(path -> Entrant.ours(path, size));
        final Stream<Entrant> peers = Arrays.stream(Peer.values())
                .filter(peer -> size <= peer.mostPatterns())
                .filter(peer -> !few || peer.mostPatterns() == LARGE && peer.kind() != Peer.Kind.TABLE)
                .map(peer -> Entrant.peer(peer, size));
        final Stream<Entrant> changes = few
                ? Stream.of()
                : Arrays.stream(CHANGED)
                        .flatMap(method -> Stream.of(
                                Entrant.changes(method, 0, size), Entrant.changes(method, Changer.RATE, size)));
        return Stream.of(ours, peers, changes, Stream.of(Entrant.ours("change", size)))
                .flatMap(entrant -> entrant);
    }

    private List<Fork> forks(final Entrant entrant) {
        return forks.getOrDefault(entrant, List.of());
    }

    private @Nullable Double figure(final Entrant entrant) {
        final List<Fork> run = forks(entrant);
        return run.isEmpty() ? null : PipelineFamily.median(run, Fork.Iteration::mean);
    }

    private void path(final String path, final int size, final Peer peer, final double most) {
        final Entrant entrant = Entrant.ours(path, size);
        final Double figure = figure(entrant);
        if (figure != null) {
            final Double base = figure(Entrant.peer(peer, size));
            final String name = path + (base == null ? "" : " / " + peer.title());
            add(name, entrant, base, base == null ? null : base / figure, bound("<= %s ns", most), figure <= most);
            allocation(path, size, forks(entrant));
        }
    }

    private void uncached(final int size) {
        final double least = size > MIDDLE ? Double.NaN : bounds.get("subjects.uncached.leastPeerRatio");
        final Peer best = best(size, Peer.Kind.TOKENS_KEPT);
        besidePeer(best, size, least);
        final Peer alike = best(size, Peer.Kind.PATTERNS);
        if (alike != best) {
            besidePeer(alike, size, Double.NaN);
        }
        allocation("uncached", size, forks(Entrant.ours("uncached", size)));
    }

    private void besidePeer(final @Nullable Peer peer, final int size, final double least) {
        final Entrant entrant = Entrant.ours("uncached", size);
        final Double figure = figure(entrant);
        final Double base = peer == null ? null : figure(Entrant.peer(peer, size));
        if (peer != null && figure != null && base != null) {
            final double ratio = base / figure;
            final boolean holds = Double.isNaN(least) || ratio >= least;
            add("uncached / " + peer.title(), entrant, base, ratio, bound(">= %s x as fast", least), holds);
        }
    }

    /** The fastest that is given patterns, and no more than {@code most} beforehand of subjects. */
    private @Nullable Peer best(final int size, final Peer.Kind most) {
        return Arrays.stream(Peer.values())
                .filter(peer -> peer.kind().compareTo(most) >= 0)
                .filter(peer -> !forks(Entrant.peer(peer, size)).isEmpty())
                .min(Comparator.comparingDouble(
                        peer -> PipelineFamily.median(forks(Entrant.peer(peer, size)), Fork.Iteration::mean)))
                .orElse(null);
    }

    private void peer(final Peer peer, final int size) {
        final Entrant entrant = Entrant.peer(peer, size);
        if (!forks(entrant).isEmpty()) {
            add("peer: " + peer.title(), entrant, null, null, "", true);
        }
    }

    /** The largest size's figure as a multiple of the smallest's; the bound is for a million patterns. */
    private void growth(final String method, final double most) {
        final Double base = figure(Entrant.ours(method, SMALL));
        for (int i = 1; i < sizes.length; i++) {
            final Entrant entrant = Entrant.ours(method, sizes[i]);
            final Double figure = figure(entrant);
            if (figure != null && base != null) {
                final double limit = sizes[i] == LARGE ? most : Double.NaN;
                final double ratio = figure / base;
                final boolean holds = Double.isNaN(limit) || ratio <= limit;
                add(method + ", growth from " + SMALL, entrant, base, ratio, bound("<= %s x base", limit), holds);
            }
        }
    }

    private void underChanges(final String method, final int size) {
        final Entrant entrant = Entrant.changes(method, Changer.RATE, size);
        final Double figure = figure(entrant);
        final Double base = figure(Entrant.changes(method, 0, size));
        if (figure != null && base != null) {
            final double least = bounds.get("subjects.changes.leastThroughputRatio");
            final double ratio = base / figure;
            final String name = method.replaceAll(".*\\.", "") + ", " + Changer.RATE + " changes a second";
            add(name, entrant, base, ratio, bound("throughput >= %s", least), ratio >= least);
        }
    }

    private void footprint(final int size) {
        System.err.printf("bench: bytes, %d patterns%n", size);
        final double bytes = Footprint.bytesPerPattern(size);
        final double most = size == LARGE ? bounds.get("subjects.mostBytesPerPattern") : Double.NaN;
        final boolean holds = Double.isNaN(most) || bytes <= most;
        final String label = size + " patterns";
        rows.add(new Row(
                "bytes a pattern", label, Double.NaN, Double.NaN, bytes, null, null, bound("<= %s B", most), holds));
    }

    private void allocation(final String path, final int size, final List<Fork> run) {
        final double most = bounds.get("subjects.mostBytesPerIteration");
        final double bytes = run.stream().mapToDouble(Fork::bytes).max().orElse(Double.NaN);
        final double nanos = PipelineFamily.median(run, Fork.Iteration::mean);
        final boolean holds = run.stream().allMatch(fork -> fork.bytesInIteration() <= most);
        final String label = size + " patterns, allocation";
        rows.add(new Row(path, label, nanos, 0, bytes, null, null, "0 B/op beside JMH's", holds));
    }

    private void add(
            final String name,
            final Entrant entrant,
            final @Nullable Double base,
            final @Nullable Double ratio,
            final String bound,
            final boolean holds) {
        final List<Fork> run = forks(entrant);
        final double figure = PipelineFamily.median(run, Fork.Iteration::mean);
        final double error = PipelineFamily.spread(run, Fork.Iteration::mean);
        final double bytes = run.stream().mapToDouble(Fork::bytes).max().orElse(Double.NaN);
        final String label = entrant.patterns() + " patterns, " + run.size() + (run.size() == 1 ? " fork" : " forks");
        rows.add(new Row(name, label, figure, error, bytes, base, ratio, bound, holds));
    }

    private static String bound(final String words, final double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, words, value);
    }
}
