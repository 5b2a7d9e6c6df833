package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchCommandTest {
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "a a 0",
                "a b 1",
                "a.* a.b 0",
                "a.* a 1",
                "a.* a.b.c 1",
                "> a 0",
                "> a.b 0",
                "a.> a.b.c 0",
                "a.> a 1",
                "*.b a.b 0",
                "foo* foobar 1",
                "foo* foo* 0",
                "a.*b a.*b 0",
                "a>b a>b 0",
                "ä.* ä.ö 0",
                "ä ö 1",
                "é e\u0301 1",
                "a..b a.b 1",
                ".a a 1",
                "a. a 1",
                "a.>.b a.c.b 1",
                "a a.* 1",
                "> > 1",
                "`` a 1",
                "a `` 1",
                "@a @a 0",
                "a\tb a\tb 1",
            })
    void shouldMatchAsTheServerDoes(final String pattern, final String subject, final int status) {
        final Cli.Result result = Cli.run("", "match", pattern, subject);
        assertThat(result.status()).as(result.err()).isEqualTo(status);
        assertThat(result.out()).isEqualTo(status == 0 ? "matches\n" : "does not match\n");
    }

    @Test
    void shouldAnswerEachLine() {
        final Cli.Result result = Cli.run(
                "{\"pattern\":\"a.*\",\"subject\":\"a.b\"}\n\n{\"subject\":\"x\",\"pattern\":\"y\",\"more\":[1]}\n"
                        + "{\"pattern\":\"a..b\",\"subject\":\"a b\"}\n{\"pattern\":\"\\ud83d\\ude00\",\"subject\":\"😀\"}\n"
                        + "{\"pattern\":\"\\ud800\",\"subject\":\"a\"}\n{\"pattern\":\"a\\u0000\",\"subject\":\"a\\u0000\"}",
                "match",
                "--json");
        assertThat(result.lines())
                .containsExactly(
                        "{\"patternValid\":true,\"subjectValid\":true,\"matches\":true}",
                        "{\"patternValid\":true,\"subjectValid\":true,\"matches\":false}",
                        "{\"patternValid\":false,\"subjectValid\":false,\"matches\":false,\"reason\":\"invalid pattern: token 2"
                                + " is empty: tokens are joined by single dots; invalid subject: token 1 holds a space, which no"
                                + " subject may\"}",
                        "{\"patternValid\":true,\"subjectValid\":true,\"matches\":true}",
                        "{\"patternValid\":false,\"subjectValid\":true,\"matches\":false,\"reason\":\"invalid pattern: it holds"
                                + " half a surrogate pair, which UTF-8 has no bytes for\"}",
                        "{\"patternValid\":true,\"subjectValid\":true,\"matches\":true}");
        assertThat(result.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x | not JSON",
                "[] | not a JSON object",
                "{\"pattern\":\"a\"} | no subject",
                "{\"subject\":\"a\"} | no pattern",
                "{\"pattern\":1,\"subject\":\"a\"} | pattern must be a string, not an integer",
                "{\"pattern\":\"a\",\"pattern\":\"a\",\"subject\":\"a\"} | two fields are named pattern",
                "{\"pattern\":\"a\",\"subject\":\"a\"} {} | more follows",
            })
    void shouldAnswerALineThatIsNoPairAndGoOn(final String line, final String reason) {
        final Cli.Result result = Cli.run(line + "\n{\"pattern\":\"a\",\"subject\":\"a\"}\n", "match", "--json");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines().get(0))
                .contains("\"matches\":false,\"reason\":\"")
                .contains(reason);
        assertThat(result.lines().get(1)).isEqualTo("{\"patternValid\":true,\"subjectValid\":true,\"matches\":true}");
    }

    @Test
    void shouldExplainIfAsked() {
        assertThat(Cli.run("", "match", "--explain", "event.graph.*.>", "event.node.1.x"))
                .isEqualTo(new Cli.Result(1, "does not match\ntoken 2: pattern has 'graph', subject has 'node'\n", ""));
        assertThat(Cli.run("", "match", "--explain", "a.>", "a").lines())
                .containsExactly("does not match", "token 2: > needs at least one token, the subject has only 1 token");
        assertThat(Cli.run("", "match", "--explain", "a.>", "a.b").out()).isEqualTo("matches\n");
        final Cli.Result invalid = Cli.run("", "match", "--explain", "a..b", "a");
        assertThat(invalid.out()).isEqualTo("does not match\n");
        assertThat(invalid.err()).contains("token 2 is empty");
    }

    @Test
    void shouldExplainLinesIfAsked() {
        final Cli.Result result = Cli.run(
                "{\"pattern\":\"a.b.c\",\"subject\":\"a.b\"}\n{\"pattern\":\"a.b\",\"subject\":\"a.b\"}\n"
                        + "{\"pattern\":\"a..b\",\"subject\":\"a\"}\n",
                "match",
                "--json",
                "--explain");
        assertThat(result.lines())
                .containsExactly(
                        "{\"patternValid\":true,\"subjectValid\":true,\"matches\":false,"
                                + "\"explain\":\"the subject has 2 tokens, the pattern needs 3\"}",
                        "{\"patternValid\":true,\"subjectValid\":true,\"matches\":true}",
                        "{\"patternValid\":false,\"subjectValid\":true,\"matches\":false,\"reason\":\"invalid pattern:"
                                + " token 2 is empty: tokens are joined by single dots\"}");
    }

    @Test
    void shouldAnswerAPairAsJsonIfAsked() {
        assertThat(Cli.run("", "match", "--format=json", "--explain", "a", "b"))
                .isEqualTo(new Cli.Result(
                        1,
                        "{\"patternValid\":true,\"subjectValid\":true,\"matches\":false,"
                                + "\"explain\":\"token 1: pattern has 'a', subject has 'b'\"}\n",
                        ""));
    }

    @Test
    void shouldKeepToTheLongestThatIsAllowed() {
        assertThat(Cli.run("", "match", "abcd", "abcd", "--max-subject-bytes", "3")
                        .err())
                .contains("the pattern has 4 bytes, the limit is 3", "the subject has 4 bytes, the limit is 3");
        final String longest = "a".repeat(4_096);
        assertThat(Cli.run("", "match", longest, longest).status()).isZero();
        assertThat(Cli.run("", "match", longest + "a", longest + "a").status()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWrongUsage() {
        assertThat(Cli.run("", "match", "a").status()).isEqualTo(2);
        assertThat(Cli.run("", "match").status()).isEqualTo(2);
        assertThat(Cli.run("", "match", "--json", "a", "b").status()).isEqualTo(2);
        assertThat(Cli.run("", "match", "a", "b", "--max-subject-bytes", "0").status())
                .isEqualTo(2);
    }
}
