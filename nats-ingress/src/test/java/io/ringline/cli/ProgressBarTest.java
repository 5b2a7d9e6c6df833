package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now;

    private ProgressBar bar(final boolean terminal) {
        return new ProgressBar(new PrintStream(bytes, true, UTF_8), terminal, "events", () -> now);
    }

    private void count(final ProgressBar bar, final long from, final long to) {
        for (long i = from; i <= to; i++) {
            bar.at(i);
        }
    }

    @Test
    void shouldShowPartRateAndTimeLeft() {
        final ProgressBar bar = bar(true);
        bar.total(102_400);
        count(bar, 1, 1_024);
        assertThat(bytes.size()).as("not at once").isZero();
        now = 1_000_000_000L;
        count(bar, 1_025, 25_600);
        final String shown = bytes.toString(UTF_8);
        assertThat(shown.lines().toList()).as("one line").hasSizeLessThanOrEqualTo(2);
        assertThat(shown).contains("\r\u001b[K[").contains("  2% 2,048 events, 2,048/s, 0:49 left");
        assertThat(shown.indexOf("events"))
                .as("not again before time has passed")
                .isEqualTo(shown.lastIndexOf("events"));
        now = 2_000_000_000L;
        count(bar, 25_601, 51_200);
        assertThat(bytes.toString(UTF_8))
                .endsWith("[#######                       ]  26% 26,624 events, 13,312/s, 0:05 left");
        bar.done();
        assertThat(bytes.toString(UTF_8)).as("rubbed out").endsWith("\r\u001b[K");
    }

    @Test
    void shouldShowWhatItKnowsWhereTheTotalIsNotKnown() {
        final ProgressBar bar = bar(true);
        now = 500_000_000L;
        count(bar, 1, 1_024);
        assertThat(bytes.toString(UTF_8)).isEqualTo("\r\u001b[K1,024 events, 2,048/s");
    }

    @Test
    void shouldSayNothingElsewhere() {
        final ProgressBar bar = bar(false);
        now = 5_000_000_000L;
        count(bar, 1, 5_000);
        bar.done();
        assertThat(bytes.size()).isZero();
        assertThat(bar.isShown()).isFalse();
    }
}
