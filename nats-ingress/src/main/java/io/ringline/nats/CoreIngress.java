package io.ringline.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.ringline.router.EventDraft;
import io.ringline.router.Publisher;
import io.ringline.router.record.HeaderWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Core NATS into the ring: subjects and headers unchanged, on the one thread of a jnats dispatcher, which is the router's
 * publisher. The aggregate comes from the header {@code Ringline-Aggregate} (its text is the key), else from the router's
 * aggregate rules, else it is the subject; the sequence from {@code Ringline-Sequence}, else the router gives one. A message with
 * {@code Ringline-Start-At} starts its aggregate's numbers there first.
 *
 * <p>While the ring is full the dispatcher waits and jnats queues, up to its pending limits; what it drops beyond these it
 * counts, see {@link #dropped()}. A message that is no event becomes a dead letter; nothing ends the dispatcher.
 */
public final class CoreIngress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoreIngress.class);
    private static final long CLAIM_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Publisher publisher;
    private final int maxPayloadBytes;
    private final Dispatcher dispatcher;
    private final Connection connection;
    private final EventDraft draft = new EventDraft();
    private final HeaderWriter headers = new HeaderWriter();
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
    private long startAt;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /**
     * Subscribes.
     *
     * @param connection      to the server; stays the caller's.
     * @param subjects        NATS patterns.
     * @param publisher       used by the dispatcher's thread only, from now on.
     * @param maxPayloadBytes the router's limit.
     */
    public CoreIngress(
            final Connection connection,
            final List<String> subjects,
            final Publisher publisher,
            final int maxPayloadBytes) {
        this.publisher = publisher;
        this.maxPayloadBytes = maxPayloadBytes;
        this.connection = connection;
        this.dispatcher = connection.createDispatcher(this::onMessage);
        for (final String subject : subjects) {
            dispatcher.subscribe(subject);
        }
    }

    /**
     * Waits until the server has the subscriptions.
     *
     * @param timeout longest wait.
     * @throws TimeoutException     where it does not confirm in time.
     * @throws InterruptedException where the thread is interrupted.
     */
    public void awaitReady(final Duration timeout) throws TimeoutException, InterruptedException {
        connection.flush(timeout);
    }

    private void onMessage(final Message message) {
        received.incrementAndGet();
        try {
            publish(message);
        } catch (final RuntimeException failure) { // the dispatcher goes on with the next message
            refused.incrementAndGet();
            LOG.error("a message on {} could not be taken in", message.getSubject(), failure);
        }
    }

    private void publish(final Message message) {
        final byte[] data = message.getData() == null ? new byte[0] : message.getData();
        final byte[] subject = message.getSubject().getBytes(StandardCharsets.UTF_8);
        draft.reset()
                .subject(new UnsafeBuffer(subject), 0, subject.length)
                .payload(new UnsafeBuffer(data), 0, data.length);
        String problem = readHeaders(message.getHeaders());
        if (problem.isEmpty()) {
            long answer = 0;
            if (startAt > 0) {
                answer = publisher.refusalOf(draft); // a message that is refused must not start its aggregate
                answer = answer == 0 ? start() : answer;
            }
            answer = answer < 0 ? answer : offer();
            if (answer >= 0) {
                published.incrementAndGet();
                return;
            }
            problem = problemOf(answer);
        }
        malformed.incrementAndGet();
        final String reason = "message on " + message.getSubject() + ": " + problem;
        draft.malformed(new UnsafeBuffer(data), 0, Math.min(data.length, maxPayloadBytes), reason);
        if (offer() < 0) {
            refused.incrementAndGet();
        }
    }

    private String readHeaders(final Headers from) {
        startAt = 0;
        if (from == null) {
            return "";
        }
        headers.clear();
        for (final Map.Entry<String, List<String>> header : from.entrySet()) {
            for (final String value : header.getValue()) {
                headers.add(header.getKey(), value);
            }
        }
        draft.headers(headers.buffer(), 0, headers.length());
        final String aggregate = from.getFirst(IngressHeaders.AGGREGATE);
        if (aggregate != null) {
            final byte[] key = aggregate.getBytes(StandardCharsets.UTF_8);
            draft.aggregate(new UnsafeBuffer(key), 0, key.length);
        }
        final long sequence = number(from, IngressHeaders.SEQUENCE);
        startAt = number(from, IngressHeaders.START_AT);
        if (sequence < 0 || startAt < 0) {
            final String name = sequence < 0 ? IngressHeaders.SEQUENCE : IngressHeaders.START_AT;
            return "header " + name + " is '" + from.getFirst(name) + "': give a whole number from 1";
        }
        draft.sequence(sequence);
        return "";
    }

    /** The number in a header; 0 where there is none, below 0 where it is not one from 1. */
    private static long number(final Headers from, final String name) {
        final String text = from.getFirst(name);
        if (text == null) {
            return 0;
        }
        try {
            final long number = Long.parseLong(text.trim());
            return number < 1 ? -1 : number;
        } catch (final NumberFormatException notANumber) {
            return -1;
        }
    }

    private long start() {
        long answer = publisher.tryStartAt(draft, startAt);
        idle.reset();
        while (answer == Publisher.BACK_PRESSURED) {
            idle.idle();
            answer = publisher.tryStartAt(draft, startAt);
        }
        return answer;
    }

    private long offer() {
        long answer = publisher.publish(draft, CLAIM_TIMEOUT_NS);
        while (answer == Publisher.BACK_PRESSURED) {
            answer = publisher.publish(draft, CLAIM_TIMEOUT_NS);
        }
        return answer;
    }

    private static String problemOf(final long answer) {
        if (answer == Publisher.INVALID_SUBJECT) {
            return "the subject is refused by NATS's own rules";
        }
        if (answer == Publisher.PAYLOAD_TOO_LARGE) {
            return "the payload is too large";
        }
        if (answer == Publisher.HEADERS_TOO_LARGE) {
            return "the headers are too large";
        }
        if (answer == Publisher.INVALID_AGGREGATE) {
            return "header " + IngressHeaders.AGGREGATE + " is empty or too long";
        }
        if (answer == Publisher.INVALID_SEQUENCE) {
            return "header " + IngressHeaders.START_AT + " is larger than 2^62";
        }
        return "the router is closed";
    }

    /**
     * Unsubscribes, and waits until all that the server had sent by then is in the ring.
     *
     * @param timeout longest wait.
     * @return whether all is.
     * @throws InterruptedException where the thread is interrupted.
     */
    public boolean drain(final Duration timeout) throws InterruptedException {
        try {
            return dispatcher.drain(timeout).get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (final ExecutionException | TimeoutException failure) {
            LOG.error("the subscriptions could not be drained", failure);
            return false;
        }
    }

    /** Messages that came. Any thread. @return from 0. */
    public long received() {
        return received.get();
    }

    /** Messages that became events. Any thread. @return from 0. */
    public long published() {
        return published.get();
    }

    /** Messages that became dead letters as malformed. Any thread. @return from 0. */
    public long malformed() {
        return malformed.get();
    }

    /** Messages that found the router closed, or failed otherwise. Any thread. @return from 0. */
    public long refused() {
        return refused.get();
    }

    /** Messages that jnats dropped, its pending limits being reached. Any thread. @return from 0. */
    public long dropped() {
        return dispatcher.getDroppedCount();
    }

    @Override
    public void close() {
        if (dispatcher.isActive()) {
            connection.closeDispatcher(dispatcher);
        }
    }
}
