package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.ConsumerPoller;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.RetryMode;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of a queue group leave, and others come: an aggregate's events stay in order, and none is lost. */
class QueueGroupMembersContractTest {
    private static final String[] SUBJECTS = new String[40];

    static {
        for (int i = 0; i < SUBJECTS.length; i++) {
            SUBJECTS[i] = "s" + i;
        }
    }

    @TempDir
    Path temp;

    private long now = 1;

    private static ConsumerConfig member(final String name) {
        return new ConsumerConfig(name).retryBackoffNs(1_000, 1_000).maxRetries(1_000);
    }

    private RouterContext context(final ConsumerConfig... members) {
        final QueueGroupConfig group = new QueueGroupConfig("group").patterns(">");
        for (final ConsumerConfig member : members) {
            group.addMember(member);
        }
        return new RouterContext().ringSize(64).maxHeld(64).clock(() -> now).addQueueGroup(group);
    }

    /** The subjects that a consumer got, each with the numbers of its events. */
    private static Map<String, List<Long>> bySubject(final List<String> seen) {
        final Map<String, List<Long>> bySubject = new HashMap<>();
        for (final String each : seen) {
            final String[] parts = each.split(" ", -1);
            bySubject.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(Long.parseLong(parts[1]));
        }
        return bySubject;
    }

    private static Map<String, List<Long>> expected(final int rounds) {
        final Map<String, List<Long>> expected = new HashMap<>();
        for (int i = 0; i < rounds * SUBJECTS.length; i++) {
            expected.computeIfAbsent(SUBJECTS[i % SUBJECTS.length], key -> new ArrayList<>())
                    .add(i + 1L);
        }
        return expected;
    }

    @ParameterizedTest
    @EnumSource(RetryMode.class)
    void whoLeavesHandsOverWhatItHasNotFinished(final RetryMode mode) {
        final RouterContext context = context(
                member("goes").retryMode(mode).channelCapacity(1_000),
                member("stays").retryMode(mode));
        try (InlineRouter inline = new InlineRouter(context)) {
            final SubjectConsumer goes = inline.router.consumer("goes");
            final SubjectConsumer stays = inline.router.consumer("stays");
            inline.publish(SUBJECTS);
            inline.publish(SUBJECTS);
            final List<String> acknowledged = new ArrayList<>();
            goes.poll(
                    event -> {
                        if (event.globalSequence() % 3 == 0) {
                            return Outcome.RETRY;
                        }
                        acknowledged.add(event.subject() + " " + event.globalSequence());
                        return Outcome.ACK;
                    },
                    20);
            final long left = goes.lag();
            assertThat(left).isPositive();
            goes.close();
            inline.publish(SUBJECTS); // some while it leaves
            inline.poll(stays);
            inline.publish(SUBJECTS);
            inline.poll(stays);
            final List<String> all = new ArrayList<>(acknowledged);
            all.addAll(inline.seenBy(stays));
            assertThat(bySubject(all)).isEqualTo(expected(4));
            assertThat(goes.hasEnded()).isTrue();
            assertThat(goes.handedOver()).isGreaterThanOrEqualTo(left);
            assertThat(inline.router.statistics().eventsHandedOver()).isEqualTo(goes.handedOver());
            assertThat(goes.abandoned()).isZero();
            assertThat(stays.lastGlobalSequence()).isEqualTo(4L * SUBJECTS.length);
            assertThat(stays.safeGlobalSequence()).isEqualTo(4L * SUBJECTS.length);
            assertThat(stays.isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(RetryMode.class)
    void theHeirRetriesWhatItWasHanded(final RetryMode mode) {
        final RouterContext context = context(
                member("goes").retryMode(mode), member("stays").retryMode(mode).parking(2, 1_024));
        try (InlineRouter inline = new InlineRouter(context)) {
            final SubjectConsumer stays = inline.router.consumer("stays");
            inline.publish(SUBJECTS);
            inline.publish(SUBJECTS);
            inline.router.consumer("goes").close();
            inline.publish(SUBJECTS);
            final List<String> got = new ArrayList<>();
            for (int i = 0; i < 10_000 && got.size() < 3 * SUBJECTS.length; i++) {
                now += 1_000;
                stays.poll(
                        event -> {
                            if (stays.attempt() < 3) {
                                return Outcome.RETRY;
                            }
                            got.add(event.subject() + " " + event.globalSequence());
                            return Outcome.ACK;
                        },
                        3);
                inline.router.doWork();
            }
            assertThat(bySubject(got)).isEqualTo(expected(3));
            assertThat(got).hasSize(3 * SUBJECTS.length);
        }
    }

    @Test
    void aDeadLetterThatIsBeingWrittenIsNotHandedOver() {
        final LetterLog letters = new LetterLog();
        try (InlineRouter inline =
                new InlineRouter(context(member("goes"), member("stays")).deadLetters(letters))) {
            final SubjectConsumer goes = inline.router.consumer("goes");
            inline.publish(SUBJECTS);
            goes.poll(event -> Outcome.REJECT, 1);
            goes.close();
            inline.settle();
            inline.poll(inline.router.consumer("stays"));
            assertThat(goes.deadLettered()).isOne();
            assertThat(letters.written).hasSize(1);
            assertThat(inline.seen).hasSize(SUBJECTS.length - 1);
            assertThat(inline.seen)
                    .noneMatch(each -> letters.written.get(0).startsWith("goes " + each.split(" ")[1] + " "));
            assertThat(goes.hasEnded()).isTrue();
        }
    }

    @Test
    void aDeferredEventIsHandedOutAgainUnlessItIsAnsweredBefore() {
        try (InlineRouter inline = new InlineRouter(context(member("goes"), member("stays")))) {
            final SubjectConsumer goes = inline.router.consumer("goes");
            inline.publish(SUBJECTS);
            final List<Long> deferred = new ArrayList<>();
            goes.poll(
                    event -> {
                        deferred.add(event.globalSequence());
                        return Outcome.DEFER;
                    },
                    4);
            goes.close();
            inline.settle();
            assertThat(goes.acknowledge(deferred.get(0), 1, Outcome.ACK)).isTrue();
            assertThat(goes.acknowledge(deferred.get(1), 1, Outcome.RETRY)).isTrue();
            inline.poll(inline.router.consumer("stays"));
            assertThat(inline.seen).hasSize(SUBJECTS.length - 1);
            assertThat(goes.delivered()).isOne();
            assertThat(goes.hasEnded()).isTrue();
            deferred.forEach(number ->
                    assertThat(goes.acknowledge(number, 1, Outcome.ACK)).isTrue());
            assertThat(goes.acknowledgementsIgnored()).isEqualTo(4);
        }
    }

    @Test
    void anHeirReadsWhileThePollerOfTheOneThatLeftPollsOthers() {
        final RouterContext context =
                context(member("goes"), member("stays")).addConsumer(new ConsumerConfig("audit").patterns(">"));
        try (InlineRouter inline = new InlineRouter(context)) {
            final SubjectConsumer goes = inline.router.consumer("goes");
            final ConsumerPoller poller =
                    inline.router.poller(List.of(goes, inline.router.consumer("audit")), event -> Outcome.ACK);
            inline.publish(SUBJECTS);
            goes.close();
            inline.settle();
            final List<Long> changed = new ArrayList<>();
            inline.router
                    .consumer("stays")
                    .poll(
                            event -> {
                                final long number = event.globalSequence();
                                poller.poll(1); // as another thread may
                                if (event.globalSequence() != number) {
                                    changed.add(number);
                                }
                                return Outcome.ACK;
                            },
                            SUBJECTS.length);
            assertThat(changed).isEmpty();
            assertThat(goes.handedOver()).isPositive();
        }
    }

    @Test
    void whoJoinsGetsItsShareOfWhatIsIdle() {
        try (InlineRouter inline = new InlineRouter(context(member("one")))) {
            final SubjectConsumer one = inline.router.consumer("one");
            inline.publish(SUBJECTS);
            final SubjectConsumer two = inline.router.join("group", member("two"));
            inline.publish(SUBJECTS);
            inline.poll(two);
            assertThat(inline.seen).as("one has events of all of them").isEmpty();
            inline.poll(one);
            inline.await(() -> inline.router.isQuiet());
            for (int i = 0; i < 200; i++) { // slots are moved a few at a time
                inline.router.doWork();
            }
            inline.publish(SUBJECTS);
            inline.poll(two);
            final int share = inline.seenBy(two).size();
            assertThat(share).isBetween(8, 32);
            inline.poll(one);
            assertThat(inline.seenBy(one)).hasSize(3 * SUBJECTS.length - share);
            inline.publish(SUBJECTS);
            inline.poll(two);
            assertThat(inline.seenBy(two))
                    .as("an aggregate stays with its member")
                    .hasSize(2 * share);
        }
    }

    @Test
    void aGroupMayHaveNobodyForAWhile() {
        try (InlineRouter inline = new InlineRouter(context(member("one")))) {
            final SubjectConsumer one = inline.router.consumer("one");
            inline.publish(SUBJECTS);
            inline.router.remove(one);
            inline.settle();
            assertThat(one.hasEnded()).isTrue();
            assertThat(one.abandoned()).isEqualTo(SUBJECTS.length);
            inline.publish("a", "b");
            assertThat(inline.router.statistics().noMatch()).isEqualTo(2);
            final SubjectConsumer two = inline.router.join("group", member("two"));
            inline.settle();
            inline.publish("a", "b");
            inline.poll(two);
            assertThat(inline.seen).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoseChannelIsFullLeavesTheRingFree(final boolean replays) {
        final ConsumerConfig goes = member("goes").channelCapacity(2);
        final RouterContext context = context(
                replays ? goes.overflow(OverflowPolicy.REPLAY) : goes,
                member("stays").channelCapacity(1_000));
        context.journal(ChronicleJournal.open(temp.toFile(), new JournalSettings().batchBytes(1 << 10)));
        try (InlineRouter inline = new InlineRouter(context)) {
            final SubjectConsumer stays = inline.router.consumer("stays");
            for (int i = 0; i < 2 * SUBJECTS.length; i++) {
                while (inline.tryPublish(SUBJECTS[i % SUBJECTS.length], 0) < 0) {
                    inline.router.consumer("goes").close();
                    inline.router.doWork();
                }
                inline.router.doWork();
            }
            inline.router.consumers().stream()
                    .filter(each -> each.name().equals("goes"))
                    .forEach(SubjectConsumer::close);
            inline.publish(SUBJECTS);
            inline.poll(stays);
            inline.publish(SUBJECTS);
            inline.poll(stays);
            assertThat(bySubject(inline.seenBy(stays))).isEqualTo(expected(4));
            assertThat(inline.router.consumers()).hasSize(1);
        }
    }

    @Test
    void aShortEventDoesNotPassALongOneThatFoundTheChannelFull() {
        final RouterContext context = context(
                        member("goes").channelCapacityBytes(4_096),
                        member("stays").channelCapacityBytes(4_096))
                .maxPayloadBytes(1_000)
                .maxHeadersBytes(0)
                .maxSubjectBytes(16);
        try (InlineRouter inline = new InlineRouter(context)) {
            final SubjectConsumer goes = inline.router.consumer("goes");
            final SubjectConsumer stays = inline.router.consumer("stays");
            inline.publish(SUBJECTS);
            inline.poll(goes);
            inline.poll(stays);
            final String subject = inline.seenBy(goes).get(0).split(" ", -1)[0];
            inline.seen.clear();
            for (int i = 0; i < 4; i++) {
                assertThat(inline.tryPublishBytes(subject, 1_000)).isNotNegative();
                inline.router.doWork();
            }
            assertThat(inline.router.isQuiet()).as("the fourth waits for room").isFalse();
            assertThat(inline.tryPublishBytes(subject, 1)).isNotNegative();
            goes.close();
            inline.settle();
            inline.poll(stays);
            assertThat(bySubject(inline.seenBy(stays)).get(subject)).hasSize(5).isSorted();
        }
    }

    @Test
    void anHeirThatLeavesTooPassesOnWhatItWasHanded() {
        try (InlineRouter inline = new InlineRouter(context(member("one"), member("two"), member("three")))) {
            inline.publish(SUBJECTS);
            final SubjectConsumer one = inline.router.consumer("one");
            final SubjectConsumer two = inline.router.consumer("two");
            final SubjectConsumer three = inline.router.consumer("three");
            three.poll(event -> Outcome.RETRY, 2);
            one.close();
            inline.settle();
            two.poll(event -> Outcome.RETRY, 2);
            two.close();
            inline.settle();
            inline.publish(SUBJECTS);
            now += 10_000;
            inline.poll(three);
            assertThat(bySubject(inline.seenBy(three))).isEqualTo(expected(2));
            assertThat(one.hasEnded() && two.hasEnded()).isTrue();
        }
    }
}
