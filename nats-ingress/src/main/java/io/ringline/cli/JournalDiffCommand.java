package io.ringline.cli;

import java.io.File;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline journal diff}. */
@Command(
        name = "diff",
        description = {
            "Compares two journals record by record, by globalSequence: says how many are the same, differ, or are in one only,"
                    + " and shows the first difference.",
            "Exit status: 0 the same; 1 they differ, or one is damaged: then what is before the damage was compared."
        })
final class JournalDiffCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(index = "0", arity = "0..1", paramLabel = "A", description = "A journal.")
    private @Nullable File one;

    @Parameters(index = "1", arity = "0..1", paramLabel = "B", description = "Another one.")
    private @Nullable File other;

    @Option(
            names = "--ignore-times",
            description =
                    "Take no account of when an event was accepted: the one number that differs between two runs.")
    private boolean ignoreTimes;

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text. json: one object.")
    private Format format = Format.text;

    JournalDiffCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final File a = one;
        final File b = other;
        if (a == null || b == null) {
            throw new CommandFailure(ExitStatus.USAGE, "give two journals' directories: A B");
        }
        final ProgressBar bar = ProgressBar.of(streams, "events", false);
        final JournalDiff diff = new JournalDiff(ignoreTimes, bar);
        try {
            diff.compare(a, b);
        } finally {
            bar.done();
        }
        final LineOutput out = new LineOutput(streams.out());
        out.write(format == Format.json ? diff.json() : diff.text());
        out.flush();
        int status = diff.isSame() ? ExitStatus.OK : ExitStatus.FOUND;
        for (final String damage : diff.damage()) {
            streams.err().println("ringline: " + damage);
            status = ExitStatus.FOUND;
        }
        return status;
    }
}
