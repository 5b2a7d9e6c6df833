package io.ringline.cli;

import io.ringline.router.Ringline;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringline route}: JSON lines in, a JSON line out for each delivery. */
@Command(
        name = "route",
        description = {
            "Reads events as JSON lines, routes them, and writes one JSON line for each delivery.",
            "",
            "In:  {\"subject\":\"a.b\",\"aggregate\":\"LAS\" or 7,\"sequence\":3,\"headers\":{\"name\":\"value\" or [..]},"
                    + "\"payload\":any JSON} or \"payloadBase64\". Only the subject is needed; without an aggregate the"
                    + " subject is one; without a sequence events are numbered here. \"sourceSequence\" is the number that"
                    + " --ordering global goes by; without it, the accepted lines are counted. \"startAt\": the aggregate's"
                    + " numbers start there, or start over, before this event; with --ordering global at once, not in the"
                    + " source's order.",
            "Out: {\"consumer\",\"subject\",\"aggregate\",\"globalSequence\",\"aggregateSequence\",\"gap\" (numbers given up"
                    + " before it, if any; with \"gapOf\":\"source\" those of the source's order),\"headers\",\"payload\" or \"payloadBase64\"}, the same under all topologies.",
            ""
        },
        footer = {
            "",
            "A line has up to 4 MiB, a payload up to 1 MiB, headers up to 64 KiB, values nest up to 1000 deep.",
            "Exit status: 0 well; 1 some lines were malformed (reported, kept among the dead letters);"
                    + " 2 wrong usage; 3 the journal, the dead letters or the output cannot be written."
        })
final class RouteCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private RouteOptions options = new RouteOptions();

    RouteCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        final RouterSettings settings = options.conclude();
        if (settings.subscriptions().isEmpty()) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "no consumer: give at least one --subscribe NAME=PATTERN, for example --subscribe all='>'");
        }
        final File file = options.input();
        final InputStream in = streams.openInput("--input", file);
        try {
            refuseSameFile(file, settings.output());
            final OutputStream out = settings.openOutput(streams.out());
            try {
                return route(settings, in, new LineOutput(out));
            } finally {
                settings.closeOutput(out);
            }
        } finally {
            if (file != null) {
                in.close();
            }
        }
    }

    private int route(final RouterSettings settings, final InputStream in, final LineOutput output) throws IOException {
        final Ringline router = settings.start(settings.context());
        final RouteLoop loop;
        try (router) {
            final OrderedDeliveries deliveries = new OrderedDeliveries(router, output);
            loop = new RouteLoop(router, settings.ordering(), deliveries, streams.err());
            loop.run(new InputBlocks(in));
        }
        if (!output.isClosed()) {
            new RouterSummary(router).print(settings.summary(), streams.err());
        }
        final Throwable failure = router.failure(); // only now: the last batch may have failed when closing
        if (failure != null) {
            throw settings.failed(failure);
        }
        return loop.malformed() > 0 ? ExitStatus.FOUND : ExitStatus.OK;
    }

    private static void refuseSameFile(final @Nullable File input, final @Nullable File output) throws IOException {
        if (input != null && output != null && output.exists() && Files.isSameFile(input.toPath(), output.toPath())) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "--output " + output + " is the input too: it would be lost before it is read");
        }
    }
}
