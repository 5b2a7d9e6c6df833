package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ringline journal list|read|verify|stats|diff|repair|replay} on what {@code ringline route} wrote. */
class JournalCommandsTest {
    private static final int EVENTS = 30;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private String journal = "";

    /** Thirty events of three aggregates; the last of one comes after a gap of two. */
    @BeforeEach
    void route() {
        journal = write("journal", "p");
    }

    private String write(final String name, final String payload) {
        final String dir = temp.resolve(name).toString();
        final String lines = IntStream.range(0, EVENTS)
                .mapToObj(i -> String.format(
                        "{\"subject\":\"event.%s.n%d.x\",\"aggregate\":%s,\"sequence\":%d,\"payload\":\"%s%d\"}",
                        i % 3 == 0 ? "even" : "odd",
                        i,
                        i % 3 == 2 ? "\"book\"" : Integer.toString(i % 3),
                        i / 3 + (i == EVENTS - 1 ? 3 : 1),
                        payload,
                        i))
                .collect(Collectors.joining("\n"));
        assertThat(Cli.route(lines, "--journal", dir).status()).isZero();
        return dir;
    }

    private Cli.Result journal(final String command, final String... more) {
        return Cli.run(
                "",
                Stream.concat(Stream.of("journal", command, journal), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static Path data(final String dir) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(dir))) {
            return files.filter(file -> file.toString().endsWith("F.cq4"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void damage(final String dir, final String text) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(data(dir).toFile(), "rw")) {
            final byte[] head = new byte[1 << 20];
            final int length = file.read(head);
            final int at = new String(head, 0, length, StandardCharsets.ISO_8859_1).indexOf(text);
            assertThat(at).isPositive();
            file.seek(at);
            file.write('!');
        }
    }

    @Test
    void shouldReadWhatIsChosen() {
        assertThat(journal("read", "--subject", "event.even.>").lines()).hasSize(10);
        assertThat(journal("read", "--aggregate", "book").lines())
                .as("with its gap")
                .hasSize(11);
        assertThat(journal("read", "--aggregate", "book", "--subject", "event.odd.*.x")
                        .lines())
                .hasSize(10);
        assertThat(journal("read", "--from-sequence", "29").lines())
                .as("a gap before the last")
                .hasSize(3);
        assertThat(journal("read", "--from-sequence", "31").lines()).isEmpty();
        assertThat(journal("read", "--from-sequence", "31").status()).isZero();
        assertThat(journal("read", "--limit", "4", "--from-sequence", "3").lines())
                .hasSize(4)
                .first()
                .asString()
                .contains("\"globalSequence\":3,");
        assertThat(journal("read", "--since", "1h").lines()).as("with the gap").hasSize(EVENTS + 1);
        assertThat(journal("read", "--until", "1h").lines()).isEmpty();
        final Cli.Result text = journal("read", "--format", "text", "--from-sequence", "29");
        assertThat(text.lines().get(0)).startsWith("29 ").contains("event.odd.n28.x  1#10  5 bytes");
        assertThat(text.lines().get(1)).startsWith("30 ").contains("given up: book#10, 2 in all");
        assertThat(text.lines().get(2))
                .startsWith("30 ")
                .contains("event.odd.n29.x  book#12  5 bytes  after a gap of 2");
    }

    @Test
    void shouldTellAllWrongOptionsAtOnce() {
        for (final String command : List.of("list", "read", "stats", "replay")) {
            final Cli.Result wrong =
                    Cli.run("", "journal", command, "--limit", "0", "--subject", "..", "--since", "x", "--format", "y");
            assertThat(wrong.status()).as(command).isEqualTo(ExitStatus.USAGE);
            assertThat(wrong.err())
                    .hasLineCount(5)
                    .contains(
                            "--limit '0'",
                            "--subject '..'",
                            "--since 'x'",
                            "--format 'y'",
                            "give the journal's directory");
            assertThat(wrong.err().lines()).allMatch(line -> line.startsWith("ringline: "));
            assertThat(journal(command, "--reason", "LATE").status())
                    .as("no option of a journal's")
                    .isEqualTo(ExitStatus.USAGE);
        }
    }

    @Test
    void shouldListFiles() throws IOException {
        final Cli.Result list = journal("list");
        assertThat(list.status()).isZero();
        assertThat(list.lines()).hasSize(1);
        assertThat(list.lines().get(0)).matches("\\d{8}-\\d\\dF\\.cq4 +1 +30 +20\\S+Z +20\\S+Z +\\d+ +\\d+");
        assertThat(journal("list", "--format", "json").out())
                .contains("\"firstGlobalSequence\":1,\"lastGlobalSequence\":30,\"firstTime\":\"20", "\"bytes\":");
        assertThat(journal("list", "--subject", "event.even.>").lines().get(0)).endsWith("  10 matching");
        assertThat(journal("list", "--subject", "other").lines()).isEmpty();
        assertThat(journal("list", "--until", "1h").lines()).isEmpty();
        assertThat(journal("list", "--from-sequence", "31").lines()).isEmpty();
        damage(journal, "\"p0\"");
        final Cli.Result damaged = journal("list");
        assertThat(damaged.status()).isEqualTo(ExitStatus.FOUND);
        assertThat(damaged.lines().get(0)).endsWith("damaged");
        assertThat(damaged.err()).contains(".cq4 at byte ");
    }

    @Test
    void shouldSumUp() {
        final Cli.Result stats = journal("stats");
        assertThat(stats.status()).isZero();
        assertThat(stats.out())
                .containsPattern("events +30\n")
                .containsPattern("givenUp +2\n")
                .containsPattern("largestPayload +5\n")
                .containsPattern("event\\.odd +20\n +event\\.even +10\n");
        final Cli.Result json = journal("stats", "--format", "json", "--tokens", "1", "--aggregate", "book");
        assertThat(json.out())
                .startsWith(
                        "{\"events\":10,\"gaps\":1,\"givenUp\":2,\"firstGlobalSequence\":3,\"lastGlobalSequence\":30,")
                .contains("\"tokens\":1,\"subjects\":{\"event\":10}}");
        assertThat(journal("stats", "--tokens", "3", "--top", "2", "--format", "json")
                        .out())
                .contains("\"otherSubjects\":28}");
        assertThat(journal("stats", "--until", "1h", "--format", "json").out()).contains("\"subjects\":{}}");
    }

    @Test
    void shouldSayWhereTheDamageIs() throws IOException {
        assertThat(journal("verify", "--format", "json").out()).startsWith("{\"clean\":true,\"events\":30,\"gaps\":1,");
        damage(journal, "\"p17\"");
        final Cli.Result damaged = journal("verify", "--format", "json");
        assertThat(damaged.status()).isEqualTo(ExitStatus.FOUND);
        assertThat(damaged.out())
                .startsWith("{\"clean\":false,\"events\":17,")
                .contains("\"damagedFile\":\"" + data(journal).getFileName() + "\",\"damagedAtByte\":");
        assertThat(journal("verify").out()).contains("damagedAtByte", "damaged");
    }

    @Test
    void shouldCompareTwo() {
        assertThat(Cli.run("", "journal", "diff", journal, journal).status()).isZero();
        final String other = write("other", "p");
        final Cli.Result times = Cli.run("", "journal", "diff", journal, other);
        assertThat(times.status()).isEqualTo(ExitStatus.FOUND);
        assertThat(times.out()).contains("first difference at globalSequence 1: differs in time");
        final Cli.Result same = Cli.run("", "journal", "diff", journal, other, "--ignore-times", "--format", "json");
        assertThat(same.status()).isZero();
        assertThat(same.out()).isEqualTo("{\"same\":31,\"changed\":0,\"onlyInA\":0,\"onlyInB\":0}\n");
        final String changed = write("changed", "q");
        assertThat(Cli.run("", "journal", "diff", journal, changed, "--ignore-times", "--format", "json")
                        .out())
                .startsWith("{\"same\":1,\"changed\":30,\"onlyInA\":0,\"onlyInB\":0,\"first\":{\"globalSequence\":1,"
                        + "\"what\":\"differs in payload\",\"a\":{\"subject\":\"event.even.n0.x\"")
                .contains("\"payload\":\"p0\"}", "\"payload\":\"q0\"}}}");
        assertThat(Cli.route("{\"subject\":\"more\"}", "--journal", other).status())
                .isZero();
        assertThat(Cli.run("", "journal", "diff", journal, other, "--ignore-times", "--format", "json")
                        .out())
                .contains(
                        "\"onlyInA\":0,\"onlyInB\":1,\"first\":{\"globalSequence\":31,\"what\":\"only in B\",\"b\":{");
        assertThat(Cli.run("", "journal", "diff", other, journal, "--ignore-times")
                        .out())
                .containsPattern("only in A +1\n");
        assertThat(Cli.run("", "journal", "diff", journal).status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void shouldCompareUpToDamage() throws IOException {
        final String other = write("other", "p");
        damage(other, "\"p17\"");
        final Cli.Result result = Cli.run("", "journal", "diff", journal, other, "--ignore-times", "--format", "json");
        assertThat(result.status()).isEqualTo(ExitStatus.FOUND);
        assertThat(result.out()).isEqualTo("{\"same\":17,\"changed\":0,\"onlyInA\":0,\"onlyInB\":0}\n");
        assertThat(result.err()).contains("B is damaged at ").contains(".cq4 at byte ");
    }

    @Test
    void shouldReplayAsItCameIn() {
        final Cli.Result all = journal("replay");
        assertThat(all.status()).isZero();
        assertThat(all.lines()).as("gaps are no events").hasSize(EVENTS);
        final String again = temp.resolve("again").toString();
        assertThat(Cli.route(all.out(), "--journal", again).status()).isZero();
        assertThat(Cli.run("", "journal", "diff", journal, again, "--ignore-times")
                        .status())
                .isZero();
        assertThat(journal("replay", "--limit", "1", "--from-sequence", "30").lines())
                .containsExactly(
                        "{\"subject\":\"event.odd.n29.x\",\"aggregate\":\"book\",\"sequence\":12,\"payload\":\"p29\"}");
        assertThat(journal("replay", "--aggregate", "book", "--unsequenced").out())
                .doesNotContain("\"sequence\"");
        final Cli.Result dry = journal("replay", "--dry-run", "--subject", "event.even.>", "--limit", "4");
        assertThat(dry.out()).isEmpty();
        assertThat(dry.err()).contains("would replay 4 events, the last one with globalSequence 10");
        assertThat(journal("replay", "--format", "text", "--limit", "0").err()).hasLineCount(2);
        final Cli.Result noServer = journal("replay", "--nats", "nats://127.0.0.1:1");
        assertThat(noServer.status()).isEqualTo(ExitStatus.CANNOT_WRITE);
        assertThat(noServer.err()).contains("no NATS server answers at nats://127.0.0.1:1");
    }

    @Test
    void shouldRepairIntoANewJournal() throws IOException {
        damage(journal, "\"p17\"");
        final byte[] before = Files.readAllBytes(data(journal));
        final String out = temp.resolve("out").toString();
        final Cli.Result dry = journal("repair", "--dry-run");
        assertThat(dry.status()).isEqualTo(ExitStatus.FOUND);
        assertThat(dry.out()).contains("nothing was written").containsPattern("events +17\n");
        assertThat(journal("repair", out, "--dry-run").out()).isEqualTo(dry.out());
        assertThat(temp.toFile().list()).containsExactly("journal");
        final Cli.Result repaired = journal("repair", out, "--format", "json");
        assertThat(repaired.status()).isEqualTo(ExitStatus.FOUND);
        assertThat(repaired.out())
                .startsWith("{\"events\":17,\"gaps\":0,\"firstGlobalSequence\":1,\"lastGlobalSequence\":17,");
        assertThat(repaired.err()).contains(".cq4 at byte ").contains("does not match its checksum");
        assertThat(Cli.run("", "journal", "verify", out).out()).contains("clean");
        assertThat(Files.readAllBytes(data(journal))).isEqualTo(before);
        assertThat(journal("repair", out).status()).as("it exists").isEqualTo(ExitStatus.CANNOT_WRITE);
        assertThat(journal("repair").err()).contains("give two directories");
        assertThat(journal("repair", "--from-sequence", "0").err()).hasLineCount(2);
        assertThat(Cli.route("{\"subject\":\"more\"}", "--journal", out).lines().get(0))
                .contains("\"globalSequence\":18");
    }
}
