package io.ringline.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.ringline.router.record.Event;
import io.ringline.router.record.HeaderReader;
import io.ringline.router.record.RecordFlags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes events as JSON: the one place that knows how a subject, an aggregate, headers and a payload look on a line. */
final class EventJson {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

    private final HeaderReader headers = new HeaderReader();

    /** One delivery, or where {@code consumer} is empty one event of the journal. */
    JsonBytes delivery(final JsonBytes to, final String consumer, final Event event) {
        to.clear().raw('{');
        if (!consumer.isEmpty()) {
            to.name("consumer").text(consumer);
        }
        to.name("subject").text(event.buffer(), event.subjectOffset(), event.subjectLength());
        aggregate(to, event);
        to.name("globalSequence").number(event.globalSequence());
        to.name("aggregateSequence").number(event.aggregateSequence());
        if (event.gap() > 0) {
            to.name("gap").number(event.gap());
        }
        headers(to.name("headers"), event);
        payload(to, event);
        return to.raw('}').raw('\n');
    }

    /** Numbers that were given up, as the journal holds them. */
    JsonBytes gap(final JsonBytes to, final Event event) {
        to.clear().raw("{\"gapRecord\":{");
        aggregate(to, event);
        to.name("firstMissing").number(event.aggregateSequence());
        to.name("missing").number(event.gap());
        to.name("beforeGlobalSequence").number(event.globalSequence());
        return to.raw("}}\n");
    }

    /** The event as {@code ringline route} reads it. */
    JsonBytes input(final JsonBytes to, final Event event) {
        to.clear().raw('{');
        to.name("subject").text(event.buffer(), event.subjectOffset(), event.subjectLength());
        if ((event.flags() & RecordFlags.AGGREGATE_IS_SUBJECT) == 0) {
            aggregate(to, event);
        }
        if (event.aggregateSequence() > 0) {
            to.name("sequence").number(event.aggregateSequence());
        }
        if (event.sourceSequence() > 0) {
            to.name("sourceSequence").number(event.sourceSequence());
        }
        if (event.headersLength() > 0) {
            headers(to.name("headers"), event);
        }
        payload(to, event);
        return to.raw('}').raw('\n');
    }

    void aggregate(final JsonBytes to, final Event event) {
        to.name("aggregate");
        if (event.aggregateIsId()) {
            to.number(event.aggregateId());
        } else {
            to.text(event.buffer(), event.aggregateOffset(), event.aggregateLength());
        }
    }

    void headers(final JsonBytes to, final Event event) {
        to.raw('{');
        if (event.headersLength() > 0) {
            for (final Map.Entry<String, List<String>> header : read(event).entrySet()) {
                to.name(header.getKey());
                final List<String> values = header.getValue();
                if (values.size() == 1) {
                    to.text(values.get(0));
                } else {
                    to.raw('[');
                    for (int i = 0; i < values.size(); i++) {
                        (i > 0 ? to.raw(',') : to).text(values.get(i));
                    }
                    to.raw(']');
                }
            }
        }
        to.raw('}');
    }

    Map<String, List<String>> read(final Event event) {
        final Map<String, List<String>> values = new LinkedHashMap<>();
        headers.wrap(event);
        while (headers.next()) {
            values.computeIfAbsent(headers.name(), name -> new ArrayList<>()).add(headers.value());
        }
        return values;
    }

    /** The payload as it came in; nothing where there was none. */
    void payload(final JsonBytes to, final Event event) {
        if (isJson(event)) {
            to.name("payload").rawLine(event.buffer(), event.payloadOffset(), event.payloadLength());
        } else if (event.payloadLength() > 0 || (event.flags() & RecordFlags.PAYLOAD_BINARY) != 0) {
            to.name("payloadBase64").text(Base64.getEncoder().encodeToString(event.payload()));
        }
    }

    /** What the publisher said it is; where it said nothing, whether it reads as one JSON text. */
    static boolean isJson(final Event event) {
        if ((event.flags() & RecordFlags.PAYLOAD_JSON) != 0) {
            return true;
        }
        if ((event.flags() & RecordFlags.PAYLOAD_BINARY) != 0 || event.payloadLength() == 0) {
            return false;
        }
        final byte[] bytes = event.payload();
        if (!isUtf8(bytes)) {
            return false;
        }
        try (JsonParser parser = JSON.createParser(bytes)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (final IOException notJson) {
            return false;
        }
    }

    static boolean isUtf8(final byte[] bytes) {
        try {
            java.nio.charset.StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
            return true;
        } catch (final java.nio.charset.CharacterCodingException failure) {
            return false;
        }
    }
}
