package io.ringline.cli;

import io.ringline.router.journal.DeadLetter;
import io.ringline.router.record.Event;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.agrona.PrintBufferUtil;

/** Dead letters as a line, a page, or a line of JSON. */
final class DeadLetterText {
    private final EventJson json = new EventJson();
    private final JsonBytes bytes = new JsonBytes();

    String line(final DeadLetter letter) {
        final String consumer = letter.consumer().isEmpty() ? "-" : letter.consumer();
        return String.format(
                "%-6d %-30s %-18s %-12s %3d  %s  %s%n",
                letter.id(),
                DlqCommand.time(letter.timeNanos()),
                letter.reason(),
                consumer,
                letter.attempts(),
                event(letter.record()),
                oneLine(letter.error()));
    }

    private static String event(final Event event) {
        return event.type() == RecordType.RAW
                ? "(" + event.payloadLength() + " bytes)"
                : printable(event.subject()) + " " + printable(event.aggregate()) + "#" + event.aggregateSequence();
    }

    /** Control characters out of a subject or an error must not reach a terminal. */
    private static String printable(final String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static String oneLine(final String error) {
        final int end = error.indexOf('\n');
        return printable(end < 0 ? error : error.substring(0, end));
    }

    String page(final DeadLetter letter) {
        final StringBuilder page = new StringBuilder(1_024);
        final EventRecord event = letter.record();
        field(page, "dead letter", Long.toString(letter.id()));
        field(page, "reason", letter.reason().toString());
        field(page, "consumer", letter.consumer().isEmpty() ? "-" : letter.consumer());
        field(page, "attempts", Integer.toString(letter.attempts()));
        field(page, "first failure", DlqCommand.time(letter.firstFailureNanos()));
        field(page, "given up", DlqCommand.time(letter.timeNanos()));
        field(page, "error", letter.error().isEmpty() ? "-" : letter.error().replace("\n", "\n" + " ".repeat(16)));
        if (event.type() == RecordType.RAW) {
            field(page, "input", event.payloadLength() + " bytes that are no event");
        } else {
            field(page, "subject", printable(event.subject()));
            field(page, "aggregate", printable(event.aggregate()) + (event.aggregateIsId() ? " (id)" : ""));
            field(page, "sequence", Long.toString(event.aggregateSequence()));
            field(page, "global", event.globalSequence() == 0 ? "never released" : "" + event.globalSequence());
            field(page, "accepted", DlqCommand.time(event.ingressNanos()));
            for (final Map.Entry<String, java.util.List<String>> header :
                    json.read(event).entrySet()) {
                for (final String value : header.getValue()) {
                    field(page, "header", printable(header.getKey()) + ": " + printable(value));
                }
            }
        }
        payload(page, event);
        return page.append('\n').toString();
    }

    private static void field(final StringBuilder page, final String name, final String value) {
        page.append(String.format("%-15s %s%n", name, value));
    }

    private static void payload(final StringBuilder page, final Event event) {
        final byte[] payload = event.payload();
        field(page, "payload", payload.length + " bytes");
        if (EventJson.isUtf8(payload)) {
            page.append(new String(payload, StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?"));
            page.append('\n');
        } else {
            page.append(PrintBufferUtil.prettyHexDump(
                    event.buffer(), event.payloadOffset(), Math.min(event.payloadLength(), 4_096)));
            page.append('\n');
        }
    }

    byte[] json(final DeadLetter letter) {
        final EventRecord event = letter.record();
        bytes.clear().raw('{');
        bytes.name("id").number(letter.id());
        bytes.name("time").text(DlqCommand.time(letter.timeNanos()));
        bytes.name("reason").text(letter.reason().toString());
        bytes.name("consumer").text(letter.consumer());
        bytes.name("attempts").number(letter.attempts());
        bytes.name("firstFailure").text(DlqCommand.time(letter.firstFailureNanos()));
        bytes.name("error").text(letter.error());
        if (event.type() == RecordType.RAW) {
            bytes.name("input").text(event.buffer(), event.payloadOffset(), event.payloadLength());
        } else {
            bytes.name("subject").text(event.buffer(), event.subjectOffset(), event.subjectLength());
            json.aggregate(bytes, event);
            bytes.name("aggregateSequence").number(event.aggregateSequence());
            bytes.name("globalSequence").number(event.globalSequence());
            bytes.name("acceptedAt").text(DlqCommand.time(event.ingressNanos()));
            json.headers(bytes.name("headers"), event);
            json.payload(bytes, event);
        }
        return bytes.raw("}\n").toArray();
    }
}
