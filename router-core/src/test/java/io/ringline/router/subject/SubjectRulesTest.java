package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SubjectRulesTest {
    private static final String OK = "";
    private static final String EMPTY = " is empty: tokens are joined by single dots";
    private static final String STAR = " is the wildcard *: a subject is published only as a literal";
    private static final String REST = " is the wildcard >: a subject is published only as a literal";
    private static final String NOT_LAST = " is >, which may only be the last";

    /** Text, then the whole answer about it as a subject and as a pattern; {@link #OK} where it is valid. */
    static Stream<Arguments> texts() {
        return Stream.of(wildcards(), marks(), dots(), otherBytes(), lengths()).flatMap(rows -> rows);
    }

    private static Stream<Arguments> wildcards() {
        return Stream.of(
                Arguments.of("*", "token 1" + STAR, OK),
                Arguments.of("a.*", "token 2" + STAR, OK),
                Arguments.of("a.*.b", "token 2" + STAR, OK),
                Arguments.of("*.*.>", "token 1" + STAR, OK),
                Arguments.of(">", "token 1" + REST, OK),
                Arguments.of("a.>", "token 2" + REST, OK),
                Arguments.of("a.b.*.>", "token 3" + STAR, OK),
                Arguments.of(">.a", "token 1" + REST, "token 1" + NOT_LAST),
                Arguments.of("a.>.b", "token 2" + REST, "token 2" + NOT_LAST),
                Arguments.of("a.>.*", "token 2" + REST, "token 2" + NOT_LAST),
                Arguments.of(">.>", "token 1" + REST, "token 1" + NOT_LAST),
                Arguments.of("a.>.", "token 2" + REST, "token 2" + NOT_LAST));
    }

    /** Within a longer token the wildcards are bytes like others. */
    private static Stream<Arguments> marks() {
        return Stream.of(
                        "foo*",
                        "foo**",
                        "foo.**",
                        "foo*bar",
                        "foo.*bar",
                        "foo*.bar",
                        "*bar",
                        "*foo.b*r",
                        "**",
                        "***",
                        "foo>",
                        "foo>>",
                        "foo.>>",
                        "foo>bar",
                        "foo.>bar",
                        "foo>.bar",
                        ">bar",
                        ">x",
                        "a.>x.b",
                        ">>",
                        "*>",
                        ">*",
                        "a.*>",
                        "a.>*.b")
                .map(text -> both(text, OK));
    }

    private static Stream<Arguments> dots() {
        return Stream.of(
                both("a", OK),
                both("a.b.c", OK),
                both("", "the %s is empty: give it at least one token"),
                both(".", "token 1" + EMPTY),
                both("..", "token 1" + EMPTY),
                both(".a", "token 1" + EMPTY),
                both("a.", "token 2" + EMPTY),
                both("a..b", "token 2" + EMPTY),
                both("a.b..", "token 3" + EMPTY),
                both("a.b...c", "token 3" + EMPTY),
                Arguments.of("*.", "token 1" + STAR, "token 2" + EMPTY),
                both("t" + ".t".repeat(299), OK),
                both("t" + ".t".repeat(299) + ".", "token 301" + EMPTY),
                both("t.".repeat(299) + " ", "token 300 holds a space, which no subject may"),
                Arguments.of("t.".repeat(299) + "*", "token 300" + STAR, OK),
                Arguments.of("t.".repeat(299) + ">", "token 300" + REST, OK),
                Arguments.of("t.".repeat(149) + ">" + ".t".repeat(150), "token 150" + REST, "token 150" + NOT_LAST));
    }

    private static Stream<Arguments> otherBytes() {
        return Stream.of(
                both("a\u0000b", OK),
                both("\u0000", OK),
                both("a.\u0000.b", OK),
                both("a\u000bb", OK),
                both("\u000b", OK),
                both("a.\u007f.\u0001", OK),
                both("\b\u001b", OK),
                both("a\u00a0b", OK),
                both("\u00a0", OK),
                both("\u0085.\u2003.\u2028.\u3000.\ufeff", OK),
                both("gr\u00fc\u00df.\u4e16\u754c.\ud83d\ude00", OK),
                both("$JS.API.{a}/#,=@\"'\\", OK));
    }

    private static Stream<Arguments> lengths() {
        return Stream.of(
                both("x".repeat(4_096), OK),
                both("x".repeat(4_097), "the %s has 4097 bytes, the limit is 4096"),
                both("\u00e9".repeat(2_048), OK),
                both("\u00e9".repeat(2_048) + "x", "the %s has 4097 bytes, the limit is 4096"),
                both(".".repeat(4_097), "the %s has 4097 bytes, the limit is 4096"),
                Arguments.of("x".repeat(4_094) + ".*", "token 2" + STAR, OK),
                both("x".repeat(4_095) + ".*", "the %s has 4097 bytes, the limit is 4096"));
    }

    private static Arguments both(final String text, final String reason) {
        return Arguments.of(text, reason, reason);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void followsTheServersRules(final String text, final String asSubject, final String asPattern) {
        check(text.getBytes(StandardCharsets.UTF_8), asSubject, asPattern);
    }

    private static void check(final byte[] bytes, final String asSubject, final String asPattern) {
        check(SubjectRules.problemOfSubject(bytes, SubjectRules.DEFAULT_MAX_BYTES), asSubject.replace("%s", "subject"));
        check(SubjectRules.problemOfPattern(bytes, SubjectRules.DEFAULT_MAX_BYTES), asPattern.replace("%s", "pattern"));
    }

    private static void check(final @Nullable String problem, final String expected) {
        assertThat(problem == null ? OK : problem).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"32, a space", "9, a TAB", "10, a line feed", "12, a form feed", "13, a carriage return"})
    void eachBlankIsRefusedWhereverItStands(final int blank, final String name) {
        for (int token = 1; token <= 3; token++) {
            for (final String place : new String[] {"_", "_x", "x_x", "x_", "x_*", "_>", "__"}) {
                final String[] tokens = {"t", "t", "t"};
                tokens[token - 1] = place;
                final String text = String.join(".", tokens).replace('_', (char) blank);
                final String reason = "token " + token + " holds " + name + ", which no subject may";
                check(text.getBytes(StandardCharsets.UTF_8), reason, reason);
            }
        }
    }

    @Test
    void onlyTheFiveBlanksAndTheMarksAreSpecialAmongAllBytes() {
        for (int b = 0; b < 256; b++) {
            final byte[] inside = {'a', (byte) b, 'c'};
            final boolean blank = b == ' ' || b == '\t' || b == '\n' || b == '\f' || b == '\r';
            assertThat(SubjectRules.problemOfSubject(inside, 10) == null)
                    .as("byte %d inside a token", b)
                    .isEqualTo(!blank);
            final byte[] alone = {'a', '.', (byte) b};
            final boolean mark = b == '.' || b == '*' || b == '>';
            assertThat(SubjectRules.problemOfSubject(alone, 10) == null)
                    .as("byte %d as a token", b)
                    .isEqualTo(!blank && !mark);
            assertThat(SubjectRules.problemOfPattern(alone, 10) == null)
                    .as("byte %d as a token of a pattern", b)
                    .isEqualTo(!blank && b != '.');
        }
    }

    @Test
    void theLimitIsTheCallers() {
        final byte[] text = {'a', '.', 'b'};
        assertThat(SubjectRules.problemOfSubject(text, 3)).isNull();
        assertThat(SubjectRules.problemOfSubject(text, 2)).contains("3 bytes, the limit is 2");
        assertThat(SubjectRules.problemOfPattern(text, 2)).contains("3 bytes, the limit is 2");
    }
}
