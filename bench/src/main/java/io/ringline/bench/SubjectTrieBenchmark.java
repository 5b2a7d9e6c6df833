package io.ringline.bench;

import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectTrie;
import io.ringline.router.subject.Subscriptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does a match cost without a cache, and what a change, with a thousand patterns and with a million? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SubjectTrieBenchmark {
    /** How many patterns there are. */
    @Param({"1000", "100000", "1000000"})
    public int patterns = 1_000;

    private Subscriptions subscriptions = new Subscriptions();
    private SubjectTrie trie = subscriptions.snapshot();
    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
    private List<Pattern> wanted = List.of();
    private UnsafeBuffer subjects = new UnsafeBuffer(0, 0);
    private int[] order = {};
    private int[] offsets = {};
    private int[] lengths = {};
    private long[] result = {};
    private int at;

    /** Subscribes all. */
    @Setup
    public void subscribe() {
        final SubjectWorkload workload = new SubjectWorkload(patterns);
        wanted = workload.patterns;
        subjects = workload.subjects;
        order = workload.order;
        offsets = workload.offsets;
        lengths = workload.lengths;
        System.gc();
        final long before = usedBytes();
        subscriptions = workload.subscriptions();
        System.gc();
        trie = subscriptions.snapshot();
        result = new long[trie.words()];
        long matches = 0;
        for (final int subject : order) {
            matches += workload.matches[subject];
        }
        System.out.printf(
                "%.2f matches a subject, %.0f bytes a pattern%n",
                matches / (double) order.length, (usedBytes() - before) / (double) patterns);
    }

    private static long usedBytes() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A subject's match, by its bytes. */
    @Benchmark
    public long match() {
        final int subject = order[at++ & SubjectWorkload.ORDER_LENGTH - 1];
        trie.match(subjects, offsets[subject], lengths[subject], result, scratch);
        return result[0];
    }

    /** A pattern removed and added again: two changes. */
    @Benchmark
    public boolean change() {
        final int pattern = (int) (at++ * 7_919L % patterns);
        final int consumer = pattern % SubjectWorkload.CONSUMERS;
        return subscriptions.remove(wanted.get(pattern), consumer) && subscriptions.add(wanted.get(pattern), consumer);
    }
}
