package io.ringline.cli;

import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.Journal;
import io.ringline.router.journal.JournalException;
import io.ringline.router.journal.JournalSettings;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
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
                    + " --ordering global goes by; without it, the accepted lines are counted.",
            "Out: {\"consumer\",\"subject\",\"aggregate\",\"globalSequence\",\"aggregateSequence\",\"gap\" (numbers given up"
                    + " before it, if any),\"headers\",\"payload\" or \"payloadBase64\"}, the same under all topologies.",
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
        final RouteSettings settings = options.conclude();
        final InputStream in = openInput(settings);
        // The process's own streams stay open: closing one that another thread is reading may wait for it.
        try {
            final OutputStream out = openOutput(settings);
            try {
                return route(settings, in, new LineOutput(out));
            } finally {
                closeFile(settings.output(), out);
            }
        } finally {
            closeFile(settings.input(), in);
        }
    }

    private static void closeFile(final @Nullable File file, final Closeable stream) throws IOException {
        if (file != null) {
            stream.close();
        }
    }

    private int route(final RouteSettings settings, final InputStream in, final LineOutput output) throws IOException {
        final RouterContext context = settings.context();
        long malformed = 0;
        try (Ringline router = start(context, settings)) {
            malformed = new RouteLoop(router, settings, new InputBlocks(in), output, streams.err()).run();
            router.close(); // the last batch may fail here, so look only afterwards
            if (!output.isClosed()) {
                new RouteSummary(router).print(settings.summary(), streams.err());
            }
            final Throwable failure = router.failure();
            if (failure != null) {
                throw failed(settings, failure);
            }
        }
        return malformed > 0 ? ExitStatus.FOUND : ExitStatus.OK;
    }

    private static Ringline start(final RouterContext context, final RouteSettings settings) {
        final @Nullable Journal journal = openJournal(settings.journal());
        try {
            context.journal(journal);
            context.deadLetters(openDeadLetters(settings.deadLetters()));
            return Ringline.start(context);
        } catch (final OutOfMemoryError tooLarge) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "not enough memory for " + settings.subscriptions().size() + " consumers and --max-buffer "
                            + settings.maxBuffer() + ": " + tooLarge.getMessage()
                            + "; give less, or give the JVM more (-Xmx, -XX:MaxDirectMemorySize)",
                    tooLarge);
        } catch (final JournalException failure) {
            if (journal != null) {
                journal.close();
            }
            throw failure;
        }
    }

    private static @Nullable Journal openJournal(final @Nullable File dir) {
        return dir == null ? null : ChronicleJournal.open(dir, new JournalSettings());
    }

    private static @Nullable DeadLetterLog openDeadLetters(final @Nullable File dir) {
        return dir == null ? null : DeadLetterLog.open(dir, new JournalSettings());
    }

    private static CommandFailure failed(final RouteSettings settings, final Throwable failure) {
        if (failure instanceof JournalException) {
            return new CommandFailure(ExitStatus.CANNOT_WRITE, String.valueOf(failure.getMessage()), failure);
        }
        return new CommandFailure(
                ExitStatus.BUG,
                "the router stopped: " + failure + "; the journal is " + settings.journal() + ", the dead letters "
                        + settings.deadLetters(),
                failure);
    }

    private InputStream openInput(final RouteSettings settings) {
        final File file = settings.input();
        if (file == null) {
            return streams.in();
        }
        if (file.isDirectory()) {
            throw new CommandFailure(ExitStatus.USAGE, "--input " + file + " is a directory: give a file, or - for standard input");
        }
        try {
            return new FileInputStream(file);
        } catch (final IOException missing) {
            throw new CommandFailure(ExitStatus.USAGE, "cannot read --input " + missing.getMessage(), missing);
        }
    }

    private OutputStream openOutput(final RouteSettings settings) {
        final File file = settings.output();
        if (file == null) {
            return streams.out();
        }
        try {
            if (settings.input() != null && file.exists() && Files.isSameFile(settings.input().toPath(), file.toPath())) {
                throw new CommandFailure(
                        ExitStatus.USAGE, "--output " + file + " is the input too: it would be lost before it is read");
            }
            return new FileOutputStream(file);
        } catch (final IOException cannot) {
            throw new CommandFailure(ExitStatus.CANNOT_WRITE, "cannot write --output " + cannot.getMessage(), cannot);
        }
    }
}
