package io.ringline.cli;

import io.ringline.router.journal.JournalDamagedException;
import io.ringline.router.journal.JournalReader;
import io.ringline.router.journal.JournalVerification;
import io.ringline.router.journal.JournalVerifier;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ringline journal}: what {@code --journal DIR} holds. */
@Command(
        name = "journal",
        description = "Reads or checks the journal that route and run write; safe beside a running one.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit status: 0 well; 1 the journal is damaged, with the place; 2 wrong usage; 3 there is no journal, or it"
                    + " cannot be read."
        })
final class JournalCommand implements Runnable {
    private final Streams streams;

    @Spec
    private @Nullable CommandSpec spec;

    JournalCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "give a command: read or verify");
        }
    }

    private static File directory(final @Nullable File given, final @Nullable File option) {
        final File dir = given == null ? option : given;
        if (dir == null || given != null && option != null) {
            throw new CommandFailure(ExitStatus.USAGE, "give the journal's directory, once: DIR or --journal DIR");
        }
        return dir;
    }

    @Command(
            name = "read",
            description = {
                "Writes the journal as JSON lines, like route's but without a consumer.",
                "Where numbers were given up, a line {\"gapRecord\":{\"aggregate\",\"firstMissing\",\"missing\","
                        + "\"globalSequence\"}} stands before the event with that globalSequence; for numbers of the source's"
                        + " order \"of\":\"source\" stands in the aggregate's place."
            })
    int read(
            @Parameters(arity = "0..1", paramLabel = "DIR", description = "The journal.") final @Nullable File given,
            @Option(names = "--journal", paramLabel = "DIR", description = "The same.") final @Nullable File option) {
        final LineOutput out = new LineOutput(streams.out());
        final EventRecord record = new EventRecord();
        final EventJson json = new EventJson();
        final JsonBytes line = new JsonBytes();
        try (JournalReader reader = JournalReader.open(directory(given, option))) {
            while (!out.isClosed() && reader.next(record)) {
                line.clear();
                if (record.type() == RecordType.GAP) {
                    gap(line, json, record);
                } else {
                    json.delivery(line, null, record);
                }
                out.write(line.raw('\n'));
            }
        } catch (final JournalDamagedException damaged) {
            out.flush();
            throw new CommandFailure(ExitStatus.FOUND, String.valueOf(damaged.getMessage()), damaged);
        }
        out.flush();
        return ExitStatus.OK;
    }

    private static void gap(final JsonBytes line, final EventJson json, final EventRecord record) {
        final boolean ofSource = (record.flags() & RecordFlags.SOURCE_GAP) != 0;
        if (ofSource) {
            line.raw("{\"gapRecord\":{\"of\":\"source\"".getBytes(StandardCharsets.US_ASCII));
        } else {
            line.raw("{\"gapRecord\":{\"aggregate\":".getBytes(StandardCharsets.US_ASCII));
            json.aggregate(line, record);
        }
        line.raw(",\"firstMissing\":".getBytes(StandardCharsets.US_ASCII))
                .number(ofSource ? record.sourceSequence() : record.aggregateSequence());
        line.raw(",\"missing\":".getBytes(StandardCharsets.US_ASCII)).number(record.gap());
        line.raw(",\"globalSequence\":".getBytes(StandardCharsets.US_ASCII)).number(record.globalSequence());
        line.raw('}').raw('}');
    }

    @Command(
            name = "verify",
            description = "Checks every record, its checksum and its number. Says 'clean', or what is wrong and where.")
    int verify(
            @Parameters(arity = "0..1", paramLabel = "DIR", description = "The journal.") final @Nullable File given,
            @Option(names = "--journal", paramLabel = "DIR", description = "The same.") final @Nullable File option) {
        final JournalVerification found = JournalVerifier.verify(directory(given, option));
        final PrintStream out = new PrintStream(streams.out(), true, StandardCharsets.UTF_8);
        out.printf("%-20s %12d%n", "events", found.events());
        out.printf("%-20s %12d%n", "gaps", found.gaps());
        out.printf("%-20s %12d%n", "firstGlobalSequence", found.firstGlobalSequence());
        out.printf("%-20s %12d%n", "lastGlobalSequence", found.lastGlobalSequence());
        out.printf("%-20s %12d%n", "excerpts", found.excerpts());
        out.printf("%-20s %12d%n", "bytes", found.bytes());
        out.println(found.isClean() ? "clean" : "damaged");
        out.flush();
        if (!found.isClean()) {
            streams.err().println("ringline: " + found.problem());
        }
        return found.isClean() ? ExitStatus.OK : ExitStatus.FOUND;
    }
}
