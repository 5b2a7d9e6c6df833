package io.ringline.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How finely a command sums up. */
final class StatsOptions {
    private static final int DEFAULT_TOKENS = 2;
    private static final int DEFAULT_TOP = 20;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "By how many of a subject's first tokens. Default: " + DEFAULT_TOKENS + ".")
    private @Nullable String tokens;

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "How many lines of each kind, those with most first. Default: " + DEFAULT_TOP + ".")
    private @Nullable String top;

    StatsOptions() {}

    int tokens(final UsageProblems problems) {
        return number(problems, "--tokens", tokens, DEFAULT_TOKENS);
    }

    int top(final UsageProblems problems) {
        return number(problems, "--top", top, DEFAULT_TOP);
    }

    private static int number(
            final UsageProblems problems, final String option, final @Nullable String given, final int byDefault) {
        return given == null ? byDefault : (int) Math.min(Integer.MAX_VALUE, problems.number(option, given, 1));
    }
}
