package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternTest {
    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, b, false",
        "a, aa, false",
        "aa, a, false",
        "a, A, false",
        "a, a.b, false",
        "a.b, a, false",
        "a.b, a.b, true",
        "a.b, ab, false",
        "*, a, true",
        "*, abc, true",
        "*, a.b, false",
        "*.*, a.b, true",
        "*.*, a, false",
        "*.b, a.b, true",
        "*.b, a.c, false",
        "a.*, a, false",
        "a.*, a.b, true",
        "a.*, a.b.c, false",
        "a.*.c, a.b.c, true",
        "a.*.c, a.b.d, false",
        "a.*.c, a.c, false",
        ">, a, true",
        ">, a.b.c, true",
        "a.>, a, false",
        "a.>, a.b, true",
        "a.>, a.b.c.d, true",
        "a.>, b.a, false",
        "a.>, ab.c, false",
        "*.>, a, false",
        "*.>, a.b, true",
        "a.*.>, a.b, false",
        "a.*.>, a.b.c, true",
        "foo*, foo*, true",
        "foo*, foobar, false",
        "foo*, foo, false",
        "**, **, true",
        "**, ab, false",
        "**, a.b, false",
        ">x, >x, true",
        ">x, ax, false",
        "a.>x, a.b, false",
        "a.>x.c, a.>x.c, true",
        "*, **, true",
        "gr\u00fc\u00df.*, gr\u00fc\u00df.\u4e16, true",
        "gr\u00fc\u00df.*, gruss.\u4e16, false"
    })
    void matches(final String pattern, final String subject, final boolean expected) {
        assertThat(new Pattern(bytes(pattern)).matches(bytes(subject)))
                .as("%s against %s", pattern, subject)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"a.b, true", "a.bc, false", "a, false", "a.b.c, false"})
    void looksAtNothingAroundTheSubject(final String subject, final boolean expected) {
        final int length = bytes(subject).length;
        for (final String around : new String[] {"c", ".", "a.b", ".c", ">"}) {
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes(around + subject + around));
            assertThat(new Pattern(bytes("a.b")).matches(buffer, around.length(), length))
                    .as("%s between two of %s", subject, around)
                    .isEqualTo(expected);
        }
    }

    @Test
    void equalByTheirBytes() {
        final Pattern pattern = new Pattern(bytes("a.*"));
        assertThat(pattern).isEqualTo(new Pattern(bytes("a.*"), 3)).hasSameHashCodeAs(new Pattern(bytes("a.*")));
        assertThat(pattern).isNotEqualTo(new Pattern(bytes("a.>"))).isNotEqualTo("a.*");
        // Not UTF-8: both look the same as text.
        assertThat(new Pattern(new byte[] {(byte) 0xFE})).isNotEqualTo(new Pattern(new byte[] {(byte) 0xFF}));
    }

    @Test
    void anInvalidOneIsRefusedWithTheTextTheTokenAndTheRule() {
        assertThatThrownBy(() -> new Pattern(bytes("a.>.b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a.>.b'")
                .hasMessageContaining("token 2")
                .hasMessageContaining("last");
        assertThatThrownBy(() -> new Pattern(bytes("a.b"), 2)).hasMessageContaining("the limit is 2");
        assertThatThrownBy(() -> new Pattern(bytes("x".repeat(5_000))))
                .hasMessageContaining("the limit is 4096")
                .satisfies(
                        error -> assertThat(String.valueOf(error.getMessage())).hasSizeLessThan(200));
    }

    @Test
    void keepsACopyOfItsBytes() {
        final byte[] text = bytes("a.*");
        final Pattern pattern = new Pattern(text);
        text[0] = 'b';
        pattern.bytes()[0] = 'c';
        assertThat(pattern).hasToString("a.*");
        assertThat(pattern.matches(bytes("a.x"))).isTrue();
    }

    @Test
    void aSubjectHandleIsCheckedHashedAndCopied() {
        final byte[] text = bytes("a.b");
        final Subject subject = new Subject(text, 100);
        text[0] = 'x';
        assertThat(subject).hasToString("a.b");
        assertThat(subject.hash()).isEqualTo(SubjectHash.validateAndHash(subject.buffer(), 0, subject.length()));
        assertThat(subject.resolved(new long[] {5}, 0).matchWords()).containsExactly(5);
        assertThatThrownBy(() -> new Subject(bytes("a.*"), 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a.*'")
                .hasMessageContaining("token 2 is the wildcard *");
    }
}
