package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SubjectRulesTest {
    private static final String OK = "";

    /** Text, then part of the reason as a subject and as a pattern; {@link #OK} where it is valid. */
    static Stream<Arguments> texts() {
        return Stream.concat(wildcards(), alike());
    }

    private static Stream<Arguments> wildcards() {
        return Stream.of(
                Arguments.of("a", OK, OK),
                Arguments.of("a.b.c", OK, OK),
                Arguments.of("foo*", OK, OK),
                Arguments.of("*foo.b*r", OK, OK),
                Arguments.of("**", OK, OK),
                Arguments.of(">x", OK, OK),
                Arguments.of("a.>x.b", OK, OK),
                Arguments.of(">>", OK, OK),
                Arguments.of("*>", OK, OK),
                Arguments.of("*", "token 1 is the wildcard *", OK),
                Arguments.of("a.*.b", "token 2 is the wildcard *", OK),
                Arguments.of(">", "token 1 is the wildcard >", OK),
                Arguments.of("a.>", "token 2 is the wildcard >", OK),
                Arguments.of("*.*.>", "token 1 is the wildcard *", OK),
                Arguments.of("a.>.b", "token 2 is the wildcard >", "token 2 is >, which may only be the last"),
                Arguments.of(">.>", "token 1 is the wildcard >", "token 1 is >, which may only be the last"),
                Arguments.of("a.>.", "token 2 is the wildcard >", "token 2 is >"));
    }

    /** The same as a subject and as a pattern. */
    private static Stream<Arguments> alike() {
        return Stream.of(
                both("a.", "token 2 is empty"),
                both(".a", "token 1 is empty"),
                both(".", "token 1 is empty"),
                both("a..b", "token 2 is empty"),
                both("", "is empty"),
                both("a.b c", "token 2 holds a space"),
                both(" ", "token 1 holds a space"),
                both("a\tb", "token 1 holds a TAB"),
                both("\t", "a TAB"),
                both("a.b\n", "token 2 holds a line feed"),
                both("a.\fb", "token 2 holds a form feed"),
                both("a.b.\r", "token 3 holds a carriage return"),
                both("a\u0000b", OK),
                both("\u0000", OK),
                both("a\u000bb", OK),
                both("a.\u007f.\u0001", OK),
                both("gr\u00fc\u00df.\u4e16\u754c.\ud83d\ude00", OK),
                both("a\u00a0b", OK),
                both("t" + ".t".repeat(299), OK),
                both("x".repeat(4_096), OK),
                both("x".repeat(4_097), "has 4097 bytes, the limit is 4096"),
                both("\u00e9".repeat(2_048), OK),
                both("\u00e9".repeat(2_048) + "x", "has 4097 bytes"));
    }

    private static Arguments both(final String text, final String reason) {
        return Arguments.of(text, reason, reason);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void followsTheServersRules(final String text, final String asSubject, final String asPattern) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        check(SubjectRules.problemOfSubject(bytes, SubjectRules.DEFAULT_MAX_BYTES), asSubject);
        check(SubjectRules.problemOfPattern(bytes, SubjectRules.DEFAULT_MAX_BYTES), asPattern);
    }

    private static void check(final @Nullable String problem, final String expected) {
        if (expected.equals(OK)) {
            assertThat(problem).isNull();
        } else {
            assertThat(problem).contains(expected);
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
