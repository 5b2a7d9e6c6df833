package io.ringline.router.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.stage.PipelineCounter.Writer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineCountersTest {
    private static final List<Writer> WRITERS =
            Arrays.stream(PipelineCounter.values()).map(PipelineCounter::writer).toList();

    @Test
    void noTwoCountersStandInOnePlaceAndNoTwoWritersInOneBlock() {
        final int[] offsets = PipelineCounters.offsets(WRITERS);
        assertThat(offsets).doesNotHaveDuplicates();
        final Map<Integer, Writer> writerOfBlock = new HashMap<>();
        for (int i = 0; i < offsets.length; i++) {
            assertThat(offsets[i] % Long.BYTES).isZero();
            final Writer before = writerOfBlock.putIfAbsent(offsets[i] / PipelineCounters.BLOCK_BYTES, WRITERS.get(i));
            assertThat(before).as(PipelineCounter.values()[i].name()).isIn(null, WRITERS.get(i));
        }
        assertThat(writerOfBlock).as("one block for each writer").hasSize(Writer.values().length);
    }

    @Test
    void eachCounterKeepsItsOwnTotal() {
        final PipelineCounters counters = new PipelineCounters();
        for (final PipelineCounter counter : PipelineCounter.values()) {
            assertThat(counters.get(counter)).isZero();
            counters.set(counter, 100 + counter.ordinal());
        }
        for (final PipelineCounter counter : PipelineCounter.values()) {
            assertThat(counters.get(counter)).as(counter.label()).isEqualTo(100 + counter.ordinal());
        }
    }

    @Test
    void moreCountersThanABlockHoldsAreRefused() {
        assertThat(PipelineCounters.offsets(Collections.nCopies(32, Writer.REORDER)))
                .hasSize(32);
        assertThatThrownBy(() -> PipelineCounters.offsets(Collections.nCopies(33, Writer.REORDER)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("REORDER")
                .hasMessageContaining("32");
    }
}
