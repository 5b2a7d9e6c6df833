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
 * How much of its throughput does matching keep while another thread subscribes and unsubscribes at an even rate? Without a
 * rate there is no such thread. Matching alone, so the harder of two; {@link RoutingChangesBenchmark} has all of a router.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SubjectChangesBenchmark {
    /** How many patterns there are. */
    @Param({"1000", "100000", "1000000"})
    public int patterns = 1_000;

    /** Changes a second; an even number. */
    @Param({"0", "10000"})
    public int changes;

    private SubjectWorkload workload;
    private RinglineMatching matching;
    private Changer changer;
    private int at;

    /** Subscribes all, and starts to change. */
    @Setup
    public void start() {
        workload = new SubjectWorkload(patterns);
        matching = new RinglineMatching(workload);
        System.gc();
        changer = new Changer(changes, matching::change);
        changer.start();
    }

    /** Ends it, and checks that there were as many changes as asked for, and that all are undone. */
    @TearDown
    public void stop() throws InterruptedException {
        changer.stop();
        for (int i = 0; i < SubjectWorkload.SUBJECTS; i++) {
            if (matching.countLatest(i) != workload.matches[i]) {
                throw new IllegalStateException("changes have lost matches of " + SubjectText.text(workload, i));
            }
        }
    }

    /** A subject's match by the newest subscriptions. */
    @Benchmark
    @OperationsPerInvocation(SubjectsBenchmark.BATCH)
    public long match() {
        long sum = 0;
        for (int i = 0; i < SubjectsBenchmark.BATCH; i++) {
            sum += matching.latest(workload.order[at++ & SubjectWorkload.ORDER_LENGTH - 1]);
        }
        return sum;
    }
}
