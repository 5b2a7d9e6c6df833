package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.TestRecords;
import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelMemory;
import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.record.EventRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsumerPollerTest {
    private static final int CONSUMERS = 70;
    private static final long DELAY = 1_000;

    private long now = 1_000_000;
    private final DirtyChannels dirty = new DirtyChannels(CONSUMERS);
    private final List<SubjectConsumer> consumers = new ArrayList<>();
    private final ChannelWriter writer;
    private final List<String> seen = new ArrayList<>();
    private Outcome answer = Outcome.ACK;

    ConsumerPollerTest() {
        final ChannelMemory memory = new ChannelMemory(CONSUMERS * (long) Channel.bytes(4_096));
        for (int i = 0; i < CONSUMERS; i++) {
            consumers.add(new SubjectConsumer(
                    i,
                    new Channel(10, 4_096, 1_000, memory),
                    TestSettings.of("c" + i, new RetryPolicy(1, DELAY, DELAY)),
                    () -> now,
                    new HandoverSignal(),
                    TestSettings.NO_NOTICES,
                    null));
        }
        writer = new ChannelWriter(
                consumers.stream().map(SubjectConsumer::channel).toList());
    }

    private void offer(final int consumer, final long sequence) {
        final EventRecord record = TestRecords.event("s", sequence, 8);
        assertThat(writer.offer(consumer, record.buffer(), 0, record.length())).isTrue();
    }

    private void mark(final int... marked) {
        final long[] bits = new long[dirty.words()];
        for (final int consumer : marked) {
            bits[consumer >>> 6] |= 1L << consumer;
        }
        dirty.mark(bits);
    }

    private void offerAndMark(final int consumer, final long sequence) {
        offer(consumer, sequence);
        mark(consumer);
    }

    private ConsumerHandler handler(final int consumer) {
        return event -> {
            seen.add("c" + consumer + " " + event.globalSequence());
            return answer;
        };
    }

    private ConsumerPoller poller(final int... polled) {
        final List<SubjectConsumer> whom = new ArrayList<>();
        final List<ConsumerHandler> handlers = new ArrayList<>();
        for (final int consumer : polled) {
            whom.add(consumers.get(consumer));
            handlers.add(handler(consumer));
        }
        return new ConsumerPoller(dirty, whom, handlers);
    }

    @Test
    void eachEventGoesToTheHandlerOfItsConsumer() {
        final ConsumerPoller poller = poller(69, 0, 5, 64);
        assertThat(poller.poll(10)).isZero();
        offer(5, 1);
        offer(69, 1);
        offer(69, 2);
        offer(6, 1);
        mark(5, 6, 69);
        assertThat(poller.poll(10)).isEqualTo(3);
        assertThat(seen).containsExactly("c5 1", "c69 1", "c69 2");
        assertThat(poller.poll(10)).isZero();
        assertThat(consumers.get(6).isEmpty())
                .as("somebody else polls this one")
                .isFalse();
    }

    @Test
    void whatWasThereBeforeThePollerIsFound() {
        offerAndMark(3, 1);
        offer(66, 1);
        assertThat(poller(3, 66).poll(10)).isEqualTo(2);
    }

    @Test
    void whatTheLimitLeavesIsVisitedAgainWithoutAMark() {
        final ConsumerPoller poller = poller(1, 65);
        poller.poll(10);
        for (int i = 1; i <= 5; i++) {
            offer(65, i);
        }
        mark(65);
        assertThat(poller.poll(2)).isEqualTo(2);
        assertThat(poller.poll(2)).isEqualTo(2);
        assertThat(poller.poll(2)).isEqualTo(1);
        assertThat(poller.poll(2)).isZero();
        assertThat(seen).containsExactly("c65 1", "c65 2", "c65 3", "c65 4", "c65 5");
    }

    @Test
    void whatWaitsForARetryIsVisitedAgainWithoutAMarkAndHoldsNobodyElseUp() {
        final ConsumerPoller poller = poller(1, 2);
        poller.poll(10);
        offerAndMark(1, 1);
        answer = Outcome.RETRY;
        assertThat(poller.poll(10)).isZero();
        answer = Outcome.ACK;
        offerAndMark(2, 1);
        assertThat(poller.poll(10)).isEqualTo(1);
        now += DELAY - 1;
        assertThat(poller.poll(10)).isZero();
        now += 1;
        assertThat(poller.poll(10)).isEqualTo(1);
        assertThat(seen).containsExactly("c1 1", "c2 1", "c1 1");
        assertThat(consumers.get(1).retried()).isEqualTo(1);
    }

    @Test
    void whatWaitsForItsDeadLetterIsVisitedAgainWithoutAMark() {
        final ConsumerPoller poller = poller(1);
        offerAndMark(1, 1);
        offer(1, 2);
        answer = Outcome.REJECT;
        assertThat(poller.poll(10)).isZero();
        answer = Outcome.ACK;
        assertThat(poller.poll(10)).isZero();
        assertThat(consumers.get(1).handover().writeTo(new NoLetters(), "c1")).isEqualTo(1);
        assertThat(consumers.get(1).handover().confirm()).isEqualTo(1);
        assertThat(poller.poll(10)).isEqualTo(2);
        assertThat(seen).containsExactly("c1 1", "c1 2");
    }

    @Test
    void aHandlerThatThrowsIsARetryAndTheOthersGoOn() {
        final boolean[] throwing = {true};
        final ConsumerHandler thrower = event -> {
            if (throwing[0]) {
                throw new StackOverflowError("deep");
            }
            return handler(0).onEvent(event);
        };
        final ConsumerPoller poller =
                new ConsumerPoller(dirty, consumers.subList(0, 3), List.of(thrower, handler(1), handler(2)));
        for (int i = 0; i < 3; i++) {
            offerAndMark(i, 7);
        }
        assertThat(poller.poll(10)).isEqualTo(2);
        throwing[0] = false;
        now += DELAY;
        assertThat(poller.poll(10)).isEqualTo(1);
        assertThat(seen).containsExactly("c1 7", "c2 7", "c0 7");
    }

    @Test
    void aMissedMarkIsMadeUpForEvenWhileOthersAreNeverIdle() {
        final ConsumerPoller poller = poller(0, 1, 69);
        poller.poll(10);
        offer(69, 1);
        for (int i = 1; i <= 2_000; i++) {
            offerAndMark(1, i);
            assertThat(poller.poll(10)).isPositive();
        }
        assertThat(seen).hasSize(2_001).contains("c69 1");
    }

    @Test
    void marksThatDidNotFitTheirQueueCostNoEvent() {
        final ConsumerPoller poller = poller(0, 1, 69);
        poller.poll(10);
        for (int i = 0; i < DirtyMarks.SETS; i++) {
            mark(0);
        }
        offerAndMark(1, 1);
        offerAndMark(69, 1);
        assertThat(poller.poll(10)).isEqualTo(2);
    }

    @Test
    void aPollerIsRefusedWhatItCannotPoll() {
        poller(1, 65);
        assertThatThrownBy(() -> poller(2, 65))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has a poller already");
        poller(2); // nothing is left of the refused one
        assertThatThrownBy(() -> new ConsumerPoller(dirty, consumers.subList(5, 7), List.of(handler(5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 consumers and 1 handlers");
        assertThatThrownBy(() -> new ConsumerPoller(
                        dirty, Collections.nCopies(2, consumers.get(8)), List.of(handler(8), handler(9))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'c8'")
                .hasMessageContaining("twice");
    }
}
