package io.ringline.bench;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.IdleStrategyFactory;
import io.ringline.router.Publisher;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.consumer.ConsumerPoller;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.record.Event;
import io.ringline.router.subject.SubjectTrie;
import io.ringline.router.subject.Subscriptions;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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
 * How much of its throughput does a router keep while another thread subscribes and unsubscribes at an even rate? From
 * {@code tryPublish}, by bytes, to the consumers' handler, {@code INLINE}: the thread that is measured does all of it. Matching
 * alone is {@link SubjectChangesBenchmark}'s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoutingChangesBenchmark {
    static final int BATCH = 16;

    /** Consumers, one after the other given a pattern each. */
    private static final int CONSUMERS = 16;

    private static final int CHANNEL_BYTES = 1 << 15;
    private static final int POLL_LIMIT = 1_024;

    /** How many patterns there are. */
    @Param({"1000", "100000", "1000000"})
    public int patterns = 1_000;

    /** Changes a second; an even number. */
    @Param({"0", "10000"})
    public int changes;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[32]);
    private SubjectWorkload workload;
    private Ringline router;
    private Publisher publisher;
    private ConsumerPoller poller;
    private Changer changer;
    private int at;
    private long read;
    private long sum;

    /** Starts the router, subscribes all, and starts to change. */
    @Setup
    public void start() {
        workload = new SubjectWorkload(patterns);
        final RouterContext context = new RouterContext()
                .topology(Topology.INLINE)
                .idleStrategy(IdleStrategyFactory.BUSY_SPIN)
                .ringSize(1_024)
                .slotBytes(256)
                .maxHeadersBytes(0)
                .maxSubjectBytes(256)
                .maxPayloadBytes(1_024);
        for (int i = 0; i < CONSUMERS; i++) {
            context.addConsumer(new ConsumerConfig(name(i)).channelCapacityBytes(CHANNEL_BYTES));
        }
        router = Ringline.start(context);
        for (int i = 0; i < workload.patterns.size(); i++) {
            router.subscribe(name(i), text(i));
        }
        publisher = router.publisher();
        poller = router.poller(router.consumers(), this::onEvent);
        System.gc();
        changer = new Changer(changes, this::change);
        changer.start();
    }

    private static String name(final int pattern) {
        return "c" + pattern % CONSUMERS;
    }

    private String text(final int pattern) {
        return new String(workload.patterns.get(pattern).bytes(), StandardCharsets.UTF_8);
    }

    private boolean change(final int number) {
        final int changed = (int) (number * 7_919L % workload.patterns.size());
        return router.unsubscribe(name(changed), text(changed)) && router.subscribe(name(changed), text(changed));
    }

    private Outcome onEvent(final Event event) {
        read++;
        sum += event.globalSequence() + event.buffer().getLong(event.offset() + event.length() - 8);
        return Outcome.ACK;
    }

    /** Ends it, and checks that there were as many changes as asked for, and that each subject goes where it went before. */
    @TearDown
    public void stop() throws InterruptedException {
        changer.stop();
        while (poller.poll(POLL_LIMIT) + router.doWork() > 0) {
            Thread.onSpinWait();
        }
        final Subscriptions wanted = workload.subscriptions(CONSUMERS);
        final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
        final long[] result = new long[1];
        for (int i = 0; i < SubjectWorkload.SUBJECTS; i++) {
            wanted.snapshot().match(workload.subjects, workload.offsets[i], workload.lengths[i], result, scratch);
            final long before = read;
            publish(i);
            turn();
            if (read - before != Long.bitCount(result[0])) {
                throw new IllegalStateException(SubjectText.text(workload, i) + " went to " + (read - before)
                        + " consumers, not " + Long.bitCount(result[0]));
            }
        }
        router.close();
    }

    private void publish(final int subject) {
        final int offset = workload.offsets[subject];
        final int length = workload.lengths[subject];
        while (publisher.tryPublish(workload.subjects, offset, length, payload, 0, payload.capacity()) < 0) {
            turn();
        }
    }

    private void turn() {
        router.doWork();
        poller.poll(POLL_LIMIT);
    }

    /** An event, routed to all that want it by the newest subscriptions. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long route() {
        for (int i = 0; i < BATCH; i++) {
            publish(workload.order[at++ & SubjectWorkload.ORDER_LENGTH - 1]);
        }
        turn();
        return sum;
    }
}
