package io.ringline.router;

import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.ConsumerPoller;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.stage.PipelineCounter;
import io.ringline.router.stage.PipelineCounters;
import io.ringline.router.subject.Subject;
import io.ringline.router.subject.SubjectHandles;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A running router. Publish through a {@link Publisher}, poll through {@link SubjectConsumer}s, close when done.
 *
 * <p>Methods may be called from any thread unless they say otherwise.
 */
public final class Ringline implements AutoCloseable {
    private final RouterContext context;
    private final RouterPipeline pipeline;
    private final RouterThreads threads;
    private final PipelineCounters counters;
    private final AtomicBoolean publisherTaken = new AtomicBoolean();
    private final SubjectHandles handles;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Ringline(final RouterContext context) {
        this.context = context;
        this.pipeline = new RouterPipeline(context);
        this.counters = pipeline.counters();
        this.handles = new SubjectHandles(context.maxSubjectBytes());
        this.threads = new RouterThreads(pipeline);
    }

    /**
     * Checks the settings, sets all memory aside, and starts the threads that the topology asks for.
     *
     * @param context settings; changes after this have no effect.
     * @return the router, running.
     * @throws IllegalArgumentException where a setting is wrong, naming it and its range.
     */
    public static Ringline start(final RouterContext context) {
        ContextCheck.conclude(context);
        final Ringline router = new Ringline(context);
        router.threads.start();
        return router;
    }

    /**
     * A publisher, for one thread at a time.
     *
     * @return the only one under {@link PublisherType#SINGLE}, a new one at each call under {@code MULTI}.
     * @throws IllegalStateException at the second call under {@code SINGLE}.
     */
    public Publisher publisher() {
        if (context.publisherType() == PublisherType.SINGLE && publisherTaken.getAndSet(true)) {
            throw new IllegalStateException(
                    "the one publisher of a SINGLE router was taken already: hand it on, or use publisherType MULTI");
        }
        return new Publisher(pipeline, context);
    }

    /**
     * A handle for a subject that is published to often: checked, hashed and matched once.
     *
     * @param text literal subject.
     * @return a handle for this router's drafts.
     * @throws IllegalArgumentException where NATS's rules refuse the subject, with the reason.
     */
    public Subject subject(final String text) {
        return handles.resolve(text);
    }

    /**
     * Subscribes a consumer, or a queue group, to one more pattern while events flow. Never waits for the ring and never
     * makes it wait. Every event accepted after this has returned is matched with the pattern; of the events in the ring at
     * that moment, those from some one on.
     *
     * @param name    the consumer's or the group's.
     * @param pattern by nats-server's rules.
     * @return false where it was subscribed to that very pattern already, and nothing changed.
     * @throws IllegalArgumentException where the pattern is invalid, with the reason, or nobody has that name.
     */
    public boolean subscribe(final String name, final String pattern) {
        return pipeline.subscriptions().subscribe(name, pattern);
    }

    /**
     * Takes a subscription back while events flow. No event accepted after this has returned is matched with the pattern;
     * what was matched before still arrives.
     *
     * @param name    the consumer's or the group's.
     * @param pattern as it was subscribed to, byte for byte.
     * @return false where there was no such subscription.
     * @throws IllegalArgumentException where the pattern is invalid, with the reason, or nobody has that name.
     */
    public boolean unsubscribe(final String name, final String pattern) {
        return pipeline.subscriptions().unsubscribe(name, pattern);
    }

    /**
     * A consumer by its name.
     *
     * @param name as configured.
     * @return the consumer.
     * @throws IllegalArgumentException where there is none of that name.
     */
    public SubjectConsumer consumer(final String name) {
        for (final SubjectConsumer consumer : pipeline.consumers()) {
            if (consumer.name().equals(name)) {
                return consumer;
            }
        }
        throw new IllegalArgumentException("no consumer is named '" + name + "'");
    }

    /** All consumers. @return in the order of their configuration. */
    public List<SubjectConsumer> consumers() {
        return List.copyOf(pipeline.consumers());
    }

    /**
     * One poller for several consumers, visiting only those that have something. Make it before events flow.
     *
     * @param consumers whom to poll; each may have one poller only.
     * @param handler   called with each event.
     * @return a poller for one thread.
     */
    public ConsumerPoller poller(final List<SubjectConsumer> consumers, final ConsumerHandler handler) {
        return new ConsumerPoller(
                pipeline.dirty(),
                consumers,
                consumers.stream().map(consumer -> handler).toList());
    }

    /**
     * Under {@link Topology#INLINE}, one turn of all stages on the caller's thread, which must be the publisher's too under
     * {@code SINGLE}. Under the others nothing: their threads do the work.
     *
     * @return how much was done; 0 where there was nothing to do.
     */
    public int doWork() {
        return pipeline.doInlineWork();
    }

    /**
     * Releases all that is held, as if its timeout had passed: for the end of an input. Takes effect after what was
     * published before. From the publisher's thread under {@code SINGLE}. Waits for a slot in the ring.
     */
    public void releaseHeld() {
        final IdleStrategy idle = context.idleStrategy().create();
        while (failure() == null && !closed.get() && !pipeline.tryReleaseHeld()) {
            idle.idle(pipeline.doInlineWork());
        }
    }

    /** The last event that has been offered to all its channels. @return its {@code globalSequence}, or 0. */
    public long fannedOutSequence() {
        return counters.get(PipelineCounter.FANNED_OUT);
    }

    /** Whether all that was published has gone through the stages. @return true where the ring is empty. */
    public boolean isQuiet() {
        return pipeline.inRing() == 0;
    }

    /** Why the router is sealed. @return null where it is not. */
    public @Nullable Throwable failure() {
        return pipeline.state().failure();
    }

    /** The router's totals now. @return a copy. */
    public RouterStatistics statistics() {
        final Map<DeadLetterReason, Long> letters = new EnumMap<>(DeadLetterReason.class);
        for (final DeadLetterReason reason : DeadLetterReason.values()) {
            final long count = pipeline.deadLetters().count(reason);
            if (count > 0) {
                letters.put(reason, count);
            }
        }
        return new RouterStatistics(
                counters.get(PipelineCounter.ACCEPTED),
                counters.get(PipelineCounter.MALFORMED),
                counters.get(PipelineCounter.RELEASED),
                counters.get(PipelineCounter.REORDERED),
                counters.get(PipelineCounter.HELD_NOW),
                counters.get(PipelineCounter.HELD_MAX),
                counters.get(PipelineCounter.DUPLICATES),
                counters.get(PipelineCounter.LATE),
                counters.get(PipelineCounter.GAP_TOO_WIDE),
                counters.get(PipelineCounter.CONFLICTS),
                counters.get(PipelineCounter.GAPS),
                counters.get(PipelineCounter.MISSING),
                counters.get(PipelineCounter.FORCED_BY_TIMEOUT),
                counters.get(PipelineCounter.FORCED_BY_PRESSURE),
                counters.get(PipelineCounter.FORCED_BY_GAP),
                counters.get(PipelineCounter.FORCED_BY_START),
                counters.get(PipelineCounter.TOO_MANY_AGGREGATES),
                counters.get(PipelineCounter.EVICTED),
                counters.get(PipelineCounter.EPOCHS),
                counters.get(PipelineCounter.BASELINES),
                counters.get(PipelineCounter.STARTS_REFUSED),
                counters.get(PipelineCounter.WITHOUT_MEMORY),
                counters.get(PipelineCounter.NO_MATCH),
                counters.get(PipelineCounter.CONSUMERS_SILENT),
                counters.get(PipelineCounter.CONSUMERS_EVICTED),
                Map.copyOf(letters));
    }

    /**
     * Takes nothing more in, and waits until the ring and all channels are empty. Held events stay held: see
     * {@link #releaseHeld()}. Consumers must be polled meanwhile; under {@code INLINE} this runs the stages, and answers as
     * soon as it can get no further.
     *
     * @param timeoutNs longest wait, nanoseconds.
     * @return what was left.
     */
    public DrainReport drain(final long timeoutNs) {
        pipeline.state().stopAccepting();
        final IdleStrategy idle = context.idleStrategy().create();
        final long start = System.nanoTime();
        DrainReport report = report();
        while (!report.complete() && failure() == null && System.nanoTime() - start < timeoutNs) {
            final int work = pipeline.doInlineWork();
            if (work == 0 && context.topology() == Topology.INLINE) {
                return report();
            }
            idle.idle(work);
            report = report();
        }
        return report;
    }

    private DrainReport report() {
        final long inRing = pipeline.inRing();
        long inChannels = 0;
        for (final SubjectConsumer consumer : pipeline.consumers()) {
            inChannels += consumer.lag();
        }
        final long held = counters.get(PipelineCounter.HELD_NOW);
        return new DrainReport(inRing == 0 && inChannels == 0, inRing, held, inChannels);
    }

    /**
     * Stops the threads, then closes the journal and the dead letters. What is still in the ring or in channels is not
     * delivered: {@link #drain} first. May be called again.
     */
    @Override
    public void close() {
        pipeline.state().stopAccepting();
        if (closed.getAndSet(true)) {
            return;
        }
        threads.close();
        closeQuietly(context.journal());
        if (context.deadLetters() instanceof AutoCloseable letters) {
            closeQuietly(letters);
        }
    }

    private void closeQuietly(final @Nullable AutoCloseable resource) {
        if (resource != null) {
            try {
                resource.close();
            } catch (final Exception failure) {
                pipeline.state().seal(failure);
            }
        }
    }
}
