package io.ringline.cli;

import io.ringline.router.record.Event;
import io.ringline.router.record.HeaderReader;
import io.ringline.router.record.RecordFlags;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as JSON: a delivery as {@code ringline route} writes it, or an event as {@code ringline route} reads it.
 * Reusable. Not thread-safe.
 *
 * <p>Headers are an object in their order; a name that comes again has its values in one array, at its first place. The
 * payload stands as the JSON text that it was, or as {@code payloadBase64} where it did not come in as JSON; an empty
 * payload that nobody called binary is left out.
 */
final class EventJson {
    private static final byte[] SUBJECT = key("\"subject\":");
    private static final byte[] AGGREGATE = key(",\"aggregate\":");
    private static final byte[] GLOBAL_SEQUENCE = key(",\"globalSequence\":");
    private static final byte[] AGGREGATE_SEQUENCE = key(",\"aggregateSequence\":");
    private static final byte[] SEQUENCE = key(",\"sequence\":");
    private static final byte[] GAP = key(",\"gap\":");
    private static final byte[] GAP_OF_SOURCE = key(",\"gapOf\":\"source\"");
    private static final byte[] HEADERS = key(",\"headers\":");
    private static final byte[] NO_HEADERS = key(",\"headers\":{}");
    private static final byte[] PAYLOAD = key(",\"payload\":");
    private static final byte[] PAYLOAD_BASE64 = key(",\"payloadBase64\":");

    private final HeaderReader header = new HeaderReader();
    private final HeaderReader other = new HeaderReader();

    private static byte[] key(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** How a delivery to a consumer starts. */
    static byte[] consumerPrefix(final String consumer) {
        final JsonBytes to =
                new JsonBytes().raw(key("{\"consumer\":")).string(consumer).raw(',');
        return to.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Adds an event with the numbers it was given, as an object without a line's end.
     *
     * @param prefix see {@link #consumerPrefix}; null for no consumer.
     */
    void delivery(final JsonBytes to, final byte @Nullable [] prefix, final Event event) {
        if (prefix == null) {
            to.raw('{');
        } else {
            to.raw(prefix);
        }
        to.raw(SUBJECT).string(event.buffer(), event.subjectOffset(), event.subjectLength());
        to.raw(AGGREGATE);
        aggregate(to, event);
        to.raw(GLOBAL_SEQUENCE).number(event.globalSequence());
        to.raw(AGGREGATE_SEQUENCE).number(event.aggregateSequence());
        if (event.gap() > 0) {
            to.raw(GAP).number(event.gap());
            if ((event.flags() & RecordFlags.SOURCE_GAP) != 0) {
                to.raw(GAP_OF_SOURCE);
            }
        }
        headers(to, event);
        payload(to, event);
        to.raw('}');
    }

    /**
     * Adds an event as its publisher could have given it.
     *
     * @param sequenced whether a number that the publisher gave is kept.
     */
    void input(final JsonBytes to, final Event event, final boolean sequenced) {
        to.raw('{').raw(SUBJECT).string(event.buffer(), event.subjectOffset(), event.subjectLength());
        if ((event.flags() & RecordFlags.AGGREGATE_IS_SUBJECT) == 0) {
            to.raw(AGGREGATE);
            aggregate(to, event);
        }
        if (sequenced && (event.flags() & RecordFlags.SOURCE_SEQUENCED) != 0) {
            to.raw(SEQUENCE).number(event.aggregateSequence());
        }
        if (event.headersLength() > 0) {
            headers(to, event);
        }
        payload(to, event);
        to.raw('}');
    }

    /** Adds the aggregate's key: a number where it is an id, else a string. */
    void aggregate(final JsonBytes to, final Event event) {
        if (event.aggregateIsId()) {
            to.number(event.aggregateId());
        } else {
            to.string(event.buffer(), event.aggregateOffset(), event.aggregateLength());
        }
    }

    /** Adds {@code ,"headers":{...}}. */
    void headers(final JsonBytes to, final Event event) {
        if (event.headersLength() == 0) {
            to.raw(NO_HEADERS);
            return;
        }
        to.raw(HEADERS);
        char before = '{';
        header.wrap(event);
        while (header.next()) {
            if (!cameBefore(event)) {
                to.raw(before)
                        .string(header.buffer(), header.nameOffset(), header.nameLength())
                        .raw(':');
                values(to, event);
                before = ',';
            }
        }
        to.raw('}');
    }

    private boolean cameBefore(final Event event) {
        other.wrap(event);
        while (other.next() && other.nameOffset() < header.nameOffset()) {
            if (sameName()) {
                return true;
            }
        }
        return false;
    }

    private void values(final JsonBytes to, final Event event) {
        final int start = to.length();
        to.raw('[').string(header.buffer(), header.valueOffset(), header.valueLength());
        int count = 1;
        other.wrap(
                event.buffer(),
                header.valueOffset() + header.valueLength(),
                headersEnd(event) - header.valueOffset() - header.valueLength());
        while (other.next()) {
            if (sameName()) {
                to.raw(',').string(other.buffer(), other.valueOffset(), other.valueLength());
                count++;
            }
        }
        if (count == 1) {
            to.remove(start);
        } else {
            to.raw(']');
        }
    }

    private static int headersEnd(final Event event) {
        return event.headersOffset() + event.headersLength();
    }

    private boolean sameName() {
        if (header.nameLength() != other.nameLength()) {
            return false;
        }
        final DirectBuffer buffer = header.buffer();
        for (int i = 0; i < header.nameLength(); i++) {
            if (buffer.getByte(header.nameOffset() + i) != buffer.getByte(other.nameOffset() + i)) {
                return false;
            }
        }
        return true;
    }

    /** What the publisher said; where it said nothing, whether the payload is one JSON text that fits on a line. */
    static boolean isJson(final Event event) {
        if ((event.flags() & (RecordFlags.PAYLOAD_JSON | RecordFlags.PAYLOAD_BINARY)) != 0) {
            return (event.flags() & RecordFlags.PAYLOAD_JSON) != 0;
        }
        final byte[] bytes = event.payload();
        for (final byte b : bytes) {
            if (b == '\n') {
                return false;
            }
        }
        return Json.isText(bytes);
    }

    /** Adds {@code ,"payload":...} or {@code ,"payloadBase64":"..."}, or nothing for none. */
    void payload(final JsonBytes to, final Event event) {
        final int length = event.payloadLength();
        if (length > 0 && isJson(event)) {
            to.raw(PAYLOAD).raw(event.buffer(), event.payloadOffset(), length);
        } else if (length > 0 || (event.flags() & RecordFlags.PAYLOAD_BINARY) != 0) {
            to.raw(PAYLOAD_BASE64).base64(event.buffer(), event.payloadOffset(), length);
        }
    }
}
