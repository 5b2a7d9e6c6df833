package io.ringline.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringline.cli.Json.BadLineException;
import io.ringline.router.EventDraft;
import io.ringline.router.Publisher;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.subject.SubjectRules;
import io.ringline.sequencer.Sequencer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes an event of one line of JSON. The payload is not copied or written anew: the draft refers to its very bytes in the
 * line. Reusable. Not thread-safe.
 *
 * <p>A line is an object. Known fields are {@code subject} (needed), {@code aggregate}, {@code sequence},
 * {@code sourceSequence}, {@code startAt}, {@code headers}, {@code payload} and {@code payloadBase64}; others are ignored, and their names
 * handed to a listener.
 */
final class EventLine {
    private static final int SUBJECT = 1;
    private static final int AGGREGATE = 1 << 1;
    private static final int SEQUENCE = 1 << 2;
    private static final int SOURCE_SEQUENCE = 1 << 3;
    private static final int HEADERS = 1 << 4;
    private static final int PAYLOAD = 1 << 5;
    private static final int PAYLOAD_BASE64 = 1 << 6;
    private static final int START_AT = 1 << 7;

    private final Consumer<String> unknownFields;
    private final HeaderFields headers = new HeaderFields();
    private final Set<String> unknown = new HashSet<>();
    private final UnsafeBuffer line = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer subject = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer aggregate = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer decoded = new UnsafeBuffer(0, 0);
    private byte[] subjectBytes = new byte[256];
    private byte[] aggregateBytes = new byte[256];
    private int seen;
    private long startAt;

    /**
     * A parser.
     *
     * @param unknownFields told of the name of each field that means nothing here, again and again.
     */
    EventLine(final Consumer<String> unknownFields) {
        this.unknownFields = unknownFields;
    }

    /**
     * Reads a line.
     *
     * @param bytes memory that must stay as it is while the draft is used.
     * @param draft reset, and set to the event; of no use where the answer is a reason.
     * @return null where the line is an event, otherwise why not.
     */
    @Nullable
    String parse(final byte[] bytes, final int offset, final int length, final EventDraft draft) {
        draft.reset();
        seen = 0;
        startAt = 0;
        unknown.clear();
        line.wrap(bytes, offset, length);
        try (JsonParser parser = Json.parser(bytes, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadLineException("not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                final String name = parser.currentName();
                parser.nextToken();
                field(name, parser, draft);
            }
            if (parser.nextToken() != null) {
                throw new BadLineException("more follows after the object: one line holds one event");
            }
            return missing();
        } catch (final IOException refused) {
            return Json.reason(refused);
        }
    }

    private @Nullable String missing() {
        if ((seen & SUBJECT) == 0) {
            return "no subject";
        }
        return (seen & PAYLOAD) != 0 && (seen & PAYLOAD_BASE64) != 0
                ? "both payload and payloadBase64: give one"
                : null;
    }

    private void field(final String name, final JsonParser parser, final EventDraft draft) throws IOException {
        switch (name) {
            case "subject" -> {
                once(SUBJECT, name);
                subject(parser, draft);
            }
            case "aggregate" -> {
                once(AGGREGATE, name);
                aggregate(parser, draft);
            }
            case "sequence" -> {
                once(SEQUENCE, name);
                draft.sequence(sequence(parser, name));
            }
            case "sourceSequence" -> {
                once(SOURCE_SEQUENCE, name);
                draft.sourceSequence(sequence(parser, name));
            }
            case "startAt" -> {
                once(START_AT, name);
                startAt = sequence(parser, name);
            }
            case "headers" -> {
                once(HEADERS, name);
                headers.read(parser);
                draft.headers(headers.buffer(), 0, headers.length());
            }
            case "payload" -> {
                once(PAYLOAD, name);
                payload(parser, draft);
            }
            case "payloadBase64" -> {
                once(PAYLOAD_BASE64, name);
                payloadBase64(parser, draft);
            }
            default -> unknown(parser, name);
        }
    }

    /** The number that the aggregate of the last line's event starts at, before the event. @return 0 for none. */
    long startAt() {
        return startAt;
    }

    /** Whether the last line that was an event gave its source's number. */
    boolean hasSourceSequence() {
        return (seen & SOURCE_SEQUENCE) != 0;
    }

    /**
     * Why the router refused the event of the last line.
     *
     * @param code a negative answer of {@link Publisher#tryPublish}.
     */
    String refusal(final long code) {
        if (code == Publisher.INVALID_SUBJECT) {
            final byte[] copy = Arrays.copyOf(subjectBytes, subject.capacity());
            return Json.printable(
                    "invalid subject: " + SubjectRules.problemOfSubject(copy, RouterSettings.MAX_SUBJECT_BYTES), 300);
        }
        if (code == Publisher.INVALID_AGGREGATE) {
            return "the aggregate has " + aggregate.capacity() + " bytes: give it 1 to "
                    + RouterSettings.MAX_SUBJECT_BYTES;
        }
        if (code == Publisher.HEADERS_TOO_LARGE) {
            return "the headers have " + headers.length() + " bytes, counting 6 for each value; the limit is "
                    + RouterSettings.MAX_HEADERS_BYTES;
        }
        if (code == Publisher.PAYLOAD_TOO_LARGE) {
            return "the payload has more than " + RouterSettings.MAX_PAYLOAD_BYTES + " bytes";
        }
        if (code == Publisher.INVALID_SEQUENCE) {
            return "startAt is " + startAt + ": give it at most " + Sequencer.MAX_FIRST;
        }
        return "refused by the router with code " + code;
    }

    private void once(final int field, final String name) throws BadLineException {
        if ((seen & field) != 0) {
            throw new BadLineException("two fields are named " + name);
        }
        seen |= field;
    }

    private void unknown(final JsonParser parser, final String name) throws IOException {
        if (!unknown.add(name)) {
            throw new BadLineException("two fields are named " + name);
        }
        parser.skipChildren();
        unknownFields.accept(name);
    }

    private void subject(final JsonParser parser, final EventDraft draft) throws IOException {
        expect(parser.currentToken() == JsonToken.VALUE_STRING, "subject must be a string", parser);
        subjectBytes = room(subjectBytes, parser.getTextLength());
        final int length = text(parser, "subject", subjectBytes);
        subject.wrap(subjectBytes, 0, length);
        draft.subject(subject, 0, length);
    }

    private void aggregate(final JsonParser parser, final EventDraft draft) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            draft.aggregateId(integer(parser, "aggregate"));
            return;
        }
        expect(parser.currentToken() == JsonToken.VALUE_STRING, "aggregate must be a string or an integer", parser);
        aggregateBytes = room(aggregateBytes, parser.getTextLength());
        final int length = text(parser, "aggregate", aggregateBytes);
        aggregate.wrap(aggregateBytes, 0, length);
        draft.aggregate(aggregate, 0, length);
    }

    private static byte[] room(final byte[] bytes, final int chars) {
        return bytes.length >= 3 * chars ? bytes : new byte[3 * chars];
    }

    private static int text(final JsonParser parser, final String name, final byte[] to) throws IOException {
        final int length =
                Utf8.encode(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), to, 0);
        if (length == Utf8.LONE_SURROGATE) {
            throw new BadLineException(name + " holds half a surrogate pair, which UTF-8 has no bytes for");
        }
        return length;
    }

    private static long sequence(final JsonParser parser, final String name) throws IOException {
        expect(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, name + " must be an integer from 1", parser);
        final long value = integer(parser, name);
        if (value < 1) {
            throw new BadLineException(name + " is " + value + ": it must be an integer from 1");
        }
        return value;
    }

    private static long integer(final JsonParser parser, final String name) throws IOException {
        try {
            return Long.parseLong(parser.getText());
        } catch (final NumberFormatException tooLarge) {
            throw new BadLineException(name + " is " + parser.getText() + ", which does not fit into 64 bits");
        }
    }

    private void payload(final JsonParser parser, final EventDraft draft) throws IOException {
        final int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        final int end = (int) parser.currentLocation().getByteOffset();
        draft.payload(line, start, end - start).flags(RecordFlags.PAYLOAD_JSON);
    }

    private void payloadBase64(final JsonParser parser, final EventDraft draft) throws IOException {
        expect(parser.currentToken() == JsonToken.VALUE_STRING, "payloadBase64 must be a string", parser);
        try {
            final byte[] bytes = Base64.getDecoder().decode(parser.getText().getBytes(StandardCharsets.UTF_8));
            decoded.wrap(bytes);
            draft.payload(decoded, 0, bytes.length).flags(RecordFlags.PAYLOAD_BINARY);
        } catch (final IllegalArgumentException notBase64) {
            throw new BadLineException("payloadBase64 is not base64: " + notBase64.getMessage());
        }
    }

    static void expect(final boolean right, final String rule, final JsonParser parser) throws IOException {
        if (!right) {
            throw new BadLineException(rule + ", not " + typeOf(parser.currentToken()));
        }
    }

    private static String typeOf(final @Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction or an exponent";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> token.toString();
        };
    }
}
