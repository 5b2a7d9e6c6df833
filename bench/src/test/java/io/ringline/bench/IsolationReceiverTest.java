package io.ringline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IsolationReceiverTest {
    private final IsolationTails tails = new IsolationTails(2, 10);
    private final IsolationReceiver receiver = new IsolationReceiver(tails, 0, 1);

    private void receive(final int... numbers) {
        for (final int number : numbers) {
            receiver.onNumber(number);
        }
    }

    @Test
    void allInOrderIsRight() {
        receive(1, 2, 3);
        assertThatCode(() -> receiver.check("a", 3, 0)).doesNotThrowAnyException();
    }

    @Test
    void whatIsMissingMustBeElsewhere() {
        receive(1, 4);
        assertThatThrownBy(() -> receiver.check("a", 4, 1))
                .hasMessage("a: of 4 events 2 were received and 1 went elsewhere");
        assertThatCode(() -> receiver.check("a", 4, 2)).doesNotThrowAnyException();
    }

    @Test
    void oneTwiceDoesNotMakeUpForOneThatIsMissing() {
        receive(1, 2, 2);
        assertThatThrownBy(() -> receiver.check("a", 3, 0)).hasMessageEndingWith("out of order or twice");
    }

    @Test
    void theWrongOrderIsSeen() {
        receive(2, 1, 3);
        assertThatThrownBy(() -> receiver.check("a", 3, 0)).hasMessageEndingWith("out of order or twice");
    }

    @Test
    void whatWasReceivedIsNotElsewhereToo() {
        receive(1, 3);
        assertThat(receiver.missed(2)).isTrue();
        assertThat(receiver.missed(2)).isFalse();
        assertThat(receiver.missed(3)).isFalse();
    }

    @Test
    void aTailIsThatOfTheSecondInWhichTheEventWasDue() {
        for (int number = 1; number <= 20; number++) {
            tails.record(number, number <= 10 ? 100 : 200);
        }
        tails.record(21, 1_000); // after all that is measured
        assertThat(tails.sorted(0, 1)).containsExactly(100);
        assertThat(tails.sorted(1, 2)).containsExactly(200);
        assertThat(IsolationTails.median(tails.sorted(0, 2))).isEqualTo(150);
    }

    @Test
    void oneSlowSecondIsNotTheMedian() {
        assertThat(IsolationTails.median(new double[] {1, 2, 1_000})).isEqualTo(2);
    }
}
