package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.journal.Journal;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import io.ringline.sequencer.FirstSequence;
import io.ringline.sequencer.Ordering;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Epochs, first numbers, caps on aggregates and the source's gaps, whichever threads run the stages. */
class StreamStartsContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final List<String> seen = new ArrayList<>();
    private final EventDraft draft = new EventDraft();

    private static RouterContext context(final Topology topology) {
        return new RouterContext()
                .topology(topology)
                .ringSize(64)
                .maxHeld(64)
                .addConsumer(new ConsumerConfig("all").patterns(">"));
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private EventDraft event(final String subject, final long sequence) {
        final UnsafeBuffer name = bytes(subject);
        return draft.reset().subject(name, 0, name.capacity()).sequence(sequence);
    }

    private void poll(final Ringline router) {
        router.doWork();
        router.consumer("all")
                .poll(
                        e -> {
                            final String gap = (e.flags() & RecordFlags.SOURCE_GAP) != 0 ? " source gap " : " gap ";
                            seen.add(e.subject() + " " + e.aggregateSequence() + (e.gap() > 0 ? gap + e.gap() : ""));
                            return Outcome.ACK;
                        },
                        100);
    }

    private static void accepted(final long answer) {
        assertThat(answer).isNotNegative();
    }

    private void publish(final Publisher publisher, final EventDraft what) {
        accepted(publisher.tryPublish(what));
    }

    private void finish(final Ringline router) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        boolean done = false;
        while (!done && System.nanoTime() < deadline) {
            done = router.isQuiet();
            poll(router);
            done &= router.consumer("all").isEmpty();
            Thread.onSpinWait();
        }
        assertThat(router.failure()).isNull();
        assertThat(done).as("all delivered in time").isTrue();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aStartTakesEffectInItsPlaceAmongTheEvents(final Topology topology) {
        try (Ringline router = Ringline.start(context(topology))) {
            final Publisher publisher = router.publisher();
            publish(publisher, event("a", 1));
            publish(publisher, event("a", 3));
            final UnsafeBuffer subject = bytes("a");
            accepted(publisher.tryStartOver(subject, 0, 1));
            publish(publisher, event("a", 1));
            publish(publisher, event("a", 0));
            accepted(publisher.tryStartAt(event("a", 0), 5_000));
            publish(publisher, event("a", 5_000));
            publish(publisher, event("a", 7));
            finish(router);
            assertThat(seen).containsExactly("a 1", "a 3 gap 1", "a 1", "a 2", "a 5000");
            assertThat(router.statistics().epochs()).isEqualTo(1);
            assertThat(router.statistics().baselines()).isEqualTo(1);
            assertThat(router.statistics().forcedByStart()).isEqualTo(1);
            assertThat(router.statistics().missing()).isEqualTo(1);
            assertThat(router.statistics().deadLetters())
                    .isEqualTo(Collections.singletonMap(DeadLetterReason.LATE, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void anAggregateWithAnIdOrALongKeyStartsToo(final Topology topology) {
        try (Ringline router = Ringline.start(context(topology))) {
            final Publisher publisher = router.publisher();
            final UnsafeBuffer key = bytes("x".repeat(2_000));
            accepted(publisher.tryStartAt(7, 100));
            accepted(publisher.tryStartAt(key, 0, key.capacity(), 200));
            publish(publisher, event("id", 100).aggregateId(7));
            publish(publisher, event("key", 200).aggregate(key, 0, key.capacity()));
            accepted(publisher.tryStartOver(7));
            publish(publisher, event("id", 1).aggregateId(7));
            finish(router);
            assertThat(seen).containsExactly("id 100", "key 200", "id 1");
            assertThat(publisher.tryStartAt(7, 0)).isEqualTo(Publisher.INVALID_SEQUENCE);
            assertThat(publisher.tryStartAt(7, Long.MAX_VALUE)).isEqualTo(Publisher.INVALID_SEQUENCE);
            assertThat(publisher.tryStartSourceAt(-1)).isEqualTo(Publisher.INVALID_SEQUENCE);
            assertThat(publisher.tryStartOver(key, 0, 0)).isEqualTo(Publisher.INVALID_AGGREGATE);
            assertThat(publisher.tryStartOver(new EventDraft().malformed(key, 0, 1, "no")))
                    .isEqualTo(Publisher.INVALID_AGGREGATE);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theFirstNumberSeenIsTheBaselineWhereThatIsAskedFor(final Topology topology) {
        final RouterContext context =
                context(topology).firstSequence(FirstSequence.FIRST_SEEN).ordering(Ordering.GLOBAL);
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            publish(publisher, event("a", 70).sourceSequence(5_000));
            publish(publisher, event("b", 0).sourceSequence(5_002));
            publish(publisher, event("a", 71).sourceSequence(5_001));
            publish(publisher, event("a", 72).sourceSequence(4_999));
            finish(router);
            assertThat(seen).containsExactly("a 70", "a 71", "b 1");
            assertThat(router.statistics().baselines()).as("source, a, b").isEqualTo(3);
            assertThat(router.statistics().late()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theSourceStartsOverAndFurtherOn(final Topology topology) {
        try (Ringline router = Ringline.start(context(topology).ordering(Ordering.GLOBAL))) {
            final Publisher publisher = router.publisher();
            publish(publisher, event("a", 1).sourceSequence(1));
            publish(publisher, event("b", 1).sourceSequence(3));
            accepted(publisher.tryStartSourceOver());
            publish(publisher, event("b", 2).sourceSequence(1));
            accepted(publisher.tryStartSourceAt(900));
            publish(publisher, event("b", 3).sourceSequence(900));
            finish(router);
            assertThat(seen).containsExactly("a 1", "b 1 source gap 1", "b 2", "b 3");
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aForgottenAggregateIsFoundAgainByItsSubjectAndNotTakenForAnother(final Topology topology) {
        final RouterContext context = context(topology).maxAggregates(2).firstSequence(FirstSequence.FIRST_SEEN);
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            for (int round = 1; round <= 3; round++) {
                for (final String subject : List.of("a", "b", "c", "c", "a")) {
                    publish(publisher, event(subject, 0));
                }
                finish(router);
            }
            assertThat(seen.subList(0, 5)).containsExactly("a 1", "b 1", "c 1", "c 2", "a 1");
            assertThat(seen.subList(5, 10))
                    .as("a is known, b forgotten")
                    .containsExactly("a 2", "b 1", "c 1", "c 2", "a 1");
            assertThat(router.statistics().evicted()).isEqualTo(2 + 3 + 3);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void anEventForWhichThereIsNoRoomIsADeadLetterAndChangesNothing(final Topology topology) {
        try (Ringline router = Ringline.start(context(topology).maxAggregates(1))) {
            final Publisher publisher = router.publisher();
            publish(publisher, event("a", 2));
            publish(publisher, event("b", 1));
            accepted(publisher.tryStartAt(8, 10));
            publish(publisher, event("a", 1));
            finish(router);
            assertThat(seen).containsExactly("a 1", "a 2");
            assertThat(router.statistics().tooManyAggregates()).isEqualTo(1);
            assertThat(router.statistics().startsRefused()).isEqualTo(1);
            assertThat(router.statistics().deadLetters())
                    .isEqualTo(Collections.singletonMap(DeadLetterReason.TOO_MANY_AGGREGATES, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatWaitedInTheSourceForAnEventWithoutRoomIsReleasedAtOnce(final Topology topology) {
        final RouterContext context = context(topology).maxAggregates(1).ordering(Ordering.GLOBAL);
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            publish(publisher, event("a", 3).sourceSequence(1));
            publish(publisher, event("a", 1).sourceSequence(3));
            publish(publisher, event("a", 2).sourceSequence(4));
            publish(publisher, event("b", 1).sourceSequence(2));
            publish(publisher, event("b", 1).sourceSequence(5));
            finish(router);
            assertThat(seen).containsExactly("a 1", "a 2", "a 3", "b 1");
            assertThat(router.statistics().missing()).isZero();
            assertThat(router.statistics().heldNow()).isZero();
            assertThat(router.statistics().deadLetters())
                    .isEqualTo(Collections.singletonMap(DeadLetterReason.TOO_MANY_AGGREGATES, 1L));
        }
    }

    /** Keeps a line for each record. */
    private static final class Lines implements Journal {
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        private volatile long last;

        @Override
        public void append(final DirectBuffer buffer, final int offset, final int length) {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, offset, length);
            final EventRecord record = new EventRecord().wrap(copy, 0);
            final boolean ofSource = (record.flags() & RecordFlags.SOURCE_GAP) != 0;
            if (record.type() == RecordType.GAP) {
                lines.add("gap of " + record.gap() + (ofSource ? " in the source from " : " from ")
                        + (ofSource ? record.sourceSequence() : record.aggregateSequence()) + " before "
                        + record.globalSequence());
            } else {
                last = record.globalSequence();
                lines.add(record.subject() + " @" + last);
            }
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public long lastGlobalSequence() {
            return last;
        }

        @Override
        public void close() {
            // nothing to close
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theSourcesGapsStandInTheJournalAndOnTheNextDelivery(final Topology topology) {
        final Lines journal = new Lines();
        try (Ringline router =
                Ringline.start(context(topology).ordering(Ordering.GLOBAL).journal(journal))) {
            final Publisher publisher = router.publisher();
            publish(publisher, event("a", 1).sourceSequence(1));
            publish(publisher, event("a", 3).sourceSequence(4));
            publish(publisher, event("b", 1).sourceSequence(7));
            router.releaseHeld();
            finish(router);
            assertThat(seen).containsExactly("a 1", "b 1 source gap 4", "a 3 gap 1");
            assertThat(journal.lines)
                    .containsExactly(
                            "a @1",
                            "gap of 2 in the source from 2 before 2",
                            "gap of 2 in the source from 5 before 2",
                            "b @2",
                            "gap of 1 from 2 before 3",
                            "a @3");
        }
    }
}
