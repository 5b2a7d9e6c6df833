package io.ringline.cli;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.JournalSettings;
import io.ringline.sequencer.Ordering;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every command with a router has. */
final class RouterOptions {
    @Option(
            names = "--subscribe",
            paramLabel = "NAME=PATTERN[,PATTERN...]",
            description = "A consumer and what it is to get; may be given again.")
    List<String> subscriptions = new ArrayList<>();

    @Option(names = "--journal", paramLabel = "DIR", description = "Write what is released to a journal there.")
    @Nullable
    File journal;

    @Option(names = "--dead-letters", paramLabel = "DIR", description = "Keep dead letters there.")
    @Nullable
    File deadLetters;

    @Option(names = "--ordering", description = "none, aggregate or global (default: ${DEFAULT-VALUE}).")
    Ordering ordering = Ordering.AGGREGATE;

    @Option(names = "--max-gap", description = "How far ahead of its turn an event may be (default: ${DEFAULT-VALUE}).")
    int maxGap = 100;

    @Option(names = "--max-buffer", description = "Events held for one aggregate at most (default: ${DEFAULT-VALUE}).")
    int maxBuffer = 1_000;

    @Option(
            names = "--sequence-timeout",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "How long an event waits for its predecessors: 500ms, 30s, 2m (default: 30s).")
    Duration sequenceTimeout = Duration.ofSeconds(30);

    @Option(names = "--topology", description = "inline, fused or staged (default: ${DEFAULT-VALUE}).")
    Topology topology = Topology.INLINE;

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with any of these options.")
    @Nullable
    String config; // taken out of the command line by ConfigFile; here for the help text

    /** Settings without journal and dead letters: these are opened last, see {@link #open}. */
    RouterContext context() {
        if (journal != null && journal.equals(deadLetters)) {
            throw new IllegalArgumentException(
                    "--journal and --dead-letters name the same directory: give each its own");
        }
        return new RouterContext()
                .topology(topology)
                .ordering(ordering)
                .maxSequenceGap(maxGap)
                .maxBufferSize(maxBuffer)
                .sequenceTimeoutNs(sequenceTimeout.toNanos());
    }

    /** Adds the consumers of {@code --subscribe}. */
    void subscribe(final RouterContext context) {
        for (final String subscription : subscriptions) {
            context.addConsumer(consumer(subscription));
        }
    }

    static ConsumerConfig consumer(final String subscription) {
        final int equals = subscription.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--subscribe " + subscription + ": write NAME=PATTERN[,PATTERN...]");
        }
        final ConsumerConfig consumer = new ConsumerConfig(subscription.substring(0, equals));
        try {
            return consumer.patterns(subscription.substring(equals + 1).split(",", -1));
        } catch (final IllegalArgumentException wrong) {
            throw new IllegalArgumentException("--subscribe " + subscription + ": " + wrong.getMessage(), wrong);
        }
    }

    /** Opens what is written to. */
    void open(final RouterContext context) {
        if (journal != null) {
            context.journal(ChronicleJournal.open(journal, new JournalSettings()));
        }
        if (deadLetters != null) {
            context.deadLetters(DeadLetterLog.open(deadLetters, new JournalSettings()));
        }
    }
}
