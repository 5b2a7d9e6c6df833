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

/** What do peers take for what {@link SubjectsBenchmark} does, with the same patterns and subjects, drawn in the same order? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SubjectPeersBenchmark {
    /** How many patterns there are. */
    @Param({"1000", "100000", "1000000"})
    public int patterns = 1_000;

    /** Which; the name of a constant of {@link Peer}. */
    @Param("ARTEMIS")
    public String peer = "ARTEMIS";

    private SubjectWorkload workload;
    private PeerMatcher matcher;
    private int at;

    /** Subscribes all, and holds the peer against the naive matcher. */
    @Setup
    public void subscribe() {
        workload = new SubjectWorkload(patterns);
        matcher = Peers.ready(Peer.valueOf(peer), workload);
        System.gc();
    }

    /** A subject's match. */
    @Benchmark
    @OperationsPerInvocation(SubjectsBenchmark.BATCH)
    public long match() {
        long sum = 0;
        for (int i = 0; i < SubjectsBenchmark.BATCH; i++) {
            sum += matcher.match(workload.order[at++ & SubjectWorkload.ORDER_LENGTH - 1]);
        }
        return sum;
    }
}
