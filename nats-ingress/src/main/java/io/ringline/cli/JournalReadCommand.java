package io.ringline.cli;

import java.io.File;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringline journal read}. */
@Command(
        name = "read",
        description = {
            "Writes the journal as JSON lines, like route's but without a consumer, or as text.",
            "Where numbers were given up, a line {\"gapRecord\":{\"aggregate\",\"firstMissing\",\"missing\","
                    + "\"globalSequence\"}} stands before the event with that globalSequence; for numbers of the source's"
                    + " order \"of\":\"source\" stands in the aggregate's place. A gap has no subject: --subject leaves it out.",
            "What --from-sequence passes over is not checked; see verify."
        })
final class JournalReadCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private JournalDirectory directory;

    @Mixin
    private FilterOptions filter;

    JournalReadCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final UsageProblems problems = new UsageProblems();
        final File dir = directory.conclude(problems);
        final RecordFilter wanted = filter.conclude(problems, LogTime.nowNanos());
        final Format format = filter.format(problems, Format.json);
        problems.throwIfAny();
        final LineOutput out = new LineOutput(streams.out());
        final EventJson json = new EventJson();
        final JsonBytes line = new JsonBytes();
        final ProgressBar bar = ProgressBar.of(streams, "events", true);
        final String damage = Journals.visit(dir, wanted, bar, (record, reader) -> {
            line.clear();
            Journals.line(line, json, record, format);
            out.write(line.raw('\n'));
            return !out.isClosed();
        });
        out.flush();
        return DeadLetters.status(streams, damage);
    }
}
