package io.ringline.cli;

import io.ringline.router.journal.JournalReader;
import io.ringline.router.journal.JournalVerification;
import io.ringline.router.journal.JournalVerifier;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline journal}: looks into a journal, also beside the router that writes it. */
@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = "Looks into a journal that route or run has written; safe beside a running router.",
        subcommands = {})
final class JournalCommand {
    JournalCommand() {
        // its methods are the commands
    }

    @Command(
            name = "read",
            mixinStandardHelpOptions = true,
            description = {
                "Writes the journal's events as JSON lines, as route writes deliveries, without a consumer. Numbers that were"
                        + " given up: {\"gapRecord\": {\"aggregate\", \"firstMissing\", \"missing\","
                        + " \"beforeGlobalSequence\"}}.",
                "Exit status 3 where the journal is damaged: the message says where, and nothing behind that is read."
            })
    int read(
            @Parameters(paramLabel = "DIR", arity = "0..1") final @Nullable List<String> parameters,
            @Option(names = "--journal", paramLabel = "DIR") final @Nullable File journal)
            throws IOException {
        final File directory = directory(parameters, journal);
        final EventJson json = new EventJson();
        final JsonBytes bytes = new JsonBytes();
        final EventRecord event = new EventRecord();
        try (OutputStream out = stdout()) {
            try (JournalReader reader = JournalReader.open(directory)) {
                while (reader.next(event)) {
                    final JsonBytes line =
                            event.type() == RecordType.GAP ? json.gap(bytes, event) : json.delivery(bytes, "", event);
                    out.write(line.toArray());
                }
            } finally {
                out.flush();
            }
        } catch (final ClosedPipeException nobodyReads) {
            return RinglineCommand.OK;
        }
        return RinglineCommand.OK;
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description =
                    "Checks every record of a journal and the order of its numbers; exit status 1 where one is bad.")
    int verify(
            @Parameters(paramLabel = "DIR", arity = "0..1") final @Nullable List<String> parameters,
            @Option(names = "--journal", paramLabel = "DIR") final @Nullable File journal) {
        final JournalVerification found = JournalVerifier.verify(directory(parameters, journal));
        System.out.printf(
                "%s: %d events, %d gaps, global sequence %d to %d, %d excerpts, %d bytes%n",
                found.isClean() ? "clean" : "DAMAGED",
                found.events(),
                found.gaps(),
                found.firstGlobalSequence(),
                found.lastGlobalSequence(),
                found.excerpts(),
                found.bytes());
        if (!found.isClean()) {
            System.out.println(found.problem());
        }
        return found.isClean() ? RinglineCommand.OK : RinglineCommand.FOUND_WRONG;
    }

    private static File directory(final @Nullable List<String> parameters, final @Nullable File option) {
        final List<String> given = new ArrayList<>(parameters == null ? List.of() : parameters);
        final File directory = LogDir.take(option, given, "--journal");
        LogDir.none(given);
        return directory;
    }

    static OutputStream stdout() {
        return new QuietPipe(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    }
}
