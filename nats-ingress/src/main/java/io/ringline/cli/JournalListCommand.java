package io.ringline.cli;

import io.ringline.router.journal.JournalFile;
import io.ringline.router.journal.JournalFiles;
import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringline journal list}. */
@Command(
        name = "list",
        description = {
            "A line for each file: its name, which is the hour in UTC; its first and last globalSequence; when these events"
                    + " were accepted; its excerpts and bytes. Not all is read for that, so not all is checked: see verify.",
            "With options that choose events: only files that may have such; with --subject or --aggregate all is read, and the"
                    + " line says how many there are. --limit is of files."
        })
final class JournalListCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private JournalDirectory directory;

    @Mixin
    private FilterOptions filter;

    JournalListCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final UsageProblems problems = new UsageProblems();
        final File dir = directory.conclude(problems);
        final RecordFilter wanted = filter.conclude(problems, LogTime.nowNanos());
        final Format format = filter.format(problems, Format.text);
        problems.throwIfAny();
        final List<JournalFile> files = JournalFiles.list(dir);
        final Map<String, Long> matching = new HashMap<>();
        String damage = null;
        if (wanted.needsRecords()) {
            damage = Journals.visit(
                    dir, wanted.unlimited(), ProgressBar.of(streams, "events", false), (record, reader) -> {
                        matching.merge(reader.file(), 1L, Long::sum);
                        return true;
                    });
        }
        final LineOutput out = new LineOutput(streams.out());
        long listed = 0;
        for (final JournalFile file : files) {
            final Long count = wanted.needsRecords() ? matching.getOrDefault(file.name(), 0L) : null;
            if (listed < wanted.limit() && (count == null ? mayHave(file, wanted) : count > 0)) {
                out.write(format == Format.json ? json(file, count) : text(file, count));
                listed++;
            }
            damage = damage == null ? file.problem() : damage;
        }
        out.flush();
        return DeadLetters.status(streams, damage);
    }

    /** A damaged file may have more than it shows. */
    private static boolean mayHave(final JournalFile file, final RecordFilter wanted) {
        final boolean whole = file.problem() == null;
        return (wanted.fromSequence() == 0 || !whole || file.lastGlobalSequence() >= wanted.fromSequence())
                && (!whole || file.firstNanos() < wanted.untilNanos())
                && (!whole || file.lastNanos() >= wanted.sinceNanos());
    }

    private static JsonBytes text(final JournalFile file, final @Nullable Long matching) {
        final String line = String.format(
                "%-16s %10d %10d  %-30s %-30s %6d %12d%s%s",
                file.name(),
                file.firstGlobalSequence(),
                file.lastGlobalSequence(),
                time(file.firstNanos()),
                time(file.lastNanos()),
                file.excerpts(),
                file.dataBytes(),
                matching == null ? "" : "  " + matching + " matching",
                file.problem() == null ? "" : "  damaged");
        return JsonBytes.printed(out -> out.print(line + '\n'));
    }

    private static String time(final long nanos) {
        return nanos == 0 ? "-" : LogTime.instant(nanos).toString();
    }

    private static JsonBytes json(final JournalFile file, final @Nullable Long matching) {
        final JsonBytes to = new JsonBytes().raw('{').string("file").raw(':').string(file.name());
        text(to, "cycle", LogTime.instant(file.cycleMillis() * 1_000_000L).toString());
        number(to, "firstGlobalSequence", file.firstGlobalSequence());
        number(to, "lastGlobalSequence", file.lastGlobalSequence());
        if (file.firstNanos() != 0) {
            text(to, "firstTime", time(file.firstNanos()));
            text(to, "lastTime", time(file.lastNanos()));
        }
        number(to, "excerpts", file.excerpts());
        number(to, "bytes", file.dataBytes());
        number(to, "fileBytes", file.fileBytes());
        if (matching != null) {
            number(to, "matching", matching);
        }
        final String problem = file.problem();
        if (problem != null) {
            text(to, "problem", problem);
        }
        return to.raw('}').raw('\n');
    }

    private static void text(final JsonBytes to, final String name, final String value) {
        to.raw(',').string(name).raw(':').string(value);
    }

    private static void number(final JsonBytes to, final String name, final long value) {
        to.raw(',').string(name).raw(':').number(value);
    }
}
