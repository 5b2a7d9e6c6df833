package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ringline dlq list|show|stats|export}, and what chooses among dead letters. */
class DlqCommandsTest {
    private static final String[] LINES = {
        "{\"subject\":\"a.b.c\",\"aggregate\":7,\"sequence\":1,\"payload\":1}",
        "{\"subject\":\"a.b.c\",\"aggregate\":7,\"sequence\":900,\"payload\":{\"wild\":true}}",
        "{\"subject\":\"a.x.c\",\"aggregate\":\"book\",\"sequence\":901,\"payload\":2}",
        "not json",
        "{\"subject\":\"a.x.d\",\"aggregate\":\"book\",\"sequence\":902,\"payload\":3}"
    };

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private String letters = "";

    @BeforeEach
    void route() {
        letters = temp.resolve("letters").toString();
        assertThat(Cli.route(String.join("\n", LINES), "--dead-letters", letters)
                        .status())
                .isEqualTo(1);
        assertThat(dlq("list").lines()).hasSize(4);
    }

    private Cli.Result dlq(final String command, final String... more) {
        return Cli.run(
                "",
                Stream.concat(Stream.of("dlq", command, letters), Stream.of(more))
                        .toArray(String[]::new));
    }

    private List<String> ids(final String... more) {
        return dlq("list", more).lines().stream()
                .map(line -> line.split(" ")[0])
                .toList();
    }

    @Test
    void shouldListWhatIsChosen() {
        assertThat(ids("--subject", "a.x.*")).containsExactly("2", "4");
        assertThat(ids("--subject", ">")).as("what was no event has no subject").containsExactly("1", "2", "4");
        assertThat(ids("--aggregate", "7")).containsExactly("1");
        assertThat(ids("--aggregate", "book", "--subject", "a.x.d")).containsExactly("4");
        assertThat(ids("--reason", "malformed")).containsExactly("3");
        assertThat(ids("--reason", "GAP_TOO_WIDE", "--limit", "2")).containsExactly("1", "2");
        assertThat(ids("--consumer", "all")).isEmpty();
        assertThat(ids("--consumer", "")).hasSize(4);
        assertThat(ids("--since", "1h")).hasSize(4);
        assertThat(ids("--until", "1h")).isEmpty();
        assertThat(ids("--from-sequence", "1")).as("none was released").isEmpty();
    }

    @Test
    void shouldShowWhatIsChosen() {
        final Cli.Result shown = dlq("show", "--aggregate", "book");
        assertThat(shown.status()).isZero();
        assertThat(shown.lines().stream().filter(line -> line.startsWith("id ")))
                .hasSize(2);
        assertThat(shown.out()).contains("a.x.c", "a.x.d").doesNotContain("a.b.c");
        assertThat(dlq("show", "--limit", "2", "--format", "json").lines()).hasSize(2);
        assertThat(dlq("show", "4", "--aggregate", "book").lines()).isNotEmpty();
        final Cli.Result other = dlq("show", "1", "--aggregate", "book");
        assertThat(other.status()).isEqualTo(ExitStatus.FOUND);
        assertThat(other.err()).contains("there is no such dead letter 1");
        assertThat(dlq("show", "4", "--limit", "1").status())
                .as("a limit is not of those before")
                .isZero();
        assertThat(dlq("show").err()).contains("give the number that list shows, or an option");
        assertThat(dlq("show", "x", "--limit", "0").err()).hasLineCount(2);
    }

    @Test
    void shouldSumUp() {
        final Cli.Result stats = dlq("stats");
        assertThat(stats.status()).isZero();
        assertThat(stats.out())
                .containsPattern("dead letters +4\n")
                .containsPattern("oldest +20\\S+Z \\(id 1\\)\n")
                .containsPattern("newest +20\\S+Z \\(id \\d\\)\n")
                .containsPattern("GAP_TOO_WIDE +3\n +MALFORMED +1\n")
                .containsPattern("a\\.x +2\n +a\\.b +1\n");
        assertThat(dlq("stats", "--format", "json", "--reason", "GAP_TOO_WIDE", "--tokens", "3")
                        .out())
                .startsWith("{\"deadLetters\":3,\"bytes\":")
                .contains("\"oldest\":{\"id\":1,\"time\":\"20")
                .contains("\"reasons\":{\"GAP_TOO_WIDE\":3},\"consumers\":{\"\":3},\"tokens\":3,"
                        + "\"subjects\":{\"a.b.c\":1,\"a.x.c\":1,\"a.x.d\":1}}");
        assertThat(dlq("stats", "--consumer", "x").out()).containsPattern("dead letters +0\n");
    }

    @Test
    void shouldExport() throws IOException {
        assertThat(dlq("export").out())
                .isEqualTo(dlq("list", "--format", "json").out());
        final Path file = temp.resolve("out.jsonl");
        final Cli.Result done = dlq("export", "--output", file.toString(), "--aggregate", "book");
        assertThat(done.status()).isZero();
        assertThat(done.err()).contains("exported 2 dead letters to ");
        assertThat(Files.readString(file))
                .isEqualTo(
                        dlq("list", "--format", "json", "--aggregate", "book").out());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        final Cli.Result again = dlq("export", "--output", file.toString());
        assertThat(again.status()).isEqualTo(ExitStatus.CANNOT_WRITE);
        assertThat(again.err()).contains("it exists").contains("--force");
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(dlq("export", "--output", file.toString(), "--force").status())
                .isZero();
        assertThat(Files.readAllLines(file)).hasSize(4);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("letters", "out.jsonl");
        }
    }

    @Test
    void shouldNotWriteThroughALinkNorOverWhatIsNoFile() throws IOException {
        final Path target = Files.writeString(temp.resolve("target"), "mine");
        final Path link = Files.createSymbolicLink(temp.resolve("link"), target);
        final Cli.Result throughLink = dlq("export", "--output", link.toString(), "--force");
        assertThat(throughLink.status()).isEqualTo(ExitStatus.CANNOT_WRITE);
        assertThat(throughLink.err()).contains("no regular file");
        assertThat(target).hasContent("mine");
        assertThat(dlq("export", "--output", temp.toString(), "--force").status())
                .isEqualTo(ExitStatus.CANNOT_WRITE);
        assertThat(dlq("export", "--output", temp.resolve("none/x").toString()).status())
                .isEqualTo(ExitStatus.CANNOT_WRITE);
        assertThat(dlq("export", "--force", "--limit", "0").err()).hasLineCount(2);
        final Path left = Files.writeString(temp.resolve("new.unfinished"), "half");
        assertThat(dlq("export", "--output", temp.resolve("new").toString()).err())
                .contains("new.unfinished");
        assertThat(left).hasContent("half");
    }

    @Test
    void shouldTellAllWrongOptionsAtOnce() {
        for (final String command : List.of("list", "show", "stats", "export")) {
            final Cli.Result wrong = Cli.run(
                    "",
                    "dlq",
                    command,
                    "--limit",
                    "0",
                    "--subject",
                    "..",
                    "--reason",
                    "x",
                    "--format",
                    "y",
                    "--until",
                    "z");
            assertThat(wrong.status()).as(command).isEqualTo(ExitStatus.USAGE);
            assertThat(wrong.err())
                    .hasLineCount(6)
                    .contains(
                            "--limit '0'",
                            "--subject '..'",
                            "--reason 'x'",
                            "--format 'y'",
                            "--until 'z'",
                            "give the dead");
        }
    }
}
