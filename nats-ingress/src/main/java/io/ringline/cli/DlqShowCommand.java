package io.ringline.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.ringline.router.journal.DeadLetter;
import io.ringline.router.record.Event;
import io.ringline.router.record.HeaderReader;
import io.ringline.router.record.RecordFlags;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.agrona.PrintBufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline dlq show}. */
@Command(name = "show", description = "All there is to know of one dead letter.")
final class DlqShowCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(
            arity = "1..2",
            paramLabel = "[DIR] ID",
            hideParamSyntax = true,
            description = "The dead letters, unless given by the option, and the number that list shows.")
    private List<String> given = List.of();

    @Option(names = "--dead-letters", paramLabel = "DIR", description = "The dead letters.")
    private @Nullable File option;

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text. json: one object, as list has them.")
    private Format format = Format.text;

    DlqShowCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final File dir = DeadLetters.directory(given.size() == 2 ? new File(given.get(0)) : null, option);
        final long id = id(given.get(given.size() - 1));
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        final PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8);
        final boolean[] found = {false};
        final String damage = DeadLetters.visit(dir, letter -> {
            if (letter.id() == id) {
                found[0] = true;
                if (format == Format.json) {
                    json(text, letter);
                } else {
                    show(out, letter);
                }
            }
            return letter.id() < id;
        });
        out.flush();
        final LineOutput output = new LineOutput(streams.out());
        output.write(text.toByteArray(), text.size());
        output.flush();
        if (!found[0] && damage == null) {
            throw new CommandFailure(ExitStatus.FOUND, "there is no dead letter " + id + " in " + dir);
        }
        return found[0] ? ExitStatus.OK : DeadLetters.status(streams, damage);
    }

    private static void json(final ByteArrayOutputStream to, final DeadLetter letter) {
        final JsonBytes line = new JsonBytes();
        DeadLetters.json(line, new EventJson(), letter);
        final LineOutput output = new LineOutput(to);
        output.write(line.raw('\n'));
        output.flush();
    }

    private static long id(final String text) {
        try {
            return Long.parseLong(text);
        } catch (final NumberFormatException wrong) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "'" + Json.printable(text, 80) + "' is no dead letter's number: see ringline dlq list");
        }
    }

    private static void show(final PrintStream out, final DeadLetter letter) {
        line(out, "id", letter.id());
        line(out, "reason", letter.reason());
        line(out, "consumer", letter.consumer().isEmpty() ? "-" : letter.consumer());
        line(out, "attempts", letter.attempts());
        line(out, "first failure", DeadLetters.time(letter.firstFailureNanos()));
        line(out, "given up", DeadLetters.time(letter.timeNanos()));
        error(out, "first error", letter.firstError());
        error(out, letter.firstError().isEmpty() ? "error" : "last error", letter.error());
        final Event event = letter.record();
        if (DeadLetters.isRaw(event)) {
            line(out, "bytes", event.payloadLength());
        } else {
            event(out, event);
        }
        out.println();
        payload(out, event);
    }

    private static void error(final PrintStream out, final String name, final String text) {
        final List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            line(out, i == 0 ? name : "", lines.get(i));
        }
    }

    private static void event(final PrintStream out, final Event event) {
        line(out, "subject", event.subject());
        line(out, "aggregate", event.aggregate() + (event.aggregateIsId() ? " (id)" : ""));
        final boolean given = (event.flags() & RecordFlags.SOURCE_SEQUENCED) != 0;
        line(out, "sequence", event.aggregateSequence() + (given ? " (its publisher's)" : " (stamped)"));
        line(out, "global sequence", event.globalSequence() == 0 ? "-" : event.globalSequence());
        line(out, "source sequence", event.sourceSequence() == 0 ? "-" : event.sourceSequence());
        line(out, "accepted", DeadLetters.time(event.ingressNanos()));
        final HeaderReader header = new HeaderReader().wrap(event);
        while (header.next()) {
            line(out, "header", header.name() + ": " + header.value());
        }
        line(out, "payload bytes", event.payloadLength());
    }

    private static void line(final PrintStream out, final String name, final Object value) {
        out.printf("%-16s %s%n", name, Json.printable(String.valueOf(value), 4_000));
    }

    private static void payload(final PrintStream out, final Event event) {
        final byte[] bytes = event.payload();
        final String pretty = pretty(bytes);
        if (pretty != null) {
            out.println(pretty);
        } else if (DeadLetters.isRaw(event) && Utf8.malformedAt(bytes, 0, bytes.length) < 0) {
            out.println(Json.printable(new String(bytes, StandardCharsets.UTF_8), Lines.MAX_BYTES));
        } else if (bytes.length > 0) {
            out.println(PrintBufferUtil.prettyHexDump(new UnsafeBuffer(bytes)));
        }
    }

    /** The payload with line breaks, or null where it is not JSON. Numbers and escapes stay as they are. */
    private static @Nullable String pretty(final byte[] bytes) {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonParser parser = Json.parser(bytes, 0, bytes.length);
                JsonGenerator generator = Json.FACTORY.createGenerator(text)) {
            generator.useDefaultPrettyPrinter();
            if (parser.nextToken() == null) {
                return null;
            }
            generator.copyCurrentStructureExact(parser);
            if (parser.nextToken() != null) {
                return null;
            }
        } catch (final IOException notJson) {
            return null;
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
