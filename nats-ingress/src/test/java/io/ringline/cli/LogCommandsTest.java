package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ringline journal} and {@code ringline dlq} on what {@code ringline route} wrote. */
class LogCommandsTest {
    private static final String[] LINES = {
        "{\"subject\":\"a.b\",\"aggregate\":7,\"sequence\":1,\"headers\":{\"x\":[\"1\",\"2\"],\"y\":\"z\"},\"payload\":{\"n\" : 2.50}}",
        "{\"subject\":\"a.b\",\"aggregate\":7,\"sequence\":4,\"payloadBase64\":\"AP8=\"}",
        "{\"subject\":\"a.b\",\"aggregate\":7,\"sequence\":900,\"headers\":{\"h\":\"v\"},\"payload\":{\"wild\":true}}",
        "not \u001b[31mjson",
        "{\"subject\":\"c\"}"
    };

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private String journal = "";
    private String letters = "";
    private List<String> delivered = List.of();

    @BeforeEach
    void route() {
        journal = temp.resolve("journal").toString();
        letters = temp.resolve("letters").toString();
        final Cli.Result result = Cli.route(String.join("\n", LINES), "--journal", journal, "--dead-letters", letters);
        assertThat(result.status()).isEqualTo(1);
        delivered = result.lines();
        assertThat(delivered).hasSize(3);
    }

    @Test
    void shouldReadTheJournalAsItWasDelivered() {
        final Cli.Result read = Cli.run("", "journal", "read", journal);
        assertThat(read.status()).isZero();
        assertThat(read.lines().stream().filter(line -> !line.startsWith("{\"gapRecord\"")))
                .containsExactlyElementsOf(delivered.stream()
                        .map(line -> line.replace("\"consumer\":\"all\",", ""))
                        .toList());
        assertThat(read.lines())
                .contains("{\"gapRecord\":{\"aggregate\":7,\"firstMissing\":2,\"missing\":2,\"globalSequence\":3}}");
        assertThat(Cli.run("", "journal", "read", "--journal", journal)).isEqualTo(read);
    }

    @Test
    void shouldVerifyTheJournalAndSayWhereItIsDamaged() throws IOException {
        final Cli.Result clean = Cli.run("", "journal", "verify", journal);
        assertThat(clean.status()).isZero();
        assertThat(clean.lines()).contains("clean").anyMatch(line -> line.matches("events +3"));
        damage(Path.of(journal), "2.50");
        final Cli.Result damaged = Cli.run("", "journal", "verify", journal);
        assertThat(damaged.status()).isEqualTo(1);
        assertThat(damaged.lines()).contains("damaged");
        assertThat(damaged.err()).contains("damaged at").contains(".cq4");
        assertThat(Cli.run("", "journal", "read", journal).status()).isEqualTo(1);
    }

    /** Changes one byte of a text in a data file. */
    private static void damage(final Path dir, final String text) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            final Path data = files.filter(file -> file.toString().endsWith("F.cq4"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
                final byte[] head = new byte[1 << 20];
                final int length = file.read(head);
                final int at = new String(head, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
                assertThat(at).isPositive();
                file.seek(at);
                file.write('9');
            }
        }
    }

    @Test
    void shouldEndWithStatus3WhereThereIsNothing() {
        for (final String command : List.of("journal read", "journal verify", "dlq list", "dlq replay")) {
            final String[] words = command.split(" ");
            final Cli.Result result =
                    Cli.run("", words[0], words[1], temp.resolve("none").toString());
            assertThat(result.status()).as(command).isEqualTo(3);
            assertThat(result.err()).contains("none").hasLineCount(1);
            assertThat(Cli.run("", words[0], words[1]).status()).as(command).isEqualTo(2);
        }
        assertThat(Cli.run("", "dlq", "list", journal).status()).isEqualTo(3);
        assertThat(temp.resolve("none")).doesNotExist();
    }

    @Test
    void shouldListDeadLetters() {
        final Cli.Result list = Cli.run("", "dlq", "list", letters);
        assertThat(list.status()).isZero();
        assertThat(list.lines()).hasSize(2);
        assertThat(list.lines().get(0)).startsWith("1 ").contains(" GAP_TOO_WIDE ", "a.b  7#900");
        assertThat(list.lines().get(1)).startsWith("2 ").contains(" MALFORMED ", "(13 bytes)", "line 4: not JSON");
        assertThat(list.out()).doesNotContain("\u001b");
        final Cli.Result json = Cli.run("", "dlq", "list", "--dead-letters", letters, "--format", "json");
        assertThat(json.lines().get(0)).contains("\"reason\":\"GAP_TOO_WIDE\"", "\"event\":" + LINES[2]);
    }

    @Test
    void shouldShowOneDeadLetter() {
        final Cli.Result event = Cli.run("", "dlq", "show", letters, "1");
        assertThat(event.status()).isZero();
        assertThat(event.out())
                .contains(
                        "GAP_TOO_WIDE",
                        "sequence         900 (its publisher's)",
                        "header           h: v",
                        "  \"wild\" : true");
        final Cli.Result raw = Cli.run("", "dlq", "show", "2", "--dead-letters", letters);
        assertThat(raw.out())
                .contains("MALFORMED", "line 4: not JSON", "not \\u001b[31mjson")
                .doesNotContain("\u001b");
        assertThat(Cli.run("", "dlq", "show", letters, "3").status()).isEqualTo(1);
        assertThat(Cli.run("", "dlq", "show", letters, "x").status()).isEqualTo(2);
        assertThat(Cli.run("", "dlq", "show", letters).status()).isEqualTo(2);
    }

    @Test
    void shouldReplayDeadLettersAsTheyCameIn() {
        final Cli.Result all = Cli.run("", "dlq", "replay", letters);
        assertThat(all.lines()).containsExactly(LINES[2], LINES[3]);
        assertThat(Cli.run("", "dlq", "replay", letters, "--reason", "MALFORMED")
                        .lines())
                .containsExactly(LINES[3]);
        assertThat(Cli.run("", "dlq", "replay", letters, "--id", "1").lines()).containsExactly(LINES[2]);
        assertThat(Cli.run("", "dlq", "replay", letters, "--limit", "1").lines())
                .containsExactly(LINES[2]);
        assertThat(Cli.run("", "dlq", "replay", letters, "--consumer", "nobody").out())
                .isEmpty();
        assertThat(Cli.run("", "dlq", "replay", letters, "--reason", "NONSENSE").status())
                .isEqualTo(2);
        final Cli.Result again = Cli.route(Cli.run("", "dlq", "replay", letters, "--unsequenced", "--id", "1")
                .out());
        assertThat(again.lines().get(0)).contains("\"aggregate\":7,\"globalSequence\":1,\"aggregateSequence\":1");
        assertThat(all.out().getBytes(UTF_8)).endsWith('\n');
    }

    @Test
    void shouldSayWhichDeadLettersToReplayThereAreNot() {
        final Cli.Result result = Cli.run("", "dlq", "replay", letters, "--id", "1,9999");
        assertThat(result.lines()).hasSize(1);
        assertThat(result.status()).isEqualTo(ExitStatus.FOUND);
        assertThat(result.err()).contains("there is no dead letter 9999");
    }

    @Test
    void shouldRefuseOneDirectoryForBothHoweverItIsWritten() {
        final Cli.Result same = Cli.route(LINES[0], "--journal", journal, "--dead-letters", temp + "/x/../journal");
        assertThat(same.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(same.err()).contains("give each its own directory");
    }

    @Test
    void shouldSayThatNoServerAnswers() {
        final Cli.Result result = Cli.run("", "dlq", "replay", letters, "--nats", "nats://127.0.0.1:1");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .contains("no NATS server answers at nats://127.0.0.1:1")
                .hasLineCount(1);
    }
}
