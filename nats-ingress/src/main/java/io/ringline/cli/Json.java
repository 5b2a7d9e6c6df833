package io.ringline.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What all readers of JSON lines share. */
final class Json {
    /** How deep a value may be nested. */
    static final int MAX_NESTING = 1_000;

    private static final int MAX_REASON_CHARS = 300;
    /** What the parser says to the one who set it up. */
    private static final Pattern FOR_PROGRAMMERS = Pattern.compile(": enable `[^`]*` to allow| ?\\(start marker at .*");

    /**
     * Without limits on lengths, because the line's length is limited already, and without interning, because field names
     * inside payloads have no end. A parser from this factory takes bytes for UTF-8 and finds no other encoding in them.
     */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private Json() {}

    /** A line that is not what it should be: the message is the reason. Without a stack trace, as there may be millions. */
    static final class BadLineException extends IOException {
        private static final long serialVersionUID = 1L;

        BadLineException(final String reason) {
            super(reason);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }

        /** The reason. */
        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** A parser over one line; any other byte sequence than UTF-8 is refused first, payload or not. */
    static JsonParser parser(final byte[] line, final int offset, final int length) throws IOException {
        final int malformed = Utf8.malformedAt(line, offset, length);
        if (malformed >= 0) {
            throw new BadLineException("not UTF-8: byte " + (malformed - offset + 1) + " of the line is 0x"
                    + Integer.toHexString(line[malformed] & 0xFF));
        }
        return FACTORY.createParser(line, offset, length);
    }

    /** Whether bytes are one JSON text, from the first to the last. */
    static boolean isText(final byte[] bytes) {
        try (JsonParser parser = parser(bytes, 0, bytes.length)) {
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

    /** Why a line was refused, in one printable line. */
    static String reason(final IOException failure) {
        if (failure instanceof BadLineException bad) {
            return printable(bad.reason(), MAX_REASON_CHARS);
        }
        if (failure instanceof StreamConstraintsException) {
            return "nested more than " + MAX_NESTING + " deep";
        }
        if (failure instanceof JsonEOFException) {
            return "not JSON: it ends before it is complete";
        }
        if (failure instanceof JsonProcessingException json) {
            final String where = json.getLocation() == null
                    ? ""
                    : " (at byte " + Math.max(1, json.getLocation().getByteOffset()) + ")";
            final String what = FOR_PROGRAMMERS
                    .matcher(firstLine(json.getOriginalMessage()))
                    .replaceAll("");
            return printable("not JSON: " + what, MAX_REASON_CHARS) + where;
        }
        return printable(String.valueOf(failure), MAX_REASON_CHARS);
    }

    private static String firstLine(final @Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    /** Text from outside as a person's terminal may have it: control characters escaped, and cut where it is too long. */
    static String printable(final String text, final int maxChars) {
        final IntPredicate hostile = c ->
                Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029';
        final StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && shown.length() < maxChars; ) {
            final int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (hostile.test(c)) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        }
        return shown.length() >= maxChars ? shown.append("...").toString() : shown.toString();
    }
}
