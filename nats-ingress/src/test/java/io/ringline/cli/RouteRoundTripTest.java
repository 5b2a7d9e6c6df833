package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random events through the whole command: what comes out is what went in. */
class RouteRoundTripTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String[] PIECES = {
        "a", "Z", "0", "\"", "\\", "/", "\b", "\f", "\n", "\r", "\t", "\u0000", "\u001f", "\u007f", "é", "ß", "\u2028",
        "中", "\uFFFD", "😀", "𝄞", "{", "}", ","
    };

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private String text(final int most) {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /** A JSON text as people may write it: odd white space, escapes that are not needed, numbers of any form. */
    private String json(final int depth) {
        switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0:
                return new String[] {"0", "-0", "1.50", "1E+400", "123456789012345678901234567890", "-1e-5"}
                        [random.nextInt(6)];
            case 1:
                return new String[] {"true", "false", "null"}[random.nextInt(3)];
            case 2:
                return "\"\\u00e9\\ud83d\\ude00\\/\\ud800\"";
            case 3:
            case 4:
                return string(text(10));
            case 5:
                return "[" + blank() + json(depth + 1) + " ," + json(depth + 1) + "]";
            default:
                return "{" + string(text(3)) + blank() + ":" + json(depth + 1) + blank() + ",\"a\":1 , \"a\":2}";
        }
    }

    private String blank() {
        return new String[] {"", " ", "\t", "\r"}[random.nextInt(4)];
    }

    private static String string(final String text) {
        return new JsonBytes().string(text).toString();
    }

    private String headers() {
        final StringBuilder headers = new StringBuilder("{");
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.append(headers.length() > 1 ? "," : "")
                    .append(string(i + text(4)))
                    .append(':');
            headers.append(
                    random.nextBoolean() ? string(text(8)) : "[" + string(text(3)) + "," + string(text(3)) + "]");
        }
        return headers.append('}').toString();
    }

    @Test
    void shouldGiveOutWhatWentIn() throws IOException {
        final List<ObjectNode> expected = new ArrayList<>();
        final List<String> payloads = new ArrayList<>();
        final StringBuilder input = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            final String subject = "s." + text(5).replaceAll("[ \t\n\f\r]", "_") + "x";
            final String aggregate = random.nextInt(3) == 0 ? Long.toString(random.nextLong()) : string("g" + text(5));
            final String headers = headers();
            final byte[] bytes = text(10).getBytes(UTF_8);
            final String payload =
                    random.nextInt(4) == 0 ? '"' + Base64.getEncoder().encodeToString(bytes) + '"' : json(0);
            final String field = payload.startsWith("\"")
                            && payload.equals('"' + Base64.getEncoder().encodeToString(bytes) + '"')
                    ? "payloadBase64"
                    : "payload";
            input.append("{");
            input.append(blank()).append("\"subject\":").append(string(subject)).append(',');
            input.append('"')
                    .append(field)
                    .append("\":")
                    .append(blank())
                    .append(payload)
                    .append(',');
            input.append("\"aggregate\":")
                    .append(aggregate)
                    .append(",\"headers\":")
                    .append(headers)
                    .append("}\n");
            payloads.add("\"" + field + "\":" + payload + "}");
            final ObjectNode node = MAPPER.createObjectNode();
            node.put("consumer", "all").put("subject", subject);
            node.set("aggregate", MAPPER.readTree(aggregate));
            node.put("globalSequence", i + 1);
            node.set("headers", MAPPER.readTree(headers));
            expected.add(node);
        }
        check(Cli.route(input.toString(), "--summary", "none"), expected, payloads);
    }

    private void check(final Cli.Result result, final List<ObjectNode> expected, final List<String> payloads)
            throws IOException {
        assertThat(result.err()).as("seed %d", seed).isEmpty();
        final String[] lines = result.out().split("\n");
        assertThat(lines).as("seed %d", seed).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(lines[i]).as("seed %d, line %d", seed, i + 1).endsWith(payloads.get(i));
            final JsonNode head = MAPPER.readTree(
                    lines[i].substring(0, lines[i].length() - payloads.get(i).length() - 1) + "}");
            ((ObjectNode) head).remove("aggregateSequence");
            assertThat(head)
                    .as("seed %d, line %d", seed, i + 1)
                    .isEqualTo(MAPPER.readTree(expected.get(i).toString()));
        }
    }
}
