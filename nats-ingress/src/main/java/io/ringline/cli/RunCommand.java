package io.ringline.cli;

import io.ringline.router.subject.AggregateRules;
import io.ringline.router.subject.SubjectRules;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        description = {
            "Without options: routes the shipped sample of 20,000 real departures to three consumers, one of which fails on"
                    + " purpose now and then, and shows what happened.",
            "With --nats: routes what a NATS server has on the given subjects to the consumers of --subscribe, and writes a"
                    + " JSON line for each delivery, until SIGTERM or SIGINT, which drains: nothing accepted is lost. The"
                    + " aggregate comes from the header Ringline-Aggregate, else from --aggregate-rule, else it is the"
                    + " subject; the sequence from Ringline-Sequence, else it is given here."
        })
final class RunCommand implements Callable<Integer> {
    private final Streams streams;

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
            names = "--dir",
            paramLabel = "DIR",
            description = "Without --nats: where journal and dead letters go (default: a new temporary directory).")
    private @Nullable File directory;

    RunCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final RouterSettings settings = options.conclude();
        if (nats == null) {
            return sample(settings);
        }
        if (subjects.isEmpty()) {
            throw new CommandFailure(ExitStatus.USAGE, "--nats needs at least one --subject PATTERN");
        }
        for (final String subject : subjects) {
            final String problem = SubjectRules.problemOfPattern(
                    subject.getBytes(StandardCharsets.UTF_8), SubjectRules.DEFAULT_MAX_BYTES);
            if (problem != null) {
                throw new CommandFailure(
                        ExitStatus.USAGE, "--subject " + Json.printable(subject, 80) + ": invalid pattern: " + problem);
            }
        }
        return new NatsRun(settings, nats, subjects, rules(), streams).run();
    }

    private int sample(final RouterSettings settings) throws IOException {
        if (!subjects.isEmpty() || !settings.subscriptions().isEmpty() || !aggregateRules.isEmpty()) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "--subject, --subscribe and --aggregate-rule go with --nats; to route a file, use ringline route");
        }
        final File base = directory != null
                ? directory
                : Files.createTempDirectory("ringline-run-").toFile();
        final File journal = settings.journal();
        final File deadLetters = settings.deadLetters();
        return new SampleRun(
                        settings.in(
                                journal == null ? new File(base, "journal") : journal,
                                deadLetters == null ? new File(base, "dead-letters") : deadLetters),
                        streams)
                .run();
    }

    private AggregateRules rules() {
        AggregateRules rules = AggregateRules.NONE;
        for (final String rule : aggregateRules) {
            final int equals = rule.lastIndexOf('=');
            try {
                rules = rules.and(rule.substring(0, equals), Integer.parseInt(rule.substring(equals + 1)));
            } catch (final StringIndexOutOfBoundsException | NumberFormatException wrong) {
                throw new CommandFailure(ExitStatus.USAGE, "--aggregate-rule " + rule + ": write PATTERN=TOKEN", wrong);
            } catch (final IllegalArgumentException wrong) {
                throw new CommandFailure(
                        ExitStatus.USAGE, "--aggregate-rule " + rule + ": " + wrong.getMessage(), wrong);
            }
        }
        return rules;
    }
}
