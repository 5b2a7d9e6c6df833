package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringline.cli.CommandRunner.Result;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MatchCommandSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Row(String pattern, String subject, boolean patternValid, boolean subjectValid, boolean matches) {
        static Row valid(final String pattern, final String subject, final boolean matches) {
            return new Row(pattern, subject, true, true, matches);
        }
    }

    private static final List<Row> TABLE = List.of(
            Row.valid("a", "a", true),
            Row.valid("a", "A", false),
            Row.valid("a.b", "a", false),
            Row.valid("*", "a", true),
            Row.valid("*", "a.b", false),
            Row.valid("a.*.c", "a.b.c", true),
            Row.valid(">", "a", true),
            Row.valid("a.>", "a", false),
            Row.valid("a.>", "a.b.c", true),
            Row.valid("*.>", "a.b", true),
            Row.valid("foo*", "foo*", true),
            Row.valid("foo*", "foobar", false),
            Row.valid("a.>b", "a.>b", true),
            Row.valid("\u00e9.*", "\u00e9.\ud83d\ude80", true),
            Row.valid("\u00e9", "e\u0301", false),
            Row.valid("a\u0000\u000b", "a\u0000\u000b", true),
            new Row("", "a", false, true, false),
            new Row("a..b", "a", false, true, false),
            new Row(".a", "a", false, true, false),
            new Row("a.", "a", false, true, false),
            new Row(">.a", "b.a", false, true, false),
            new Row("a b", "a b", false, false, false),
            new Row("*", "a\tb", true, false, false),
            new Row("*", "a\nb", true, false, false),
            new Row("*", "a\fb", true, false, false),
            new Row("*", "a\rb", true, false, false),
            new Row("*", "*", true, false, false),
            new Row(">", "a.>", true, false, false),
            new Row(">", "", true, false, false),
            Row.valid(">", "s".repeat(4_096), true),
            new Row(">", "s".repeat(4_097), true, false, false));

    @TempDir
    private Path scratch;

    @Test
    void answersLines() throws Exception {
        final String input = TABLE.stream()
                .map(row -> JSON.valueToTree(Map.of("pattern", row.pattern, "subject", row.subject))
                        .toString())
                .collect(Collectors.joining("\n"));
        final Result result = new CommandRunner(scratch).run(input.getBytes(UTF_8), "match", "--json");
        assertThat(result.status()).as(result.err()).isZero();
        final List<String> answers = result.lines();
        assertThat(answers).hasSize(TABLE.size());
        for (int i = 0; i < answers.size(); i++) {
            final Row row = TABLE.get(i);
            final JsonNode answer = JSON.readTree(answers.get(i));
            assertThat(answer.get("patternValid").asBoolean())
                    .as(row.toString())
                    .isEqualTo(row.patternValid);
            assertThat(answer.get("subjectValid").asBoolean())
                    .as(row.toString())
                    .isEqualTo(row.subjectValid);
            assertThat(answer.get("matches").asBoolean()).as(row.toString()).isEqualTo(row.matches);
            assertThat(answer.has("reason")).as(row.toString()).isEqualTo(!row.patternValid || !row.subjectValid);
        }
    }

    @Test
    void aLineThatIsNoPairIsAnsweredToo() throws Exception {
        final Result result = new CommandRunner(scratch)
                .run(
                        "nonsense\n[]\n{\"pattern\":\"a\"}\n{\"pattern\":\"a\",\"subject\":\"a\"}\n".getBytes(UTF_8),
                        "match",
                        "--json");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).hasSize(4);
        for (int i = 0; i < 3; i++) {
            assertThat(result.lines().get(i)).contains("\"matches\":false", "\"reason\":\"");
        }
        assertThat(result.lines().get(3)).isEqualTo("{\"patternValid\":true,\"subjectValid\":true,\"matches\":true}");
    }

    @Test
    void answersArgumentsByItsStatus() throws Exception {
        final CommandRunner ringline = new CommandRunner(scratch);
        assertThat(ringline.run("match", "event.*.>", "event.a.b.c").status()).isZero();
        assertThat(ringline.run("match", "event.*", "event.a.b").status()).isEqualTo(1);
        final Result invalid = ringline.run("match", "a..b", "a.b");
        assertThat(invalid.status()).isEqualTo(1);
        assertThat(invalid.err()).isNotBlank().doesNotContain("\tat ");
        assertThat(ringline.run("match", "a").status()).isEqualTo(2);
    }

    @Test
    void looksThroughALongListInLittleMemory() throws Exception {
        final Path list = scratch.resolve("patterns");
        try (BufferedWriter out = Files.newBufferedWriter(list)) {
            for (int i = 0; i < 100_000; i++) {
                out.write("event.graph.g" + i + (i % 10 == 0 ? ".>" : ".node.added") + "\n");
            }
            out.write("last=event.*.g99999.node.added\n");
        }
        final CommandRunner ringline = new CommandRunner(scratch);
        final Result matches = ringline.run("match", "--patterns", list.toString(), "event.graph.g99999.node.added");
        assertThat(matches.lines())
                .containsExactly("100000:event.graph.g99999.node.added", "100001:last=event.*.g99999.node.added");
        final Result covered = ringline.run("match", "--patterns", list.toString(), "--covered");
        assertThat(covered.lines())
                .containsExactly("100000:event.graph.g99999.node.added is covered by"
                        + " 100001:last=event.*.g99999.node.added");
        final Result overlaps = ringline.run("match", "--patterns", list.toString(), "--overlaps");
        assertThat(overlaps.lines())
                .containsExactly("100000:event.graph.g99999.node.added overlaps 100001:last=event.*.g99999.node.added");
        assertThat(overlaps.status()).isEqualTo(1);
    }
}
