package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.ReplayState;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.record.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a consumer that does not poll, with time moved by hand. */
class LivenessContractTest {
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(30);
    private static final long SOON = TimeUnit.SECONDS.toNanos(10);
    private static final int CAPACITY = 10;
    private static final int RING = 64;

    @TempDir
    Path temp;

    private final UnsafeBuffer subject = new UnsafeBuffer("s".getBytes(StandardCharsets.US_ASCII));
    private final List<Long> seen = new ArrayList<>();
    private long now = TimeUnit.DAYS.toNanos(20_000);

    private RouterContext context(final @Nullable OverflowPolicy fallback) {
        final ConsumerConfig slow = new ConsumerConfig("slow").patterns(">").channelCapacity(CAPACITY);
        if (fallback != null) {
            slow.overflowFallback(fallback);
        }
        return new RouterContext()
                .topology(Topology.INLINE)
                .ringSize(RING)
                .maxHeld(64)
                .clock(() -> now)
                .journal(ChronicleJournal.open(temp.resolve("j").toFile(), new JournalSettings()))
                .addConsumer(slow)
                .addConsumer(new ConsumerConfig("quick").patterns(">"));
    }

    private int publish(final Publisher publisher, final Ringline router, final int count) {
        int taken = 0;
        for (int i = 0; i < count; i++) {
            if (publisher.tryPublish(subject, 0, 1, subject, 0, 1) >= 0) {
                taken++;
            }
            router.doWork();
            router.consumer("quick").poll(event -> Outcome.ACK, 100);
        }
        return taken;
    }

    /** Time goes by, look by look; a turn that has much to do may leave its look out. */
    private void pass(final Ringline router, final long nanos) {
        for (long passed = 0; passed < nanos; passed += LOOK) {
            now += LOOK;
            router.doWork();
            router.consumer("quick").poll(event -> Outcome.ACK, 100);
        }
    }

    private int poll(final SubjectConsumer consumer, final int limit) {
        return consumer.poll(
                event -> {
                    seen.add(event.globalSequence());
                    return Outcome.ACK;
                },
                limit);
    }

    private void pollAll(final Ringline router) {
        final SubjectConsumer slow = router.consumer("slow");
        for (int i = 0; i < 1_000 && !(router.isQuiet() && slow.isEmpty()); i++) {
            poll(slow, 100);
            router.doWork();
        }
        assertThat(slow.isEmpty()).isTrue();
    }

    @Test
    void withoutAFallbackItIsReportedAndGoesOnHoldingTheRing() {
        try (Ringline router = Ringline.start(context(null))) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer slow = router.consumer("slow");
            publish(publisher, router, 1);
            pass(router, TIMEOUT);
            assertThat(slow.isLive()).isTrue();
            pass(router, 2 * LOOK);
            assertThat(slow.isLive()).isFalse();
            assertThat(slow.pollerDied()).isFalse();
            assertThat(router.consumer("quick").isLive()).isTrue();
            assertThat(router.statistics().consumersSilent()).isEqualTo(1);
            assertThat(router.statistics().consumersEvicted()).isZero();
            assertThat(publish(publisher, router, 200))
                    .as("the channel's and the ring's")
                    .isEqualTo(CAPACITY - 1 + RING);
            poll(slow, 1);
            pass(router, SOON);
            assertThat(slow.isLive()).isTrue();
            pollAll(router);
            assertThat(seen).hasSize(CAPACITY + RING);
            pass(router, 2 * TIMEOUT);
            assertThat(slow.isLive()).as("nothing waits").isTrue();
            assertThat(router.statistics().consumersSilent()).isEqualTo(1);
        }
    }

    private void readsOnFromTheJournal(
            final Ringline router, final Publisher publisher, final SubjectConsumer slow, final int published) {
        poll(slow, 10); // through with its channel, not with the journal
        pass(router, SOON);
        assertThat(publish(publisher, router, 200)).as("not yet BACK_PRESSURE").isEqualTo(200);
        pollAll(router);
        publish(publisher, router, 1); // brings it back
        pollAll(router);
        assertThat(seen).hasSize(published + 301).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(
            value = OverflowPolicy.class,
            names = {"DROP_NEWEST", "DEAD_LETTER", "REPLAY"})
    void itsFallbackLetsTheRingGoOnUntilItIsBack(final OverflowPolicy fallback) {
        try (Ringline router = Ringline.start(context(fallback))) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer slow = router.consumer("slow");
            assertThat(publish(publisher, router, 200)).isEqualTo(CAPACITY + RING);
            pass(router, TIMEOUT);
            assertThat(router.consumer("quick").delivered()).as("it waits too").isEqualTo(CAPACITY);
            pass(router, SOON);
            assertThat(publish(publisher, router, 100)).isEqualTo(100);
            pass(router, LOOK); // the last dead letter
            final int published = CAPACITY + RING + 100;
            assertThat(router.consumer("quick").delivered()).isEqualTo(published);
            assertThat(router.statistics().consumersEvicted()).isEqualTo(1);
            poll(slow, CAPACITY - 1);
            pass(router, SOON);
            assertThat(slow.isLive()).isTrue();
            publish(publisher, router, 100);
            final long lost =
                    published + 100 - 2 * CAPACITY + 1; // the channel has had its capacity, and what was freed
            if (fallback == OverflowPolicy.REPLAY) {
                readsOnFromTheJournal(router, publisher, slow, published);
            } else {
                pollAll(router);
                assertThat(fallback == OverflowPolicy.DROP_NEWEST ? slow.dropped() : slow.deadLettered())
                        .isEqualTo(lost);
            }
            pass(router, SOON);
            assertThat(publish(publisher, router, 200))
                    .as("BACK_PRESSURE again")
                    .isEqualTo(CAPACITY + RING);
            pollAll(router);
            assertThat(slow.delivered() + slow.dropped() + slow.deadLettered())
                    .isEqualTo(router.statistics().released());
        }
    }

    @Test
    void itIsNotBackBeforeItIsThroughWithWhatWasWaiting() {
        try (Ringline router = Ringline.start(context(OverflowPolicy.DROP_NEWEST))) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer slow = router.consumer("slow");
            publish(publisher, router, CAPACITY + 1);
            pass(router, TIMEOUT + SOON);
            assertThat(slow.dropped()).isEqualTo(1);
            poll(slow, 1);
            pass(router, 5 * LOOK);
            publish(publisher, router, 10);
            assertThat(slow.dropped()).as("room for one, nine dropped").isEqualTo(10);
            poll(slow, CAPACITY - 2);
            pass(router, 5 * LOOK);
            publish(publisher, router, 20);
            assertThat(slow.dropped()).as("one of the backlog is left").isGreaterThan(10);
            final long dropped = slow.dropped();
            poll(slow, 1);
            pass(router, 5 * LOOK);
            publish(publisher, router, 20);
            assertThat(slow.dropped()).isEqualTo(dropped);
        }
    }

    @Test
    void whoPollsWhileAnEventWaitsForItsRetryIsLive() {
        final RouterContext context = context(OverflowPolicy.DROP_NEWEST);
        context.addConsumer(new ConsumerConfig("retries").patterns(">").retryBackoffNs(4 * TIMEOUT, 4 * TIMEOUT));
        try (Ringline router = Ringline.start(context)) {
            publish(router.publisher(), router, 1);
            final SubjectConsumer retries = router.consumer("retries");
            for (long passed = 0; passed < 3 * TIMEOUT; passed += LOOK) {
                assertThat(retries.poll(event -> Outcome.RETRY, 1)).isZero();
                pass(router, LOOK);
            }
            assertThat(retries.isLive()).isTrue();
            assertThat(retries.isEmpty()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"RETRY", "DEFER", "REJECT"})
    void whoGoesOnHandingOutInOneLongPollIsLiveWhateverTheAnswers(final Outcome answer) {
        final RouterContext context =
                context(OverflowPolicy.DROP_NEWEST).addConsumer(new ConsumerConfig("long").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final SubjectConsumer consumer = router.consumer("long");
            final Publisher publisher = router.publisher();
            for (int i = 0; i < CAPACITY; i++) {
                subject.putByte(0, (byte) ('a' + i)); // an aggregate each
                publish(publisher, router, 1);
            }
            final int[] calls = {0};
            for (int i = 0; i < 2; i++) { // as they come, and those that are tried again
                consumer.poll(
                        event -> {
                            calls[0]++;
                            pass(router, TIMEOUT / 2);
                            assertThat(consumer.isLive()).isTrue();
                            return answer;
                        },
                        100);
            }
            assertThat(calls[0]).isGreaterThanOrEqualTo(CAPACITY);
            assertThat(consumer.isLive()).isTrue();
        }
    }

    @Test
    void timeInWhichNobodyCouldPollDoesNotCount() {
        try (Ringline router = Ringline.start(context(OverflowPolicy.DROP_NEWEST))) {
            publish(router.publisher(), router, 1);
            pass(router, LOOK);
            now += 10 * TIMEOUT; // the machine was suspended, say
            router.doWork();
            pass(router, LOOK);
            assertThat(router.consumer("slow").isLive()).isTrue();
            now -= 20 * TIMEOUT; // or its clock was set
            router.doWork();
            pass(router, LOOK);
            assertThat(router.consumer("slow").isLive()).isTrue();
            pass(router, TIMEOUT);
            assertThat(router.consumer("slow").isLive()).isFalse();
        }
    }

    private void pollOnAThreadThatEnds(final SubjectConsumer consumer) throws InterruptedException {
        final Thread thread = new Thread(() -> poll(consumer, 1));
        thread.start();
        thread.join();
    }

    /** Publishes until the ring is full behind a consumer whose thread has ended. @return how many events were taken. */
    private int publishUntilFull(final Ringline router, final Publisher publisher) throws InterruptedException {
        publish(publisher, router, 2);
        pollOnAThreadThatEnds(router.consumer("slow"));
        final int taken = publish(publisher, router, 200);
        assertThat(taken).isEqualTo(CAPACITY - 1 + RING);
        return 2 + taken;
    }

    @ParameterizedTest
    @EnumSource(
            value = OverflowPolicy.class,
            names = {"BACK_PRESSURE", "DROP_NEWEST", "DEAD_LETTER", "REPLAY"})
    void aDeadThreadIsNoticedWithinASecondAndHoldsNobodyForLongerThanTheTimeout(final OverflowPolicy fallback)
            throws InterruptedException {
        final boolean none = fallback == OverflowPolicy.BACK_PRESSURE;
        try (Ringline router = Ringline.start(context(none ? null : fallback))) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer slow = router.consumer("slow");
            final int published = publishUntilFull(router, publisher);
            pass(router, TimeUnit.SECONDS.toNanos(1));
            assertThat(slow.pollerDied()).isTrue();
            assertThat(slow.isLive()).isFalse();
            assertThat(router.statistics().consumersSilent()).isEqualTo(1);
            assertThat(router.statistics().consumersEvicted())
                    .as("another may poll")
                    .isZero();
            assertThat(publish(publisher, router, 100)).isZero();
            pass(router, TIMEOUT);
            assertThat(router.statistics().consumersEvicted()).isEqualTo(1);
            assertThat(publish(publisher, router, 100)).isEqualTo(100);
            if (none) {
                assertThat(slow.replayState()).as("nothing is lost").isEqualTo(ReplayState.DETACHED);
                pollAll(router);
                assertThat(seen).hasSize(published + 100).isSorted().doesNotHaveDuplicates();
            }
            poll(slow, 1);
            pass(router, SOON);
            assertThat(slow.pollerDied()).isFalse();
            assertThat(slow.isLive()).isTrue();
        }
    }

    @Test
    void whoTakesOverFromADeadThreadInTimeMissesNothing() throws InterruptedException {
        try (Ringline router = Ringline.start(withoutAnyLog())) {
            final int published = publishUntilFull(router, router.publisher());
            pass(router, TIMEOUT - SOON);
            assertThat(router.consumer("slow").pollerDied()).isTrue();
            pollAll(router);
            assertThat(seen).hasSize(published).isSorted().doesNotHaveDuplicates();
            assertThat(router.consumer("slow").dropped()).isZero();
        }
    }

    @Test
    void aDeadThreadsEventsAreDroppedAndCountedWhereNothingKeepsThem() throws InterruptedException {
        try (Ringline router = Ringline.start(withoutAnyLog())) {
            publishUntilFull(router, router.publisher());
            pass(router, TIMEOUT + SOON);
            assertThat(router.consumer("slow").dropped()).isEqualTo(RING);
            assertThat(router.statistics().consumersEvicted()).isEqualTo(1);
        }
    }

    private RouterContext withoutAnyLog() {
        return new RouterContext()
                .topology(Topology.INLINE)
                .ringSize(RING)
                .maxHeld(64)
                .clock(() -> now)
                .addConsumer(new ConsumerConfig("slow").patterns(">").channelCapacity(CAPACITY))
                .addConsumer(new ConsumerConfig("quick").patterns(">"));
    }

    @Test
    void withoutAFallbackADeadThreadsEventsAreKeptAsDeadLettersWhereThereAreAny() throws InterruptedException {
        final RouterContext context =
                context(null).deadLetters(DeadLetterLog.open(temp.resolve("d").toFile(), new JournalSettings()));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer slow = router.consumer("slow");
            publish(publisher, router, 2);
            pollOnAThreadThatEnds(slow);
            publish(publisher, router, CAPACITY + 19);
            pass(router, TimeUnit.SECONDS.toNanos(3));
            assertThat(slow.deadLettered()).as("another may poll").isZero();
            pass(router, TIMEOUT);
            assertThat(slow.deadLettered()).isEqualTo(20);
            assertThat(router.statistics().deadLetters()).containsEntry(DeadLetterReason.OVERFLOW, 20L);
            assertThat(router.consumer("quick").delivered()).isEqualTo(CAPACITY + 21);
        }
    }

    @Test
    void aThreadThatEndsAndLeavesNothingBehindIsNoMatter() throws InterruptedException {
        try (Ringline router = Ringline.start(context(null))) {
            publish(router.publisher(), router, 1);
            pollOnAThreadThatEnds(router.consumer("slow"));
            pass(router, 2 * TIMEOUT);
            assertThat(router.consumer("slow").isLive()).isTrue();
            assertThat(router.consumer("slow").pollerDied()).isFalse();
        }
    }

    @Test
    void aFallbackIsAnotherPolicyThanBackPressureAndForThatOneOnly() {
        assertThatThrownBy(() -> Ringline.start(new RouterContext()
                        .addConsumer(new ConsumerConfig("c")
                                .overflow(OverflowPolicy.DROP_NEWEST)
                                .overflowFallback(OverflowPolicy.DEAD_LETTER))))
                .hasMessageContaining("'c'")
                .hasMessageContaining("fallback");
        assertThatThrownBy(() -> Ringline.start(new RouterContext()
                        .addConsumer(new ConsumerConfig("c").overflowFallback(OverflowPolicy.BACK_PRESSURE))))
                .hasMessageContaining("fallback");
        assertThatThrownBy(() -> Ringline.start(new RouterContext()
                        .addConsumer(new ConsumerConfig("c").overflowFallback(OverflowPolicy.REPLAY))))
                .hasMessageContaining("ChronicleJournal");
        assertThatThrownBy(() ->
                        Ringline.start(new RouterContext().addConsumer(new ConsumerConfig("c").livenessTimeoutNs(0))))
                .hasMessageContaining("livenessTimeoutNs");
    }
}
