package io.ringline.cli;

import io.ringline.nats.NatsReplayer;
import io.ringline.router.journal.DeadLetter;
import io.ringline.router.journal.DeadLetterReader;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline dlq}: inspects dead letters and puts them out again. */
@Command(
        name = "dlq",
        mixinStandardHelpOptions = true,
        description = "Inspects and replays dead letters that route or run has written; safe beside a running router.")
final class DlqCommand {
    /** How to write a dead letter. */
    enum Format {
        /** For people. */
        TEXT,
        /** One line of JSON each. */
        JSON
    }

    DlqCommand() {
        // its methods are the commands
    }

    /** Which dead letters. */
    static final class Filter {
        @Option(names = "--dead-letters", paramLabel = "DIR", description = "The directory, if not given as parameter.")
        private @Nullable File deadLetters;

        @Option(names = "--id", description = "Only these; may be given again.")
        private List<Long> ids = new ArrayList<>();

        @Option(names = "--reason", description = "Only of these reasons: ${COMPLETION-CANDIDATES}.")
        private List<DeadLetterReason> reasons = new ArrayList<>();

        @Option(names = "--consumer", description = "Only of these consumers; may be given again.")
        private List<String> consumers = new ArrayList<>();

        @Option(names = "--limit", description = "At most so many.")
        private long limit = Long.MAX_VALUE;

        boolean takes(final DeadLetter letter) {
            return (ids.isEmpty() || ids.contains(letter.id()))
                    && (reasons.isEmpty() || reasons.contains(letter.reason()))
                    && (consumers.isEmpty() || consumers.contains(letter.consumer()));
        }
    }

    /** What is done with each. */
    @FunctionalInterface
    private interface Action {
        void on(DeadLetter letter) throws IOException, InterruptedException;
    }

    private static long forEach(final Filter filter, final @Nullable List<String> parameters, final Action action)
            throws IOException, InterruptedException {
        final List<String> given = new ArrayList<>(parameters == null ? List.of() : parameters);
        final File directory = LogDir.take(filter.deadLetters, given, "--dead-letters");
        for (final String id : given) {
            try {
                filter.ids.add(Long.parseLong(id));
            } catch (final NumberFormatException wrong) {
                throw new IllegalArgumentException(
                        id + " is no dead letter's id: ids are numbers, see dlq list", wrong);
            }
        }
        long count = 0;
        final DeadLetter letter = new DeadLetter();
        try (DeadLetterReader reader = DeadLetterReader.open(directory)) {
            while (count < filter.limit && reader.next(letter)) {
                if (filter.takes(letter)) {
                    action.on(letter);
                    count++;
                }
            }
        }
        return count;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "A line for each dead letter: id, time, reason, consumer, attempts, event, error.")
    int list(
            @Parameters(paramLabel = "DIR [ID...]", arity = "0..*") final @Nullable List<String> parameters,
            @Mixin final Filter filter,
            @Option(names = "--format", description = "text or json (default: text).", defaultValue = "TEXT")
                    final Format format)
            throws IOException, InterruptedException {
        final DeadLetterText text = new DeadLetterText();
        try (OutputStream out = JournalCommand.stdout()) {
            forEach(
                    filter,
                    parameters,
                    letter -> out.write(format == Format.JSON ? text.json(letter) : bytes(text.line(letter))));
            out.flush();
        } catch (final ClosedPipeException nobodyReads) {
            return RinglineCommand.OK;
        }
        return RinglineCommand.OK;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "All about dead letters: reason, consumer, attempts, error, times, the event with its headers"
                    + " and payload. Exit status 1 where there is none of that id.")
    int show(
            @Parameters(paramLabel = "DIR [ID...]", arity = "0..*") final @Nullable List<String> parameters,
            @Mixin final Filter filter,
            @Option(names = "--format", description = "text or json (default: text).", defaultValue = "TEXT")
                    final Format format)
            throws IOException, InterruptedException {
        final DeadLetterText text = new DeadLetterText();
        final long count;
        try (OutputStream out = JournalCommand.stdout()) {
            count = forEach(
                    filter,
                    parameters,
                    letter -> out.write(format == Format.JSON ? text.json(letter) : bytes(text.page(letter))));
            out.flush();
        } catch (final ClosedPipeException nobodyReads) {
            return RinglineCommand.OK;
        }
        if (count == 0) {
            System.err.println("ringline: no such dead letter; see dlq list");
        }
        return count == 0 ? RinglineCommand.FOUND_WRONG : RinglineCommand.OK;
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = {
                "Puts the events of dead letters out again: as lines that route reads, on standard output, or with --nats to"
                        + " their subjects on a server, headers and all. Input that was malformed comes out as it came in,"
                        + " and is not sent to a server.",
                "The dead letters stay where they are."
            })
    int replay(
            @Parameters(paramLabel = "DIR [ID...]", arity = "0..*") final @Nullable List<String> parameters,
            @Mixin final Filter filter,
            @Option(names = "--nats", paramLabel = "URL", description = "A server to publish to.")
                    final @Nullable String nats)
            throws IOException, InterruptedException {
        if (nats != null) {
            return replayToNats(parameters, filter, nats);
        }
        final EventJson json = new EventJson();
        final JsonBytes line = new JsonBytes();
        try (OutputStream out = JournalCommand.stdout()) {
            forEach(filter, parameters, letter -> {
                final EventRecord event = letter.record();
                if (event.type() == RecordType.RAW) {
                    out.write(event.payload());
                    out.write('\n');
                } else {
                    out.write(json.input(line, event).toArray());
                }
            });
            out.flush();
        } catch (final ClosedPipeException nobodyReads) {
            return RinglineCommand.OK;
        }
        return RinglineCommand.OK;
    }

    private static int replayToNats(final @Nullable List<String> parameters, final Filter filter, final String server)
            throws IOException, InterruptedException {
        final long[] skipped = {0};
        final long count;
        try (NatsReplayer replayer = NatsReplayer.connect(server)) {
            count = forEach(filter, parameters, letter -> {
                if (letter.record().type() == RecordType.RAW) {
                    skipped[0]++;
                } else {
                    replayer.publish(letter.record());
                }
            });
            replayer.flush(TimeUnit.SECONDS.toMillis(10));
        } catch (final NatsReplayer.UnreachableException failure) {
            System.err.println("ringline: " + failure.getMessage());
            return RinglineCommand.FILES;
        }
        System.err.printf("%d published, %d malformed inputs left out%n", count - skipped[0], skipped[0]);
        return RinglineCommand.OK;
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Nanoseconds since the epoch as a time of day. */
    static String time(final long nanos) {
        return Instant.ofEpochSecond(0, nanos).toString();
    }
}
