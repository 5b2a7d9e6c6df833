package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplayTurnsTest {
    private long fannedOut;
    private final ReplayGate gate = new ReplayGate(() -> fannedOut);

    @Test
    void whatIsBehindIsWhatIsLeftInTheJournal() {
        fannedOut = 9;
        assertThat(gate.behind()).isZero();
        gate.detach(10);
        fannedOut = 20;
        assertThat(gate.behind()).isEqualTo(11);
        gate.position(14, 1);
        assertThat(gate.behind()).isEqualTo(6);
        gate.request(10);
        gate.admit(21);
        fannedOut = 30;
        assertThat(gate.behind()).as("21 to 30 are in the channel").isEqualTo(6);
        gate.position(20, 1);
        gate.merge(10);
        assertThat(gate.behind()).isZero();
    }

    @Test
    void whoIsAwayAgainBeforeItIsBackHasTheRestOfBothBehindIt() {
        gate.detach(10);
        gate.position(14, 1);
        gate.request(10);
        gate.admit(21);
        gate.detach(31);
        fannedOut = 40;
        assertThat(gate.behind()).as("15 to 20 and 31 to 40").isEqualTo(16);
        gate.position(18, 1);
        assertThat(gate.behind()).isEqualTo(12);
        gate.position(20, 1);
        gate.merge(10);
        assertThat(gate.behind()).isEqualTo(10);
        gate.position(35, 1);
        assertThat(gate.behind()).isEqualTo(5);
    }

    @Test
    void itMayReadToWhatIsFannedOutAndOnceItIsAdmittedNoFurtherThanBeforeThat() {
        gate.detach(3);
        fannedOut = 5;
        gate.look(3);
        assertThat(gate.end()).isEqualTo(5);
        assertThat(gate.isAdmitted()).isFalse();
        gate.admit(6);
        fannedOut = 9;
        gate.look(3);
        assertThat(gate.end()).isEqualTo(5);
        assertThat(gate.isAdmitted()).isTrue();
    }

    @Test
    void theJournalsTurnComesWhenTheChannelIsDrainedThatWasLeft() {
        gate.readChannel(limit -> 3, 10);
        assertThat(gate.drained()).as("it never left").isZero();
        gate.detach(7);
        gate.readChannel(limit -> limit, 10);
        assertThat(gate.drained()).as("there may be more").isZero();
        gate.readChannel(limit -> ~2, 10);
        assertThat(gate.drained()).as("one was left at its head").isZero();
        gate.readChannel(limit -> 9, 10);
        assertThat(gate.drained()).isEqualTo(7);
        gate.merge(7);
        gate.readChannel(limit -> 0, 10);
        assertThat(gate.drained()).isZero();
    }
}
