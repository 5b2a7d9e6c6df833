package io.ringline.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, or ISO 8601, {@code PT30S}. */
final class Durations {
    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,12})(ns|us|ms|s|m|h|d)");
    private static final long MAX_NANOS = Long.MAX_VALUE / 2;

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @return nanoseconds, from 1.
     * @throws IllegalArgumentException where the text is none, or is not positive, or is past 146 years.
     */
    static long parseNanos(final String text) {
        try {
            final Duration duration = parse(text.strip());
            final long nanos = duration.toNanos();
            if (nanos >= 1 && nanos <= MAX_NANOS) {
                return nanos;
            }
        } catch (final DateTimeParseException | ArithmeticException wrong) {
            // said below, as for all others
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a duration above 0: write it like 500ms, 30s, 2m, 1h or PT30S");
    }

    private static Duration parse(final String text) {
        final Matcher simple = SIMPLE.matcher(text.toLowerCase(Locale.ROOT));
        if (!simple.matches()) {
            return Duration.parse(text);
        }
        final long amount = Long.parseLong(simple.group(1));
        return switch (simple.group(2)) {
            case "ns" -> Duration.ofNanos(amount);
            case "us" -> Duration.ofNanos(Math.multiplyExact(amount, 1_000));
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
