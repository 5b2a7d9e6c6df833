package io.ringline.cli;

import io.ringline.router.journal.DeadLetter;
import io.ringline.router.record.Event;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline dlq list}. */
@Command(
        name = "list",
        description = "A line for each: id, time, reason, consumer, attempts, subject, aggregate#sequence, error.")
final class DlqListCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The dead letters.")
    private @Nullable File given;

    @Option(names = "--dead-letters", paramLabel = "DIR", description = "The same.")
    private @Nullable File option;

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text. json: an object a line.")
    private Format format = Format.text;

    DlqListCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final LineOutput out = new LineOutput(streams.out());
        final JsonBytes line = new JsonBytes();
        final EventJson json = new EventJson();
        final String damage = DeadLetters.visit(DeadLetters.directory(given, option), letter -> {
            line.clear();
            if (format == Format.json) {
                DeadLetters.json(line, json, letter);
            } else {
                line.raw(text(letter).getBytes(StandardCharsets.UTF_8));
            }
            out.write(line.raw('\n'));
            return !out.isClosed();
        });
        out.flush();
        return DeadLetters.status(streams, damage);
    }

    private static String text(final DeadLetter letter) {
        final Event event = letter.record();
        final boolean raw = DeadLetters.isRaw(event);
        return String.format(
                        "%-6d %-30s %-17s %-12s %d  %s  %s  %s",
                        letter.id(),
                        DeadLetters.time(letter.timeNanos()),
                        letter.reason(),
                        letter.consumer().isEmpty() ? "-" : Json.printable(letter.consumer(), 60),
                        letter.attempts(),
                        raw ? "(" + event.payloadLength() + " bytes)" : Json.printable(event.subject(), 200),
                        raw ? "-" : Json.printable(event.aggregate(), 100) + "#" + event.aggregateSequence(),
                        Json.printable(letter.error().lines().findFirst().orElse(""), 200))
                .stripTrailing();
    }
}
