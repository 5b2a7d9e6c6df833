package io.ringline.bench;

import io.ringline.router.subject.SubjectTrie;
import io.ringline.router.subject.Subscriptions;
import java.util.concurrent.TimeUnit;
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
    private static final long[] NO_RESULT = {};

    /** How many patterns there are. */
    @Param({"1000", "100000", "1000000"})
    public int patterns = 1_000;

    private SubjectWorkload workload;
    private Subscriptions subscriptions = new Subscriptions();
    private SubjectTrie trie = subscriptions.snapshot();
    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
    private long[] result = NO_RESULT;
    private int at;

    /** Subscribes all. */
    @Setup
    public void subscribe() {
        workload = new SubjectWorkload(patterns);
        subscriptions = workload.subscriptions();
        trie = subscriptions.snapshot();
        result = new long[trie.words()];
        long matches = 0;
        for (final int subject : workload.order) {
            matches += workload.matches[subject];
        }
        System.out.printf("%.2f matches a subject%n", matches / (double) workload.order.length);
        System.gc();
    }

    /** A subject's match, by its bytes. */
    @Benchmark
    public long match() {
        final int subject = workload.order[at++ & SubjectWorkload.ORDER_LENGTH - 1];
        trie.match(workload.subjects, workload.offsets[subject], workload.lengths[subject], result, scratch);
        return result[0];
    }

    /** A pattern removed and added again: two changes. */
    @Benchmark
    public boolean change() {
        final int pattern = (int) (at++ * 7_919L % patterns);
        final int consumer = pattern % SubjectWorkload.CONSUMERS;
        return subscriptions.remove(workload.patterns.get(pattern), consumer)
                && subscriptions.add(workload.patterns.get(pattern), consumer);
    }
}
