package io.ringline.cli;

import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.sequencer.Ordering;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringline route}: JSON lines in, a JSON line out for each delivery. */
@Command(
        name = "route",
        mixinStandardHelpOptions = true,
        description = {
            "Reads events as JSON lines, routes them, and writes a JSON line for each delivery.",
            "Input: {\"subject\": \"a.b\", \"aggregate\": \"LAS\" or 7, \"sequence\": 3, \"headers\": {\"n\": \"v\"},"
                    + " \"payload\": any JSON} or \"payloadBase64\". Without aggregate the subject is the aggregate; without"
                    + " sequence the event is numbered here. With --ordering global, \"sourceSequence\" is the source's"
                    + " number; without it, lines count from 1.",
            "Exit status: 0; 1 where lines were malformed; 2 for wrong usage; 3 where a journal or dead letters cannot be"
                    + " written."
        })
final class RouteCommand implements Callable<Integer> {
    private static final int LINES_PER_TURN = 64;
    private static final long IDLE_WAIT_MS = 5;

    @Mixin
    private RouterOptions options = new RouterOptions();

    @Option(names = "--input", paramLabel = "FILE", description = "Events to read; - for standard input (default).")
    private String input = "-";

    @Option(names = "--output", paramLabel = "FILE", description = "Deliveries; - for standard output (default).")
    private String output = "-";

    @Option(names = "--summary", description = "text, json or none, to standard error (default: ${DEFAULT-VALUE}).")
    private Summary.Format summary = Summary.Format.TEXT;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (options.subscriptions.isEmpty()) {
            throw new IllegalArgumentException("no consumer: give --subscribe NAME=PATTERN at least once");
        }
        final RouterContext context = options.context();
        options.subscribe(context);
        try (InputStream in = openInput();
                OutputStream out = openOutput()) {
            options.open(context);
            try (Ringline router = Ringline.start(context)) {
                return route(router, context.maxPayloadBytes(), in, out);
            }
        }
    }

    private InputStream openInput() {
        try {
            return input.equals("-") ? new FileInputStream(FileDescriptor.in) : new FileInputStream(input);
        } catch (final FileNotFoundException failure) {
            throw new IllegalArgumentException(
                    "--input " + input + " cannot be read: " + failure.getMessage(), failure);
        }
    }

    private OutputStream openOutput() {
        try {
            final OutputStream raw =
                    output.equals("-") ? new FileOutputStream(FileDescriptor.out) : new FileOutputStream(output);
            return new QuietPipe(new BufferedOutputStream(raw, 1 << 16));
        } catch (final FileNotFoundException failure) {
            throw new IllegalArgumentException(
                    "--output " + output + " cannot be written: " + failure.getMessage(), failure);
        }
    }

    private int route(final Ringline router, final int maxPayloadBytes, final InputStream in, final OutputStream out)
            throws IOException, InterruptedException {
        final Deliveries deliveries = new Deliveries(router, out);
        final LinePublisher.Turn turn = () -> router.doWork() + deliveries.turn();
        final LinePublisher lines =
                new LinePublisher(router, turn, System.err, options.ordering == Ordering.GLOBAL, maxPayloadBytes);
        try {
            final LineSource source = new LineSource(in); // not closed: a read from a terminal cannot be broken off
            publishAll(source, lines, turn, deliveries);
            router.releaseHeld();
            finish(router, lines, turn, deliveries);
            out.flush();
        } catch (final ClosedPipeException nobodyReads) {
            return RinglineCommand.OK;
        }
        System.err.print(Summary.of(router, summary));
        return lines.malformed() == 0 ? RinglineCommand.OK : RinglineCommand.FOUND_WRONG;
    }

    private static void publishAll(
            final LineSource source,
            final LinePublisher lines,
            final LinePublisher.Turn turn,
            final Deliveries deliveries)
            throws IOException, InterruptedException {
        int sinceTurn = 0;
        long wait = 0;
        while (!source.isEnded()) {
            if (source.next(wait)) {
                lines.publish(source);
                wait = 0;
                if (++sinceTurn < LINES_PER_TURN) {
                    continue;
                }
            } else if (turn.run() == 0) {
                deliveries.flush();
                wait = IDLE_WAIT_MS;
            }
            sinceTurn = 0;
            turn.run();
            lines.checkOpen();
        }
    }

    private static void finish(
            final Ringline router,
            final LinePublisher lines,
            final LinePublisher.Turn turn,
            final Deliveries deliveries)
            throws IOException {
        final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000L, TimeUnit.MICROSECONDS.toNanos(100));
        boolean done = false;
        while (!done) {
            lines.checkOpen();
            final boolean quiet = router.isQuiet();
            final int work = turn.run();
            done = quiet && work == 0 && deliveries.isDone();
            idle.idle(work);
        }
    }
}
