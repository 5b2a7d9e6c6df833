package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.ReplayState;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalDamagedException;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.record.DeadLetterReason;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A consumer that overflows under {@code REPLAY}, with a journal on disk and every thread's turn given by hand. */
class ReplayContractTest {
    @TempDir
    Path temp;

    private final EventDraft draft = new EventDraft();
    private final List<Long> seen = new ArrayList<>();
    private final ConsumerHandler ack = event -> {
        seen.add(event.globalSequence());
        return Outcome.ACK;
    };
    private long now = 1_000_000_000L;
    private long journalMillis = 1_700_000_000_000L;

    private RouterContext context() {
        return new RouterContext()
                .topology(Topology.INLINE)
                .ringSize(64)
                .maxHeld(64)
                .clock(() -> now)
                .journal(ChronicleJournal.open(
                        temp.toFile(), new JournalSettings().batchBytes(1 << 10).clockMillis(() -> journalMillis)));
    }

    private static ConsumerConfig replaying(final int capacity) {
        return new ConsumerConfig("slow")
                .patterns(">")
                .channelCapacity(capacity)
                .overflow(OverflowPolicy.REPLAY);
    }

    private void publish(final Publisher publisher, final Ringline router, final String subject) {
        final UnsafeBuffer name = new UnsafeBuffer(subject.getBytes(StandardCharsets.US_ASCII));
        draft.reset().subject(name, 0, name.capacity()).payload(name, 0, name.capacity());
        assertThat(publisher.tryPublish(draft)).as("nobody holds the ring up").isNotNegative();
        router.doWork();
    }

    private static Long[] numbers(final long first, final long last) {
        final Long[] numbers = new Long[(int) (last - first + 1)];
        Arrays.setAll(numbers, i -> first + i);
        return numbers;
    }

    private void drain(final Ringline router, final SubjectConsumer consumer) {
        for (int i = 0; i < 10_000 && !(router.isQuiet() && consumer.isEmpty()); i++) {
            router.doWork();
            consumer.poll(ack, 7);
            now += 1_000_000_000L;
        }
        assertThat(consumer.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 100})
    void itEndsWithEveryEventOnceInOrderAndHoldsNobodyUp(final int capacity) {
        final RouterContext context =
                context().addConsumer(replaying(capacity)).addConsumer(new ConsumerConfig("quick").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer slow = router.consumer("slow");
            int quick = 0;
            for (int i = 0; i < 500; i++) {
                publish(publisher, router, "s");
                quick += router.consumer("quick").poll(event -> Outcome.ACK, 10);
            }
            assertThat(quick).as("while the other one stands still").isEqualTo(500);
            assertThat(slow.replayState()).isEqualTo(ReplayState.DETACHED);
            assertThat(slow.timesDetached()).isEqualTo(1);
            assertThat(slow.behind()).isEqualTo(500 - capacity);
            drain(router, slow);
            assertThat(slow.replayState()).as("the next event brings it back").isEqualTo(ReplayState.REQUESTED);
            publish(publisher, router, "s");
            drain(router, slow);
            assertThat(slow.replayState()).isEqualTo(ReplayState.LIVE);
            publish(publisher, router, "s");
            drain(router, slow);
            assertThat(seen).containsExactly(numbers(1, 502));
            assertThat(slow.eventsReplayed()).isEqualTo(500 - capacity);
            assertThat(slow.delivered()).isEqualTo(502);
            assertThat(slow.dropped()).isZero();
        }
    }

    @Test
    void aRouterThatDrainsWaitsForWhatIsInTheJournal() {
        try (Ringline router = Ringline.start(context().addConsumer(replaying(4)))) {
            final Publisher publisher = router.publisher();
            for (int i = 0; i < 30; i++) {
                publish(publisher, router, "s");
            }
            final DrainReport report = router.drain(0);
            assertThat(report.complete()).isFalse();
            assertThat(report.inChannels()).isEqualTo(30);
            assertThat(report.inRing() + report.held()).isZero();
            drain(router, router.consumer("slow"));
            assertThat(router.drain(0).complete()).isTrue();
            assertThat(seen).containsExactly(numbers(1, 30));
        }
    }

    @Test
    void anEarlierRunsEventsAreNotItsAndFilesMayRoll() {
        try (Ringline router = Ringline.start(context().addConsumer(new ConsumerConfig("all").patterns(">")))) {
            final Publisher publisher = router.publisher();
            for (int i = 0; i < 200; i++) {
                publish(publisher, router, "s");
                journalMillis += i % 50 == 0 ? 3_600_000 : 0;
            }
        }
        try (Ringline router = Ringline.start(context().addConsumer(replaying(2)))) {
            final Publisher publisher = router.publisher();
            for (int i = 0; i < 200; i++) {
                publish(publisher, router, "s");
                journalMillis += i % 50 == 0 ? 3_600_000 : 0;
            }
            drain(router, router.consumer("slow"));
            assertThat(seen).containsExactly(numbers(201, 400));
        }
    }

    @Test
    void retriesAndDeadLettersAreTheSameFromTheJournal() {
        final RouterContext context =
                context().addConsumer(replaying(2).maxRetries(2).retryBackoffNs(1_000, 1_000));
        final Map<Long, Integer> tries = new HashMap<>();
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer slow = router.consumer("slow");
            for (int i = 0; i < 100; i++) {
                publish(publisher, router, "s");
            }
            for (int i = 0; i < 1_000 && !slow.isEmpty(); i++) {
                slow.poll(event -> answer(event.globalSequence(), tries), 10);
                router.doWork();
                now += 1_000;
            }
            assertThat(slow.isEmpty()).isTrue();
            final Long[] acknowledged = Arrays.stream(numbers(1, 100))
                    .filter(number -> number % 10 > 1)
                    .toArray(Long[]::new);
            assertThat(seen).containsExactlyInAnyOrder(acknowledged);
            for (final Long number : numbers(1, 100)) {
                final long last = number % 10;
                assertThat(tries).containsEntry(number, last == 0 || last == 2 ? 3 : 1);
            }
            assertThat(slow.deadLettered()).isEqualTo(20);
            assertThat(router.statistics().deadLetters())
                    .containsEntry(DeadLetterReason.RETRIES_EXHAUSTED, 10L)
                    .containsEntry(DeadLetterReason.REJECTED, 10L);
        }
    }

    private Outcome answer(final long number, final Map<Long, Integer> tries) {
        final int count = tries.merge(number, 1, Integer::sum);
        if (number % 10 == 0) {
            throw new IllegalStateException("poison");
        }
        if (number % 10 == 1) {
            return Outcome.REJECT;
        }
        if (number % 10 == 2 && count < 3) {
            return Outcome.RETRY;
        }
        seen.add(number);
        return Outcome.ACK;
    }

    @Test
    void aMemberOfAQueueGroupGetsItsOwnAggregates() {
        final QueueGroupConfig group = new QueueGroupConfig("group").patterns("a.>");
        for (int i = 0; i < 3; i++) {
            group.addMember(new ConsumerConfig("m" + i).channelCapacity(3).overflow(OverflowPolicy.REPLAY));
        }
        final Map<Integer, List<String>> got = new HashMap<>();
        try (Ringline router = Ringline.start(context()
                .addQueueGroup(group)
                .addConsumer(new ConsumerConfig("own").patterns("b.*").overflow(OverflowPolicy.REPLAY)))) {
            final Publisher publisher = router.publisher();
            for (int i = 0; i < 600; i++) {
                publish(publisher, router, (i % 3 == 0 ? "b." : "a.") + i % 40);
            }
            for (int turn = 0; turn < 1_000; turn++) {
                for (int i = 0; i < 3; i++) {
                    final List<String> mine = got.computeIfAbsent(i, key -> new ArrayList<>());
                    router.consumer("m" + i)
                            .poll(
                                    event -> {
                                        mine.add(event.subject() + " " + event.aggregateSequence());
                                        return Outcome.ACK;
                                    },
                                    5);
                }
            }
            assertThat(router.consumer("m0").isEmpty()).isTrue();
        }
        final Map<String, Integer> last = new HashMap<>();
        final Map<String, Integer> owner = new HashMap<>();
        got.forEach((member, events) -> events.forEach(event -> {
            final String subject = event.substring(0, event.indexOf(' '));
            assertThat(owner.putIfAbsent(subject, member)).isIn(null, member);
            assertThat(event).isEqualTo(subject + " " + last.merge(subject, 1, Integer::sum));
        }));
        assertThat(got.values().stream().mapToInt(List::size).sum()).isEqualTo(400);
        assertThat(got.values()).allMatch(events -> events.size() > 20);
    }

    @Test
    void damageStopsItAloneAndIsToldWithItsPlace() throws IOException {
        final RouterContext context =
                context().addConsumer(replaying(2)).addConsumer(new ConsumerConfig("quick").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            for (int i = 0; i < 100; i++) {
                publish(publisher, router, "s" + (i == 60 ? ".spoil-me" : ""));
            }
            spoil("spoil-me");
            final SubjectConsumer slow = router.consumer("slow");
            for (int i = 0; i < 100; i++) {
                slow.poll(ack, 10);
            }
            assertThat(seen).containsExactly(numbers(1, 60));
            assertThat(slow.replayState()).isEqualTo(ReplayState.FAILED);
            assertThat(slow.replayFailure())
                    .isInstanceOf(JournalDamagedException.class)
                    .hasMessageContaining("byte");
            assertThat(slow.isEmpty())
                    .as("what it cannot read is not forgotten")
                    .isFalse();
            publish(publisher, router, "s");
            assertThat(router.consumer("quick").poll(event -> Outcome.ACK, 200)).isEqualTo(101);
            assertThat(router.failure()).isNull();
        }
    }

    private void spoil(final String text) throws IOException {
        final File[] files = temp.toFile().listFiles((dir, name) -> name.endsWith(".cq4"));
        assertThat(files).hasSize(1);
        try (RandomAccessFile file = new RandomAccessFile(files[0], "rw")) {
            final byte[] bytes = new byte[1 << 20];
            file.readFully(bytes, 0, (int) Math.min(file.length(), bytes.length));
            final int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
            assertThat(at).isPositive();
            file.seek(at);
            file.write('S');
        }
    }

    @Test
    void withoutAJournalTheRouterDoesNotStart() {
        assertThatThrownBy(() -> Ringline.start(new RouterContext().addConsumer(replaying(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'slow'")
                .hasMessageContaining("ChronicleJournal");
    }
}
