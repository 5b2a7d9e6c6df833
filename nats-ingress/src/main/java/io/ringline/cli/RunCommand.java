package io.ringline.cli;

import io.ringline.router.subject.AggregateRules;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringline run}: the embedded default on the shipped sample, or the same service on a NATS server. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Without options: routes the shipped sample of 20,000 real departures to three consumers, one of which fails on"
                    + " purpose now and then, and shows what happened.",
            "With --nats: routes what a NATS server has on the given subjects to the consumers of --subscribe, and writes a"
                    + " JSON line for each delivery, until SIGTERM or SIGINT, which drains: nothing accepted is lost. The"
                    + " aggregate comes from the header Ringline-Aggregate, else from --aggregate-rule, else it is the"
                    + " subject; the sequence from Ringline-Sequence, else it is given here."
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private RouterOptions options = new RouterOptions();

    @Option(names = "--nats", paramLabel = "URL", description = "A NATS server.")
    private @Nullable String nats;

    @Option(names = "--subject", paramLabel = "PATTERN", description = "What to take from it; may be given again.")
    private List<String> subjects = new ArrayList<>();

    @Option(
            names = "--aggregate-rule",
            paramLabel = "PATTERN=TOKEN",
            description = "Which token of a subject is its aggregate: 'event.graph.*.>=3'; may be given again.")
    private List<String> aggregateRules = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "With --nats: deliveries; - for standard output (default).")
    private String output = "-";

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Without --nats: where journal and dead letters go (default: a new temporary directory).")
    private @Nullable File directory;

    @Option(names = "--summary", description = "text, json or none (default: ${DEFAULT-VALUE}).")
    private Summary.Format summary = Summary.Format.TEXT;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (nats == null) {
            return sample();
        }
        if (subjects.isEmpty()) {
            throw new IllegalArgumentException("--nats needs at least one --subject PATTERN");
        }
        return new NatsRun(options, nats, subjects, rules(), output, summary).run();
    }

    private int sample() throws IOException {
        if (!subjects.isEmpty() || !options.subscriptions.isEmpty() || !aggregateRules.isEmpty()) {
            throw new IllegalArgumentException(
                    "--subject, --subscribe and --aggregate-rule go with --nats; to route a file, use ringline route");
        }
        final File base = directory != null
                ? directory
                : Files.createTempDirectory("ringline-run-").toFile();
        if (options.journal == null) {
            options.journal = new File(base, "journal");
        }
        if (options.deadLetters == null) {
            options.deadLetters = new File(base, "dead-letters");
        }
        return new SampleRun(options, summary).run();
    }

    private AggregateRules rules() {
        AggregateRules rules = AggregateRules.NONE;
        for (final String rule : aggregateRules) {
            final int equals = rule.lastIndexOf('=');
            try {
                rules = rules.and(rule.substring(0, equals), Integer.parseInt(rule.substring(equals + 1)));
            } catch (final StringIndexOutOfBoundsException | NumberFormatException wrong) {
                throw new IllegalArgumentException("--aggregate-rule " + rule + ": write PATTERN=TOKEN", wrong);
            }
        }
        return rules;
    }
}
