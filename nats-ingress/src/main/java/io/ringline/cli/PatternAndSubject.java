package io.ringline.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringline.cli.Json.BadLineException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code ringline match --json}.
 *
 * @param patternBytes UTF-8; null where the text has none.
 * @param subjectBytes UTF-8; null where the text has none.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PatternAndSubject(byte @Nullable [] patternBytes, byte @Nullable [] subjectBytes) {
    /** Why a text may have no bytes. */
    static final String LONE_SURROGATE = "it holds half a surrogate pair, which UTF-8 has no bytes for";

    /** Reads a line; other fields are ignored. */
    static PatternAndSubject parse(final byte[] line, final int offset, final int length) throws BadLineException {
        try (JsonParser parser = Json.parser(line, offset, length)) {
            return read(parser);
        } catch (final BadLineException refused) {
            throw refused;
        } catch (final IOException notJson) {
            throw new BadLineException(Json.reason(notJson));
        }
    }

    private static PatternAndSubject read(final JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new BadLineException("not a JSON object");
        }
        String pattern = null;
        String subject = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String name = parser.currentName();
            parser.nextToken();
            if (name.equals("pattern")) {
                pattern = text(parser, name, pattern);
            } else if (name.equals("subject")) {
                subject = text(parser, name, subject);
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new BadLineException("more follows after the object");
        }
        if (pattern == null || subject == null) {
            throw new BadLineException("no " + (pattern == null ? "pattern" : "subject"));
        }
        return new PatternAndSubject(utf8(pattern), utf8(subject));
    }

    private static String text(final JsonParser parser, final String name, final @Nullable String before)
            throws IOException {
        if (before != null) {
            throw new BadLineException("two fields are named " + name);
        }
        EventLine.expect(parser.currentToken() == JsonToken.VALUE_STRING, name + " must be a string", parser);
        return parser.getText();
    }

    private static byte @Nullable [] utf8(final String text) {
        final byte[] bytes = new byte[3 * text.length()];
        final int length = Utf8.encode(text.toCharArray(), 0, text.length(), bytes, 0);
        return length == Utf8.LONE_SURROGATE ? null : Arrays.copyOf(bytes, length);
    }
}
