package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringline.cli.CommandRunner.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RouteCommandSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVENTS = 20_000;

    @TempDir
    private Path scratch;

    private CommandRunner ringline;

    @BeforeEach
    void prepare() {
        ringline = new CommandRunner(scratch);
    }

    private static byte[] sample() throws IOException {
        try (InputStream in = RouteCommand.class.getResourceAsStream("flights.jsonl")) {
            return in.readAllBytes();
        }
    }

    private static byte[] lines(final String... lines) {
        return (String.join("\n", lines) + "\n").getBytes(UTF_8);
    }

    private static JsonNode lastLine(final String err) throws IOException {
        final List<String> lines = err.lines().toList();
        return JSON.readTree(lines.get(lines.size() - 1));
    }

    /** Per aggregate, in order: number and payload. */
    private static Map<String, List<String>> streams(final Result result) throws IOException {
        final Map<String, List<String>> streams = new TreeMap<>();
        for (final String line : result.lines()) {
            final JsonNode event = JSON.readTree(line);
            streams.computeIfAbsent(event.get("aggregate").asText(), key -> new ArrayList<>())
                    .add(event.get("aggregateSequence") + " " + event.get("payload"));
        }
        return streams;
    }

    @Test
    void theSampleComesOutInOrderAndWithTheSameBytesUnderAllTopologies() throws Exception {
        final byte[] input = sample();
        final List<Result> results = new ArrayList<>();
        for (final String topology : List.of("inline", "fused", "staged")) {
            results.add(ringline.run(
                    input,
                    "route",
                    "--subscribe",
                    "all=>",
                    "--subscribe",
                    "west=event.airport.LAX.>,event.airport.SFO.>",
                    "--topology",
                    topology,
                    "--summary",
                    "json"));
        }
        final Result first = results.get(0);
        long global = 0;
        int west = 0;
        final Map<String, Integer> sequences = new TreeMap<>();
        for (final String line : first.lines()) {
            final JsonNode event = JSON.readTree(line);
            assertThat(event.has("gap")).isFalse();
            if (event.get("consumer").asText().equals("all")) {
                assertThat(event.get("globalSequence").asLong()).isEqualTo(++global);
                assertThat(event.get("aggregateSequence").asInt())
                        .isEqualTo(sequences.merge(event.get("aggregate").asText(), 1, Integer::sum));
            } else {
                assertThat(event.get("aggregate").asText()).isIn("LAX", "SFO");
                assertThat(event.get("globalSequence").asLong()).isEqualTo(global);
                west++;
            }
        }
        assertThat(global).isEqualTo(EVENTS);
        assertThat(west).isEqualTo(sequences.get("LAX") + sequences.get("SFO"));
        for (final Result result : results) {
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.bytes()).isEqualTo(first.bytes());
            final JsonNode summary = lastLine(result.err());
            assertThat(summary.get("accepted").asInt()).isEqualTo(EVENTS);
            assertThat(summary.get("released").asInt()).isEqualTo(EVENTS);
            assertThat(summary.at("/delivered/total").asInt()).isEqualTo(EVENTS + west);
            assertThat(summary.at("/delivered/byConsumer/west").asInt()).isEqualTo(west);
            assertThat(summary.get("gaps").asInt() + summary.get("duplicates").asInt())
                    .isZero();
        }
    }

    @Test
    void shuffledAndDoubledItDeliversTheSameStreams() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("shuffledAndDoubledItDeliversTheSameStreams: seed " + seed);
        final Random random = new Random(seed);
        record Placed(int at, String line) {}
        final List<Placed> placed = new ArrayList<>();
        final List<String> given = new String(sample(), UTF_8).lines().toList();
        for (int i = 0; i < given.size(); i++) {
            placed.add(new Placed(i + random.nextInt(50), given.get(i)));
            if (random.nextInt(10) == 0) {
                placed.add(new Placed(i + random.nextInt(50), given.get(i)));
            }
        }
        placed.sort(Comparator.comparingInt(Placed::at));
        final byte[] input = lines(placed.stream().map(Placed::line).toArray(String[]::new));
        final String[] command = {"route", "--subscribe", "all=>", "--summary", "json", "--topology", "fused"};
        final Result plain = ringline.run(sample(), command);
        final Result shuffled = ringline.run(input, command);
        assertThat(shuffled.status()).as("seed %d: %s", seed, shuffled.err()).isZero();
        assertThat(streams(shuffled)).as("seed %d", seed).isEqualTo(streams(plain));
        final JsonNode summary = lastLine(shuffled.err());
        assertThat(summary.get("duplicates").asInt()).as("seed %d", seed).isEqualTo(placed.size() - EVENTS);
        assertThat(summary.get("gaps").asInt()).as("seed %d", seed).isZero();
    }

    @Test
    void whatIsHeldComesOutAtTheEndWithItsGap() throws Exception {
        final Result result = ringline.run(
                lines(
                        "{\"subject\":\"a\",\"sequence\":1}",
                        "{\"subject\":\"a\",\"sequence\":4}",
                        "{\"subject\":\"b\",\"sequence\":2}"),
                "route",
                "--subscribe",
                "all=>",
                "--summary",
                "json");
        assertThat(result.status()).as(result.err()).isZero();
        final List<JsonNode> events = new ArrayList<>();
        for (final String line : result.lines()) {
            events.add(JSON.readTree(line));
        }
        assertThat(events).hasSize(3);
        assertThat(events.get(0).has("gap")).isFalse();
        final JsonNode a = events.get(1).get("subject").asText().equals("a") ? events.get(1) : events.get(2);
        final JsonNode b = a == events.get(1) ? events.get(2) : events.get(1);
        assertThat(a.get("gap").asInt()).isEqualTo(2);
        assertThat(a.get("aggregateSequence").asInt()).isEqualTo(4);
        assertThat(b.get("gap").asInt()).isEqualTo(1);
        final JsonNode summary = lastLine(result.err());
        assertThat(summary.get("gaps").asInt()).isEqualTo(2);
        assertThat(summary.get("missing").asInt()).isEqualTo(3);
    }

    @Test
    void whatComesAfterItsTimeoutIsADeadLetter() throws Exception {
        final Path err = scratch.resolve("err");
        final Path letters = scratch.resolve("letters");
        final Process process = ringline.start(
                err,
                "route",
                "--subscribe",
                "all=a.>",
                "--sequence-timeout",
                "50ms",
                "--dead-letters",
                letters.toString(),
                "--summary",
                "json");
        try (OutputStream in = process.getOutputStream();
                BufferedReader out = process.inputReader(UTF_8)) {
            in.write(lines("{\"subject\":\"a.a\",\"sequence\":1}", "{\"subject\":\"a.a\",\"sequence\":3}"));
            in.flush();
            assertThat(JSON.readTree(out.readLine()).get("aggregateSequence").asInt())
                    .isEqualTo(1);
            assertThat(JSON.readTree(out.readLine()).get("gap").asInt()).isEqualTo(1);
            in.write(lines(
                    "{\"subject\":\"a.a\",\"sequence\":2,\"headers\":{\"h\":[\"1\",\"\"]},\"payload\":[1, 2]}",
                    "{\"subject\":\"b\",\"payload\":1}",
                    "{\"subject\":\"a.a\",\"sequence\":4}"));
            in.close();
            assertThat(JSON.readTree(out.readLine()).get("aggregateSequence").asInt())
                    .isEqualTo(4);
            assertThat(out.readLine()).isNull();
        }
        assertThat(CommandRunner.status(process)).isZero();
        final JsonNode summary = lastLine(Files.readString(err));
        assertThat(summary.get("late").asInt()).isEqualTo(1);
        assertThat(summary.get("noMatch").asInt()).isEqualTo(1);
        assertThat(summary.at("/deadLetters/LATE").asInt()).isEqualTo(1);
        final Result late = ringline.run("dlq", "replay", letters.toString(), "--reason", "late");
        assertThat(late.out())
                .isEqualTo(
                        "{\"subject\":\"a.a\",\"sequence\":2,\"headers\":{\"h\":[\"1\",\"\"]},\"payload\":[1, 2]}\n");
        final Result shown = ringline.run("dlq", "show", letters.toString(), "1");
        assertThat(shown.status()).isZero();
        assertThat(shown.out()).contains("LATE", "subject", "a.a", "h: 1", "[1, 2]");
    }

    @Test
    void aReaderThatGoesAwayEndsItQuietly() throws Exception {
        final Path input = Files.write(scratch.resolve("sample"), sample());
        final Path err = scratch.resolve("err");
        final Process process = ringline.start(err, "route", "--subscribe", "all=>", "--input", input.toString());
        try (BufferedReader out = process.inputReader(UTF_8)) {
            assertThat(out.readLine()).startsWith("{\"consumer\":\"all\"");
        }
        assertThat(CommandRunner.status(process)).isZero();
        assertThat(Files.readString(err)).isEmpty();
    }

    @Test
    void wrongUsageSaysSoWithStatus2() throws Exception {
        final Path notAMap = Files.writeString(scratch.resolve("bad.yaml"), "- 1\n");
        final List<List<String>> wrong = List.of(
                List.of("route"),
                List.of("route", "--subscribe", "all=>", "--topology", "round"),
                List.of("route", "--subscribe", "all"),
                List.of("route", "--subscribe", "all=a..b"),
                List.of(
                        "route",
                        "--subscribe",
                        "all=>",
                        "--input",
                        scratch.resolve("none").toString()),
                List.of("route", "--subscribe", "all=>", "--max-gap", "-5"),
                List.of("route", "--config", notAMap.toString()),
                List.of("paint"));
        for (final List<String> args : wrong) {
            final Result result = ringline.run(args.toArray(new String[0]));
            assertThat(result.status()).as("%s: %s", args, result.err()).isEqualTo(2);
            assertThat(result.err()).as(args.toString()).isNotBlank().doesNotContain("\tat ");
            assertThat(result.out()).as(args.toString()).isEmpty();
        }
    }

    @Test
    void aJournalThatCannotBeWrittenIsStatus3() throws Exception {
        final Path file = Files.writeString(scratch.resolve("file"), "");
        for (final String option : List.of("--journal", "--dead-letters")) {
            final Result result =
                    ringline.run(lines("{\"subject\":\"a\"}"), "route", "--subscribe", "all=>", option, "" + file);
            assertThat(result.status()).as(result.err()).isEqualTo(3);
            assertThat(result.err()).contains(file.toString()).doesNotContain("\tat ");
        }
    }

    @Test
    void optionsComeFromAFileAndTheCommandLineWins() throws Exception {
        final Path config = Files.writeString(
                scratch.resolve("ringline.yaml"),
                "subscribe:\n  a: [x.>, y]\n  b: '*'\nsummary: text\ntopology: staged\nsequence-timeout: 2s\n");
        final Result result = ringline.run(
                lines("{\"subject\":\"x.1\"}", "{\"subject\":\"y\"}", "{\"subject\":\"z\"}"),
                "route",
                "--config",
                config.toString(),
                "--summary=json");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(lastLine(result.err()).at("/delivered/byConsumer").toString())
                .isEqualTo("{\"a\":2,\"b\":2}");
    }

    @Test
    void afterAKillTheJournalIsWhole() throws Exception {
        final Path journal = scratch.resolve("journal");
        final Path out = scratch.resolve("out");
        final Process process = ringline.command("route", "--subscribe", "all=>", "--journal", journal.toString())
                .redirectOutput(out.toFile())
                .redirectError(scratch.resolve("err").toFile())
                .start();
        final Thread feeder = new Thread(() -> feed(process), "feeder");
        feeder.start();
        final long start = System.nanoTime();
        while (!Files.exists(journal) || !holds(journal, 1_000)) {
            assertThat(System.nanoTime() - start).isLessThan(60_000_000_000L);
            assertThat(process.isAlive()).isTrue();
        }
        process.destroyForcibly();
        assertThat(CommandRunner.status(process)).isEqualTo(128 + 9);
        feeder.join();
        final Result verified = ringline.run("journal", "verify", journal.toString());
        assertThat(verified.status()).as(verified.out() + verified.err()).isZero();
        assertThat(verified.out()).startsWith("clean");
        final long journaled = readAll(journal);
        long delivered = 0;
        try (BufferedReader lines = Files.newBufferedReader(out)) {
            while (lines.readLine() != null) {
                delivered++;
            }
        }
        assertThat(delivered - 1)
                .as("whole lines, of which all must be in the journal")
                .isLessThanOrEqualTo(journaled);
    }

    /** Whether so many events can be read beside the writer, which also lets go of the rest. */
    private boolean holds(final Path journal, final int events) throws Exception {
        final Process read = ringline.start(scratch.resolve("read.err"), "journal", "read", journal.toString());
        int count = 0;
        try (BufferedReader lines = read.inputReader(UTF_8)) {
            while (count < events && lines.readLine() != null) {
                count++;
            }
        }
        CommandRunner.status(read);
        return count == events;
    }

    private long readAll(final Path journal) throws Exception {
        final Path err = scratch.resolve("read.err");
        final Process read = ringline.start(err, "journal", "read", journal.toString());
        long global = 0;
        try (BufferedReader lines = read.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final JsonNode event = JSON.readTree(line);
                global++;
                if (event.get("globalSequence").asLong() != global
                        || event.at("/payload/n").asLong() != global) {
                    throw new AssertionError("event " + global + " is " + line);
                }
            }
        }
        assertThat(CommandRunner.status(read)).as(Files.readString(err)).isZero();
        return global;
    }

    /** Until nobody reads any more. */
    private static void feed(final Process process) {
        try (OutputStream in = process.getOutputStream()) {
            for (long n = 1; n < 3_000_000; n++) {
                in.write(("{\"subject\":\"s." + n % 7 + "\",\"payload\":{\"n\":" + n + "}}\n").getBytes(UTF_8));
            }
        } catch (final IOException killed) {
            // as it was meant to be
        }
    }
}
