package io.ringline.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, or ISO {@code PT30S}. */
final class Durations implements ITypeConverter<Duration> {
    private static final Pattern SHORT = Pattern.compile("(\\d{1,15})(ns|us|ms|s|m|h)");

    @Override
    public Duration convert(final String value) {
        final Matcher matcher = SHORT.matcher(value);
        final Duration duration = matcher.matches() ? of(matcher) : iso(value);
        if (duration.isNegative() || duration.isZero() || duration.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new TypeConversionException("'" + value + "' is out of range: give more than 0 and up to 100 years");
        }
        return duration;
    }

    private static Duration of(final Matcher matcher) {
        final long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ns" -> Duration.ofNanos(number);
            case "us" -> Duration.ofNanos(Math.multiplyExact(number, 1_000L));
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    private static Duration iso(final String value) {
        try {
            return Duration.parse(value);
        } catch (final DateTimeParseException failure) {
            throw new TypeConversionException("'" + value + "' is no duration: write 500ms, 30s, 2m, 1h or PT30S");
        }
    }
}
