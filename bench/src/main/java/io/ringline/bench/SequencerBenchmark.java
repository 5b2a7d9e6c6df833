package io.ringline.bench;

import io.ringline.sequencer.Ordering;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
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
 * What does an event cost, from its key to its release, when it comes in order, one place too early, before ten others, or
 * twice? Aggregates are drawn at random, and known before. A figure is for each event; all that is released is read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SequencerBenchmark {
    static final int GAP = 10;
    private static final int BATCH = 16;

    /** Who puts them into order; the name of a constant of {@link Orderer.Kind}. */
    @Param({"RINGLINE", "TREE_MAP", "PRIORITY_QUEUE"})
    public String orderer = "RINGLINE";

    /** How many aggregates there are. */
    @Param({"1000", "1000000"})
    public int aggregates = 1_000;

    /** What their keys are; the name of a constant of {@link Orderer.Keys}. */
    @Param({"BYTES", "ID"})
    public String keys = "BYTES";

    /** Which order is kept. */
    @Param({"AGGREGATE", "GLOBAL"})
    public Ordering ordering = Ordering.AGGREGATE;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[Orderer.PAYLOAD_BYTES]);
    private final Consumer consumer = new Consumer();
    private SequencerWorkload workload;
    private Orderer order;
    private long offered;
    private long repeated;

    /** Reads each event, and checks that none is left out. */
    private static final class Consumer implements Orderer.Sink {
        private long read;
        private long sum;
        private boolean astray;

        @Override
        public void onEvent(final long globalSequence, final DirectBuffer bytes, final int offset) {
            astray |= globalSequence != ++read;
            sum += bytes.getLong(offset);
        }
    }

    /** Makes all aggregates known by their first event. */
    @Setup
    public void start() {
        workload = new SequencerWorkload(aggregates);
        order = Orderer.Kind.valueOf(orderer).make(Orderer.Keys.valueOf(keys), ordering, consumer);
        payload.putLong(0, 1);
        for (int i = 0; i < aggregates; i++) {
            offer(workload.keys, i * Orderer.KEY_BYTES, 1);
        }
        System.gc();
    }

    /** All that went in came out, but for what was there twice. */
    @TearDown
    public void check() {
        final boolean complete = consumer.read == offered && consumer.sum == offered;
        final boolean counted = order.held() == 0 && order.duplicates() == repeated && order.tooWide() == 0;
        if (consumer.astray || !complete || !counted) {
            throw new IllegalStateException(orderer + ": of " + offered + " offered, " + repeated + " of them twice, "
                    + consumer.read + " were released, " + order.held() + " are held, " + order.duplicates()
                    + " were found to be duplicates, " + order.tooWide() + " too far ahead");
        }
    }

    /** In order. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long inOrder() {
        lookAhead(BATCH);
        for (int i = 0; i < BATCH; i++) {
            final int at = workload.next();
            offer(workload.draws, at, 2 + workload.drawnBefore());
        }
        return consumer.sum;
    }

    /** Each pair of an aggregate the wrong way round. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long swapped() {
        lookAhead(BATCH / 2);
        for (int i = 0; i < BATCH / 2; i++) {
            final int at = workload.next();
            final long first = 2 + 2 * workload.drawnBefore();
            offer(workload.draws, at, first + 1);
            offer(workload.draws, at, first);
        }
        return consumer.sum;
    }

    /** One that is ten ahead, and then those before it from the last to the first. */
    @Benchmark
    @OperationsPerInvocation(GAP + 1)
    public long backwards() {
        final int at = workload.next();
        final long first = 2 + (GAP + 1) * workload.drawnBefore();
        for (int i = GAP; i >= 0; i--) {
            offer(workload.draws, at, first + i);
        }
        return consumer.sum;
    }

    /** Each event twice. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long duplicate() {
        lookAhead(BATCH / 2);
        for (int i = 0; i < BATCH / 2; i++) {
            final int at = workload.next();
            final long number = 2 + workload.drawnBefore();
            offer(workload.draws, at, number);
            // The source, too, sends it again under its old number.
            order.offer(workload.draws, at, number, offered, payload);
            repeated++;
        }
        return consumer.sum;
    }

    /** A batch's events come out of the ring together: what will be needed for them can be asked for at once. */
    private void lookAhead(final int draws) {
        if (order.looksAhead()) {
            for (int i = 1; i <= draws; i++) {
                order.expect(workload.draws, workload.peek(i));
            }
            order.fetch();
        }
    }

    private void offer(final UnsafeBuffer memory, final int at, final long number) {
        order.offer(memory, at, number, ++offered, payload);
    }
}
