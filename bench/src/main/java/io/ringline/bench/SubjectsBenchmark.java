package io.ringline.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does Ringline take from a subject to the set of its consumers, by each path, and what does a change of subscriptions
 * take? In batches, as a stage sees them. The peers' side is {@code SubjectPeersBenchmark}, among the tests.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SubjectsBenchmark {
    static final int BATCH = 16;

    /** How many patterns there are. */
    @Param({"1000", "100000", "1000000"})
    public int patterns = 1_000;

    private SubjectWorkload workload;
    private RinglineMatching matching;
    private int at;

    /** Subscribes all, and checks each path against the naive matcher. */
    @Setup
    public void subscribe() {
        workload = new SubjectWorkload(patterns);
        matching = new RinglineMatching(workload);
        final NaiveMatches naive = new NaiveMatches(workload);
        for (final RinglineMatching.Path path : RinglineMatching.Path.values()) {
            naive.check(path.name(), true, subject -> matching.count(path, subject));
        }
        System.gc();
    }

    /** All subjects still have the matches that they had. */
    @TearDown
    public void check() {
        for (final RinglineMatching.Path path : RinglineMatching.Path.values()) {
            for (int i = 0; i < SubjectWorkload.SUBJECTS; i++) {
                if (matching.count(path, i) != workload.matches[i]) {
                    throw new IllegalStateException(path + " has lost matches of " + SubjectText.text(workload, i));
                }
            }
        }
    }

    /** A handle to its match words. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long handle() {
        long sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += matching.handle(next());
        }
        return sum;
    }

    /** Bytes to match words, for a subject seen before. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long cached() {
        long sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += matching.cached(next());
        }
        return sum;
    }

    /** Bytes to match words, as for a subject never seen. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long uncached() {
        long sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += matching.uncached(next());
        }
        return sum;
    }

    /** One change: every other is a subscription, the rest take one back. */
    @Benchmark
    @OperationsPerInvocation(2)
    public boolean change() {
        return matching.change(at++ & Integer.MAX_VALUE);
    }

    private int next() {
        return workload.order[at++ & SubjectWorkload.ORDER_LENGTH - 1];
    }
}
