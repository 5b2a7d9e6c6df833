package io.ringline.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringline.cli.Json.BadLineException;
import io.ringline.router.record.HeaderWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.agrona.DirectBuffer;

/** Reads an event's headers from JSON: an object of strings, or of arrays of strings for a name that comes repeatedly. */
final class HeaderFields {
    private static final int MAX_NAME_BYTES = 65_535;

    private final HeaderWriter writer = new HeaderWriter();
    private final Set<String> names = new HashSet<>();

    /** Reads the object that the parser stands at the start of. */
    void read(final JsonParser parser) throws IOException {
        writer.clear();
        names.clear();
        EventLine.expect(parser.currentToken() == JsonToken.START_OBJECT, "headers must be an object", parser);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String name = parser.currentName();
            if (!names.add(name)) {
                throw new BadLineException("two headers are named " + name + ": give their values in one array");
            }
            final byte[] nameBytes = encode(name.toCharArray(), 0, name.length());
            if (nameBytes.length == 0 || nameBytes.length > MAX_NAME_BYTES) {
                throw new BadLineException(
                        "a header's name has " + nameBytes.length + " bytes: give it 1 to " + MAX_NAME_BYTES);
            }
            parser.nextToken();
            values(parser, nameBytes);
        }
    }

    private void values(final JsonParser parser, final byte[] name) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            value(parser, name);
            return;
        }
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            value(parser, name);
            count++;
        }
        if (count == 0) {
            throw new BadLineException("a header has an empty array of values: leave it out, or give it one");
        }
    }

    private void value(final JsonParser parser, final byte[] name) throws IOException {
        EventLine.expect(
                parser.currentToken() == JsonToken.VALUE_STRING,
                "a header's value must be a string or an array of strings",
                parser);
        writer.add(name, encode(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength()));
    }

    private static byte[] encode(final char[] chars, final int offset, final int length) throws BadLineException {
        final byte[] bytes = new byte[3 * length];
        final int count = Utf8.encode(chars, offset, length, bytes, 0);
        if (count == Utf8.LONE_SURROGATE) {
            throw new BadLineException("a header holds half a surrogate pair, which UTF-8 has no bytes for");
        }
        return Arrays.copyOf(bytes, count);
    }

    DirectBuffer buffer() {
        return writer.buffer();
    }

    /** How long the block is. */
    int length() {
        return writer.length();
    }
}
