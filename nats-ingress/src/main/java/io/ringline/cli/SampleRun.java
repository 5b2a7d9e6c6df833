package io.ringline.cli;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.RouterStatistics;
import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.OffsetEpochNanoClock;

/**
 * {@code ringline run} without a server: the shipped sample, three consumers, one of them failing on purpose. The consumer
 * {@code billing} asks for a retry at the first sight of every 100th departure of an airport, and fails each time at every
 * 500th, which so becomes a dead letter.
 */
final class SampleRun {
    private static final String SAMPLE = "flights.jsonl";
    private static final int EVENTS = 20_000;
    private static final int FAILS_ONCE = 100;
    private static final int FAILS_ALWAYS = 500;

    private final RouterSettings settings;
    private final Streams streams;
    private final PrintStream out;
    private final OffsetEpochNanoClock clock = new OffsetEpochNanoClock();
    private final Histogram latency = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
    private final Set<Long> failedOnce = new HashSet<>();

    SampleRun(final RouterSettings settings, final Streams streams) {
        this.settings = settings;
        this.streams = streams;
        this.out = new PrintStream(streams.out(), true, StandardCharsets.UTF_8);
    }

    /** Polls the three consumers, and shows how far the run has come. */
    private final class Handlers implements Consumers {
        private final Ringline router;
        private final List<ConsumerHandler> handlers =
                List.of(SampleRun.this::onDelivery, SampleRun.this::onDelivery, SampleRun.this::onBilling);
        private final Progress progress = new Progress(EVENTS, streams.err());

        Handlers(final Ringline router) {
            this.router = router;
        }

        @Override
        public int poll() {
            int work = 0;
            for (final SubjectConsumer consumer : router.consumers()) {
                work += consumer.poll(handlers.get(consumer.index()), 64);
            }
            progress.at(router.consumers().get(0).lastGlobalSequence());
            return work;
        }

        @Override
        public void flush() {
            // handlers keep nothing back
        }

        @Override
        public boolean isEmpty() {
            return router.consumers().stream().allMatch(SubjectConsumer::isEmpty);
        }

        @Override
        public boolean isGone() {
            return false;
        }
    }

    int run() throws IOException {
        final RouterContext context = settings.context()
                .clock(clock)
                .addConsumer(new ConsumerConfig("board").patterns("event.airport.*.flight.departed"))
                .addConsumer(new ConsumerConfig("west")
                        .patterns("event.airport.LAX.>", "event.airport.SFO.>", "event.airport.SEA.>"))
                .addConsumer(new ConsumerConfig("billing")
                        .patterns("event.>")
                        .retryBackoffNs(TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(4)));
        final long start = System.nanoTime();
        final Ringline router = settings.start(context);
        try (router;
                InputStream in = SampleRun.class.getResourceAsStream(SAMPLE)) {
            if (in == null) {
                throw new IOException("the sample " + SAMPLE + " is missing from this build");
            }
            final Handlers handlers = new Handlers(router);
            new RouteLoop(router, settings.ordering(), handlers, streams.err()).run(new InputBlocks(in));
            handlers.progress.done();
        }
        final Throwable failure = router.failure(); // only now: the last batch may have failed when closing
        if (failure != null) {
            throw settings.failed(failure);
        }
        show(router, System.nanoTime() - start);
        return ExitStatus.OK;
    }

    private Outcome onDelivery(final Event event) {
        latency.recordValue(
                Math.max(0, Math.min(clock.nanoTime() - event.ingressNanos(), latency.getHighestTrackableValue())));
        return Outcome.ACK;
    }

    private Outcome onBilling(final Event event) {
        if (event.aggregateSequence() % FAILS_ALWAYS == 0) {
            throw new IllegalStateException("billing has no tariff for departure " + event.aggregateSequence()
                    + " from " + event.aggregate() + " (on purpose)");
        }
        if (event.aggregateSequence() % FAILS_ONCE == 0 && failedOnce.add(event.globalSequence())) {
            return Outcome.RETRY;
        }
        return Outcome.ACK;
    }

    private void show(final Ringline router, final long tookNs) {
        if (settings.summary() != RouterSettings.Summary.TEXT) {
            new RouterSummary(router).print(settings.summary(), out);
            return;
        }
        out.printf("%-10s %10s %10s %14s%n", "consumer", "delivered", "retried", "dead-lettered");
        for (final SubjectConsumer consumer : router.consumers()) {
            out.printf(
                    "%-10s %,10d %,10d %,14d%n",
                    consumer.name(), consumer.delivered(), consumer.retried(), consumer.deadLettered());
        }
        final RouterStatistics totals = router.statistics();
        out.printf(
                "%nevents %,d, held at most %,d, reordered %,d, gaps %,d, duplicates %,d; %.2f s in all%n",
                totals.accepted(),
                totals.heldMax(),
                totals.reordered(),
                totals.gaps(),
                totals.duplicates(),
                tookNs / 1e9);
        out.printf(
                "latency from acceptance to the handlers of board and west, waits for predecessors included, us:%n"
                        + "  p50 %,.1f   p90 %,.1f   p99 %,.1f   p99.9 %,.1f   max %,.1f%n",
                micros(50), micros(90), micros(99), micros(99.9), latency.getMaxValue() / 1e3);
        out.printf("%njournal       %s%ndead letters  %s%n", settings.journal(), settings.deadLetters());
        out.printf("next: scripts/ringline dlq list %s%n", settings.deadLetters());
    }

    private double micros(final double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }
}
