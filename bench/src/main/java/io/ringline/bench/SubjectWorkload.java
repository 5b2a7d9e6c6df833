package io.ringline.bench;

import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectTrie;
import io.ringline.router.subject.Subscriptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Patterns and subjects shaped like the original graph domain. Of the patterns, 70% are literal, 20% hold {@code *} and 10%
 * end in {@code >}; a few of these reach across all graphs, the others stay with one. The number of graphs grows with that of
 * patterns, so that a subject matches from 0 to 8 of them, and as many at every size: {@link #QUOTAS} says how many subjects
 * have how many matches. Subjects are drawn by a Zipf law. Seed 42.
 */
final class SubjectWorkload {
    /** Different subjects. */
    static final int SUBJECTS = 10_000;

    /** Draws in {@link #order}; a power of two. */
    static final int ORDER_LENGTH = 1 << 16;

    /** Consumers, one after the other given a pattern each. */
    static final int CONSUMERS = 256;

    /** Subjects with 0, 1, ... 8 matches. */
    private static final int[] QUOTAS = {1_000, 2_500, 2_500, 1_500, 1_000, 700, 500, 200, 100};

    private static final int PATTERNS_PER_GRAPH = 4;
    private static final long SEED = 42;
    private static final String[] GRAPH = {
        "created", "deleted", "renamed", "tagged", "untagged", "updated", "import_requested", "import_completed"
    };
    private static final String[] NODE = {"added", "removed", "updated", "moved", "content_changed"};
    private static final String[] EDGE = {"connected", "removed", "updated", "reversed"};
    private static final String[] SUBGRAPH = {"created", "removed", "moved", "node_added", "node_removed"};
    private static final String[] WORKFLOW = {
        "created", "step_added", "steps_connected", "validated", "started", "step_completed", "paused", "completed"
    };

    /** Across all graphs: as many in a set of any size. */
    private static final String[] ACROSS = {
        "event.graph.*.node.added",
        "event.graph.*.*.added",
        "event.graph.*.node.>",
        "event.graph.*.node.*",
        "event.graph.*.edge.connected",
        "event.graph.*.subgraph.*.created",
        "event.graph.*.created",
        "event.workflow.*.started",
        "event.*.*.created",
        "event.workflow.*.step_completed"
    };

    /** The patterns; the i-th is consumer {@code i % CONSUMERS}'s. */
    final List<Pattern> patterns = new ArrayList<>();

    /** All subjects' bytes. */
    final UnsafeBuffer subjects;

    /** Where a subject starts. */
    final int[] offsets = new int[SUBJECTS];

    /** How long it is. */
    final int[] lengths = new int[SUBJECTS];

    /** How many consumers it matches. */
    final int[] matches = new int[SUBJECTS];

    /** Subjects in the order they are published in. */
    final int[] order = new int[ORDER_LENGTH];

    private final Random random = new Random(SEED);
    private final int graphs;

    /** A workload. @param size how many patterns. */
    SubjectWorkload(final int size) {
        graphs = size / PATTERNS_PER_GRAPH;
        drawPatterns(size);
        final List<byte[]> drawn = drawSubjects(subscriptions().snapshot());
        int end = 0;
        for (int i = 0; i < SUBJECTS; i++) {
            offsets[i] = end;
            lengths[i] = drawn.get(i).length;
            end += (lengths[i] + 15) & ~7;
        }
        subjects = new UnsafeBuffer(new byte[end + Long.BYTES * 2]);
        for (int i = 0; i < SUBJECTS; i++) {
            subjects.putBytes(offsets[i], drawn.get(i));
        }
        drawOrder();
    }

    /** All patterns, subscribed to. @return new. */
    Subscriptions subscriptions() {
        return subscriptions(CONSUMERS);
    }

    /** The same by another number of consumers. */
    Subscriptions subscriptions(final int consumers) {
        final Subscriptions subscriptions = new Subscriptions();
        for (int i = 0; i < patterns.size(); i++) {
            subscriptions.add(patterns.get(i), i % consumers);
        }
        return subscriptions;
    }

    private void drawPatterns(final int size) {
        final Set<String> texts = new HashSet<>(Arrays.asList(ACROSS));
        final List<String> all = new ArrayList<>(texts);
        while (all.size() < size) {
            final int kind = random.nextInt(10);
            final String text = kind < 7 ? literal() : kind < 9 ? withStar() : withRest();
            if (texts.add(text)) {
                all.add(text);
            }
        }
        for (final String text : all) {
            patterns.add(new Pattern(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private String literal() {
        return switch (random.nextInt(5)) {
            case 0 -> graph() + ".node." + any(NODE);
            case 1 -> graph() + ".edge." + any(EDGE);
            case 2 -> graph() + ".subgraph." + random.nextInt(10) + "." + any(SUBGRAPH);
            case 3 -> graph() + "." + any(GRAPH);
            default -> "event.workflow." + id() + "." + any(WORKFLOW);
        };
    }

    private String withStar() {
        return switch (random.nextInt(5)) {
            case 0 -> graph() + ".node.*";
            case 1 -> graph() + ".*." + any(NODE);
            case 2 -> graph() + ".subgraph.*." + any(SUBGRAPH);
            case 3 -> "event.*." + id() + "." + any(GRAPH);
            default -> "event.workflow." + id() + ".*";
        };
    }

    private String withRest() {
        return switch (random.nextInt(4)) {
            case 0 -> graph() + ".>";
            case 1 -> graph() + ".node.>";
            case 2 -> graph() + ".subgraph." + random.nextInt(10) + ".>";
            default -> "event.workflow." + id() + ".>";
        };
    }

    private String graph() {
        return "event.graph." + id();
    }

    /** Some graphs have many patterns, most have a few. */
    private int id() {
        final double skewed = random.nextDouble();
        return (int) (skewed * skewed * graphs);
    }

    private String any(final String[] names) {
        return names[random.nextInt(names.length)];
    }

    private List<byte[]> drawSubjects(final SubjectTrie trie) {
        final List<byte[]> drawn = new ArrayList<>();
        final Set<String> texts = new HashSet<>();
        final int[] quotas = QUOTAS.clone();
        final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
        final long[] result = new long[CONSUMERS / Long.SIZE];
        for (long tries = 0; drawn.size() < SUBJECTS; tries++) {
            final String text = literal();
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            trie.match(new UnsafeBuffer(bytes), 0, bytes.length, result, scratch);
            final int count = Arrays.stream(result).mapToInt(Long::bitCount).sum();
            // A small set has few subjects with many matches: from some time on they may come again.
            final boolean wanted = count < quotas.length && quotas[count] > 0;
            if (wanted && (texts.add(text) || tries > 500_000)) {
                quotas[count]--;
                matches[drawn.size()] = count;
                drawn.add(bytes);
            }
            if (tries > 50_000_000) {
                throw new IllegalStateException("no subjects for the quotas left: " + Arrays.toString(quotas));
            }
        }
        return drawn;
    }

    private void drawOrder() {
        final double[] upTo = new double[SUBJECTS];
        double sum = 0;
        final int[] rank = random.ints(0, Integer.MAX_VALUE).limit(SUBJECTS).toArray();
        final Integer[] byRank = new Integer[SUBJECTS];
        Arrays.setAll(byRank, i -> i);
        Arrays.sort(byRank, (a, b) -> Integer.compare(rank[a], rank[b]));
        for (int i = 0; i < SUBJECTS; i++) {
            sum += 1.0 / (i + 1);
            upTo[i] = sum;
        }
        for (int i = 0; i < ORDER_LENGTH; i++) {
            final int at = Arrays.binarySearch(upTo, random.nextDouble() * sum);
            order[i] = byRank[Math.min(at >= 0 ? at : -at - 1, SUBJECTS - 1)];
        }
    }
}
