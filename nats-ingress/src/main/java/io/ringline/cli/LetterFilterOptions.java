package io.ringline.cli;

import io.ringline.router.record.DeadLetterReason;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which dead letters a command looks at, and how it writes them. */
final class LetterFilterOptions extends FilterOptions {
    @Option(
            names = "--consumer",
            paramLabel = "NAME",
            description = "Only those that failed for this consumer; '' for those that reached none. Repeatable.")
    private List<String> consumers = List.of();

    @Option(
            names = "--reason",
            paramLabel = "REASON[,REASON...]",
            description =
                    "Only these reasons: MALFORMED, LATE, GAP_TOO_WIDE, CONFLICT, NO_MATCH, RETRIES_EXHAUSTED, REJECTED,"
                            + " OVERFLOW, OVERSIZE, TOO_MANY_AGGREGATES, AGGREGATE_HELD. Repeatable.")
    private List<String> reasons = List.of();

    LetterFilterOptions() {}

    /** Checks the options, and notes what is wrong with each. */
    LetterFilter concludeLetters(final UsageProblems problems, final long nowNanos) {
        final Set<DeadLetterReason> wanted = EnumSet.noneOf(DeadLetterReason.class);
        for (final String text : split(reasons)) {
            try {
                wanted.add(DeadLetterReason.valueOf(
                        text.strip().toUpperCase(Locale.ROOT).replace('-', '_')));
            } catch (final IllegalArgumentException unknown) {
                problems.add("--reason " + UsageProblems.shown(text) + " is not one of "
                        + Arrays.stream(DeadLetterReason.values())
                                .map(Enum::name)
                                .collect(Collectors.joining(", ")));
            }
        }
        return new LetterFilter(conclude(problems, nowNanos), new HashSet<>(consumers), wanted, reasons.isEmpty());
    }

    @Override
    boolean isGiven() {
        return super.isGiven() || !consumers.isEmpty() || !reasons.isEmpty();
    }
}
