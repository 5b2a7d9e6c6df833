package io.ringline.cli;

import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectRules;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events a command on a journal looks at, and how it writes them. */
class FilterOptions {
    private static final String HEX = "hex:";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    @Option(
            names = "--subject",
            paramLabel = "PATTERN",
            description = "Only events whose subject matches. Repeatable: any of them.")
    private List<String> subjects = List.of();

    @Option(
            names = "--aggregate",
            paramLabel = "ID|KEY",
            description = "Only this aggregate's: its id, or its key as text, or as hex:00ff. Repeatable: any of them.")
    private List<String> aggregates = List.of();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only from this time on: 2026-01-31T08:00:00Z, or 30s, 2h, PT15M back from now.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only before this time, likewise.")
    private @Nullable String until;

    @Option(
            names = "--from-sequence",
            paramLabel = "N",
            description = "Only from this globalSequence on; what has none is left out.")
    private @Nullable String fromSequence;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, the first ones.")
    private @Nullable String limit;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            description = "json: an object a line. Default: text, for read and export json.")
    private @Nullable String format;

    FilterOptions() {}

    /** Checks the options, and notes what is wrong with each. @param nowNanos what durations go back from, since the epoch. */
    RecordFilter conclude(final UsageProblems problems, final long nowNanos) {
        final int before = problems.count();
        final long sinceNanos = since == null ? Long.MIN_VALUE : time(problems, "--since", since, nowNanos);
        final long untilNanos = until == null ? Long.MAX_VALUE : time(problems, "--until", until, nowNanos);
        if (since != null && until != null && sinceNanos >= untilNanos && problems.count() == before) {
            problems.add("--since " + UsageProblems.shown(since) + " is not before --until "
                    + UsageProblems.shown(until) + ": nothing is between them");
        }
        return new RecordFilter(
                subjects.stream().map(text -> pattern(problems, text)).toList(),
                subjects.isEmpty(),
                aggregates.stream().map(text -> aggregate(problems, text)).toList(),
                sinceNanos,
                untilNanos,
                fromSequence == null ? 0 : problems.number("--from-sequence", fromSequence, 1),
                limit == null ? Long.MAX_VALUE : problems.number("--limit", limit, 1));
    }

    /** Checks how to write. */
    final Format format(final UsageProblems problems, final Format byDefault) {
        if (format == null) {
            return byDefault;
        }
        for (final Format known : Format.values()) {
            if (known.name().equals(format.toLowerCase(Locale.ROOT))) {
                return known;
            }
        }
        problems.add("--format " + UsageProblems.shown(format) + " is not one of text, json");
        return byDefault;
    }

    /** Whether any of the options that choose events is given. */
    boolean isGiven() {
        return !subjects.isEmpty()
                || !aggregates.isEmpty()
                || since != null
                || until != null
                || fromSequence != null
                || limit != null;
    }

    private static @Nullable Pattern pattern(final UsageProblems problems, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final String problem = SubjectRules.problemOfPattern(bytes, RouterSettings.MAX_SUBJECT_BYTES);
        if (problem != null) {
            problems.add("--subject " + UsageProblems.shown(text) + " is no pattern: " + Json.printable(problem, 300));
            return null;
        }
        return new Pattern(bytes, RouterSettings.MAX_SUBJECT_BYTES);
    }

    private static RecordFilter.Key aggregate(final UsageProblems problems, final String text) {
        final List<byte[]> keys = new ArrayList<>();
        keys.add(text.getBytes(StandardCharsets.UTF_8));
        if (text.isEmpty()) {
            problems.add("--aggregate is empty: give an id or a key");
        }
        if (text.startsWith(HEX)) {
            try {
                keys.add(HexFormat.of().parseHex(text.substring(HEX.length()).toLowerCase(Locale.ROOT)));
            } catch (final IllegalArgumentException wrong) {
                problems.add("--aggregate " + UsageProblems.shown(text)
                        + " is not in hexadecimal: write two digits for each byte, like hex:00ff");
            }
        }
        try {
            return new RecordFilter.Key(true, Long.parseLong(text), keys);
        } catch (final NumberFormatException noId) {
            return new RecordFilter.Key(false, 0, keys);
        }
    }

    private static long time(
            final UsageProblems problems, final String option, final String text, final long nowNanos) {
        try {
            return nanos(OffsetDateTime.parse(text.strip()).toInstant());
        } catch (final DateTimeParseException notATime) {
            // it may be a duration
        }
        try {
            return nowNanos - Durations.parseNanos(text);
        } catch (final IllegalArgumentException wrong) {
            problems.add(option + " " + UsageProblems.shown(text)
                    + " is no time: write 2026-01-31T08:00:00Z, or how long ago: 500ms, 30s, 2m, 1h or PT30S");
            return 0;
        }
    }

    /** Nanoseconds since the epoch; the farthest there are for a time beyond them. */
    private static long nanos(final Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS_PER_SECOND), time.getNano());
        } catch (final ArithmeticException beyond) {
            return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Values of an option that may be separated by commas. */
    static List<String> split(final List<String> given) {
        return given.stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .toList();
    }
}
