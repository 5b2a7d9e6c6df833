package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateValuesTest {
    private static final long NONE = -77;

    private static long longValue(final String text) {
        final byte[] bytes = ("1" + text + "1").getBytes(StandardCharsets.UTF_8);
        return new TemplateValues(1)
                .set(0, new UnsafeBuffer(bytes), 1, bytes.length - 2)
                .longValue(0, NONE);
    }

    @Test
    void holdsBytesAndNumbersSideBySide() {
        final TemplateValues values = new TemplateValues(3);
        final UnsafeBuffer buffer = new UnsafeBuffer("xyz".getBytes(StandardCharsets.UTF_8));
        values.set(0, -5).set(1, buffer, 1, 2).set(2, 1234567890123456789L);
        assertThat(values.string(0)).isEqualTo("-5");
        assertThat(values.string(1)).isEqualTo("yz");
        assertThat(values.string(2)).isEqualTo("1234567890123456789");
        assertThat(values.buffer(1)).isSameAs(buffer);
        assertThat(values.offset(1)).isEqualTo(1);
        assertThat(values.length(1)).isEqualTo(2);
        assertThat(values.longValue(0, NONE)).isEqualTo(-5);
        assertThat(values.longValue(1, NONE)).isEqualTo(NONE);
        assertThat(values.longValue(2, NONE)).isEqualTo(1234567890123456789L);
    }

    @Test
    void isEmptyAtFirst() {
        final TemplateValues values = new TemplateValues(2);
        assertThat(values.capacity()).isEqualTo(2);
        assertThat(values.length(1)).isZero();
        assertThat(values.string(1)).isEmpty();
        assertThat(values.longValue(1, NONE)).isEqualTo(NONE);
        assertThatThrownBy(() -> values.set(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(new TemplateValues(0).capacity()).isZero();
    }

    @Test
    void everyNumberComesBack() {
        final long seed = System.nanoTime();
        System.out.println("TemplateValuesTest seed " + seed);
        final Random random = new Random(seed);
        final TemplateValues values = new TemplateValues(1);
        final long[] edges = {
            0, 1, -1, 9, 10, -10, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, Long.MIN_VALUE + 1
        };
        for (int i = 0; i < 100_000; i++) {
            final long value = i < edges.length ? edges[i] : random.nextLong() >> random.nextInt(64);
            assertThat(values.set(0, value).longValue(0, NONE))
                    .as("seed %d", seed)
                    .isEqualTo(value);
            assertThat(values.string(0)).isEqualTo(Long.toString(value));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "01",
                "00",
                "-0",
                "-01",
                "1a",
                "a1",
                "1-",
                "--1",
                "1 ",
                "0x1",
                "/",
                ":",
                "\u0661",
                "9223372036854775808",
                "-9223372036854775809",
                "9999999999999999999",
                "92233720368547758070",
                "-92233720368547758080"
            })
    void whatIsNotWrittenSoIsNoNumber(final String text) {
        assertThat(longValue(text)).isEqualTo(NONE);
    }
}
