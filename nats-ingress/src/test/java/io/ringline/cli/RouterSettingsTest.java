package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.Topology;
import io.ringline.sequencer.FirstSequence;
import io.ringline.sequencer.Ordering;
import java.io.File;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterSettingsTest {
    private static RouterSettings settings(final @Nullable File journal, final @Nullable File deadLetters) {
        return new RouterSettings(
                Map.of("all", List.of(">")),
                null,
                journal,
                deadLetters,
                Ordering.AGGREGATE,
                100,
                100,
                1_000_000_000L,
                0,
                FirstSequence.ONE,
                Topology.INLINE,
                RouterSettings.Summary.NONE);
    }

    @Test
    void shouldSayWhatToDoWhereTheRouterRanOutOfMemory() {
        assertThat(settings(null, new File("letters"))
                        .failed(new OutOfMemoryError("Cannot reserve 8 bytes"))
                        .getMessage())
                .contains("Cannot reserve 8 bytes", "-XX:MaxDirectMemorySize", "--max-aggregates", "letters")
                .doesNotContain("null");
    }

    @Test
    void shouldNameWhereTheRecordsAreWhereTheRouterStoppedOtherwise() {
        assertThat(settings(new File("log"), null)
                        .failed(new IllegalStateException("broken"))
                        .getMessage())
                .contains("broken", "the journal: log", "there is no directory for the dead letters")
                .doesNotContain("null", "--max-aggregates");
    }
}
