package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a consumer that has left its channel has still to read from the journal. */
class ReplayGateTest {
    private long fannedOut;
    private final ReplayGate gate = new ReplayGate(() -> fannedOut);

    @Test
    void countsWhatIsLeftOfAnAbsenceWhenTheNextOneHasBegun() {
        gate.detach(10);
        fannedOut = 20;
        assertThat(gate.behind()).isEqualTo(11);
        gate.position(15, 6);
        gate.request(10);
        gate.admit(21);
        assertThat(gate.behind()).as("16 to 20").isEqualTo(5);
        gate.detach(25); // 21 to 24 are in the channel
        fannedOut = 30;
        assertThat(gate.behind()).as("16 to 20, and 25 to 30").isEqualTo(11);
        gate.position(20, 5);
        gate.merge(10);
        assertThat(gate.behind()).as("25 to 30").isEqualTo(6);
        gate.request(25);
        assertThat(gate.behind()).isEqualTo(6);
        gate.position(30, 6);
        gate.admit(31);
        assertThat(gate.behind()).isZero();
        gate.merge(25);
        assertThat(gate.behind()).isZero();
        assertThat(gate.isLive()).isTrue();
    }

    @Test
    void countsAnAbsenceOfWhichNothingIsReadYet() {
        gate.detach(10);
        fannedOut = 12;
        gate.request(10);
        gate.admit(13);
        gate.detach(14);
        fannedOut = 14;
        assertThat(gate.behind()).as("10 to 12, and 14").isEqualTo(4);
    }
}
