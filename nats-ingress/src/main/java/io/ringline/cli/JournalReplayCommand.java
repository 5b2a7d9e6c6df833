package io.ringline.cli;

import io.ringline.nats.NatsReplayer;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringline journal replay}. */
@Command(
        name = "replay",
        description = {
            "Writes events as the JSON lines that ringline route reads, or publishes them to a NATS server on their own subjects,"
                    + " in the order in which they were released, as fast as they are taken. Gaps are left out: the events after"
                    + " them show them again.",
            "Nothing is changed in the journal. Where it is broken off: --from-sequence goes on."
        })
final class JournalReplayCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private JournalDirectory directory;

    @Mixin
    private FilterOptions filter;

    @Option(
            names = "--unsequenced",
            description =
                    "Leave the publishers' sequences out, so that events are numbered anew; for a route that does not"
                            + " know the events before them.")
    private boolean unsequenced;

    @Option(names = "--nats", paramLabel = "URL", description = "Publish to this server instead.")
    private @Nullable String nats;

    @Option(names = "--dry-run", description = "Only count what would be replayed.")
    private boolean dryRun;

    private final JsonBytes line = new JsonBytes();
    private final EventJson json = new EventJson();
    private long replayed;
    private long failed;
    private long last;

    JournalReplayCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        final UsageProblems problems = new UsageProblems();
        final File dir = directory.conclude(problems);
        final RecordFilter wanted = filter.conclude(problems, LogTime.nowNanos());
        if (filter.format(problems, Format.json) != Format.json) {
            problems.add("--format text is for people: replay writes what route reads");
        }
        problems.throwIfAny();
        final String damage =
                dryRun ? count(dir, wanted) : nats == null ? toOutput(dir, wanted) : toServer(dir, wanted, nats);
        final int status = DeadLetters.status(streams, damage);
        return failed > 0 ? ExitStatus.FOUND : status;
    }

    private @Nullable String count(final File dir, final RecordFilter wanted) {
        final String damage = visit(dir, wanted, false, record -> true);
        streams.err().println("would replay " + replayed + " events" + upTo());
        return damage;
    }

    private String upTo() {
        return replayed == 0 ? "" : ", the last one with globalSequence " + last;
    }

    private @Nullable String toOutput(final File dir, final RecordFilter wanted) {
        final LineOutput out = new LineOutput(streams.out());
        final String damage = visit(dir, wanted, true, record -> {
            line.clear();
            json.input(line, record, !unsequenced);
            out.write(line.raw('\n'));
            return !out.isClosed();
        });
        out.flush();
        return damage;
    }

    private @Nullable String toServer(final File dir, final RecordFilter wanted, final String url) throws IOException {
        try (NatsReplayer server = NatsReplayer.connect(url)) {
            final String damage = visit(dir, wanted, false, record -> {
                return publish(server, record);
            });
            server.flush();
            streams.err().println("replayed " + replayed + " events to " + Json.printable(url, 200) + upTo());
            return damage;
        } catch (final IOException failure) {
            throw new CommandFailure(ExitStatus.CANNOT_WRITE, String.valueOf(failure.getMessage()), failure);
        }
    }

    /** Sends an event. @return false where the connection is gone, and no other can be sent either. */
    private boolean publish(final NatsReplayer server, final EventRecord record) {
        try {
            server.publish(record, !unsequenced);
            return true;
        } catch (final IllegalArgumentException refused) {
            onFailed(record, refused);
            return true;
        } catch (final IllegalStateException gone) {
            onFailed(record, gone);
            return false;
        }
    }

    private void onFailed(final EventRecord record, final RuntimeException failure) {
        replayed--;
        failed++;
        streams.err()
                .println("ringline: event " + record.globalSequence() + " was not replayed: "
                        + Json.printable(String.valueOf(failure.getMessage()), 300));
    }

    /** Takes events. */
    @FunctionalInterface
    private interface Replayer {
        boolean onEvent(EventRecord record);
    }

    private @Nullable String visit(
            final File dir, final RecordFilter wanted, final boolean toOutput, final Replayer replayer) {
        final ProgressBar bar = ProgressBar.of(streams, "events", toOutput);
        return Journals.visit(dir, wanted.unlimited(), bar, (record, reader) -> {
            if (record.type() != RecordType.EVENT) {
                return true;
            }
            replayed++;
            last = record.globalSequence();
            return replayer.onEvent(record) && replayed < wanted.limit();
        });
    }
}
