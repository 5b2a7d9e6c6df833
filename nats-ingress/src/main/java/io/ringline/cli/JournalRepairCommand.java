package io.ringline.cli;

import io.ringline.router.journal.JournalRepair;
import java.io.File;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline journal repair}. */
@Command(
        name = "repair",
        description = {
            "Writes a new journal with what is sound in IN: whole records that follow each other without a gap. IN stays as it"
                    + " is; OUT must not exist, and appears when it is complete.",
            "Damage that costs no event leaves nothing out. A journal does not go on behind an event that is lost: what follows"
                    + " is left out, and --from-sequence writes it into a journal of its own.",
            "Each piece of damage and what is left out is told on standard error."
        })
final class JournalRepairCommand implements Callable<Integer> {
    private static final int MOST_TOLD = 1_000;

    private final Streams streams;

    @Parameters(index = "0", arity = "0..1", paramLabel = "IN", description = "The journal.")
    private @Nullable File from;

    @Parameters(index = "1", arity = "0..1", paramLabel = "OUT", description = "The new journal's directory.")
    private @Nullable File to;

    @Option(names = "--dry-run", description = "Write nothing; say what a repair would find. Needs no OUT.")
    private boolean dryRun;

    @Option(
            names = "--from-sequence",
            paramLabel = "N",
            description = "Leave out what is before this globalSequence: for what follows lost events.")
    private @Nullable String fromSequence;

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text. json: one object.")
    private Format format = Format.text;

    private long told;

    JournalRepairCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final UsageProblems problems = new UsageProblems();
        if (from == null || to == null && !dryRun) {
            problems.add(dryRun ? "give the journal's directory" : "give two directories: IN, and OUT or --dry-run");
        }
        final long first = fromSequence == null ? 1 : problems.number("--from-sequence", fromSequence, 1);
        problems.throwIfAny();
        final File in = from == null ? new File("") : from;
        final JournalRepair.Result found = JournalRepair.repair(in, dryRun ? null : to, first, this::tell);
        if (told > MOST_TOLD) {
            streams.err().println("ringline: and " + (told - MOST_TOLD) + " more");
        }
        if (found.leftOut() > 0) {
            streams.err()
                    .println("ringline: left out: " + found.leftOut() + " whole records, " + found.firstLeftOut()
                            + " to " + found.lastLeftOut() + "; for those behind lost events: --from-sequence");
        }
        final LineOutput out = new LineOutput(streams.out());
        out.write(format == Format.json ? json(found) : text(found));
        out.flush();
        return found.problems() == 0 ? ExitStatus.OK : ExitStatus.FOUND;
    }

    private void tell(final String problem) {
        if (told++ < MOST_TOLD) {
            streams.err().println("ringline: " + problem);
        }
    }

    private JsonBytes text(final JournalRepair.Result found) {
        return JsonBytes.printed(out -> {
            out.printf("%-20s %12d%n", "events", found.events());
            out.printf("%-20s %12d%n", "gaps", found.gaps());
            out.printf("%-20s %12d%n", "firstGlobalSequence", found.firstGlobalSequence());
            out.printf("%-20s %12d%n", "lastGlobalSequence", found.lastGlobalSequence());
            out.printf("%-20s %12d%n", "leftOut", found.leftOut());
            out.println(found.problems() == 0 ? "the journal is whole" : "problems told: " + found.problems());
            out.println(dryRun ? "nothing was written" : "written to " + Json.printable(String.valueOf(to), 400));
        });
    }

    private JsonBytes json(final JournalRepair.Result found) {
        final JsonBytes line =
                new JsonBytes().raw('{').string("events").raw(':').number(found.events());
        number(line, "gaps", found.gaps());
        number(line, "firstGlobalSequence", found.firstGlobalSequence());
        number(line, "lastGlobalSequence", found.lastGlobalSequence());
        number(line, "leftOut", found.leftOut());
        number(line, "firstLeftOut", found.firstLeftOut());
        number(line, "lastLeftOut", found.lastLeftOut());
        number(line, "problems", found.problems());
        return line.raw('}').raw('\n');
    }

    private static void number(final JsonBytes to, final String name, final long value) {
        to.raw(',').string(name).raw(':').number(value);
    }
}
