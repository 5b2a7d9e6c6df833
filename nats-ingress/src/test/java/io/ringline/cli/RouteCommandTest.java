package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    void shouldRouteTheSampleInOrderAndTheSameUnderAllTopologies() throws IOException {
        final String input = String.join("\n", Cli.sample()) + "\n";
        final String[] consumers = {
            "--subscribe", "las=event.airport.LAS.>", "--subscribe", "flights=event.*.*.flight.departed,event.>"
        };
        final List<String> outputs = new ArrayList<>();
        for (final String topology : List.of("inline", "fused", "staged")) {
            final String[] args = Cli.routeArgs(
                    consumers[0],
                    consumers[1],
                    consumers[2],
                    consumers[3],
                    "--topology",
                    topology,
                    "--summary",
                    "json");
            final Cli.Result result = Cli.run(input, args);
            assertThat(result.status()).as(result.err()).isZero();
            outputs.add(result.out());
            final JsonNode summary = MAPPER.readTree(result.err());
            assertThat(summary.at("/accepted").asInt()).isEqualTo(20_000);
            assertThat(summary.at("/delivered/byConsumer/all").asInt()).isEqualTo(20_000);
            assertThat(summary.at("/gaps").asInt() + summary.at("/duplicates").asInt())
                    .isZero();
        }
        assertThat(outputs.get(1)).isEqualTo(outputs.get(0));
        assertThat(outputs.get(2)).isEqualTo(outputs.get(0));
        checkOrder(outputs.get(0));
    }

    /** By global sequence, then by the consumers' order; for {@code all}, without a gap, and so within each aggregate. */
    private static void checkOrder(final String output) throws IOException {
        final List<String> names = List.of("all", "las", "flights");
        final Map<String, Integer> last = new HashMap<>();
        long before = 0;
        int global = 0;
        for (final String line : output.lines().toList()) {
            final JsonNode node = MAPPER.readTree(line);
            final long place = 10 * node.get("globalSequence").asLong()
                    + names.indexOf(node.get("consumer").asText());
            assertThat(place).isGreaterThan(before);
            before = place;
            assertThat(node.has("gap")).isFalse();
            if (node.get("consumer").asText().equals("all")) {
                assertThat(node.get("globalSequence").asInt()).isEqualTo(++global);
                assertThat(node.get("aggregateSequence").asInt())
                        .isEqualTo(last.merge(node.get("aggregate").asText(), 1, Integer::sum));
            }
        }
        assertThat(global).isEqualTo(20_000);
    }

    @Test
    void shouldDeliverTheSameStreamsWhenShuffledAndDoubled() throws IOException {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        final Random random = new Random(seed);
        final List<String> sample = Cli.sample();
        final double[] keys = new double[sample.size() * 2];
        final List<Integer> order = new ArrayList<>();
        int doubled = 0;
        for (int i = 0; i < sample.size(); i++) {
            order.add(i);
            keys[i] = i + random.nextInt(50);
            if (random.nextInt(10) == 0) {
                order.add(i + sample.size());
                keys[i + sample.size()] = i + random.nextInt(50);
                doubled++;
            }
        }
        order.sort((a, b) -> Double.compare(keys[a], keys[b]));
        final String shuffled =
                order.stream().map(i -> sample.get(i % sample.size())).collect(Collectors.joining("\n"));
        final Cli.Result result = Cli.route(shuffled, "--summary", "json");
        assertThat(streams(result.out()))
                .as("seed %d", seed)
                .isEqualTo(streams(Cli.route(String.join("\n", sample)).out()));
        assertThat(MAPPER.readTree(result.err()).get("duplicates").asInt())
                .as("seed %d", seed)
                .isEqualTo(doubled);
    }

    private static Map<String, List<String>> streams(final String output) throws IOException {
        final Map<String, List<String>> streams = new HashMap<>();
        for (final String line : output.lines().toList()) {
            streams.computeIfAbsent(MAPPER.readTree(line).get("aggregate").asText(), key -> new ArrayList<>())
                    .add(line.replaceAll("\"globalSequence\":\\d+,", ""));
        }
        return streams;
    }

    @Test
    void shouldGiveOutEachFormAsItCameIn() {
        final Cli.Result result = Cli.route("{\"subject\":\"a.b\"}\n"
                + "{\"subject\":\"a.b\",\"aggregate\":7,\"sequence\":1,\"payload\" : [1, 2.50 ,\"\\u00e9\"]}\r\n\n"
                + "{\"payload\":null,\"headers\":{\"x\":[\"1\",\"2\"],\"y\":\"\\\"\"},\"aggregate\":\"\\u0000ü\",\"subject\":\"a.c\"}\n"
                + "{\"subject\":\"a.d\",\"payloadBase64\":\"AP8=\"}\n{\"subject\":\"a.e\",\"payloadBase64\":\"\"}");
        assertThat(result.status()).isZero();
        assertThat(result.lines())
                .containsExactly(
                        "{\"consumer\":\"all\",\"subject\":\"a.b\",\"aggregate\":\"a.b\",\"globalSequence\":1,\"aggregateSequence\":1,\"headers\":{}}",
                        "{\"consumer\":\"all\",\"subject\":\"a.b\",\"aggregate\":7,\"globalSequence\":2,\"aggregateSequence\":1,\"headers\":{},\"payload\":[1, 2.50 ,\"\\u00e9\"]}",
                        "{\"consumer\":\"all\",\"subject\":\"a.c\",\"aggregate\":\"\\u0000ü\",\"globalSequence\":3,\"aggregateSequence\":1,\"headers\":{\"x\":[\"1\",\"2\"],\"y\":\"\\\"\"},\"payload\":null}",
                        "{\"consumer\":\"all\",\"subject\":\"a.d\",\"aggregate\":\"a.d\",\"globalSequence\":4,\"aggregateSequence\":1,\"headers\":{},\"payloadBase64\":\"AP8=\"}",
                        "{\"consumer\":\"all\",\"subject\":\"a.e\",\"aggregate\":\"a.e\",\"globalSequence\":5,\"aggregateSequence\":1,\"headers\":{},\"payloadBase64\":\"\"}");
    }

    @Test
    void shouldReportMalformedLinesKeepTheirBytesAndGoOn() throws IOException {
        final Path letters = temp.resolve("dl");
        final byte[] input =
                "{\"subject\":\"a\"}\nnope\n\n{\"subject\":\"a..b\"}\n??\n{\"subject\":\"b\",\"zz\":1}\n{\"subject\":\"b\",\"zz\":1}"
                        .getBytes(UTF_8);
        for (int i = 0; i < input.length; i++) {
            input[i] = input[i] == '?' ? (byte) 0xFF : input[i];
        }
        final Cli.Result result =
                Cli.run(input, Cli.routeArgs("--dead-letters", letters.toString(), "--summary", "json"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).hasSize(3);
        assertThat(result.err().lines())
                .hasSize(5)
                .anyMatch(line -> line.startsWith("line 2: not JSON"))
                .contains("line 4: invalid subject: token 2 is empty: tokens are joined by single dots")
                .contains("line 5: not UTF-8: byte 1 of the line is 0xff")
                .contains("field \"zz\" is not known and is ignored");
        final JsonNode summary = MAPPER.readTree(result.err().lines().toList().get(4));
        assertThat(summary.at("/malformed").asInt()).isEqualTo(3);
        assertThat(summary.at("/deadLetters/MALFORMED").asInt()).isEqualTo(3);
        final Cli.Result json = Cli.run("", "dlq", "list", letters.toString(), "--format", "json");
        assertThat(MAPPER.readTree(json.lines().get(2)).get("rawBase64").asText())
                .isEqualTo("//8=");
    }

    @Test
    void shouldTakeWhatFitsAndRefuseWhatDoesNot() {
        final String fits = "x".repeat(RouterSettings.MAX_PAYLOAD_BYTES - 2);
        final Cli.Result result =
                Cli.route("{\"subject\":\"a\",\"payload\":\"" + fits + "\"}\n{\"subject\":\"a\",\"payload\":\"" + fits
                        + "x\"}\n{\"subject\":\"a\",\"headers\":{\"h\":\"" + "v".repeat(70_000)
                        + "\"}}\n{\"subject\":\"" + "s".repeat(4_097)
                        + "\"}\n{\"subject\":\"a\",\"aggregate\":\"" + "g".repeat(4_097)
                        + "\"}\n{\"subject\":\"a\",\"aggregate\":\"\"}\n"
                        + "z".repeat(Lines.MAX_BYTES + 1) + "\n{\"subject\":\"b\"}\n");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).hasSize(2);
        assertThat(result.lines().get(0)).endsWith("\"payload\":\"" + fits + "\"}");
        assertThat(result.err().lines().filter(line -> line.startsWith("line ")))
                .containsExactly(
                        "line 2: the payload has more than 1048576 bytes",
                        "line 3: the headers have 70007 bytes, counting 6 for each value; the limit is 65536",
                        "line 4: invalid subject: the subject has 4097 bytes, the limit is 4096",
                        "line 5: the aggregate has 4097 bytes: give it 1 to 4096",
                        "line 6: the aggregate has 0 bytes: give it 1 to 4096",
                        "line 7: longer than 4194304 bytes");
    }

    @Test
    void shouldReleaseWhatIsHeldAtTheEndAndShowTheGap() throws IOException {
        final Cli.Result result = Cli.route(
                "{\"subject\":\"a\",\"sequence\":5}\n{\"subject\":\"a\",\"sequence\":2}\n{\"subject\":\"a\",\"sequence\":1}\n"
                        + "{\"subject\":\"a\",\"sequence\":1}\n{\"subject\":\"a\",\"sequence\":999}\n",
                "--summary",
                "json");
        assertThat(result.status()).isZero();
        assertThat(result.lines()).hasSize(3);
        assertThat(result.lines().get(2))
                .contains("\"globalSequence\":3,\"aggregateSequence\":5,\"gap\":2,\"headers\"");
        final JsonNode summary = MAPPER.readTree(result.err());
        assertThat(summary.get("gaps").asInt()).isEqualTo(1);
        assertThat(summary.get("missing").asInt()).isEqualTo(2);
        assertThat(summary.get("duplicates").asInt()).isEqualTo(1);
        assertThat(summary.get("gapTooWide").asInt()).isEqualTo(1);
        assertThat(summary.at("/deadLetters/GAP_TOO_WIDE").asInt()).isEqualTo(1);
    }

    @Test
    void shouldStartAnAggregateWhereALineSaysSo() throws IOException {
        final Cli.Result result = Cli.route(
                "{\"subject\":\"a\",\"sequence\":5000,\"startAt\":5000}\n{\"subject\":\"a\",\"sequence\":5002}\n"
                        + "{\"subject\":\"a\",\"sequence\":1,\"startAt\":1}\n{\"subject\":\"a\"}\n"
                        + "{\"subject\":\"b\",\"startAt\":9223372036854775807}\n",
                "--summary",
                "json");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("line 5: startAt is 9223372036854775807: give it at most 4611686018427387904");
        assertThat(result.lines().stream()
                        .map(line -> line.replaceAll(".*\"aggregateSequence\":(\\d+).*", "$1"))
                        .toList())
                .containsExactly("5000", "5002", "1", "2");
        final JsonNode summary = MAPPER.readTree(result.err().lines().toList().get(1));
        assertThat(summary.get("baselines").asInt()).isEqualTo(1);
        assertThat(summary.get("epochs").asInt()).isEqualTo(1);
        assertThat(summary.get("missing").asInt()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheFirstNumberSeenAndForgetAggregatesWhereThatIsAskedFor() throws IOException {
        final Cli.Result result = Cli.route(
                "{\"subject\":\"a\",\"sequence\":70}\n{\"subject\":\"b\",\"sequence\":9}\n"
                        + "{\"subject\":\"a\",\"sequence\":70}\n",
                "--first-sequence",
                "first-seen",
                "--max-aggregates",
                "1",
                "--summary",
                "json");
        assertThat(result.status()).isZero();
        assertThat(result.lines()).hasSize(3);
        final JsonNode summary = MAPPER.readTree(result.err());
        assertThat(summary.get("evicted").asInt()).isEqualTo(2);
        assertThat(summary.get("baselines").asInt()).isEqualTo(3);
    }

    @Test
    void shouldShowTheSourcesGapOnTheNextDelivery() throws IOException {
        final Cli.Result result = Cli.route(
                "{\"subject\":\"a\",\"sourceSequence\":1}\n{\"subject\":\"a\",\"sourceSequence\":4}\n",
                "--ordering",
                "global");
        assertThat(result.lines().get(1)).contains("\"aggregateSequence\":2,\"gap\":2,\"gapOf\":\"source\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inline", "fused", "staged"})
    void shouldReleaseMoreAtTheEndThanAChannelHolds(final String topology) {
        final StringBuilder input = new StringBuilder();
        for (int i = 2; i <= 30_001; i++) {
            input.append("{\"subject\":\"a\",\"sequence\":").append(i).append("}\n");
        }
        final Cli.Result result = Cli.route(
                input.toString(),
                "--topology",
                topology,
                "--max-gap",
                "100000",
                "--max-buffer",
                "40000",
                "--subscribe",
                "two=a");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(60_000);
    }

    @Test
    void shouldKeepTheOrderOfTheLinesUnderGlobalOrdering() {
        final Cli.Result byLine = Cli.route(
                "{\"subject\":\"a\"}\nbad\n{\"subject\":\"b\"}\n{\"subject\":\"c\"}\n",
                "--ordering",
                "global",
                "--summary",
                "none");
        assertThat(byLine.lines()).hasSize(3);
        assertThat(byLine.out()).doesNotContain("gap");
        final Cli.Result bySource = Cli.route(
                "{\"subject\":\"b\",\"sourceSequence\":2}\n{\"subject\":\"a\",\"sourceSequence\":1}\n",
                "--ordering",
                "global");
        assertThat(bySource.lines().get(0)).contains("\"subject\":\"a\"");
        assertThat(bySource.lines().get(1)).contains("\"subject\":\"b\"");
    }

    @Test
    void shouldReadFromAndWriteToFiles() throws IOException {
        final Path input = Files.writeString(temp.resolve("in.jsonl"), "{\"subject\":\"a\"}\n");
        final Path output = temp.resolve("out.jsonl");
        assertThat(Cli.route("", "--input", input.toString(), "--output", output.toString())
                        .status())
                .isZero();
        assertThat(Files.readAllLines(output)).hasSize(1);
        final Cli.Result same = Cli.route("", "--input", input.toString(), "--output", input.toString());
        assertThat(same.status()).isEqualTo(2);
        assertThat(Files.readString(input)).isEqualTo("{\"subject\":\"a\"}\n");
    }

    @Test
    void shouldTakeAConfigurationAndLetTheCommandLineWin() throws IOException {
        final Path config = Files.writeString(
                temp.resolve("c.yml"), "subscribe:\n  one: [a, b]\n  two: '>'\nsummary: none\nmax-gap: 5\n");
        final String input = "{\"subject\":\"a\"}\n{\"subject\":\"c\"}\n";
        final Cli.Result result = Cli.run(input, "route", "--config", config.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.lines()).hasSize(3);
        final Cli.Result overruled = Cli.run(input, "route", "--config", config.toString(), "--subscribe", "x=c");
        assertThat(overruled.lines()).hasSize(1);
        final Path list = Files.writeString(temp.resolve("l.yml"), "subscribe: ['one=a,b', 'two=c']\n");
        assertThat(Cli.run(input, "route", "--config", list.toString()).lines()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope: 1",
                "- a",
                "subscribe: {a: [[b]]}",
                "max-gap: [1]",
                "max-gap: 1\nmax-gap: 2",
                "summary: {",
                "max-gap: x"
            })
    void shouldRefuseAWrongConfiguration(final String yaml) throws IOException {
        final Path config = Files.writeString(temp.resolve("c.yml"), yaml);
        final Cli.Result result = Cli.route("", "--config", config.toString());
        assertThat(result.status()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).startsWith("ringline: ").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route",
                "route --subscribe a",
                "route --subscribe =a",
                "route --subscribe a=",
                "route --subscribe a=b..c",
                "route --subscribe a=b,>.c",
                "route --subscribe a=b --subscribe a=c",
                "route --subscribe a=b --max-gap 0",
                "route --subscribe a=b --max-gap -1",
                "route --subscribe a=b --max-gap 1e3",
                "route --subscribe a=b --max-buffer 99999999",
                "route --subscribe a=b --sequence-timeout 0s",
                "route --subscribe a=b --sequence-timeout 5",
                "route --subscribe a=b --sequence-timeout -PT5S",
                "route --subscribe a=b --topology fast",
                "route --subscribe a=b --ordering total",
                "route --subscribe a=b --summary xml",
                "route --subscribe a=b --input /no/such/file",
                "route --subscribe a=b --input /",
                "route --subscribe a=b --config /no/such/file",
                "route --subscribe a=b --journal x --dead-letters x",
                "route --subscribe a=b --nonsense",
                "route --subscribe a=b surplus",
                "nonsense",
            })
    void shouldEndWithStatus2ForWrongUsage(final String args) {
        final Cli.Result result = Cli.run("", args.split(" "));
        assertThat(result.status()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("ringline: ").doesNotContain("\tat ");
    }

    @Test
    void shouldEndWithStatus3WhereAJournalCannotBeWritten() throws IOException {
        final Path file = Files.writeString(temp.resolve("file"), "x");
        for (final String option : List.of("--journal", "--dead-letters")) {
            for (final String dir : List.of(file.toString(), file + "/below", temp.toString())) {
                final Cli.Result result = Cli.route("{\"subject\":\"a\"}\n", option, dir);
                assertThat(result.status()).as(result.err()).isEqualTo(3);
                assertThat(result.err()).startsWith("ringline: ").contains(dir).hasLineCount(1);
                assertThat(result.out()).isEmpty();
            }
        }
    }
}
