package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StamperTest {
    private final Stamper stamper = new Stamper(100);

    @Test
    void eachAggregateCountsFromOne() {
        assertThat(stamper.stamp(0)).isEqualTo(1);
        assertThat(stamper.stamp(5_000)).isEqualTo(1);
        assertThat(stamper.stamp(0)).isEqualTo(2);
        assertThat(stamper.stamp(4_999)).isEqualTo(1);
    }

    @Test
    void aNumberOfThePublishersCountsAsSeen() {
        stamper.seen(0, 7);
        stamper.seen(0, 3);
        assertThat(stamper.stamp(0)).isEqualTo(8);
    }

    @Test
    void whatASequencerWouldHoldCountsAndOneMoreDoesNot() {
        stamper.seen(0, 101);
        assertThat(stamper.stamp(0)).isEqualTo(102);
        stamper.seen(1, 102);
        stamper.seen(1, Long.MAX_VALUE);
        stamper.seen(1, Long.MIN_VALUE);
        assertThat(stamper.stamp(1)).isEqualTo(1);
    }
}
