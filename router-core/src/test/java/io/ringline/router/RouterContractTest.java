package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.RecordFlags;
import io.ringline.sequencer.Ordering;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a router does, whichever threads run its stages. */
class RouterContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final List<String> seen = new ArrayList<>();
    private final EventDraft draft = new EventDraft();

    private static RouterContext context(final Topology topology) {
        return new RouterContext().topology(topology).ringSize(64).maxHeld(256);
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private EventDraft event(final String subject, final long sequence, final String payload) {
        final UnsafeBuffer name = bytes(subject);
        final UnsafeBuffer body = bytes(payload);
        return draft.reset()
                .subject(name, 0, name.capacity())
                .sequence(sequence)
                .payload(body, 0, body.capacity());
    }

    private void poll(final Ringline router) {
        router.doWork();
        for (final var consumer : router.consumers()) {
            consumer.poll(
                    e -> {
                        seen.add(consumer.name() + " " + e.subject() + " " + e.aggregateSequence() + " "
                                + new String(e.payload(), StandardCharsets.UTF_8)
                                + (e.gap() > 0 ? " gap " + e.gap() : ""));
                        return Outcome.ACK;
                    },
                    100);
        }
    }

    private void publish(final Ringline router, final Publisher publisher, final EventDraft what) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        long answer = publisher.tryPublish(what);
        while (answer == Publisher.BACK_PRESSURED && System.nanoTime() < deadline) {
            poll(router);
            answer = publisher.tryPublish(what);
        }
        assertThat(answer).isNotNegative();
    }

    private void finish(final Ringline router) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        boolean done = false;
        while (!done && System.nanoTime() < deadline) {
            done = router.isQuiet();
            poll(router);
            done &= router.consumers().stream().allMatch(c -> c.isEmpty());
            LockSupport.parkNanos(1);
        }
        assertThat(router.failure()).isNull();
        assertThat(done).as("all delivered in time").isTrue();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void eventsArriveInOrderAtEveryConsumerThatMatchesOnce(final Topology topology) {
        final RouterContext context = context(topology)
                .addConsumer(new ConsumerConfig("all").patterns(">", "a.*"))
                .addConsumer(new ConsumerConfig("b").patterns("*.b"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            publish(router, publisher, event("a.b", 2, "second"));
            publish(router, publisher, event("a.b", 1, "first"));
            publish(router, publisher, event("a.c", 1, "other"));
            publish(router, publisher, event("a.b", 2, "second"));
            publish(router, publisher, event("a.b", 0, "stamped"));
            finish(router);
            assertThat(seen.stream().filter(s -> s.startsWith("all")))
                    .containsExactly("all a.b 1 first", "all a.b 2 second", "all a.c 1 other", "all a.b 3 stamped");
            assertThat(seen.stream().filter(s -> s.startsWith("b ")))
                    .containsExactly("b a.b 1 first", "b a.b 2 second", "b a.b 3 stamped");
            assertThat(router.statistics().duplicates()).isEqualTo(1);
            assertThat(router.statistics().accepted()).isEqualTo(5);
            assertThat(router.statistics().released()).isEqualTo(4);
            assertThat(router.fannedOutSequence()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theEndReleasesWhatIsHeldAndShowsTheGap(final Topology topology) {
        final RouterContext context = context(topology).addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            publish(router, publisher, event("a", 3, "three"));
            publish(router, publisher, event("a", 6, "six"));
            publish(router, publisher, event("a", 4, "four"));
            router.releaseHeld();
            publish(router, publisher, event("a", 5, "late"));
            finish(router);
            assertThat(seen).containsExactly("all a 3 three gap 2", "all a 4 four", "all a 6 six gap 1");
            assertThat(router.statistics().deadLetters()).containsEntry(DeadLetterReason.LATE, 1L);
            assertThat(router.statistics().missing()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aGapTimesOutWithoutAnyFurtherEvent(final Topology topology) {
        final RouterContext context = context(topology)
                .sequenceTimeoutNs(TimeUnit.MILLISECONDS.toNanos(20))
                .addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            publish(router, publisher, event("a", 2, "two"));
            final long deadline = System.nanoTime() + LIMIT_NS;
            while (seen.isEmpty() && System.nanoTime() < deadline) {
                poll(router);
            }
            assertThat(seen).containsExactly("all a 2 two gap 1");
            assertThat(router.statistics().forcedByTimeout()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theSameEventUnderTwoNumbersOfTheSourceIsADuplicateAndOtherBytesAConflict(final Topology topology) {
        final RouterContext context =
                context(topology).ordering(Ordering.GLOBAL).addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            publish(router, publisher, event("a", 5, "five").sourceSequence(2));
            publish(router, publisher, event("a", 5, "five").sourceSequence(3));
            publish(router, publisher, event("a", 5, "other").sourceSequence(4));
            publish(router, publisher, event("b", 1, "one").sourceSequence(1));
            router.releaseHeld();
            finish(router);
            assertThat(seen).containsExactly("all b 1 one", "all a 5 five gap 4");
            assertThat(router.statistics().duplicates()).isEqualTo(1);
            assertThat(router.statistics().conflicts()).isEqualTo(1);
            assertThat(router.statistics().deadLetters()).containsEntry(DeadLetterReason.CONFLICT, 1L);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void largePayloadsPassHeldOrNot(final Topology topology) {
        final RouterContext context = context(topology)
                .addConsumer(new ConsumerConfig("all").patterns(">"))
                .addConsumer(new ConsumerConfig("too").patterns(">"));
        final byte[] large = new byte[1 << 20];
        new Random(7).nextBytes(large);
        final List<Long> order = new ArrayList<>();
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final UnsafeBuffer payload = new UnsafeBuffer(large);
            final UnsafeBuffer name = bytes("big.one");
            final long deadline = System.nanoTime() + LIMIT_NS;
            int next = 0;
            final long[] numbers = new long[60];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = i / 3 * 3 + 3 - i % 3; // 3 2 1 6 5 4 ...
            }
            while (order.size() < 2 * numbers.length && System.nanoTime() < deadline) {
                if (next < numbers.length) {
                    draft.reset()
                            .subject(name, 0, name.capacity())
                            .sequence(numbers[next])
                            .payload(payload, 0, large.length);
                    next += publisher.tryPublish(draft) >= 0 ? 1 : 0;
                }
                router.doWork();
                pollOne(router, large, order);
            }
            assertThat(router.failure()).isNull();
            assertThat(order).hasSize(120);
            draft.payload(new UnsafeBuffer(new byte[large.length + 1]), 0, large.length + 1);
            assertThat(publisher.tryPublish(draft)).isEqualTo(Publisher.PAYLOAD_TOO_LARGE);
        }
    }

    private static void pollOne(final Ringline router, final byte[] expected, final List<Long> order) {
        for (final var consumer : router.consumers()) {
            consumer.poll(
                    e -> {
                        assertThat(Arrays.equals(e.payload(), expected)).isTrue();
                        order.add(e.aggregateSequence());
                        return Outcome.ACK;
                    },
                    1);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aSlowConsumerUnderDropNewestOrDeadLetterHoldsNobodyUp(final Topology topology) {
        final RouterContext context = context(topology)
                .addConsumer(new ConsumerConfig("quick").patterns(">"))
                .addConsumer(new ConsumerConfig("drops")
                        .patterns(">")
                        .channelCapacity(3)
                        .overflow(OverflowPolicy.DROP_NEWEST))
                .addConsumer(new ConsumerConfig("letters")
                        .patterns(">")
                        .channelCapacity(5)
                        .overflow(OverflowPolicy.DEAD_LETTER));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final long deadline = System.nanoTime() + LIMIT_NS;
            int quick = 0;
            int published = 0;
            while (quick < 500 && System.nanoTime() < deadline) {
                if (published < 500 && publisher.tryPublish(event("a", 0, "x")) >= 0) {
                    published++;
                }
                router.doWork();
                quick += router.consumer("quick").poll(e -> Outcome.ACK, 10);
            }
            assertThat(quick).isEqualTo(500);
            while (!router.isQuiet() && System.nanoTime() < deadline) {
                router.doWork();
            }
            assertThat(router.consumer("drops").dropped()).isEqualTo(497);
            assertThat(router.consumer("letters").deadLettered()).isEqualTo(495);
            assertThat(router.statistics().deadLetters()).containsEntry(DeadLetterReason.OVERFLOW, 495L);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void badInputIsAnsweredAndNothingElseIsLost(final Topology topology) {
        final RouterContext context = context(topology).addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            assertThatThrownBy(router::publisher).hasMessageContaining("MULTI");
            for (final String bad : new String[] {"", ".a", "a.", "a..b", "a b", "a.*.b", ">", "a\tb", "a.>"}) {
                assertThat(publisher.tryPublish(event(bad, 0, ""))).as(bad).isEqualTo(Publisher.INVALID_SUBJECT);
            }
            assertThat(publisher.tryPublish(event("a", -1, ""))).isEqualTo(Publisher.INVALID_SEQUENCE);
            publish(router, publisher, event("foo*.ba>r", 0, "literal"));
            publish(router, publisher, draft.malformed(bytes("not json"), 0, 8, "no brace"));
            final long claim = publisher.tryClaim(event("a", 0, "12345678"));
            assertThat(claim).isNotNegative();
            publisher.abort(claim);
            final long second = publisher.tryClaim(event("a", 0, "12345678"));
            publisher.payloadBuffer().putStringWithoutLengthAscii(publisher.payloadOffset(), "in place");
            publisher.commit(second);
            finish(router);
            assertThat(seen).containsExactly("all foo*.ba>r 1 literal", "all a 1 in place");
            assertThat(router.statistics().malformed()).isEqualTo(1);
            assertThat(router.statistics().deadLetters()).containsEntry(DeadLetterReason.MALFORMED, 1L);
            router.close();
            assertThat(publisher.tryPublish(event("a", 0, ""))).isEqualTo(Publisher.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aggregatesByIdAndBytesAreNeverTheSame(final Topology topology) {
        final RouterContext context = context(topology).addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final UnsafeBuffer key = bytes("7");
            publish(router, publisher, event("s", 0, "id").aggregateId(7));
            publish(router, publisher, event("s", 0, "key").aggregate(key, 0, 1));
            publish(router, publisher, event("s", 0, "subject"));
            publish(router, publisher, event("t", 0, "id").aggregateId(7).flags(RecordFlags.PAYLOAD_JSON));
            finish(router);
            assertThat(seen).containsExactly("all s 1 id", "all s 1 key", "all s 1 subject", "all t 2 id");
        }
    }
}
