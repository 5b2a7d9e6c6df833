package io.ringline.cli;

import io.ringline.nats.NatsReplayer;
import io.ringline.router.journal.DeadLetter;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.Event;
import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline dlq replay}. */
@Command(
        name = "replay",
        description = {
            "Writes dead letters as the JSON lines that ringline route reads, or publishes them to a NATS server on their"
                    + " own subjects. Lines that were malformed come out byte for byte; a NATS server is not given them.",
            "Nothing is taken out of the dead letters."
        })
final class DlqReplayCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The dead letters.")
    private @Nullable File given;

    @Option(names = "--dead-letters", paramLabel = "DIR", description = "The same.")
    private @Nullable File option;

    @Option(names = "--id", paramLabel = "ID", split = ",", description = "Only these numbers. Repeatable.")
    private List<Long> ids = List.of();

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            split = ",",
            description = "Only these reasons: ${COMPLETION-CANDIDATES}.")
    private List<DeadLetterReason> reasons = List.of();

    @Option(names = "--consumer", paramLabel = "NAME", description = "Only those that failed for this consumer.")
    private @Nullable String consumer;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--unsequenced",
            description =
                    "Leave the publishers' sequences out, so that events are numbered anew; for a route that does not"
                            + " know the events before them.")
    private boolean unsequenced;

    @Option(names = "--nats", paramLabel = "URL", description = "Publish to this server instead.")
    private @Nullable String nats;

    private final JsonBytes line = new JsonBytes();
    private final EventJson json = new EventJson();
    private final Set<Long> met = new HashSet<>();
    private long replayed;
    private long failed;

    DlqReplayCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        if (limit < 1) {
            throw new CommandFailure(ExitStatus.USAGE, "--limit " + limit + " is not above 0");
        }
        final File dir = DeadLetters.directory(given, option);
        final String damage = nats == null ? toOutput(dir) : toServer(dir, nats);
        final int status = DeadLetters.status(streams, damage);
        if (damage == null && replayed < limit) {
            for (final long id : ids) {
                if (!met.contains(id)) {
                    failed++;
                    streams.err().println("ringline: there is no dead letter " + id + " in " + dir);
                }
            }
        }
        return failed > 0 ? ExitStatus.FOUND : status;
    }

    private @Nullable String toOutput(final File dir) {
        final LineOutput out = new LineOutput(streams.out());
        final String damage = replay(dir, letter -> {
            write(letter.record());
            out.write(line);
            return !out.isClosed();
        });
        out.flush();
        return damage;
    }

    private void write(final Event event) {
        line.clear();
        if (DeadLetters.isRaw(event)) {
            line.raw(event.buffer(), event.payloadOffset(), event.payloadLength());
        } else {
            json.input(line, event, !unsequenced);
        }
        line.raw('\n');
    }

    private @Nullable String toServer(final File dir, final String url) throws IOException {
        try (NatsReplayer server = NatsReplayer.connect(url)) {
            final String damage = replay(dir, letter -> {
                publish(server, letter);
                return true;
            });
            server.flush();
            streams.err().println("replayed " + replayed + " dead letters to " + Json.printable(url, 200));
            return damage;
        } catch (final IOException failure) {
            throw new CommandFailure(ExitStatus.CANNOT_WRITE, String.valueOf(failure.getMessage()), failure);
        }
    }

    private void publish(final NatsReplayer server, final DeadLetter letter) {
        try {
            if (DeadLetters.isRaw(letter.record())) {
                throw new IllegalArgumentException("it was no event and has no subject");
            }
            server.publish(letter.record(), !unsequenced);
        } catch (final IllegalArgumentException | IllegalStateException refused) {
            replayed--;
            failed++;
            streams.err()
                    .println("ringline: dead letter " + letter.id() + " was not replayed: "
                            + Json.printable(String.valueOf(refused.getMessage()), 300));
        }
    }

    private @Nullable String replay(final File dir, final DeadLetters.Visitor visitor) {
        return DeadLetters.visit(dir, letter -> {
            if (ids.contains(letter.id())) {
                met.add(letter.id());
            }
            if (!isAsked(letter)) {
                return true;
            }
            replayed++;
            return visitor.onDeadLetter(letter) && replayed < limit;
        });
    }

    private boolean isAsked(final DeadLetter letter) {
        return (ids.isEmpty() || ids.contains(letter.id()))
                && (reasons.isEmpty() || reasons.contains(letter.reason()))
                && (consumer == null || consumer.equals(letter.consumer()));
    }
}
