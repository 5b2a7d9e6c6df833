package io.ringline.cli;

import io.ringline.cli.RouterSettings.Summary;
import io.ringline.router.Topology;
import io.ringline.router.subject.Pattern;
import io.ringline.sequencer.FirstSequence;
import io.ringline.sequencer.Ordering;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands with a router are told, on the command line or in a file; what is on the line wins. */
class RouterOptions {
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Set<String> names = new TreeSet<>(Set.of("subscribe"));

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with these same names; the command line wins.")
    private @Nullable File config;

    @Option(
            names = "--subscribe",
            paramLabel = "NAME=PATTERN[,PATTERN...]",
            description = "A consumer and what it is subscribed to. Repeatable; at least one.")
    private @Nullable List<String> subscribe;

    @Option(
            names = "--output",
            paramLabel = "FILE|-",
            description = "Where deliveries go. Default: -, standard output.")
    private @Nullable String output;

    @Option(names = "--journal", paramLabel = "DIR", description = "Keep what is released in this directory, too.")
    private @Nullable String journal;

    @Option(
            names = "--dead-letters",
            paramLabel = "DIR",
            description = "Keep dead letters in this directory. Without it they are only counted.")
    private @Nullable String deadLetters;

    @Option(names = "--ordering", paramLabel = "none|aggregate|global", description = "Default: aggregate.")
    private @Nullable String ordering;

    @Option(
            names = "--max-gap",
            paramLabel = "N",
            description = "How far ahead of its turn an event may be. Default: 100.")
    private @Nullable String maxGap;

    @Option(
            names = "--max-buffer",
            paramLabel = "N",
            description = "How many events of one aggregate are held at most. Default: 1000.")
    private @Nullable String maxBuffer;

    @Option(
            names = "--sequence-timeout",
            paramLabel = "DURATION",
            description = "How long a missing event is waited for: 500ms, 30s, 2m, 1h, PT30S. Default: 30s.")
    private @Nullable String sequenceTimeout;

    @Option(
            names = "--max-aggregates",
            paramLabel = "N",
            description =
                    "How many aggregates are remembered at most; the one that was idle for longest is forgotten for"
                            + " another. Use it with --first-sequence first-seen. Default: no cap.")
    private @Nullable String maxAggregates;

    @Option(
            names = "--first-sequence",
            paramLabel = "one|first-seen",
            description = "The number that an aggregate, or in global ordering the source, starts with. Default: one.")
    private @Nullable String firstSequence;

    @Option(
            names = "--topology",
            paramLabel = "inline|fused|staged",
            description = "On how many threads the stages run: none of their own, one, or one each. Default: inline.")
    private @Nullable String topology;

    @Option(
            names = "--summary",
            paramLabel = "text|json|none",
            description = "How the run is summed up on standard error. Default: text.")
    private @Nullable String summary;

    /** Puts the command's own options to the others; a null value is none. */
    void gather() {
        if (subscribe != null) {
            values.put("subscribe", subscribe);
        }
        put("output", output);
        put("journal", journal);
        put("dead-letters", deadLetters);
        put("ordering", ordering);
        put("max-gap", maxGap);
        put("max-buffer", maxBuffer);
        put("sequence-timeout", sequenceTimeout);
        put("max-aggregates", maxAggregates);
        put("first-sequence", firstSequence);
        put("topology", topology);
        put("summary", summary);
    }

    /** Notes an option's value; null where it was not given. */
    final void put(final String name, final @Nullable String given) {
        names.add(name);
        if (given != null) {
            values.put(name, List.of(given));
        }
    }

    /**
     * Reads the configuration file, if there is one, and checks all values.
     *
     * @throws CommandFailure for wrong usage, naming the option, its value and what is right.
     */
    final RouterSettings conclude() {
        gather();
        if (config != null) {
            ConfigFile.read(config, names).forEach(values::putIfAbsent);
        }
        final RouterSettings settings = new RouterSettings(
                subscriptions(),
                file("output"),
                file("journal"),
                file("dead-letters"),
                choice("ordering", Ordering.class, Ordering.AGGREGATE),
                number("max-gap", 100, Integer.MAX_VALUE - 1),
                number("max-buffer", 1_000, RouterSettings.MAX_HELD),
                timeout(),
                number("max-aggregates", 0, Integer.MAX_VALUE - 1),
                choice("first-sequence", FirstSequence.class, FirstSequence.ONE),
                choice("topology", Topology.class, Topology.INLINE),
                choice("summary", Summary.class, Summary.TEXT));
        if (isSame(settings.journal(), settings.deadLetters())) {
            throw usage(
                    "--journal and --dead-letters are both " + settings.journal() + ": give each its own directory");
        }
        return settings;
    }

    private static boolean isSame(final @Nullable File one, final @Nullable File other) {
        return one != null
                && other != null
                && one.toPath()
                        .toAbsolutePath()
                        .normalize()
                        .equals(other.toPath().toAbsolutePath().normalize());
    }

    private Map<String, List<String>> subscriptions() {
        final Map<String, List<String>> byName = new LinkedHashMap<>();
        for (final String given : values.getOrDefault("subscribe", List.of())) {
            final int equals = given.indexOf('=');
            if (equals < 0) {
                throw usage("--subscribe " + shown(given) + " has no '=': write NAME=PATTERN[,PATTERN...]");
            }
            final String name = given.substring(0, equals);
            if (name.isBlank()) {
                throw usage("--subscribe " + shown(given) + " names no consumer: write NAME=PATTERN[,PATTERN...]");
            }
            if (byName.containsKey(name)) {
                throw usage("two consumers are named " + shown(name)
                        + ": give each its own name, or one of them all patterns");
            }
            byName.put(name, patterns(name, given.substring(equals + 1)));
        }
        return byName;
    }

    private static List<String> patterns(final String name, final String given) {
        final List<String> patterns = Arrays.asList(given.split(",", -1));
        for (final String pattern : patterns) {
            try {
                new Pattern(pattern.getBytes(StandardCharsets.UTF_8), RouterSettings.MAX_SUBJECT_BYTES);
            } catch (final IllegalArgumentException wrong) {
                throw usage("--subscribe " + Json.printable(name, 80) + ": "
                        + Json.printable(String.valueOf(wrong.getMessage()), 300));
            }
        }
        return patterns;
    }

    private @Nullable String value(final String name) {
        final List<String> given = values.get(name);
        return given == null ? null : given.get(0);
    }

    /** The file that an option names; null where it is not given, or is standard input or output. */
    final @Nullable File file(final String name) {
        final String given = value(name);
        final boolean standard = name.equals("input") || name.equals("output");
        if (given != null && given.isBlank()) {
            throw usage("--" + name + " is empty: give a path");
        }
        return given == null || standard && given.equals("-") ? null : new File(given);
    }

    private <E extends Enum<E>> E choice(final String name, final Class<E> type, final E byDefault) {
        final String given = value(name);
        if (given == null) {
            return byDefault;
        }
        final List<String> choices = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        final int index = choices.indexOf(given.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw usage("--" + name + " " + shown(given) + " is not one of " + String.join(", ", choices));
        }
        return type.getEnumConstants()[index];
    }

    private int number(final String name, final int byDefault, final int most) {
        final String given = value(name);
        if (given == null) {
            return byDefault;
        }
        try {
            final long number = Long.parseLong(given);
            if (number >= 1 && number <= most) {
                return (int) number;
            }
        } catch (final NumberFormatException notANumber) {
            // said below
        }
        throw usage("--" + name + " " + shown(given) + " is not an integer from 1 to " + most);
    }

    private long timeout() {
        final String given = value("sequence-timeout");
        try {
            return Durations.parseNanos(given == null ? "30s" : given);
        } catch (final IllegalArgumentException wrong) {
            throw usage("--sequence-timeout: " + Json.printable(String.valueOf(wrong.getMessage()), 200));
        }
    }

    private static String shown(final String given) {
        return "'" + Json.printable(given, 200) + "'";
    }

    private static CommandFailure usage(final String message) {
        return new CommandFailure(ExitStatus.USAGE, message);
    }
}
