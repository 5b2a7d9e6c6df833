package io.ringline.cli;

import io.ringline.router.journal.JournalVerification;
import io.ringline.router.journal.JournalVerifier;
import java.io.File;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringline journal verify}. */
@Command(
        name = "verify",
        description = {
            "Checks every record, its checksum and its number. Says 'clean', or what is wrong and where.",
            "What a damaged journal holds beyond that, journal repair --dry-run says."
        })
final class JournalVerifyCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private JournalDirectory directory;

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text. json: one object.")
    private Format format = Format.text;

    JournalVerifyCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final UsageProblems problems = new UsageProblems();
        final File dir = directory.conclude(problems);
        problems.throwIfAny();
        final ProgressBar bar = ProgressBar.of(streams, "events", false);
        final JournalVerification found = verify(dir, bar);
        final LineOutput out = new LineOutput(streams.out());
        out.write(format == Format.json ? json(found) : text(found));
        out.flush();
        return DeadLetters.status(streams, found.problem());
    }

    private static JournalVerification verify(final File dir, final ProgressBar bar) {
        final long[] first = {-1};
        try {
            return JournalVerifier.verify(dir, sequence -> {
                if (first[0] < 0) {
                    first[0] = sequence;
                    Journals.total(dir, sequence, bar);
                }
                bar.at(sequence - first[0] + 1);
            });
        } finally {
            bar.done();
        }
    }

    private static JsonBytes text(final JournalVerification found) {
        return JsonBytes.printed(out -> {
            out.printf("%-20s %12d%n", "events", found.events());
            out.printf("%-20s %12d%n", "gaps", found.gaps());
            out.printf("%-20s %12d%n", "firstGlobalSequence", found.firstGlobalSequence());
            out.printf("%-20s %12d%n", "lastGlobalSequence", found.lastGlobalSequence());
            out.printf("%-20s %12d%n", "excerpts", found.excerpts());
            out.printf("%-20s %12d%n", "bytes", found.bytes());
            if (found.isClean()) {
                out.println("clean");
            } else {
                out.printf("%-20s %s%n", "damagedFile", found.damagedFile());
                out.printf("%-20s %12d%n", "damagedAtByte", found.damagedAt());
                out.println("damaged");
            }
        });
    }

    private static JsonBytes json(final JournalVerification found) {
        final JsonBytes to = new JsonBytes().raw('{').string("clean").raw(':');
        to.raw(String.valueOf(found.isClean()).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        number(to, "events", found.events());
        number(to, "gaps", found.gaps());
        number(to, "firstGlobalSequence", found.firstGlobalSequence());
        number(to, "lastGlobalSequence", found.lastGlobalSequence());
        number(to, "excerpts", found.excerpts());
        number(to, "bytes", found.bytes());
        final @Nullable String file = found.damagedFile();
        if (file != null) {
            to.raw(',').string("damagedFile").raw(':').string(file);
            number(to, "damagedAtByte", found.damagedAt());
            to.raw(',').string("problem").raw(':').string(String.valueOf(found.problem()));
        }
        return to.raw('}').raw('\n');
    }

    private static void number(final JsonBytes to, final String name, final long value) {
        to.raw(',').string(name).raw(':').number(value);
    }
}
