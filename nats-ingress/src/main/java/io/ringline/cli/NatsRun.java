package io.ringline.cli;

import io.nats.client.Connection;
import io.ringline.nats.CoreIngress;
import io.ringline.nats.NatsLink;
import io.ringline.nats.NatsReplayer;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.journal.JournalException;
import io.ringline.router.subject.AggregateRules;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** {@code ringline run --nats}: from a NATS server to lines of JSON, until a signal, which drains. */
final class NatsRun {
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration READY = Duration.ofSeconds(10);

    private final RouterOptions options;
    private final String server;
    private final List<String> subjects;
    private final AggregateRules rules;
    private final String output;
    private final Summary.Format summary;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopping;

    NatsRun(
            final RouterOptions options,
            final String server,
            final List<String> subjects,
            final AggregateRules rules,
            final String output,
            final Summary.Format summary) {
        this.options = options;
        this.server = server;
        this.subjects = subjects;
        this.rules = rules;
        this.output = output;
        this.summary = summary;
    }

    int run() throws IOException, InterruptedException {
        if (options.topology == Topology.INLINE) {
            options.topology = Topology.FUSED; // jnats publishes on a thread of its own
        }
        if (options.subscriptions.isEmpty()) {
            options.subscriptions.add("all=>");
        }
        final RouterContext context = options.context().aggregateRules(rules);
        options.subscribe(context);
        final Thread onSignal = new Thread(this::stop, "ringline-signal");
        final NatsLink link = new NatsLink();
        final Connection connection;
        try {
            connection = link.connect(server);
        } catch (final NatsReplayer.UnreachableException failure) {
            System.err.println("ringline: " + failure.getMessage());
            return RinglineCommand.FILES;
        }
        try (OutputStream out = open()) {
            options.open(context);
            try (Ringline router = Ringline.start(context)) {
                Runtime.getRuntime().addShutdownHook(onSignal);
                route(router, connection, link, context.maxPayloadBytes(), out);
            }
        } finally {
            connection.close();
            finished.countDown();
        }
        return RinglineCommand.OK;
    }

    /** The signal's thread: asks for the end, waits for it, and ends the process as a success. */
    private void stop() {
        stopping = true;
        try {
            if (finished.await(2 * DRAIN.toSeconds(), TimeUnit.SECONDS)) {
                System.err.flush();
                Runtime.getRuntime().halt(RinglineCommand.OK);
            }
        } catch (final InterruptedException forced) {
            Thread.currentThread().interrupt();
        }
    }

    private OutputStream open() throws IOException {
        final OutputStream raw =
                output.equals("-") ? new FileOutputStream(FileDescriptor.out) : new FileOutputStream(output);
        return new QuietPipe(new BufferedOutputStream(raw, 1 << 16));
    }

    private void route(
            final Ringline router,
            final Connection connection,
            final NatsLink link,
            final int maxPayloadBytes,
            final OutputStream out)
            throws IOException, InterruptedException {
        final Deliveries deliveries = new Deliveries(router, out);
        final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000L, TimeUnit.MILLISECONDS.toNanos(1));
        try (CoreIngress ingress = new CoreIngress(connection, subjects, router.publisher(), maxPayloadBytes)) {
            ready(ingress);
            while (!stopping && router.failure() == null) {
                idle.idle(turn(deliveries));
            }
            drain(router, ingress, deliveries, idle);
            out.flush();
            System.err.print(Summary.of(router, summary));
            if (summary == Summary.Format.TEXT) {
                System.err.printf(
                        "NATS: %,d received, %,d published, %,d malformed, %,d refused, %,d dropped by the client (%d"
                                + " slow-consumer warnings)%n",
                        ingress.received(),
                        ingress.published(),
                        ingress.malformed(),
                        ingress.refused(),
                        ingress.dropped(),
                        link.slowConsumers());
            }
        }
        final Throwable failure = router.failure();
        if (failure != null) {
            throw new JournalException("the router stopped: " + failure.getMessage(), failure);
        }
    }

    private void ready(final CoreIngress ingress) throws InterruptedException, IOException {
        try {
            ingress.awaitReady(READY);
        } catch (final TimeoutException failure) {
            throw new IOException(server + " did not confirm the subscriptions in time", failure);
        }
        System.err.println("ready: " + String.join(" ", subjects) + " on " + server);
    }

    private static int turn(final Deliveries deliveries) throws IOException {
        final int work = deliveries.turn();
        if (work == 0) {
            deliveries.flush();
        }
        return work;
    }

    /** No more comes in; what the client has goes into the ring, what is held is released, and all of it out. */
    private static void drain(
            final Ringline router, final CoreIngress ingress, final Deliveries deliveries, final IdleStrategy idle)
            throws IOException, InterruptedException {
        final Thread drainer = new Thread(
                () -> {
                    try {
                        ingress.drain(DRAIN);
                    } catch (final InterruptedException forced) {
                        Thread.currentThread().interrupt();
                    }
                },
                "ringline-drain");
        drainer.start();
        while (drainer.isAlive()) {
            idle.idle(turn(deliveries)); // a full ring must go on emptying
        }
        drainer.join();
        router.releaseHeld();
        final long start = System.nanoTime();
        boolean done = false;
        while (!done && router.failure() == null && System.nanoTime() - start < DRAIN.toNanos()) {
            final boolean quiet = router.isQuiet();
            final int work = turn(deliveries);
            done = quiet && work == 0 && deliveries.isDone();
            idle.idle(work);
        }
    }
}
