package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.subject.Pattern;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MismatchTest {
    private static final String[] TOKENS = {"a", "b", "a*", "**", "\u00fc"};

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a | b | token 1: pattern has 'a', subject has 'b'",
                "event.*.graph.> | event.x.node.y | token 3: pattern has 'graph', subject has 'node'",
                "a.b.c | a.x.y.z | token 2: pattern has 'b', subject has 'x'",
                "a | A | token 1: pattern has 'a', subject has 'A'",
                "ab | a | token 1: pattern has 'ab', subject has 'a'",
                "a.b.c | a.b | the subject has 2 tokens, the pattern needs 3",
                "a.b | a | the subject has 1 token, the pattern needs 2",
                "a.* | a | the subject has 1 token, the pattern needs 2",
                "a.b | a.b.c | the subject has 3 tokens, the pattern needs 2",
                "* | a.b | the subject has 2 tokens, the pattern needs 1",
                "a.*.> | a | the subject has 1 token, the pattern needs at least 3",
                "a.b.> | a.b | token 3: > needs at least one token, the subject has only 2 tokens",
                "a.> | a | token 2: > needs at least one token, the subject has only 1 token",
                "a.> | b | token 1: pattern has 'a', subject has 'b'",
                "foo* | foobar | token 1: pattern has 'foo*', subject has 'foobar'; a wildcard is always a whole token",
                "a.>x | a.bx | token 2: pattern has '>x', subject has 'bx'; a wildcard is always a whole token",
                "a.b>.c | a.b> | the subject has 2 tokens, the pattern needs 3",
                "a.b> | a.b>.c | the subject has 3 tokens, the pattern needs 2",
                "a.*\u007f | a.* | token 2: pattern has '*\\u007f', subject has '*'; a wildcard is always a whole token",
                "\u00e9 | e\u0301 | token 1: pattern has '\u00e9', subject has 'e\u0301'; they look alike, but their bytes differ",
            })
    void saysWhatIsToBlame(final String pattern, final String subject, final String expected) {
        assertThat(Mismatch.explain(pattern.getBytes(UTF_8), subject.getBytes(UTF_8)))
                .isEqualTo(expected);
    }

    @Test
    void bytesThatAreNoTextAreToldApart() {
        assertThat(Mismatch.explain(new byte[] {(byte) 0xFE}, new byte[] {(byte) 0xFF}))
                .endsWith("they look alike, but their bytes differ");
    }

    @Test
    void aLongTokenIsCut() {
        assertThat(Mismatch.explain("a".getBytes(UTF_8), "b".repeat(4_000).getBytes(UTF_8)))
                .hasSizeLessThan(200)
                .endsWith("bbb...'");
    }

    @Test
    void hasNothingToSayExactlyWhereTheSubjectMatches() {
        final long seed = System.nanoTime();
        System.out.println("MismatchTest seed " + seed);
        final Random random = new Random(seed);
        int matched = 0;
        for (int i = 0; i < 100_000; i++) {
            final String subject = tokens(random);
            final String stem = random.nextBoolean() ? subject : tokens(random);
            final String text =
                    stem.replaceFirst("[ab]$", random.nextBoolean() ? ">" : "*").replaceFirst("^b\\.", "*.");
            final Pattern pattern = new Pattern(text.getBytes(UTF_8));
            final boolean matches = pattern.matches(subject.getBytes(UTF_8));
            final String explained = Mismatch.explain(text.getBytes(UTF_8), subject.getBytes(UTF_8));
            if ((explained == null) != matches) {
                throw new AssertionError("seed " + seed + ": " + text + " against " + subject + ": " + explained);
            }
            matched += matches ? 1 : 0;
        }
        assertThat(matched).isBetween(20_000, 80_000);
    }

    private static String tokens(final Random random) {
        final StringBuilder tokens = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            tokens.append(TOKENS[random.nextInt(TOKENS.length)]).append(i == 0 ? "" : ".");
        }
        return tokens.toString();
    }
}
