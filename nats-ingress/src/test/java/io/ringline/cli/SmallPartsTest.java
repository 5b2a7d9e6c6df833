package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations, UTF-8, JSON strings and arguments. */
class SmallPartsTest {
    private final long seed = Long.getLong("ringline.seed", System.nanoTime());

    @ParameterizedTest
    @CsvSource({
        "1ns,1",
        "5us,5000",
        "500ms,500000000",
        "30s,30000000000",
        "2m,120000000000",
        "1h,3600000000000",
        "PT30S,30000000000",
        "30S,30000000000",
        "PT0.5S,500000000",
        "1d,86400000000000"
    })
    void shouldReadDurations(final String text, final long nanos) {
        assertThat(Durations.parseNanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "5", "-5s", "PT0S", "-PT1S", "1.5s", "s", "999999999999h", "1 s", "P400Y"})
    void shouldRefuseWhatIsNoDuration(final String text) {
        assertThatThrownBy(() -> Durations.parseNanos(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("500ms, 30s, 2m, 1h or PT30S");
    }

    @Test
    void shouldAgreeWithTheLibraryOnWhatIsUtf8() {
        final Random random = new Random(seed);
        final int[] leads = {
            0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xA0, 0x9F, 0xED, 0xEF, 0xF0, 0x90, 0x8F, 0xF4, 0xF5, 0xFF
        };
        for (int i = 0; i < 200_000; i++) {
            final byte[] bytes = new byte[random.nextInt(20)];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) (random.nextBoolean() ? 'a' : leads[random.nextInt(leads.length)]);
            }
            assertThat(Utf8.malformedAt(bytes, 0, bytes.length) < 0)
                    .as("seed %d, %s", seed, java.util.Arrays.toString(bytes))
                    .isEqualTo(isUtf8(bytes));
        }
    }

    private static boolean isUtf8(final byte[] bytes) {
        try {
            UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (final CharacterCodingException wrong) {
            return false;
        }
    }

    @Test
    void shouldEncodeAsTheLibraryDoesButForHalfPairs() {
        final Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            final StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(6); k > 0; k--) {
                text.append((char) (random.nextBoolean() ? 0xD780 + random.nextInt(0x900) : random.nextInt(0x1000)));
            }
            final String given = text.toString();
            final byte[] bytes = new byte[3 * given.length()];
            final int length = Utf8.encode(given.toCharArray(), 0, given.length(), bytes, 0);
            final boolean halved = given.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
            assertThat(length == Utf8.LONE_SURROGATE).as("seed %d", seed).isEqualTo(halved);
            if (!halved) {
                assertThat(new String(bytes, 0, length, UTF_8))
                        .as("seed %d", seed)
                        .isEqualTo(given);
            }
        }
    }

    @Test
    void shouldReplaceBytesThatAreNoUtf8InStrings() {
        final byte[] bytes = {'a', (byte) 0xFF, '"', (byte) 0xC3, (byte) 0xA9, (byte) 0xE2, (byte) 0x82};
        assertThat(new JsonBytes()
                        .string(new UnsafeBuffer(bytes), 0, bytes.length)
                        .toString())
                .isEqualTo("\"a\uFFFD\\\"é\uFFFD\uFFFD\"");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 1234567890123L, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void shouldWriteNumbers(final long number) {
        assertThat(new JsonBytes().number(number).toString()).isEqualTo(Long.toString(number));
    }

    @Test
    void shouldTakeTheArgumentsFromTheEndOfTheCommandLine() {
        final byte[] commandLine = "java\0-cp\0x\0Main\0match\0ä\0\0".getBytes(UTF_8);
        assertThat(ArgumentBytes.lastOf(commandLine, new String[] {"match", "?", ""}))
                .containsExactly("match", "ä", "");
        assertThat(ArgumentBytes.lastOf(new byte[0], new String[] {"a"})).containsExactly("a");
    }
}
