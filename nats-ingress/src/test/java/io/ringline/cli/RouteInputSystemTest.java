package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringline.cli.CommandRunner.Result;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a line may be, and what it may not. */
@Timeout(120)
class RouteInputSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_PAYLOAD = 1 << 20;

    @TempDir
    private Path scratch;

    private static byte[] latin(final String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static List<byte[]> badLines() {
        final List<byte[]> bad = new ArrayList<>();
        for (final String line : List.of(
                "not JSON",
                "{\"subject\":\"a\"",
                "[{\"subject\":\"a\"}]",
                "7",
                "null",
                "{}",
                "{\"subject\":7}",
                "{\"subject\":\"\"}",
                "{\"subject\":\"a..b\"}",
                "{\"subject\":\"a b\"}",
                "{\"subject\":\"a\\tb\"}",
                "{\"subject\":\"" + "s".repeat(4_097) + "\"}",
                "{\"subject\":\"a.*\"}",
                "{\"subject\":\"a.>\"}",
                "{\"subject\":\"\\ud800\"}",
                "{\"subject\":\"a\",\"aggregate\":1.5}",
                "{\"subject\":\"a\",\"aggregate\":\"\"}",
                "{\"subject\":\"a\",\"aggregate\":9223372036854775808}",
                "{\"subject\":\"a\",\"sequence\":0}",
                "{\"subject\":\"a\",\"sequence\":-1}",
                "{\"subject\":\"a\",\"sequence\":1.5}",
                "{\"subject\":\"a\",\"sequence\":\"x\"}",
                "{\"subject\":\"a\",\"sequence\":null}",
                "{\"subject\":\"a\",\"sequence\":99999999999999999999}",
                "{\"subject\":\"a\",\"payload\":1,\"payloadBase64\":\"AA==\"}",
                "{\"subject\":\"a\",\"payloadBase64\":\"AA==\",\"payload\":1}",
                "{\"subject\":\"a\",\"payloadBase64\":\"@@\"}",
                "{\"subject\":\"a\",\"payloadBase64\":7}",
                "{\"subject\":\"a\",\"subject\":\"b\"}",
                "{\"subject\":\"a\",\"headers\":[]}",
                "{\"subject\":\"a\",\"headers\":{\"h\":1}}",
                "{\"subject\":\"a\",\"headers\":{\"h\":[]}}",
                "{\"subject\":\"a\",\"headers\":{\"\":\"v\"}}",
                "{\"subject\":\"a\",\"payload\":nul}",
                "{\"subject\":\"a\",\"payload\":01}",
                "{\"subject\":\"a\",\"payload\":}",
                "{\"subject\":\"a\"} trailing",
                "{\"subject\":\"a\"}{\"subject\":\"a\"}",
                "{\"subject\":\"a\",\"payload\":" + "[".repeat(1_600) + "]".repeat(1_600) + "}",
                "{\"subject\":\"a\",\"payload\":\"" + "p".repeat(MAX_PAYLOAD - 1) + "\"}")) {
            bad.add(line.getBytes(UTF_8));
        }
        bad.add(latin("{\"subject\":\"a\",\"payload\":\"\u00ff\u00fe\"}"));
        bad.add(latin("{\"subject\":\"\u00c3\"}"));
        return bad;
    }

    @Test
    void everyBadLineIsReportedAndKeptAndNothingElseIsLost() throws Exception {
        final List<byte[]> bad = badLines();
        final ByteArrayOutputStream input = new ByteArrayOutputStream();
        final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        for (int i = 0; i < bad.size(); i++) {
            input.writeBytes(bad.get(i));
            input.writeBytes(("\n{\"subject\":\"good\",\"payload\":" + i + "}\n").getBytes(UTF_8));
            kept.writeBytes(Arrays.copyOf(bad.get(i), Math.min(bad.get(i).length, MAX_PAYLOAD)));
            kept.write('\n');
        }
        final CommandRunner ringline = new CommandRunner(scratch);
        final String letters = scratch.resolve("letters").toString();
        final Result result = ringline.run(
                input.toByteArray(), "route", "--subscribe", "all=>", "--dead-letters", letters, "--summary", "json");
        final List<String> err = result.err().lines().toList();
        for (int i = 0; i < bad.size(); i++) {
            final String start = "line " + (2 * i + 1) + ": ";
            assertThat(err)
                    .as(new String(bad.get(i), 0, Math.min(100, bad.get(i).length), UTF_8))
                    .anyMatch(line -> line.startsWith(start) && line.length() > start.length() + 3);
        }
        assertThat(err).hasSize(bad.size() + 1);
        assertThat(result.status()).isEqualTo(1);
        assertThat(JSON.readTree(err.get(bad.size())).get("malformed").asInt()).isEqualTo(bad.size());
        final List<String> out = result.lines();
        assertThat(out).hasSize(bad.size());
        for (int i = 0; i < out.size(); i++) {
            assertThat(out.get(i))
                    .endsWith(",\"payload\":" + i + "}")
                    .contains("\"aggregateSequence\":" + (i + 1) + ",");
        }
        final List<String> listed =
                ringline.run("dlq", "list", letters, "--format", "json").lines();
        assertThat(listed).hasSize(bad.size());
        for (int i = 0; i < listed.size(); i++) {
            final JsonNode letter = JSON.readTree(listed.get(i));
            assertThat(letter.get("reason").asText()).isEqualTo("MALFORMED");
            final String error = letter.get("error").asText();
            assertThat(err).anyMatch(line -> !line.isEmpty() && error.startsWith(line));
            final int length = Math.min(bad.get(i).length, MAX_PAYLOAD);
            assertThat(Base64.getDecoder().decode(letter.get("rawBase64").asText()))
                    .isEqualTo(Arrays.copyOf(bad.get(i), length));
        }
        assertThat(ringline.run("dlq", "replay", letters).bytes()).isEqualTo(kept.toByteArray());
    }

    @Test
    void payloadsComeOutByteForByte() throws Exception {
        final List<String> payloads = List.of(
                "\"\\u00e9\\u0041\\/\\n\"",
                "\"\u00e9 \ud83d\ude80\"",
                "123456789012345678901234567890.12345678901234567890e-400",
                "-0",
                "0.10",
                "7",
                "true",
                "null",
                "\"\"",
                "{}",
                "[]",
                "{ \"b\" : [ 1 ,  {\t\"a\":{\"a\":\"}\"} } ] }",
                "[".repeat(400) + "]".repeat(400),
                "1" + "0".repeat(5_000),
                "\"" + "p".repeat(MAX_PAYLOAD - 2) + "\"");
        final StringBuilder input = new StringBuilder("\ufeff");
        for (int i = 0; i < payloads.size(); i++) {
            final String payload = payloads.get(i);
            input.append(
                    i % 2 == 0
                            ? "{\"subject\":\"a.\u00e9\",\"payload\":" + payload + "}\r\n"
                            : " {\"payload\" :  " + payload
                                    + "  , \"unknown\":{\"x\":[1]} ,\"subject\":\"a.\\u00e9\"}\n\n");
        }
        final CommandRunner ringline = new CommandRunner(scratch);
        final Result result =
                ringline.run(input.toString().getBytes(UTF_8), "route", "--subscribe", "all=>", "--summary", "none");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err().lines()).singleElement().asString().contains("\"unknown\"", "ignored");
        final List<String> out = result.lines();
        assertThat(out).hasSize(payloads.size());
        for (int i = 0; i < out.size(); i++) {
            assertThat(out.get(i))
                    .isEqualTo(
                            "{\"consumer\":\"all\",\"subject\":\"a.\u00e9\",\"aggregate\":\"a.\u00e9\",\"globalSequence\":"
                                    + (i + 1) + ",\"aggregateSequence\":" + (i + 1) + ",\"headers\":{},\"payload\":"
                                    + payloads.get(i)
                                    + "}");
        }
    }

    @Test
    void binaryPayloadsHeadersAndIdsComeOutAsTheyWere() throws Exception {
        final byte[] bytes = new byte[300];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        final String rest =
                "\"headers\":{\"a\":\"\",\"b\":[\"1\",\"\",\"1\"],\"c\":\"\u00e9\\n\\\"\"},\"payloadBase64\":\""
                        + Base64.getEncoder().encodeToString(bytes) + "\"}";
        final String input = "{\"subject\":\"s\",\"aggregate\":-7," + rest
                + "\n{\"subject\":\"s\",\"aggregate\":\"LAS\",\"payloadBase64\":\"\"}"
                + "\n{\"subject\":\"s\",\"aggregate\":\"LAS\",\"sequence\":2}";
        final Result result = new CommandRunner(scratch)
                .run(input.getBytes(UTF_8), "route", "--subscribe", "all=>", "--summary", "none");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines())
                .containsExactly(
                        "{\"consumer\":\"all\",\"subject\":\"s\",\"aggregate\":-7,\"globalSequence\":1,"
                                + "\"aggregateSequence\":1," + rest,
                        "{\"consumer\":\"all\",\"subject\":\"s\",\"aggregate\":\"LAS\",\"globalSequence\":2,"
                                + "\"aggregateSequence\":1,\"headers\":{},\"payloadBase64\":\"\"}",
                        "{\"consumer\":\"all\",\"subject\":\"s\",\"aggregate\":\"LAS\",\"globalSequence\":3,"
                                + "\"aggregateSequence\":2,\"headers\":{}}");
    }
}
