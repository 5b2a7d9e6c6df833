package io.ringline.cli;

import java.io.File;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where the journal is, in one of two ways. */
final class JournalDirectory {
    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The journal.")
    private @Nullable File given;

    @Option(names = "--journal", paramLabel = "DIR", description = "The same.")
    private @Nullable File option;

    JournalDirectory() {}

    File conclude(final UsageProblems problems) {
        final File dir = given == null ? option : given;
        if (dir == null || given != null && option != null) {
            problems.add("give the journal's directory, once: DIR or --journal DIR");
            return new File("");
        }
        return dir;
    }
}
