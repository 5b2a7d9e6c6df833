package io.ringline.router;

import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.ConsumerPoller;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.stage.PipelineCounter;
import io.ringline.router.stage.PipelineCounters;
import io.ringline.router.subject.Subject;
import io.ringline.router.subject.SubjectHandles;
import java.util.Comparator;
import java.util.List;
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
    private final RouterLifecycle lifecycle;
    private final RouterReports reports;
    private final PipelineCounters counters;
    private final AtomicBoolean publisherTaken = new AtomicBoolean();
    private final SubjectHandles handles;

    private Ringline(final RouterContext context) {
        this.context = context;
        this.pipeline = new RouterPipeline(context);
        this.counters = pipeline.counters();
        this.handles = new SubjectHandles(context.maxSubjectBytes());
        this.reports = new RouterReports(pipeline);
        this.lifecycle = new RouterLifecycle(pipeline, reports);
    }

    /**
     * Checks the settings, sets all memory aside, and starts the threads that the topology asks for.
     *
     * @param context settings; changes after this have no effect.
     * @return the router, running.
     * @throws IllegalArgumentException where a setting is wrong, naming it and its range.
     */
    public static Ringline start(final RouterContext context) {
        final Ringline router = create(context);
        try {
            router.start();
        } catch (final Throwable failure) { // no memory for a thread, say
            router.close();
            throw failure;
        }
        return router;
    }

    /**
     * Checks the settings and sets all memory aside; {@link #start()} starts the threads.
     *
     * @param context settings; changes after this have no effect.
     * @return the router, not yet running.
     * @throws IllegalArgumentException where a setting is wrong, naming it and its range.
     */
    public static Ringline create(final RouterContext context) {
        ContextCheck.conclude(context);
        return new Ringline(context);
    }

    /**
     * A publisher, for one thread at a time.
     *
     * @return the only one under {@link PublisherType#SINGLE}, a new one at each call under {@code MULTI}.
     * @throws IllegalStateException at the second call under {@code SINGLE}.
     */
    public Publisher publisher() {
        if (context.publisherType() == PublisherType.MULTI) {
            return new Publisher(pipeline, context);
        }
        if (publisherTaken.getAndSet(true)) {
            throw new IllegalStateException(
                    "the one publisher of a SINGLE router was taken already: hand it on, or use publisherType MULTI");
        }
        return pipeline.control(); // so that the router's own orders never pass what it has open
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
     * Adds a consumer while events flow. Every event accepted after this has returned is matched with its patterns; of the events
     * in the ring at that moment, for each pattern those from some one on. Never makes the ring wait.
     *
     * @param consumer its settings; changes after this have no effect.
     * @return the consumer, to be polled.
     * @throws IllegalArgumentException where a setting is wrong, or somebody has that name.
     * @throws IllegalStateException    where there are {@link RouterContext#maxConsumers} already, or the router takes nothing in
     *                                  any more.
     */
    public SubjectConsumer add(final ConsumerConfig consumer) {
        return pipeline.comingAndGoing().add(consumer);
    }

    /**
     * Adds a member to a queue group while events flow. It gets aggregates from the other members as they have no unfinished
     * event of them, until each member has about as many as another: an aggregate's order is kept, and none of its events is
     * delivered twice for that. A member that holds aggregates, see {@code OnDeadLetter.HOLD_AGGREGATE}, keeps what it has
     * meanwhile.
     *
     * @param group    the group's name.
     * @param consumer the member's settings, as for {@link #add}; patterns of its own it gets beside the group's.
     * @return the consumer, to be polled.
     * @throws IllegalArgumentException as {@link #add}, or where no group has that name.
     * @throws IllegalStateException    as {@link #add}.
     */
    public SubjectConsumer join(final String group, final ConsumerConfig consumer) {
        return pipeline.comingAndGoing().join(group, consumer);
    }

    /**
     * Ends a consumer without giving anything up: no event accepted after this has returned is matched for it; what was matched
     * before arrives still. Poll it until {@link SubjectConsumer#hasEnded}, or close it. A member of a queue group is closed: what
     * it had not finished goes to the others. Its name is free at once, its place among the consumers when it has ended. Never
     * waits for events; a second call does nothing.
     *
     * @param consumer of this router.
     * @throws IllegalArgumentException where it is none of this router's.
     */
    public void remove(final SubjectConsumer consumer) {
        pipeline.comingAndGoing().remove(consumer);
    }

    /**
     * A consumer by its name.
     *
     * @param name as configured.
     * @return the consumer.
     * @throws IllegalArgumentException where there is none of that name.
     */
    public SubjectConsumer consumer(final String name) {
        return pipeline.consumers().stream()
                .filter(consumer -> consumer.name().equals(name))
                .min(Comparator.comparing(SubjectConsumer::isLeaving)) // its name may be another's already
                .orElseThrow(() -> new IllegalArgumentException("no consumer is named '" + name + "'"));
    }

    /** All consumers, those that leave and have not ended yet included. @return in the order in which they came. */
    public List<SubjectConsumer> consumers() {
        return pipeline.consumers();
    }

    /**
     * One poller for several consumers, visiting only those that have something.
     *
     * @param consumers whom to poll; each may have one poller only.
     * @param handler   called with each event.
     * @return a poller for one thread.
     */
    public ConsumerPoller poller(final List<SubjectConsumer> consumers, final ConsumerHandler handler) {
        return poller(consumers, consumers.stream().map(consumer -> handler).toList());
    }

    /**
     * As the other one, with a handler for each consumer.
     *
     * @param consumers whom to poll; each may have one poller only.
     * @param handlers  one for each, in the same order.
     * @return a poller for one thread.
     */
    public ConsumerPoller poller(final List<SubjectConsumer> consumers, final List<ConsumerHandler> handlers) {
        return new ConsumerPoller(pipeline.dirty(), consumers, handlers);
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
     * published before. From the publisher's thread under {@code SINGLE}, with nothing open on it. Waits for a slot in the
     * ring, or until the router is closed.
     *
     * @throws IllegalStateException under {@code SINGLE}, where the publisher has a claim or a batch open.
     */
    public void releaseHeld() {
        final IdleStrategy idle = context.idleStrategy().create();
        while (failure() == null && !lifecycle.isClosing() && !pipeline.tryReleaseHeld()) {
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
        return reports.statistics();
    }

    /**
     * Where the events are that were accepted. Exact where the router is quiet or closed and no publisher is in the midst of
     * a call; otherwise what is on its way may be counted at two places, or at none.
     *
     * @return a copy.
     */
    public DrainReport report() {
        return reports.report();
    }

    /**
     * Starts the threads that the topology asks for. Does nothing where it has started already, and under
     * {@link Topology#INLINE}. Events may be published before, as many as the ring holds.
     *
     * @throws IllegalStateException where the router is closed.
     */
    public void start() {
        lifecycle.start();
    }

    /**
     * Takes nothing more in, and waits until the ring and all channels are empty. Held events stay held: see
     * {@link #releaseHeld()}. Consumers must be polled meanwhile. Answers at once, with what is left, where nobody will do
     * anything about it: where the router has not been started, is sealed or closed, or it is one of the router's own threads
     * that asks; under {@code INLINE} this runs the stages, and answers as soon as it can get no further.
     *
     * @param timeoutNs longest wait, nanoseconds.
     * @return where the accepted events are, and who is waited for.
     */
    public DrainReport drain(final long timeoutNs) {
        return lifecycle.drain(timeoutNs);
    }

    /**
     * Stops the threads, then closes the journal and the dead letters. What is still in the ring or in channels is not
     * delivered, and what is left in the journal for consumers under {@code REPLAY} is not either: {@link #drain} first. When
     * it returns, none of the router's threads is left; but where one of them calls it (in a call of {@link
     * Publisher#whenRoom}), which cannot wait for itself, the router is closed as soon as that call has returned. A second
     * call does nothing but wait for the first. An event whose publication was under way on another thread may still enter
     * the ring: {@link #report()} counts it.
     */
    @Override
    public void close() {
        lifecycle.close();
    }
}
