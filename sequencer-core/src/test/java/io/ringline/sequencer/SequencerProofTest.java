package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.sequencer.model.Result;
import io.ringline.sequencer.model.Result.Fate;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sequencer against the naive model, on random events, ticks, starts, snapshots and consumers of any speed. */
class SequencerProofTest {
    /** The one total that is 0 after each step. */
    private static final int NOT_COMPARED = 6;

    private static final long STEPS = Long.getLong("ringline.model.steps", 600_000);

    @Test
    void agreesWithTheModel() {
        final long seed = Long.getLong("ringline.seed", new Random().nextLong());
        System.out.println("SequencerProofTest: -Dringline.seed=" + seed);
        final SequencerProof.Covered covered = SequencerProof.cover(seed, STEPS);
        System.out.println(
                "SequencerProofTest: " + Arrays.toString(covered.totals()) + " restored " + covered.restored());
        if (STEPS >= 100_000) {
            assertThat(covered.restored()).as("snapshots that went on").isGreaterThan(10);
            for (int i = 0; i < covered.totals().length; i++) {
                if (i != NOT_COMPARED) {
                    assertThat(covered.totals()[i])
                            .as("total %d of all that can happen", i)
                            .isPositive();
                }
            }
        }
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
