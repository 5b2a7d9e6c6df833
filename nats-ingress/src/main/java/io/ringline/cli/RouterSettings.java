package io.ringline.cli;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.Journal;
import io.ringline.router.journal.JournalException;
import io.ringline.router.journal.JournalSettings;
import io.ringline.sequencer.FirstSequence;
import io.ringline.sequencer.Ordering;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command with a router was asked to do, checked.
 *
 * @param subscriptions     patterns by consumer, in their order.
 * @param output            a file, or null for standard output.
 * @param journal           a directory, or null for none.
 * @param deadLetters       a directory, or null to count dead letters only.
 * @param ordering          what order is kept.
 * @param maxGap            how far ahead of its turn an event may be.
 * @param maxBuffer         events held for one aggregate at most.
 * @param sequenceTimeoutNs how long an event behind a gap waits.
 * @param maxAggregates     aggregates remembered at most; 0 for no cap.
 * @param firstSequence     what an aggregate, or the source, starts with.
 * @param topology          which threads run the stages.
 * @param summary           what is written at the end.
 */
record RouterSettings(
        Map<String, List<String>> subscriptions,
        @Nullable File output,
        @Nullable File journal,
        @Nullable File deadLetters,
        Ordering ordering,
        int maxGap,
        int maxBuffer,
        long sequenceTimeoutNs,
        int maxAggregates,
        FirstSequence firstSequence,
        Topology topology,
        Summary summary) {
    /** Largest payload, decoded. */
    static final int MAX_PAYLOAD_BYTES = 1 << 20;
    /** Headers of one event, with 6 bytes for each pair. */
    static final int MAX_HEADERS_BYTES = 64 << 10;
    /** Longest subject, and longest aggregate. */
    static final int MAX_SUBJECT_BYTES = 4_096;
    /** Most events that may be held for one aggregate: each has a block of memory set aside for it. */
    static final int MAX_HELD = 1_000_000;

    private static final int USUALLY_HELD = 16_384;

    /** How the run is summed up on standard error. */
    enum Summary {
        /** For people. */
        TEXT,
        /** One JSON object. */
        JSON,
        /** Not at all. */
        NONE
    }

    /** The router's settings, but for its journal and dead letters. */
    RouterContext context() {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .ordering(ordering)
                .maxPayloadBytes(MAX_PAYLOAD_BYTES)
                .maxHeadersBytes(MAX_HEADERS_BYTES)
                .maxSubjectBytes(MAX_SUBJECT_BYTES)
                .maxSequenceGap(maxGap)
                .maxBufferSize(maxBuffer)
                .maxHeld(Math.max(USUALLY_HELD, maxBuffer))
                .sequenceTimeoutNs(sequenceTimeoutNs)
                .maxAggregates(maxAggregates)
                .firstSequence(firstSequence);
        subscriptions.forEach((name, patterns) ->
                context.addConsumer(new ConsumerConfig(name).patterns(patterns.toArray(new String[0]))));
        return context;
    }

    /** The same with another journal and other dead letters. */
    RouterSettings in(final File otherJournal, final File otherDeadLetters) {
        return new RouterSettings(
                subscriptions,
                output,
                otherJournal,
                otherDeadLetters,
                ordering,
                maxGap,
                maxBuffer,
                sequenceTimeoutNs,
                maxAggregates,
                firstSequence,
                topology,
                summary);
    }

    /**
     * Opens the journal and the dead letters, and starts a router on them.
     *
     * @throws JournalException where one of the two cannot be written.
     * @throws CommandFailure   where the settings do not fit into memory.
     */
    Ringline start(final RouterContext context) {
        final Journal opened = journal == null ? null : ChronicleJournal.open(journal, new JournalSettings());
        try {
            context.journal(opened);
            context.deadLetters(deadLetters == null ? null : DeadLetterLog.open(deadLetters, new JournalSettings()));
            return Ringline.start(context);
        } catch (final OutOfMemoryError tooLarge) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "not enough memory for " + subscriptions.size() + " consumers and --max-buffer " + maxBuffer + ": "
                            + tooLarge.getMessage()
                            + "; give less, or give the JVM more (-Xmx, -XX:MaxDirectMemorySize)",
                    tooLarge);
        } catch (final JournalException failure) {
            if (opened != null) {
                opened.close();
            }
            throw failure;
        }
    }

    /** How a command ends whose router stopped by itself. */
    CommandFailure failed(final Throwable failure) {
        if (failure instanceof JournalException) {
            return new CommandFailure(ExitStatus.CANNOT_WRITE, String.valueOf(failure.getMessage()), failure);
        }
        final String advice = failure instanceof OutOfMemoryError
                ? "; give the JVM more memory (-XX:MaxDirectMemorySize), or cap the aggregates (--max-aggregates)"
                : "";
        return new CommandFailure(
                ExitStatus.BUG,
                "the router stopped: " + failure + advice + place("the journal", journal)
                        + place("the dead letters", deadLetters),
                failure);
    }

    private static String place(final String what, final @Nullable File directory) {
        return directory == null ? "; there is no directory for " + what : "; " + what + ": " + directory;
    }

    /** Opens {@code --output}, or answers with standard output. */
    OutputStream openOutput(final OutputStream standard) {
        try {
            return output == null ? standard : new FileOutputStream(output);
        } catch (final IOException cannot) {
            throw new CommandFailure(ExitStatus.CANNOT_WRITE, "cannot write --output " + cannot.getMessage(), cannot);
        }
    }

    /** Closes {@code --output}; the process's own stream stays open. */
    void closeOutput(final OutputStream opened) throws IOException {
        if (output != null) {
            opened.close();
        }
    }
}
