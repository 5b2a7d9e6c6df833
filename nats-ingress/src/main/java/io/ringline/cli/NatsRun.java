package io.ringline.cli;

import io.nats.client.Connection;
import io.ringline.nats.CoreIngress;
import io.ringline.nats.NatsLink;
import io.ringline.nats.NatsReplayer;
import io.ringline.router.ConsumerConfig;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.subject.AggregateRules;
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

    private final RouterSettings settings;
    private final String server;
    private final List<String> subjects;
    private final AggregateRules rules;
    private final Streams streams;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000L, TimeUnit.MILLISECONDS.toNanos(1));
    private volatile boolean stopping;
    private volatile int status = ExitStatus.CANNOT_WRITE;

    NatsRun(
            final RouterSettings settings,
            final String server,
            final List<String> subjects,
            final AggregateRules rules,
            final Streams streams) {
        this.settings = settings;
        this.server = server;
        this.subjects = subjects;
        this.rules = rules;
        this.streams = streams;
    }

    int run() throws IOException, InterruptedException {
        final RouterContext context = settings.context().aggregateRules(rules);
        if (settings.topology() == Topology.INLINE) {
            context.topology(Topology.FUSED); // jnats publishes on a thread of its own
        }
        if (settings.subscriptions().isEmpty()) {
            context.addConsumer(new ConsumerConfig("all").patterns(">"));
        }
        final Thread onSignal = new Thread(this::stop, "ringline-signal");
        final NatsLink link = new NatsLink();
        final Connection connection = connect(link);
        final OutputStream out = settings.openOutput(streams.out());
        try (Ringline router = settings.start(context)) {
            Runtime.getRuntime().addShutdownHook(onSignal);
            route(router, connection, link, context.maxPayloadBytes(), new LineOutput(out));
            status = ExitStatus.OK;
        } catch (final CommandFailure failure) {
            status = failure.status();
            if (!stopping) {
                throw failure;
            }
            streams.err().println("ringline: " + failure.getMessage()); // the signal's thread ends the process
        } finally {
            settings.closeOutput(out);
            connection.close();
            finished.countDown();
        }
        return status;
    }

    private Connection connect(final NatsLink link) throws InterruptedException {
        try {
            return link.connect(server);
        } catch (final NatsReplayer.UnreachableException failure) {
            throw new CommandFailure(ExitStatus.CANNOT_WRITE, String.valueOf(failure.getMessage()), failure);
        }
    }

    /** The signal's thread: asks for the end, waits for it, and ends the process as it went: a signal is no failure. */
    private void stop() {
        stopping = true;
        try {
            if (finished.await(2 * DRAIN.toSeconds(), TimeUnit.SECONDS)) {
                streams.err().flush();
                Runtime.getRuntime().halt(status);
            }
        } catch (final InterruptedException forced) {
            Thread.currentThread().interrupt();
        }
    }

    private void route(
            final Ringline router,
            final Connection connection,
            final NatsLink link,
            final int maxPayloadBytes,
            final LineOutput out)
            throws IOException, InterruptedException {
        final OrderedDeliveries deliveries = new OrderedDeliveries(router, out);
        try (CoreIngress ingress = new CoreIngress(connection, subjects, router.publisher(), maxPayloadBytes)) {
            ready(ingress);
            while (!stopping && router.failure() == null && !deliveries.isGone()) {
                idle.idle(turn(deliveries));
            }
            drain(router, ingress, deliveries);
            deliveries.flush();
            router.close(); // the last batch may fail here, so look only afterwards
            new RouterSummary(router).print(settings.summary(), streams.err());
            if (settings.summary() == RouterSettings.Summary.TEXT) {
                streams.err()
                        .printf(
                                "NATS: %,d received, %,d published, %,d malformed, %,d refused, %,d dropped by the client"
                                        + " (%d slow-consumer warnings)%n",
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
            throw settings.failed(failure);
        }
    }

    private void ready(final CoreIngress ingress) throws InterruptedException, IOException {
        try {
            ingress.awaitReady(READY);
        } catch (final TimeoutException failure) {
            throw new CommandFailure(
                    ExitStatus.CANNOT_WRITE, server + " did not confirm the subscriptions in time", failure);
        }
        streams.err().println("ready: " + String.join(" ", subjects) + " on " + server);
    }

    private static int turn(final OrderedDeliveries deliveries) {
        final int work = deliveries.poll();
        if (work == 0) {
            deliveries.flush();
        }
        return work;
    }

    /** No more comes in; what the client has goes into the ring, what is held is released, and all of it out. */
    private void drain(final Ringline router, final CoreIngress ingress, final OrderedDeliveries deliveries)
            throws InterruptedException {
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
        // With the ring empty the order to release finds a slot at once: nobody would poll while it waits for one.
        runUntilQuiet(router, deliveries);
        if (!deliveries.isGone()) {
            router.releaseHeld();
            runUntilQuiet(router, deliveries);
        }
    }

    private void runUntilQuiet(final Ringline router, final OrderedDeliveries deliveries) {
        final long start = System.nanoTime();
        boolean done = false;
        while (!done && router.failure() == null && System.nanoTime() - start < DRAIN.toNanos()) {
            final boolean quiet = router.isQuiet();
            final int work = turn(deliveries);
            done = quiet && work == 0 && deliveries.isEmpty();
            idle.idle(work);
        }
    }
}
