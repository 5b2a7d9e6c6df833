package io.ringline.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.EventDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventLineTest {
    private final List<String> unknown = new ArrayList<>();
    private final EventLine parser = new EventLine(unknown::add);
    private final EventDraft draft = new EventDraft();

    private String reason(final byte[] line) {
        return String.valueOf(parser.parse(line, 0, line.length, draft));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "garbage | not JSON: Unrecognized token 'garbage'",
                "{\"subject\":\"a\" | not JSON: it ends before it is complete",
                "[] | not a JSON object",
                "7 | not a JSON object",
                "{} | no subject",
                "{\"subject\":5} | subject must be a string, not an integer",
                "{\"subject\":null} | subject must be a string, not null",
                "{\"subject\":\"\\ud800\"} | subject holds half a surrogate pair",
                "{\"subject\":\"a\",\"subject\":\"a\"} | two fields are named subject",
                "{\"subject\":\"a\",\"x\":1,\"x\":1} | two fields are named x",
                "{\"subject\":\"a\"} {} | more follows after the object",
                "{\"subject\":\"a\"}, | not JSON",
                "{\"subject\":\"a\",} | not JSON",
                "{\"subject\":\"a\",\"sequence\":0} | sequence is 0: it must be an integer from 1",
                "{\"subject\":\"a\",\"sequence\":-1} | sequence is -1",
                "{\"subject\":\"a\",\"sequence\":1.0} | sequence must be an integer from 1, not a number with a fraction",
                "{\"subject\":\"a\",\"sequence\":\"1\"} | sequence must be an integer from 1, not a string",
                "{\"subject\":\"a\",\"sequence\":9223372036854775808} | does not fit into 64 bits",
                "{\"subject\":\"a\",\"sourceSequence\":0} | sourceSequence is 0",
                "{\"subject\":\"a\",\"startAt\":0} | startAt is 0: it must be an integer from 1",
                "{\"subject\":\"a\",\"startAt\":1,\"startAt\":1} | two fields are named startAt",
                "{\"subject\":\"a\",\"aggregate\":1.5} | aggregate must be a string or an integer",
                "{\"subject\":\"a\",\"aggregate\":null} | aggregate must be a string or an integer, not null",
                "{\"subject\":\"a\",\"aggregate\":true} | aggregate must be a string or an integer, not a boolean",
                "{\"subject\":\"a\",\"aggregate\":-9223372036854775809} | does not fit into 64 bits",
                "{\"subject\":\"a\",\"headers\":[]} | headers must be an object, not an array",
                "{\"subject\":\"a\",\"headers\":{\"h\":1}} | a header's value must be a string",
                "{\"subject\":\"a\",\"headers\":{\"h\":[\"v\",1]}} | a header's value must be a string",
                "{\"subject\":\"a\",\"headers\":{\"h\":[]}} | a header has an empty array",
                "{\"subject\":\"a\",\"headers\":{\"\":\"v\"}} | a header's name has 0 bytes",
                "{\"subject\":\"a\",\"headers\":{\"h\":\"1\",\"h\":\"2\"}} | two headers are named h",
                "{\"subject\":\"a\",\"headers\":{\"h\":\"\\udc00\"}} | a header holds half a surrogate pair",
                "{\"subject\":\"a\",\"payload\":1,\"payloadBase64\":\"\"} | both payload and payloadBase64",
                "{\"subject\":\"a\",\"payload\":NaN} | not JSON: Non-standard token 'NaN' (at byte",
                "{\"subject\":\"a\",\"payload\":01} | not JSON",
                "{\"subject\":\"a\",\"payload\":{\"a\":}} | not JSON",
                "{\"subject\":\"a\",\"payload\":tru} | not JSON",
                "{\"subject\":\"a\",\"payload\":\"\\x\"} | not JSON",
                "{\"subject\":\"a\",\"payloadBase64\":\"!\"} | payloadBase64 is not base64",
                "{\"subject\":\"a\",\"payloadBase64\":7} | payloadBase64 must be a string, not an integer",
                "{'subject':'a'} | not JSON",
                "{\"subject\":\"a\" /* c */} | not JSON",
            })
    void shouldSayWhatIsWrong(final String line, final String expected) {
        assertThat(reason(line.getBytes(UTF_8))).contains(expected).doesNotContain("`", "REDACTED", "\n");
    }

    @Test
    void shouldRefuseWhatIsNoUtf8AnywhereInTheLine() {
        for (final String bad :
                List.of("\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00e2\u0082")) {
            final byte[] line = ("{\"subject\":\"a\",\"payload\":\"" + bad + "\"}").getBytes(ISO_8859_1);
            assertThat(reason(line)).startsWith("not UTF-8: byte 27 of the line");
        }
    }

    @Test
    void shouldRefuseTooDeepNestingAndTakeWhatIsAllowed() {
        final String deep = "[".repeat(Json.MAX_NESTING) + "]".repeat(Json.MAX_NESTING);
        assertThat(reason(("{\"subject\":\"a\",\"payload\":" + deep + "}").getBytes(UTF_8)))
                .isEqualTo("nested more than 1000 deep");
        final String allowed = deep.substring(1, deep.length() - 1);
        assertThat(reason(("{\"subject\":\"a\",\"payload\":" + allowed + "}").getBytes(UTF_8)))
                .isEqualTo("null");
    }

    @Test
    void shouldTellOfUnknownFieldsAndIgnoreThem() {
        assertThat(reason("{\"subject\":\"a\",\"x\":{\"subject\":\"b\"},\"y\":[1,{}]}".getBytes(UTF_8)))
                .isEqualTo("null");
        assertThat(unknown).containsExactly("x", "y");
    }

    @Test
    void shouldSurviveAnyDamage() {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        final Random random = new Random(seed);
        final byte[] whole =
                ("{\"subject\":\"ä.b\",\"aggregate\":\"LAS\",\"sequence\":3,\"headers\":{\"h\":[\"1\",\"2\"]},"
                                + "\"payload\":{\"n\":[1,2.50,-3e9,\"\\u00e9 𝄞\",null,true]}}")
                        .getBytes(UTF_8);
        for (int i = 0; i < 20_000; i++) {
            final byte[] line = whole.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            assertThat(parser.parse(line, 0, random.nextInt(line.length + 1), draft))
                    .as("seed %d", seed)
                    .satisfiesAnyOf(
                            reason -> assertThat(reason).isNull(),
                            reason -> assertThat(reason).isNotBlank());
        }
    }
}
