package io.ringline.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.ringline.router.EventDraft;
import io.ringline.router.record.HeaderWriter;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.subject.SubjectRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One event as a line of JSON, read into an {@link EventDraft}. The payload is not interpreted: its bytes are taken as they
 * stand between the line's other fields. Reusable; a draft that was filled is valid until the next line.
 */
final class EventLine {
    private static final int MAX_DEPTH = 500;
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(1 << 20)
                    .build())
            .build();

    private final int maxSubjectBytes;
    private final Consumer<String> onUnknownField;
    private final Set<String> unknown = new HashSet<>();
    private final HeaderWriter headers = new HeaderWriter();
    private final UnsafeBuffer line = new UnsafeBuffer(0, 0);
    private byte[] subject = new byte[0];
    private byte[] aggregateKey = new byte[0];
    private boolean hasAggregate;
    private boolean aggregateIsId;
    private long aggregateId;
    private long sequence;
    private long sourceSequence;
    private int payloadStart;
    private int payloadEnd;
    private byte @Nullable [] binary;

    EventLine(final int maxSubjectBytes, final Consumer<String> onUnknownField) {
        this.maxSubjectBytes = maxSubjectBytes;
        this.onUnknownField = onUnknownField;
    }

    /**
     * Reads a line.
     *
     * @param bytes  memory; must stay as it is until the draft is published.
     * @param offset of the line.
     * @param length in bytes, without its end.
     * @param draft  set to the event.
     * @throws MalformedLineException where the line is no event, with the reason.
     */
    void read(final byte[] bytes, final int offset, final int length, final EventDraft draft)
            throws MalformedLineException {
        clear();
        checkUtf8(bytes, offset, length);
        try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
            readObject(parser, offset);
            if (parser.nextToken() != null) {
                throw new MalformedLineException("something follows the event's closing brace");
            }
        } catch (final JsonProcessingException failure) {
            throw new MalformedLineException("not JSON: " + firstLine(failure.getOriginalMessage()));
        } catch (final IOException failure) {
            throw new MalformedLineException("cannot be read: " + failure.getMessage());
        }
        fill(bytes, draft);
    }

    private static void checkUtf8(final byte[] bytes, final int offset, final int length)
            throws MalformedLineException {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                try {
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes, i, offset + length - i));
                } catch (final CharacterCodingException failure) {
                    throw new MalformedLineException("not UTF-8");
                }
                return;
            }
        }
    }

    private void clear() {
        headers.clear();
        subject = new byte[0];
        hasAggregate = false;
        aggregateIsId = false;
        sequence = 0;
        sourceSequence = 0;
        payloadStart = 0;
        payloadEnd = 0;
        binary = null;
    }

    private void readObject(final JsonParser parser, final int base) throws IOException, MalformedLineException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedLineException("not a JSON object");
        }
        boolean hasSubject = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String name = parser.currentName();
            final JsonToken value = parser.nextToken();
            switch (name) {
                case "subject" -> {
                    hasSubject = true;
                    readSubject(parser, value);
                }
                case "aggregate" -> readAggregate(parser, value);
                case "sequence" -> sequence = readNumber(parser, value, name);
                case "sourceSequence" -> sourceSequence = readNumber(parser, value, name);
                case "headers" -> readHeaders(parser, value);
                case "payload" -> readPayload(parser, base);
                case "payloadBase64" -> readBinary(parser, value);
                default -> skipUnknown(parser, name);
            }
        }
        if (!hasSubject) {
            throw new MalformedLineException("no subject: give it as a text");
        }
        if (binary != null && payloadEnd > 0) {
            throw new MalformedLineException("both payload and payloadBase64: give one");
        }
    }

    private void readSubject(final JsonParser parser, final JsonToken value)
            throws IOException, MalformedLineException {
        if (value != JsonToken.VALUE_STRING) {
            throw new MalformedLineException("the subject is not a text");
        }
        subject = encode(parser.getText(), "subject");
        final String problem = SubjectRules.problemOfSubject(subject, maxSubjectBytes);
        if (problem != null) {
            throw new MalformedLineException("invalid subject: " + problem);
        }
    }

    /** UTF-8; a lone surrogate has no such form, and must not become a question mark. */
    private static byte[] encode(final String text, final String what) throws MalformedLineException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    i++;
                } else {
                    throw new MalformedLineException("the " + what + " holds half of a surrogate pair");
                }
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void readAggregate(final JsonParser parser, final JsonToken value)
            throws IOException, MalformedLineException {
        hasAggregate = true;
        if (value == JsonToken.VALUE_NUMBER_INT) {
            aggregateIsId = true;
            aggregateId = readLong(parser, "aggregate");
            return;
        }
        if (value != JsonToken.VALUE_STRING) {
            throw new MalformedLineException("the aggregate is neither a text nor an integer");
        }
        aggregateKey = encode(parser.getText(), "aggregate");
        if (aggregateKey.length == 0 || aggregateKey.length > maxSubjectBytes) {
            throw new MalformedLineException(
                    "the aggregate has " + aggregateKey.length + " bytes: give it 1 to " + maxSubjectBytes);
        }
    }

    private static long readLong(final JsonParser parser, final String what)
            throws IOException, MalformedLineException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new MalformedLineException("the " + what + " does not fit in 64 bits");
        }
        return parser.getLongValue();
    }

    private static long readNumber(final JsonParser parser, final JsonToken value, final String what)
            throws IOException, MalformedLineException {
        if (value != JsonToken.VALUE_NUMBER_INT) {
            throw new MalformedLineException("the " + what + " is not an integer");
        }
        final long number = readLong(parser, what);
        if (number < 1) {
            throw new MalformedLineException("the " + what + " is " + number + ": numbers start at 1");
        }
        return number;
    }

    private void readHeaders(final JsonParser parser, final JsonToken value)
            throws IOException, MalformedLineException {
        if (value != JsonToken.START_OBJECT) {
            throw new MalformedLineException("the headers are not an object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String text = parser.currentName();
            final byte[] name = encode(text, "name of a header");
            if (name.length == 0 || name.length > 65_535) {
                throw new MalformedLineException("a header's name has " + name.length + " bytes: give it 1 to 65535");
            }
            final JsonToken first = parser.nextToken();
            if (first == JsonToken.VALUE_STRING) {
                headers.add(name, encode(parser.getText(), "header " + text));
            } else if (first == JsonToken.START_ARRAY) {
                readValues(parser, name, text);
            } else {
                throw new MalformedLineException("header " + text + " is neither a text nor a list of texts");
            }
        }
    }

    private void readValues(final JsonParser parser, final byte[] name, final String text)
            throws IOException, MalformedLineException {
        int values = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw new MalformedLineException("header " + text + " holds something that is no text");
            }
            headers.add(name, encode(parser.getText(), "header " + text));
            values++;
        }
        if (values == 0) {
            throw new MalformedLineException("header " + text + " has no value");
        }
    }

    private void readPayload(final JsonParser parser, final int base) throws IOException {
        payloadStart = base + (int) parser.currentTokenLocation().getByteOffset();
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            parser.finishToken();
        } else {
            parser.skipChildren();
        }
        payloadEnd = base + (int) parser.currentLocation().getByteOffset();
        if (parser.currentToken().isNumeric()) {
            parser.getNumberType(); // reads the number to its end
            payloadEnd = payloadStart + parser.getTextLength();
        }
    }

    private void readBinary(final JsonParser parser, final JsonToken value) throws IOException, MalformedLineException {
        if (value != JsonToken.VALUE_STRING) {
            throw new MalformedLineException("payloadBase64 is not a text");
        }
        try {
            binary = Base64.getDecoder().decode(parser.getText());
        } catch (final IllegalArgumentException failure) {
            throw new MalformedLineException("payloadBase64 is not base64: " + failure.getMessage());
        }
    }

    private void skipUnknown(final JsonParser parser, final String name) throws IOException {
        parser.skipChildren();
        if (unknown.size() < 100 && unknown.add(name)) {
            onUnknownField.accept(name);
        }
    }

    private void fill(final byte[] bytes, final EventDraft draft) {
        draft.reset().subject(new UnsafeBuffer(subject), 0, subject.length);
        if (hasAggregate && aggregateIsId) {
            draft.aggregateId(aggregateId);
        } else if (hasAggregate) {
            draft.aggregate(new UnsafeBuffer(aggregateKey), 0, aggregateKey.length);
        }
        draft.sequence(sequence).sourceSequence(sourceSequence);
        draft.headers(headers.buffer(), 0, headers.length());
        if (binary != null) {
            draft.flags(RecordFlags.PAYLOAD_BINARY).payload(new UnsafeBuffer(binary), 0, binary.length);
        } else if (payloadEnd > 0) {
            line.wrap(bytes);
            draft.flags(RecordFlags.PAYLOAD_JSON).payload(line, payloadStart, payloadEnd - payloadStart);
        }
    }

    long sourceSequence() {
        return sourceSequence;
    }

    private static String firstLine(final String text) {
        final int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
