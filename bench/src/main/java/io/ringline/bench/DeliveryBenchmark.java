package io.ringline.bench;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.EventDraft;
import io.ringline.router.Publisher;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.Event;
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
 * What does an event cost from {@code tryPublish} to its acknowledgement where the handler fails now and then, or acknowledges
 * later? All on one thread ({@code INLINE}), 10,000 aggregates with an id each, one after the other. Under {@code PARK} a
 * failing event, and what follows it in its aggregate, waits while all others go on. The handler checks that no aggregate is
 * out of order.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DeliveryBenchmark {
    /** After how many more events one that is deferred is acknowledged. */
    static final int DEFERRED_FOR = 64;

    private static final int BATCH = 16;
    private static final int AGGREGATES = 10_000;
    private static final int PAYLOAD_BYTES = 64;
    private static final int FIRST_TRY = 1; // where it defers nothing fails
    private static final int PER_CENT = 100;

    /** At five million events a second 500 fail in the 10 ms that the first of them waits, and five of its aggregate follow each. */
    private static final int PARKED_EVENTS = 16_384;

    private static final int PARKED_BYTES = 4 << 20;

    /** More than may be deferred at a time. A power of two. */
    private static final int PENDING = 4_096;

    private static final long PATIENCE_S = 30;

    /** How many of a hundred calls of the handler fail, at random. */
    @Param({"0", "1"})
    public int failures;

    /** What the handler answers otherwise. */
    @Param({"ACK", "DEFER"})
    public Outcome answer = Outcome.ACK;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_BYTES]);
    private final EventDraft draft = new EventDraft();
    private final long[] last = new long[AGGREGATES];
    private final long[] pending = new long[PENDING];
    private final ConsumerHandler handler = this::onEvent;
    private Ringline router;
    private Publisher publisher;
    private SubjectConsumer consumer;
    private long random = 42;
    private long published;
    private long answered;
    private long acknowledged; // of those that were deferred
    private long sum;
    private boolean astray;

    /** Starts the router. */
    @Setup
    public void start() {
        router = Ringline.start(new RouterContext()
                .topology(Topology.INLINE)
                .ringSize(1_024)
                .slotBytes(256)
                .maxHeadersBytes(0)
                .maxSubjectBytes(256)
                .maxPayloadBytes(1_024)
                .addConsumer(new ConsumerConfig("all").patterns(">").parking(PARKED_EVENTS, PARKED_BYTES)));
        publisher = router.publisher();
        consumer = router.consumer("all");
        draft.subject(router.subject("event.graph.7.node.added")).payload(payload, 0, PAYLOAD_BYTES);
    }

    /** All that went in came out, in order within each aggregate. */
    @TearDown
    public void stop() {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (consumer.delivered() + consumer.deadLettered() < published && System.nanoTime() < deadline) {
            turn();
            acknowledge(0);
        }
        final long delivered = consumer.delivered();
        final long gone = consumer.deadLettered();
        router.close();
        if (delivered + gone != published || delivered != answered || astray) {
            throw new IllegalStateException("of " + published + " events " + answered + " were handled, " + delivered
                    + " acknowledged, " + gone + " became dead letters"
                    + (astray ? ", and an aggregate came out of order" : ""));
        }
    }

    /** Events in batches; what is parked comes along when its time has come. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long stream() {
        for (int i = 0; i < BATCH; i++) {
            draft.aggregateId(published % AGGREGATES);
            while (publisher.tryPublish(draft) < 0) {
                turn();
            }
            published++;
        }
        turn();
        return sum;
    }

    private void turn() {
        router.doWork();
        consumer.poll(handler, 2 * BATCH);
    }

    private Outcome onEvent(final Event event) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        if ((random >>> 32) % PER_CENT < failures) {
            return Outcome.RETRY;
        }
        final int aggregate = (int) event.aggregateId();
        final long number = event.aggregateSequence();
        astray |= number <= last[aggregate];
        last[aggregate] = number;
        sum += event.buffer().getLong(event.payloadOffset());
        pending[(int) answered++ & PENDING - 1] = event.globalSequence();
        if (answer == Outcome.DEFER) {
            acknowledge(DEFERRED_FOR);
        }
        return answer;
    }

    /** Acknowledges what was deferred, but for the last ones, where there is room for that. */
    private void acknowledge(final int butFor) {
        while (answer == Outcome.DEFER
                && answered - acknowledged > butFor
                && consumer.acknowledge(pending[(int) acknowledged & PENDING - 1], FIRST_TRY, Outcome.ACK)) {
            acknowledged++;
        }
    }
}
