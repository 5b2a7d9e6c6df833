package io.ringline.cli;

import java.io.File;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringline dlq list}. */
@Command(
        name = "list",
        description = "A line for each: id, time, reason, consumer, attempts, subject, aggregate#sequence, error.")
final class DlqListCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private LettersDirectory directory;

    @Mixin
    private LetterFilterOptions filter;

    DlqListCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final UsageProblems problems = new UsageProblems();
        final File dir = directory.conclude(problems);
        final LetterFilter wanted = filter.concludeLetters(problems, LogTime.nowNanos());
        final Format format = filter.format(problems, Format.text);
        problems.throwIfAny();
        final LineOutput out = new LineOutput(streams.out());
        final JsonBytes line = new JsonBytes();
        final EventJson json = new EventJson();
        final ProgressBar bar = ProgressBar.of(streams, "dead letters", true);
        final String damage = DeadLetters.visit(dir, wanted, bar, letter -> {
            line.clear();
            DeadLetters.line(line, json, letter, format);
            out.write(line.raw('\n'));
            return !out.isClosed();
        });
        out.flush();
        return DeadLetters.status(streams, damage);
    }
}
