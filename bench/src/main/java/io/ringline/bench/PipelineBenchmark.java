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
import io.ringline.router.subject.Subject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does an event cost from {@code tryPublish} to the consumer's handler, all stages on, beside the hand-written minimum?
 * {@code INLINE} (and its base) on one thread; {@code FUSED} (and its base) with the stages on a thread of their own and
 * the benchmark's thread publishing and polling. {@code stream} keeps batches of 16 going, {@code one} has a single event
 * under way. Each method answers with a sum over all that was read, and fails where something is missing.
 */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PipelineBenchmark {
    static final int BATCH = 16;

    /** Which pipeline: ringline or the hand-written base. */
    @Param({"base", "ringline"})
    public String pipeline = "base";

    /** How many threads carry the event: one (INLINE) or two (FUSED). */
    @Param({"1", "2"})
    public int threads = 1;

    /** How the publisher names the subject: as bytes or by a handle. */
    @Param({"bytes", "handle"})
    public String by = "bytes";

    private Driver driver = new Driver();

    /** Starts the pipeline, and probes where the cores are. */
    @Setup(Level.Trial)
    public void start() {
        PlacementProbe.report("before");
        driver = pipeline.equals("base")
                ? new HandWrittenDriver(threads == 2, by.equals("handle"))
                : new RinglineDriver(threads == 2, by.equals("handle"));
    }

    /** Stops the pipeline, probes again, and checks that all that went in came out. */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        driver.finish();
        PlacementProbe.report("after");
    }

    /** Events in batches. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OperationsPerInvocation(BATCH)
    public long stream() {
        for (int i = 0; i < BATCH; i++) {
            while (!driver.publish()) {
                driver.turn();
            }
        }
        driver.turn();
        return driver.sum;
    }

    /** Events in batches, each published in one go; the base has no such way, and publishes one by one. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OperationsPerInvocation(BATCH)
    public long streamBatched() {
        int left = BATCH;
        while (left > 0) {
            final int taken = driver.publishBatch(left);
            left -= taken;
            if (taken == 0) {
                driver.turn();
            }
        }
        driver.turn();
        return driver.sum;
    }

    /** One event at a time, from publish until both consumers have read it. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public long one() {
        final long wanted = driver.read + Workload.MATCHES;
        while (!driver.publish()) {
            driver.turn();
        }
        while (driver.read < wanted) {
            driver.turn();
        }
        return driver.sum;
    }

    /** What both pipelines have in common: order of subjects, what was published, what was read. */
    static class Driver {
        final Workload workload = new Workload();
        long published;
        long read;
        long sum;
        int at;

        boolean publish() {
            return false;
        }

        /** Publishes as many as there is room for; answers with how many. */
        int publishBatch(final int most) {
            return publish() ? 1 : 0;
        }

        void turn() {
            // nothing to drive
        }

        void close() throws Exception {
            // nothing to close
        }

        final int next() {
            final int subject = workload.order[at];
            at = at + 1 & Workload.ORDER_LENGTH - 1;
            published++;
            return subject;
        }

        final void finish() throws Exception {
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (read < published * Workload.MATCHES && System.nanoTime() < deadline) {
                turn();
            }
            close();
            if (read != published * Workload.MATCHES) {
                throw new IllegalStateException("published " + published + " events, read " + read);
            }
        }
    }

    private static final class HandWrittenDriver extends Driver {
        private final HandWrittenPipeline pipeline;
        private final boolean twoThreads;
        private final boolean byHandle;
        private final MessageHandler reader = this::onMessage;

        HandWrittenDriver(final boolean twoThreads, final boolean byHandle) {
            this.twoThreads = twoThreads;
            this.byHandle = byHandle;
            this.pipeline = new HandWrittenPipeline(workload, twoThreads);
        }

        @Override
        boolean publish() {
            final int subject = workload.order[at];
            final boolean taken = byHandle
                    ? pipeline.tryPublish(subject, workload.subjectBuffers[subject], workload.payload)
                    : pipeline.tryPublish(workload.subjectBuffers[subject], workload.payload);
            if (taken) {
                next();
            }
            return taken;
        }

        @Override
        void turn() {
            if (!twoThreads) {
                pipeline.doWork();
            }
            pipeline.poll(reader, BATCH);
        }

        private void onMessage(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
            read++;
            sum += buffer.getLong(index + 16) + buffer.getLong(index + length - 8);
        }

        @Override
        void close() throws Exception {
            pipeline.close();
        }
    }

    private static final class RinglineDriver extends Driver {
        private final Ringline router;
        private final Publisher publisher;
        private final ConsumerPoller poller;
        private final Subject[] handles = new Subject[Workload.SUBJECTS];
        private final boolean twoThreads;
        private final boolean byHandle;

        RinglineDriver(final boolean twoThreads, final boolean byHandle) {
            this.twoThreads = twoThreads;
            this.byHandle = byHandle;
            final RouterContext context = new RouterContext()
                    .topology(twoThreads ? Topology.FUSED : Topology.INLINE)
                    .idleStrategy(IdleStrategyFactory.BUSY_SPIN)
                    .ringSize(1_024)
                    .slotBytes(256)
                    .maxHeadersBytes(0)
                    .maxSubjectBytes(256)
                    .maxPayloadBytes(1_024);
            for (int i = 0; i < Workload.PATTERNS; i++) {
                context.addConsumer(new ConsumerConfig("c" + i)
                        .patterns(workload.patterns[i])
                        .channelCapacityBytes(1 << 13));
            }
            router = Ringline.start(context);
            publisher = router.publisher();
            poller = router.poller(router.consumers(), this::onEvent);
            for (int i = 0; i < handles.length; i++) {
                handles[i] = router.subject(new String(workload.subjects[i], StandardCharsets.US_ASCII));
            }
        }

        @Override
        boolean publish() {
            final int subject = workload.order[at];
            final UnsafeBuffer name = workload.subjectBuffers[subject];
            final long answer = byHandle
                    ? publisher.tryPublish(handles[subject], workload.payload, 0, Workload.PAYLOAD_BYTES)
                    : publisher.tryPublish(name, 0, name.capacity(), workload.payload, 0, Workload.PAYLOAD_BYTES);
            if (answer < 0) {
                return false;
            }
            next();
            return true;
        }

        @Override
        int publishBatch(final int most) {
            final int room = publisher.tryOpenBatch(most);
            if (room < 0) {
                return 0;
            }
            for (int i = 0; i < room; i++) {
                if (!publish()) {
                    throw new IllegalStateException("no room in a batch of " + room + " after " + i);
                }
            }
            publisher.closeBatch();
            return room;
        }

        @Override
        void turn() {
            if (!twoThreads) {
                router.doWork();
            }
            poller.poll(BATCH);
        }

        private Outcome onEvent(final Event event) {
            read++;
            sum += event.globalSequence() + event.buffer().getLong(event.offset() + event.length() - 8);
            return Outcome.ACK;
        }

        @Override
        void close() {
            router.close();
        }
    }
}
