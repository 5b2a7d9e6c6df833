package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.ConsumerPoller;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumers that come and go while events flow. */
class ComeAndGoContractTest {
    @TempDir
    Path temp;

    private static RouterContext context() {
        return new RouterContext().ringSize(64).maxHeld(64);
    }

    private static ConsumerConfig consumer(final String name, final String... patterns) {
        return new ConsumerConfig(name).patterns(patterns);
    }

    @Test
    void whoComesGetsEveryEventFromThenOn() {
        try (InlineRouter inline = new InlineRouter(context().addConsumer(consumer("first", ">")))) {
            inline.publish("a", "b");
            final SubjectConsumer late = inline.router.add(consumer("late", "a", "c"));
            inline.publish("a", "b", "c");
            inline.poll(late);
            assertThat(inline.seen).containsExactly("late a 3", "late c 5");
            assertThat(inline.router.consumer("late")).isSameAs(late);
            assertThat(inline.router.consumers())
                    .extracting(SubjectConsumer::name)
                    .containsExactly("first", "late");
        }
    }

    @Test
    void whoIsRemovedGetsWhatWasMatchedBeforeAndEnds() {
        try (InlineRouter inline = new InlineRouter(context().addConsumer(consumer("stays", ">")))) {
            final SubjectConsumer goes = inline.router.add(consumer("goes", "a"));
            inline.publish("a", "a");
            assertThat(inline.tryPublish("a", 0)).as("in the ring still").isNotNegative();
            inline.router.doWork();
            inline.router.remove(goes);
            inline.router.remove(goes);
            inline.publish("a");
            assertThat(goes.hasEnded()).isFalse();
            assertThat(goes.isLeaving()).isTrue();
            inline.poll(goes);
            assertThat(inline.seen).containsExactly("goes a 1", "goes a 2", "goes a 3");
            assertThat(goes.hasEnded()).isTrue();
            assertThat(inline.router.consumers())
                    .extracting(SubjectConsumer::name)
                    .containsExactly("stays");
            assertThat(inline.router.statistics().consumersEnded()).isOne();
            assertThat(inline.router.statistics().eventsLeft()).isZero();
            assertThat(goes.poll(event -> Outcome.ACK, 1)).isZero();
        }
    }

    @Test
    void aNameIsFreeAtOnceAndAPlaceWhenItsHolderHasEnded() {
        try (InlineRouter inline = new InlineRouter(context().maxConsumers(2).addConsumer(consumer("stays", ">")))) {
            final SubjectConsumer goes = inline.router.add(consumer("c", "a"));
            inline.publish("a");
            inline.router.remove(goes);
            assertThatThrownBy(() -> inline.router.add(consumer("c", "b")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("maxConsumers");
            inline.settle();
            inline.poll(goes);
            final SubjectConsumer next = inline.router.add(consumer("c", "b"));
            assertThat(next.index()).isEqualTo(goes.index());
            inline.publish("a", "b");
            inline.poll(next);
            assertThat(inline.seen).containsExactly("c a 1", "c b 3");
            assertThat(goes.isEmpty()).isTrue();
        }
    }

    @Test
    void whatWasHeldForOneThatLeftIsNotForTheNextOneAtItsPlace() {
        try (InlineRouter inline = new InlineRouter(context())) {
            final SubjectConsumer goes = inline.router.add(consumer("goes", "a"));
            inline.publish("a", 2); // held
            inline.router.remove(goes);
            inline.await(goes::hasEnded);
            final SubjectConsumer next = inline.router.add(consumer("next", "b"));
            assertThat(next.index()).isEqualTo(goes.index());
            inline.publish("a", 1);
            inline.publish("b");
            inline.poll(next);
            assertThat(inline.seen).containsExactly("next b 3");
            assertThat(inline.router.statistics().noMatch()).isEqualTo(2);
        }
    }

    @Test
    void whoIsClosedGivesUpWhatItHasNotFinished() {
        try (InlineRouter inline = new InlineRouter(context().addConsumer(consumer("stays", ">")))) {
            final SubjectConsumer goes = inline.router.add(consumer("goes", "a").retryBackoffNs(1L << 40, 1L << 40));
            inline.publish("a", "a", "a", "a", "a");
            goes.poll(event -> event.globalSequence() == 2 ? Outcome.RETRY : Outcome.ACK, 3);
            goes.close();
            goes.close();
            inline.publish("a");
            assertThat(goes.hasEnded()).isTrue();
            assertThat(goes.delivered()).isOne();
            assertThat(goes.abandoned()).isEqualTo(4);
            assertThat(inline.router.statistics().eventsLeft()).isEqualTo(4);
            assertThat(goes.poll(event -> Outcome.ACK, 10)).isZero();
        }
    }

    @Test
    void whoIsClosedHoldsTheRingNoMore() {
        try (InlineRouter inline = new InlineRouter(context().addConsumer(consumer("stays", ">")))) {
            final SubjectConsumer goes = inline.router.add(consumer("goes", "a").channelCapacity(1));
            long answer = 0;
            while (answer >= 0) {
                answer = inline.tryPublish("a", 0);
                inline.router.doWork();
            }
            assertThat(answer).isEqualTo(Publisher.BACK_PRESSURED);
            goes.close();
            inline.await(() -> inline.router.isQuiet() && goes.hasEnded());
            inline.poll(inline.router.consumer("stays"));
            assertThat(inline.seen).hasSize((int) inline.router.statistics().released());
            assertThat(goes.abandoned()).isPositive();
        }
    }

    @Test
    void aHandlerMayCloseItsConsumer() {
        try (InlineRouter inline = new InlineRouter(context())) {
            final SubjectConsumer goes = inline.router.add(consumer("goes", "a"));
            inline.publish("a", "a", "a");
            final List<Long> got = new ArrayList<>();
            goes.poll(
                    event -> {
                        got.add(event.globalSequence());
                        goes.close();
                        inline.settle();
                        assertThat(goes.hasEnded()).as("in the midst of a poll").isFalse();
                        return Outcome.ACK;
                    },
                    2);
            inline.await(goes::hasEnded);
            assertThat(got).containsExactly(1L, 2L);
            assertThat(goes.abandoned()).isOne();
        }
    }

    @Test
    void anotherThreadsCloseWaitsForTheThreadThatPolls() throws InterruptedException {
        try (InlineRouter inline = new InlineRouter(context())) {
            final SubjectConsumer goes = inline.router.add(consumer("goes", "a"));
            inline.publish("a", "a");
            goes.poll(event -> Outcome.ACK, 1);
            final Thread closer = new Thread(goes::close);
            closer.start();
            closer.join();
            inline.settle();
            assertThat(goes.hasEnded())
                    .as("this thread may be in the midst of a poll")
                    .isFalse();
            assertThat(goes.poll(event -> Outcome.ACK, 1)).isZero();
            inline.settle();
            assertThat(goes.hasEnded()).isTrue();
            assertThat(goes.abandoned()).isOne();
        }
    }

    @Test
    void aThreadThatHasEndedNeedNotPollAgain() throws InterruptedException {
        try (InlineRouter inline = new InlineRouter(context())) {
            final SubjectConsumer goes = inline.router.add(consumer("goes", "a"));
            inline.publish("a", "a");
            final Thread poller = new Thread(() -> goes.poll(event -> Outcome.ACK, 1));
            poller.start();
            poller.join();
            goes.close();
            inline.settle();
            assertThat(goes.hasEnded()).isTrue();
            assertThat(goes.abandoned()).isOne();
        }
    }

    @Test
    void aDeadLetterOnItsWayIsWrittenAndNotGivenUp() {
        final LetterLog letters = new LetterLog();
        try (InlineRouter inline = new InlineRouter(context().deadLetters(letters))) {
            final SubjectConsumer goes = inline.router.add(consumer("goes", "a"));
            inline.publish("a", "a");
            goes.poll(event -> Outcome.REJECT, 1);
            goes.close();
            inline.await(goes::hasEnded);
            assertThat(letters.written).containsExactly("goes a REJECTED");
            assertThat(goes.deadLettered()).isOne();
            assertThat(goes.abandoned()).isOne();
        }
    }

    @Test
    void whoReadsFromTheJournalEndsWithItsLastEventToo() {
        final RouterContext context = context()
                .journal(ChronicleJournal.open(temp.toFile(), new JournalSettings().batchBytes(1 << 10)))
                .addConsumer(consumer("stays", ">"));
        try (InlineRouter inline = new InlineRouter(context)) {
            inline.publish("a");
            final SubjectConsumer goes =
                    inline.router.add(consumer("goes", "a").channelCapacity(2).overflow(OverflowPolicy.REPLAY));
            for (int i = 0; i < 10; i++) {
                inline.publish("a", "b");
            }
            assertThat(goes.timesDetached()).isOne();
            inline.router.remove(goes);
            inline.publish("a", "b");
            inline.poll(goes);
            assertThat(inline.seen).hasSize(10).startsWith("goes a 2").endsWith("goes a 20");
            inline.publish("a");
            inline.await(goes::hasEnded);
            assertThat(inline.router.failure()).isNull();
        }
    }

    @Test
    void whatCannotComeIsToldWhy() {
        final InlineRouter inline = new InlineRouter(context()
                .addQueueGroup(new QueueGroupConfig("group").addMember(consumer("member")))
                .addConsumer(consumer("c", ">")));
        try (inline) {
            assertThatThrownBy(() -> inline.router.add(consumer("c"))).hasMessageContaining("'c' already");
            assertThatThrownBy(() -> inline.router.add(consumer("group"))).hasMessageContaining("'group' already");
            assertThatThrownBy(() -> inline.router.add(consumer("x").overflow(OverflowPolicy.REPLAY)))
                    .hasMessageContaining("ChronicleJournal");
            assertThatThrownBy(() -> inline.router.join("c", consumer("x"))).hasMessageContaining("no queue group");
            assertThatThrownBy(() -> Ringline.start(
                            context().maxConsumers(1).addConsumer(consumer("a")).addConsumer(consumer("b"))))
                    .hasMessageContaining("maxConsumers is 1");
        }
        assertThatThrownBy(() -> inline.router.add(consumer("x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void whoWasToEndHasEndedWhenTheRouterIsClosed() {
        final InlineRouter inline = new InlineRouter(context());
        final SubjectConsumer goes = inline.router.add(consumer("goes", "a"));
        inline.publish("a");
        inline.router.remove(goes);
        assertThat(goes.hasEnded()).isFalse();
        inline.close();
        assertThat(goes.hasEnded()).isTrue();
    }

    @Test
    void aPollerTakesMoreAndForgetsThoseThatEnded() {
        try (InlineRouter inline = new InlineRouter(context().addConsumer(consumer("first", "a")))) {
            final List<String> got = new ArrayList<>();
            final ConsumerPoller poller = inline.router.poller(
                    List.of(inline.router.consumer("first")), event -> record(got, "first", event.globalSequence()));
            for (int round = 0; round < 3; round++) {
                final SubjectConsumer more = inline.router.add(consumer("more", "b"));
                poller.add(more, event -> record(got, "more", event.globalSequence()));
                assertThatThrownBy(() -> poller.add(more, event -> Outcome.ACK)).hasMessageContaining("twice");
                assertThatThrownBy(() -> inline.router.poller(List.of(more), event -> Outcome.ACK))
                        .hasMessageContaining("has a poller already");
                inline.publish("a", "b");
                poller.poll(10);
                inline.router.remove(more);
                inline.await(more::hasEnded);
            }
            assertThat(got).containsExactly("first 1", "more 2", "first 3", "more 4", "first 5", "more 6");
        }
    }

    @Test
    void aClosedPollersConsumersCanBeAnothers() {
        try (InlineRouter inline = new InlineRouter(context().addConsumer(consumer("c", "a")))) {
            final List<String> got = new ArrayList<>();
            final SubjectConsumer consumer = inline.router.consumer("c");
            final ConsumerPoller before = inline.router.poller(List.of(consumer), event -> record(got, "one", 0));
            before.close();
            final ConsumerPoller after = inline.router.poller(List.of(consumer), event -> record(got, "two", 0));
            inline.publish("a");
            assertThat(before.poll(10)).isZero();
            assertThat(after.poll(10)).isOne();
            assertThat(got).containsExactly("two 0");
            assertThatThrownBy(() -> before.add(consumer, event -> Outcome.ACK)).hasMessageContaining("closed");
        }
    }

    private static Outcome record(final List<String> got, final String name, final long number) {
        got.add(name + " " + number);
        return Outcome.ACK;
    }
}
