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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline dlq show}. */
@Command(
        name = "show",
        description = "All there is to know of one dead letter, or, without an ID, of those that the options choose.")
final class DlqShowCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(
            arity = "0..2",
            paramLabel = "[DIR] [ID]",
            hideParamSyntax = true,
            description = "The dead letters, unless given by the option, and the number that list shows.")
    private List<String> given = List.of();

    @Option(names = "--dead-letters", paramLabel = "DIR", description = "The dead letters.")
    private @Nullable File option;

    @Mixin
    private LetterFilterOptions filter;

    private final UsageProblems problems = new UsageProblems();
    private final LineOutput output;
    private long shown;

    DlqShowCommand(final Streams streams) {
        this.streams = streams;
        output = new LineOutput(streams.out());
    }

    @Override
    public Integer call() {
        final LetterFilter wanted = filter.concludeLetters(problems, LogTime.nowNanos());
        final Format format = filter.format(problems, Format.text);
        final boolean dirGiven = option == null && !given.isEmpty();
        final String idText = given.size() > (dirGiven ? 1 : 0) ? given.get(given.size() - 1) : null;
        final File first = dirGiven || given.size() == 2 ? new File(given.get(0)) : null;
        final File dir = DeadLetters.directory(problems, first, option);
        if (idText == null && !filter.isGiven()) {
            problems.add("give the number that list shows, or an option that chooses dead letters");
        }
        final long id = idText == null ? 0 : id(idText);
        problems.throwIfAny();
        final ProgressBar bar = ProgressBar.of(streams, "dead letters", true);
        final String damage = DeadLetters.visit(dir, id > 0 ? one(wanted) : wanted, bar, letter -> {
            if (id == 0 || letter.id() == id) {
                write(letter, format);
            }
            return (id == 0 || letter.id() < id) && !output.isClosed();
        });
        output.flush();
        if (shown == 0 && damage == null && id > 0) {
            throw new CommandFailure(
                    ExitStatus.FOUND,
                    "there is no " + (filter.isGiven() ? "such " : "") + "dead letter " + id + " in " + dir);
        }
        return id > 0 && shown > 0 ? ExitStatus.OK : DeadLetters.status(streams, damage);
    }

    /** Of all that are wanted one is picked: they do not count. */
    private static LetterFilter one(final LetterFilter wanted) {
        return new LetterFilter(wanted.records().unlimited(), wanted.consumers(), wanted.reasons(), wanted.anyReason());
    }

    private void write(final DeadLetter letter, final Format format) {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        if (format == Format.json) {
            json(text, letter);
        } else {
            final PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8);
            if (shown > 0) {
                out.println();
            }
            show(out, letter);
            out.flush();
        }
        shown++;
        output.write(text.toByteArray(), text.size());
    }

    private static void json(final ByteArrayOutputStream to, final DeadLetter letter) {
        final JsonBytes line = new JsonBytes();
        DeadLetters.json(line, new EventJson(), letter);
        final LineOutput output = new LineOutput(to);
        output.write(line.raw('\n'));
        output.flush();
    }

    private long id(final String text) {
        try {
            final long id = Long.parseLong(text);
            if (id > 0) {
                return id;
            }
        } catch (final NumberFormatException wrong) {
            // said below
        }
        problems.add("'" + Json.printable(text, 80) + "' is no dead letter's number: see ringline dlq list");
        return 0;
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
