package io.ringline.cli;

import java.io.File;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where the dead letters are, in one of two ways. */
final class LettersDirectory {
    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The dead letters.")
    private @Nullable File given;

    @Option(names = "--dead-letters", paramLabel = "DIR", description = "The same.")
    private @Nullable File option;

    LettersDirectory() {}

    File conclude(final UsageProblems problems) {
        return DeadLetters.directory(problems, given, option);
    }
}
