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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
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

    private final RouterOptions options;
    private final Summary.Format summary;
    private final OffsetEpochNanoClock clock = new OffsetEpochNanoClock();
    private final Histogram latency = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
    private final Set<Long> failedOnce = new HashSet<>();

    SampleRun(final RouterOptions options, final Summary.Format summary) {
        this.options = options;
        this.summary = summary;
    }

    int run() throws IOException {
        final RouterContext context = options.context()
                .clock(clock)
                .addConsumer(new ConsumerConfig("board").patterns("event.airport.*.flight.departed"))
                .addConsumer(new ConsumerConfig("west")
                        .patterns("event.airport.LAX.>", "event.airport.SFO.>", "event.airport.SEA.>"))
                .addConsumer(new ConsumerConfig("billing")
                        .patterns("event.>")
                        .retryBackoffNs(TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(4)));
        options.open(context);
        final long start = System.nanoTime();
        try (Ringline router = Ringline.start(context);
                InputStream in = SampleRun.class.getResourceAsStream(SAMPLE)) {
            if (in == null) {
                throw new IOException("the sample " + SAMPLE + " is missing from this build");
            }
            route(router, context.maxPayloadBytes(), in);
            show(router, System.nanoTime() - start);
        }
        return RinglineCommand.OK;
    }

    private void route(final Ringline router, final int maxPayloadBytes, final InputStream in) throws IOException {
        final List<ConsumerHandler> handlers = List.of(this::onDelivery, this::onDelivery, this::onBilling);
        final LinePublisher.Turn turn = () -> {
            int work = router.doWork();
            for (final SubjectConsumer consumer : router.consumers()) {
                work += consumer.poll(handlers.get(consumer.index()), 64);
            }
            return work;
        };
        final LinePublisher lines = new LinePublisher(router, turn, System.err, false, maxPayloadBytes);
        final Progress progress = new Progress(EVENTS);
        final LineSource source = new LineSource(in);
        try {
            while (!source.isEnded()) {
                if (source.next(100)) {
                    lines.publish(source);
                    turn.run();
                    progress.at(source.number());
                }
            }
        } catch (final InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        router.releaseHeld();
        final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000L, TimeUnit.MICROSECONDS.toNanos(100));
        boolean done = false;
        while (!done) {
            lines.checkOpen();
            final boolean quiet = router.isQuiet();
            final int work = turn.run();
            done = quiet && work == 0 && router.consumers().stream().allMatch(SubjectConsumer::isEmpty);
            idle.idle(work);
        }
        progress.done();
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
        if (summary != Summary.Format.TEXT) {
            System.out.print(Summary.of(router, summary));
            return;
        }
        System.out.printf("%-10s %10s %10s %14s%n", "consumer", "delivered", "retried", "dead-lettered");
        for (final SubjectConsumer consumer : router.consumers()) {
            System.out.printf(
                    "%-10s %,10d %,10d %,14d%n",
                    consumer.name(), consumer.delivered(), consumer.retried(), consumer.deadLettered());
        }
        final RouterStatistics totals = router.statistics();
        System.out.printf(
                "%nevents %,d, held at most %,d, reordered %,d, gaps %,d, duplicates %,d; %.2f s in all%n",
                totals.accepted(),
                totals.heldMax(),
                totals.reordered(),
                totals.gaps(),
                totals.duplicates(),
                tookNs / 1e9);
        System.out.printf(
                "latency from acceptance to the handlers of board and west, waits for predecessors included, us:%n"
                        + "  p50 %,.1f   p90 %,.1f   p99 %,.1f   p99.9 %,.1f   max %,.1f%n",
                micros(50), micros(90), micros(99), micros(99.9), latency.getMaxValue() / 1e3);
        System.out.printf("%njournal       %s%ndead letters  %s%n", options.journal, options.deadLetters);
        System.out.printf("next: scripts/ringline dlq list %s%n", options.deadLetters);
    }

    private double micros(final double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }
}
