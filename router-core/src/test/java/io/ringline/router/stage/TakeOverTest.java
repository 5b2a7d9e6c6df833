package io.ringline.router.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.journal.JournalException;
import io.ringline.router.record.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters on their way to the disk: nobody goes on before they are safe. */
class TakeOverTest implements DeadLetterSink {
    private final TestStages stages = new TestStages(this, 4, OverflowPolicy.DEAD_LETTER, 1, 8);
    private final List<DeadLetterReason> batch = new ArrayList<>();
    private final List<DeadLetterReason> kept = new ArrayList<>();
    private int second;
    private boolean fails;

    @Override
    public void append(
            final DeadLetterReason reason,
            final String consumer,
            final int attempts,
            final long firstFailureNanos,
            final long timeNanos,
            final @Nullable String firstError,
            final @Nullable String error,
            final DirectBuffer record,
            final int offset,
            final int length) {
        batch.add(reason);
    }

    @Override
    public void flush() {
        assertNobodyGoesOn();
        if (fails) {
            throw new JournalException("no space left on the device");
        }
        kept.addAll(batch);
        batch.clear();
    }

    private void assertNobodyGoesOn() {
        assertThat(stages.consumer(0).deadLettered() + stages.consumer(1).deadLettered())
                .isZero();
        assertThat(stages.run(second)).as("the ring waits").isFalse();
        assertThat(stages.consumer(1).poll(event -> Outcome.REJECT, 10)).isZero();
        assertThat(stages.consumer(1).lag()).isEqualTo(1);
    }

    /** The first event is rejected by the second consumer, the next one finds the first consumer's channel full. */
    @BeforeEach
    void giveUpTwo() {
        assertThat(stages.run(stages.put(0))).isTrue();
        assertThat(stages.consumer(1).poll(event -> Outcome.REJECT, 10)).isZero();
        second = stages.put(0);
        assertThat(stages.run(second)).isFalse();
    }

    @Test
    void whatIsAppendedIsDoneWithWhenItIsFlushed() {
        assertThat(stages.journal.takeOver(stages.fanOut)).isEqualTo(2);
        assertThat(kept).containsExactlyInAnyOrder(DeadLetterReason.OVERFLOW, DeadLetterReason.REJECTED);
        assertThat(stages.consumer(0).deadLettered()).isEqualTo(1);
        assertThat(stages.consumer(1).deadLettered()).isEqualTo(1);
        assertThat(stages.run(second)).isTrue();
        assertThat(stages.consumer(1).poll(event -> Outcome.ACK, 10)).isEqualTo(2);
        assertThat(stages.journal.takeOver(stages.fanOut)).isZero();
    }

    @Test
    void whatCouldNotBeFlushedStaysWithWhoGaveItUp() {
        fails = true;
        assertThatThrownBy(() -> stages.journal.takeOver(stages.fanOut)).isInstanceOf(JournalException.class);
        assertThat(kept).isEmpty();
        assertNobodyGoesOn();
    }
}
