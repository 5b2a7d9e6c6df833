package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.sequencer.model.Result;
import io.ringline.sequencer.model.Result.Fate;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sequencer against the naive model, on random events, ticks, starts, snapshots and consumers of any speed. */
class SequencerProofTest {
    private static final long STEPS = Long.getLong("ringline.model.steps", 600_000);

    @Test
    void agreesWithTheModel() {
        final long seed = Long.getLong("ringline.seed", new Random().nextLong());
        System.out.println("SequencerProofTest: -Dringline.seed=" + seed);
        SequencerProof.run(seed, STEPS);
    }

    @Test
    void aPlantedFaultIsFoundAndShrunkToAFewSteps() {
        assertThatThrownBy(() -> IntStream.range(0, 50)
                        .forEach(seed -> SequencerProof.round(
                                seed,
                                results -> results.stream()
                                        .map(r -> r.fate() == Fate.LATE
                                                ? new Result<>(r.event(), Fate.DUPLICATE, 0, 0, false, 0)
                                                : r)
                                        .toList())))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed ")
                .hasMessageContaining("LATE")
                .satisfies(
                        failure -> assertThat(failure.getMessage().lines().filter(line -> line.startsWith("  offer")))
                                .as(failure.getMessage())
                                .hasSizeLessThanOrEqualTo(4));
    }
}
