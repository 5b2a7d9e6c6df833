package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.TestRecords;
import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelMemory;
import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SubjectConsumerTest {
    private static final long DELAY = 1_000;
    private static final int MAX_RECORD = 1_000;

    private long now = 1_000_000;
    private final Channel channel = new Channel(100, 4_096, MAX_RECORD, new ChannelMemory(0));
    private final ChannelWriter writer = new ChannelWriter(List.of(channel));
    private final SubjectConsumer consumer = new SubjectConsumer(
            0,
            channel,
            TestSettings.of("c", new RetryPolicy(2, DELAY, 3 * DELAY)),
            () -> now,
            new HandoverSignal(),
            TestSettings.NO_NOTICES,
            null);
    private final List<Long> seen = new ArrayList<>();
    private final List<String> letters = new ArrayList<>();
    private final DeadLetterSink sink = new Letters();

    private final class Letters implements DeadLetterSink {
        @Override
        public void append(
                final DeadLetterReason reason,
                final String name,
                final int attempts,
                final long firstFailureNanos,
                final long timeNanos,
                final @Nullable String firstError,
                final @Nullable String error,
                final DirectBuffer record,
                final int offset,
                final int length) {
            final long sequence =
                    new EventRecord().wrap((UnsafeBuffer) record, offset).globalSequence();
            letters.add(reason + " " + name + " #" + sequence + " x" + attempts + " " + (timeNanos - firstFailureNanos)
                    + " " + String.valueOf(error).lines().findFirst().orElse(""));
        }

        @Override
        public void flush() {
            // nothing is buffered
        }
    }

    private void offer(final long sequence) {
        final EventRecord record = TestRecords.event("s", sequence, 8);
        assertThat(writer.offer(0, record.buffer(), record.offset(), record.length()))
                .isTrue();
    }

    private int poll(final Outcome outcome) {
        return consumer.poll(
                event -> {
                    seen.add(event.globalSequence());
                    return outcome;
                },
                10);
    }

    @Test
    void acknowledgedEventsAreCountedAndGone() {
        offer(1);
        offer(2);
        assertThat(poll(Outcome.ACK)).isEqualTo(2);
        assertThat(consumer.delivered()).isEqualTo(2);
        assertThat(consumer.lastGlobalSequence()).isEqualTo(2);
        assertThat(poll(Outcome.ACK)).isZero();
        assertThat(seen).containsExactly(1L, 2L);
    }

    @Test
    void theLimitHolds() {
        offer(1);
        offer(2);
        assertThat(consumer.poll(event -> Outcome.ACK, 1)).isEqualTo(1);
        assertThat(consumer.lastGlobalSequence()).isEqualTo(1);
    }

    @Test
    void aRetryWaitsByTheClockAndHoldsLaterEventsBack() {
        offer(1);
        offer(2);
        assertThat(poll(Outcome.RETRY)).isZero();
        now += DELAY - 1;
        assertThat(poll(Outcome.ACK)).isZero();
        now += 1;
        assertThat(poll(Outcome.ACK)).isEqualTo(2);
        assertThat(seen).containsExactly(1L, 1L, 2L);
        assertThat(consumer.retried()).isEqualTo(1);
        assertThat(consumer.delivered()).isEqualTo(2);
    }

    @Test
    void afterTheLastRetryItIsADeadLetterAndTheNextEventGoesOn() {
        offer(1);
        offer(2);
        poll(Outcome.RETRY);
        now += DELAY;
        poll(Outcome.RETRY);
        now += 2 * DELAY;
        poll(Outcome.RETRY);
        assertThat(seen).containsExactly(1L, 1L, 1L);
        assertThat(poll(Outcome.ACK)).as("not before the writer has it").isZero();
        assertThat(consumer.handover().confirm()).as("nothing to confirm").isZero();
        assertThat(consumer.handover().writeTo(sink, "c")).isEqualTo(1);
        assertThat(consumer.handover().writeTo(sink, "c")).as("once only").isZero();
        assertThat(poll(Outcome.ACK)).as("not before it is flushed").isZero();
        assertThat(consumer.handover().confirm()).isEqualTo(1);
        assertThat(consumer.handover().confirm()).as("once only").isZero();
        assertThat(poll(Outcome.ACK)).isEqualTo(2);
        assertThat(seen).containsExactly(1L, 1L, 1L, 2L);
        assertThat(letters).containsExactly("RETRIES_EXHAUSTED c #1 x3 3000 the handler answered RETRY");
        assertThat(consumer.delivered()).isEqualTo(1);
        assertThat(consumer.lastGlobalSequence()).isEqualTo(2);
    }

    @Test
    void rejectIsADeadLetterAtOnce() {
        offer(1);
        poll(Outcome.REJECT);
        consumer.handover().writeTo(sink, "c");
        consumer.handover().confirm();
        assertThat(poll(Outcome.ACK)).isEqualTo(1);
        assertThat(letters).containsExactly("REJECTED c #1 x1 0 the handler answered REJECT");
        assertThat(consumer.delivered()).isZero();
    }

    @Test
    void anythingThrownIsARetryAndItsStoryIsTold() {
        offer(1);
        final ConsumerHandler thrower = event -> {
            throw new StackOverflowError("deep");
        };
        for (int i = 0; i < 3; i++) {
            assertThat(consumer.poll(thrower, 10)).isZero();
            now += 3 * DELAY;
        }
        consumer.handover().writeTo(sink, "c");
        consumer.handover().confirm();
        assertThat(letters).containsExactly("RETRIES_EXHAUSTED c #1 x3 6000 java.lang.StackOverflowError: deep");
    }

    @Test
    void anExceptionWhoseMessageThrowsIsToldToo() {
        offer(1);
        final RuntimeException nasty = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                throw new IllegalStateException("no");
            }
        };
        for (int i = 0; i < 3; i++) {
            consumer.poll(
                    event -> {
                        throw nasty;
                    },
                    10);
            now += 3 * DELAY;
        }
        consumer.handover().writeTo(sink, "c");
        consumer.handover().confirm();
        assertThat(letters).hasSize(1).first().asString().contains("SubjectConsumerTest");
    }

    @Test
    void delaysDoubleUpToTheLongest() {
        final RetryPolicy policy = new RetryPolicy(100, 10, 65);
        assertThat(new long[] {policy.delayNs(1), policy.delayNs(2), policy.delayNs(3), policy.delayNs(4)})
                .containsExactly(10, 20, 40, 65);
        assertThat(policy.delayNs(100)).isEqualTo(65);
        assertThat(new RetryPolicy(1, 0, 0).delayNs(70)).isZero();
        assertThat(new RetryPolicy(1, Long.MAX_VALUE, Long.MAX_VALUE).delayNs(2))
                .isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> new RetryPolicy(-1, 0, 0)).hasMessageContaining("maxRetries");
        assertThatThrownBy(() -> new RetryPolicy(1, 5, 4)).hasMessageContaining("delays");
    }
}
