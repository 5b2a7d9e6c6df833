package io.ringline.cli;

import java.io.File;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringline dlq export}. */
@Command(
        name = "export",
        description = {
            "Writes dead letters as JSON lines, each with all there is to know of it, in the form of list --format json.",
            "Nothing is taken out of the dead letters. A file can be read by its owner only, is never overwritten"
                    + " without --force, and appears when it is complete."
        })
final class DlqExportCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private LettersDirectory directory;

    @Option(names = "--output", paramLabel = "FILE|-", description = "Where they go. Default: -, standard output.")
    private @Nullable String output;

    @Option(names = "--force", description = "Replace the file where there is one.")
    private boolean force;

    @Mixin
    private LetterFilterOptions filter;

    private long written;

    DlqExportCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final UsageProblems problems = new UsageProblems();
        final File dir = directory.conclude(problems);
        final LetterFilter wanted = filter.concludeLetters(problems, LogTime.nowNanos());
        final Format format = filter.format(problems, Format.json);
        final String to = output == null ? "-" : output;
        final boolean toFile = !to.equals("-");
        if (to.isBlank()) {
            problems.add("--output is empty: give a path, or - for standard output");
        }
        if (force && !toFile) {
            problems.add("--force is for a file: give one by --output FILE");
        }
        problems.throwIfAny();
        if (!toFile) {
            return DeadLetters.status(streams, write(dir, wanted, format, streams.out(), true));
        }
        try (OwnerFile file = OwnerFile.create(new File(to), force)) {
            final String damage = write(dir, wanted, format, file.out(), false);
            if (damage != null && new File(to).exists()) {
                streams.err()
                        .println("ringline: " + Json.printable(to, 200)
                                + " stays as it is, as not all could be read; give another name for what can");
                return DeadLetters.status(streams, damage);
            }
            file.complete();
            streams.err().println("exported " + written + " dead letters to " + Json.printable(to, 200));
            return DeadLetters.status(streams, damage);
        }
    }

    private @Nullable String write(
            final File dir,
            final LetterFilter wanted,
            final Format format,
            final OutputStream stream,
            final boolean standard) {
        final LineOutput out = new LineOutput(stream);
        final JsonBytes line = new JsonBytes();
        final EventJson json = new EventJson();
        final ProgressBar bar = ProgressBar.of(streams, "dead letters", standard);
        final String damage = DeadLetters.visit(dir, wanted, bar, letter -> {
            line.clear();
            DeadLetters.line(line, json, letter, format);
            out.write(line.raw('\n'));
            written++;
            return !out.isClosed();
        });
        out.flush();
        return damage;
    }
}
