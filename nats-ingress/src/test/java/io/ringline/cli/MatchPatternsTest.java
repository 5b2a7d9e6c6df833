package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ringline match --patterns}. */
class MatchPatternsTest {
    private static final String LIST = """
            # what the desks take
            event.graph.*.node.added

            event.graph.>
            west=event.airport.LAX.>,event.airport.SFO.>,event.airport.*.departed
            east=event.airport.JFK.>,event.airport.*.departed
            event.graph.*.node.added
            """;

    @TempDir
    private Path scratch;

    private static Cli.Result match(final String list, final String... more) {
        final String[] args = new String[2 + more.length];
        args[0] = "match";
        args[1] = "--patterns=-";
        System.arraycopy(more, 0, args, 2, more.length);
        return Cli.run(list, args);
    }

    @Test
    void shouldListThoseThatMatch() {
        final Cli.Result result = match(LIST, "event.airport.LAX.departed");
        assertThat(result.lines())
                .containsExactly(
                        "5:west=event.airport.LAX.>",
                        "5:west=event.airport.*.departed",
                        "6:east=event.airport.*.departed");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        final Cli.Result none = match(LIST, "event.airport");
        assertThat(none.out()).isEmpty();
        assertThat(none.status()).isEqualTo(1);
        assertThat(match("", "a").status()).isEqualTo(1);
    }

    @Test
    void shouldListThoseThatMatchAsJson() {
        assertThat(match(LIST, "--format=json", "event.airport.JFK.arrived").lines())
                .containsExactly("{\"line\":6,\"name\":\"east\",\"pattern\":\"event.airport.JFK.>\",\"matches\":true}");
        assertThat(match("a\"\\\u0001\n", "--format=json", "a\"\\\u0001").lines())
                .containsExactly("{\"line\":1,\"pattern\":\"a\\\"\\\\\\u0001\",\"matches\":true}");
    }

    @Test
    void shouldExplainThoseThatDoNot() {
        final Cli.Result result = match("a.>\nn=a.c,b\n", "--explain", "a.b");
        assertThat(result.lines())
                .containsExactly(
                        "1:a.>: matches",
                        "2:n=a.c: does not match: token 2: pattern has 'c', subject has 'b'",
                        "2:n=b: does not match: token 1: pattern has 'b', subject has 'a'");
        assertThat(result.status()).isZero();
        assertThat(match("a.c\n", "--explain", "--format=json", "a.b").lines())
                .containsExactly("{\"line\":1,\"pattern\":\"a.c\",\"matches\":false,"
                        + "\"explain\":\"token 2: pattern has 'c', subject has 'b'\"}");
    }

    @Test
    void shouldListPairsThatOverlap() {
        final Cli.Result result = match(LIST, "--overlaps");
        assertThat(result.lines())
                .containsExactly(
                        "2:event.graph.*.node.added overlaps 4:event.graph.>",
                        "5:west=event.airport.LAX.> overlaps 5:west=event.airport.*.departed",
                        "5:west=event.airport.SFO.> overlaps 5:west=event.airport.*.departed",
                        "5:west=event.airport.*.departed overlaps 6:east=event.airport.JFK.>",
                        "5:west=event.airport.LAX.> overlaps 6:east=event.airport.*.departed",
                        "5:west=event.airport.SFO.> overlaps 6:east=event.airport.*.departed",
                        "5:west=event.airport.*.departed overlaps 6:east=event.airport.*.departed",
                        "6:east=event.airport.JFK.> overlaps 6:east=event.airport.*.departed",
                        "2:event.graph.*.node.added overlaps 7:event.graph.*.node.added",
                        "4:event.graph.> overlaps 7:event.graph.*.node.added");
        assertThat(result.status()).isEqualTo(1);
        assertThat(match("a\nx=*\n", "--overlaps", "--format=json").lines())
                .containsExactly(
                        "{\"line\":1,\"pattern\":\"a\",\"overlaps\":{\"line\":2,\"name\":\"x\",\"pattern\":\"*\"}}");
    }

    @Test
    void shouldListThoseThatAreCovered() {
        final Cli.Result result = match(LIST, "--covered");
        assertThat(result.lines())
                .containsExactly(
                        "2:event.graph.*.node.added is covered by 4:event.graph.>",
                        "6:east=event.airport.*.departed is the same as 5:west=event.airport.*.departed",
                        "7:event.graph.*.node.added is the same as 2:event.graph.*.node.added");
        assertThat(result.status()).isEqualTo(1);
        assertThat(match("n=a\na\nn=>\n", "--covered", "--format=json").lines())
                .containsExactly(
                        "{\"line\":1,\"name\":\"n\",\"pattern\":\"a\",\"coveredBy\":{\"line\":3,\"name\":\"n\",\"pattern\":\">\"}}",
                        "{\"line\":2,\"pattern\":\"a\",\"sameAs\":{\"line\":1,\"name\":\"n\",\"pattern\":\"a\"}}");
    }

    @Test
    void shouldCompareWithinAConsumerOnly() {
        final Cli.Result result = match(LIST, "--overlaps", "--covered", "--per-consumer");
        assertThat(result.lines())
                .containsExactly(
                        "2:event.graph.*.node.added overlaps 4:event.graph.>",
                        "5:west=event.airport.LAX.> overlaps 5:west=event.airport.*.departed",
                        "5:west=event.airport.SFO.> overlaps 5:west=event.airport.*.departed",
                        "6:east=event.airport.JFK.> overlaps 6:east=event.airport.*.departed",
                        "2:event.graph.*.node.added overlaps 7:event.graph.*.node.added",
                        "4:event.graph.> overlaps 7:event.graph.*.node.added",
                        "2:event.graph.*.node.added is covered by 4:event.graph.>",
                        "7:event.graph.*.node.added is the same as 2:event.graph.*.node.added");
        assertThat(match("a=x.>\nb=x.y\nx.y\n", "--covered", "--overlaps", "--per-consumer")
                        .status())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# a\n", "a\nb\na.b\n", "a.*\n*.b.c\n*.*.*.*\n"})
    void shouldFindNothingWrong(final String list) {
        final Cli.Result result = match(list, "--overlaps", "--covered");
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a a",
                "=a a",
                "==a =a",
                "=#.x #.x",
                "=a=b a=b",
                "=a,b a,b",
                "n=a=b a=b",
                "n=#.x #.x",
                "a#b a#b",
                "a,b a,b",
                "n=x,#a #a",
                "=n=x,y n=x,y",
                "m,n=a a",
                "a\u000b a\u000b",
            })
    void shouldWriteAnyPatternInALine(final String line, final String subject) {
        assertThat(match(line + "\r\n", subject).status()).isZero();
        assertThat(match("\ufeff" + line, subject).status())
                .as("behind a byte order mark")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a..b|'a..b': token 2 is empty: tokens are joined by single dots",
                "a.>.b|'a.>.b': token 2 is >, which may only be the last",
                "a.b |'a.b ': token 2 holds a space, which no subject may",
                "` # no comment`|' # no comment': token 1 holds a space, which no subject may",
                "n=a, b|' b': token 1 holds a space, which no subject may",
                "n=a,,b|'': the pattern is empty: give it at least one token",
                "n=|'': the pattern is empty: give it at least one token",
                "=|'': the pattern is empty: give it at least one token",
                "` =a`|' =a': there is no name before the =",
                "abcdefghijklmno|'abcdefghijklmno': the pattern has 15 bytes, the limit is 14",
            })
    void shouldTellAnInvalidPatternAndGoOn(final String line, final String told) {
        final String list = "x\n" + line + "\n>\n";
        final Cli.Result matches = match(list, "--max-subject-bytes=14", "x");
        assertThat(matches.err()).isEqualTo("ringline: line 2: " + told + "\n");
        assertThat(matches.lines()).containsExactly("1:x", "3:>");
        assertThat(matches.status()).isEqualTo(1);
        final Cli.Result lint = match(line, "--overlaps", "--covered", "--max-subject-bytes=14");
        assertThat(lint.err()).isEqualTo("ringline: line 1: " + told + "\n");
        assertThat(lint.status()).isEqualTo(1);
    }

    @Test
    void shouldTellAnInvalidPatternAsJson() {
        final Cli.Result result = match("a..b\na\n", "--format=json", "a");
        assertThat(result.lines())
                .containsExactly(
                        "{\"line\":1,\"pattern\":\"a..b\",\"reason\":\"token 2 is empty: tokens are joined by single dots\"}",
                        "{\"line\":2,\"pattern\":\"a\",\"matches\":true}");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void shouldTellALineThatIsTooLong() {
        final Cli.Result result = match("a".repeat(Lines.MAX_BYTES + 1) + "\na\n", "a");
        assertThat(result.err()).isEqualTo("ringline: line 1: '': the line is longer than 4194304 bytes\n");
        assertThat(result.lines()).containsExactly("2:a");
    }

    @Test
    void shouldCompareBytesThatAreNoText() {
        final Cli.Result result = Cli.run(
                new byte[] {(byte) 0xFE, '\n', (byte) 0xFF, '\n', (byte) 0xFF},
                "match",
                "--patterns",
                "-",
                "--covered");
        assertThat(result.lines()).containsExactly("3:\ufffd is the same as 2:\ufffd");
    }

    @Test
    void shouldReadAFile() throws IOException {
        final Path list = scratch.resolve("patterns");
        Files.write(list, LIST.getBytes(UTF_8));
        assertThat(Cli.run("", "match", "--patterns", list.toString(), "event.graph.1")
                        .lines())
                .containsExactly("4:event.graph.>");
        final Cli.Result missing = Cli.run("", "match", "--patterns", list + "x", "a");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).startsWith("ringline: cannot read --patterns " + list + "x");
        final Cli.Result directory = Cli.run("", "match", "--patterns", scratch.toString(), "a");
        assertThat(directory.status()).isEqualTo(2);
        assertThat(directory.err()).contains("is a directory");
    }

    @Test
    void shouldRefuseAnInvalidSubject() {
        final Cli.Result result = match(">\n", "a.*");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("ringline: invalid subject: token 2 is the wildcard *");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--patterns=- | needs a subject",
                "--patterns=- a b | the one argument beside --patterns is the subject",
                "--patterns=- --json | --format json",
                "--patterns=- --overlaps a | look at the list alone",
                "--patterns=- --covered --explain | look at the list alone",
                "--patterns=- --per-consumer a | --per-consumer goes with --overlaps or --covered",
                "--overlaps a b | need a list",
                "--covered | need a list",
                "--per-consumer a b | need a list",
            })
    void shouldRefuseWrongUsage(final String args, final String message) {
        final Cli.Result result = Cli.run("", ("match " + args).split(" "));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("ringline: ").contains(message);
    }
}
