package io.ringline.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 * rate there is no such thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SubjectChangesBenchmark {
    /** The promised rate, changes a second. */
    static final int RATE = 10_000;

    private static final double LEAST_SHARE_OF_RATE = 0.95;

    /** How many patterns there are. */
    @Param({"1000", "100000", "1000000"})
    public int patterns = 1_000;

    /** Changes a second; an even number. */
    @Param({"0", "10000"})
    public int changes;

    private SubjectWorkload workload;
    private RinglineMatching matching;
    private Thread changer;
    private volatile boolean running;
    private long startNs;
    private long done;
    private int at;

    /** Subscribes all, and starts to change. */
    @Setup
    public void start() {
        workload = new SubjectWorkload(patterns);
        matching = new RinglineMatching(workload);
        System.gc();
        running = true;
        startNs = System.nanoTime();
        changer = new Thread(this::change, "changer");
        if (changes > 0) {
            changer.start();
        }
    }

    /** Ends it, and checks that there were as many changes as asked for, and that all are undone. */
    @TearDown
    public void stop() throws InterruptedException {
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        running = false;
        changer.join();
        if (done < changes * seconds * LEAST_SHARE_OF_RATE) {
            throw new IllegalStateException(done + " changes in " + seconds + " s: not " + changes + " a second");
        }
        for (int i = 0; i < SubjectWorkload.SUBJECTS; i++) {
            if (matching.countLatest(i) != workload.matches[i]) {
                throw new IllegalStateException("changes have lost matches of " + SubjectText.text(workload, i));
            }
        }
    }

    private void change() {
        final long periodNs = 2 * TimeUnit.SECONDS.toNanos(1) / changes;
        long dueNs = startNs;
        int number = 0;
        while (running) {
            final long leftNs = dueNs - System.nanoTime();
            if (leftNs > 0) {
                LockSupport.parkNanos(leftNs);
            } else if (matching.change(number++ & Integer.MAX_VALUE)) {
                done += 2;
                dueNs += periodNs;
            } else {
                throw new IllegalStateException("a subscription was lost");
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
