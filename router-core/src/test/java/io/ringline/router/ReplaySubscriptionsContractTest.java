package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.journal.JournalVerification;
import io.ringline.router.journal.JournalVerifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A consumer that reads on from the journal gets what it would have got by its channel, whoever subscribes meanwhile. */
class ReplaySubscriptionsContractTest {
    @TempDir
    Path temp;

    private final EventDraft draft = new EventDraft();
    private final List<String> seen = new ArrayList<>();
    private int published;

    private RouterContext context(final int others) {
        final RouterContext context = new RouterContext()
                .topology(Topology.INLINE)
                .ringSize(64)
                .maxHeld(64)
                .journal(ChronicleJournal.open(temp.toFile(), new JournalSettings().batchBytes(1 << 10)));
        for (int i = 0; i < others; i++) { // so that the consumer's bit is far from the first
            context.addConsumer(new ConsumerConfig("other" + i)
                    .patterns("o" + i % 7)
                    .channelCapacity(1)
                    .channelCapacityBytes(1 << 22)
                    .overflow(OverflowPolicy.DROP_NEWEST));
        }
        return context.maxPayloadBytes(1_000).maxHeadersBytes(0);
    }

    private static ConsumerConfig away(final String name) {
        return new ConsumerConfig(name).channelCapacity(1).overflow(OverflowPolicy.REPLAY);
    }

    private void publish(final Ringline router, final Publisher publisher, final String subject, final long number) {
        final UnsafeBuffer name = new UnsafeBuffer(subject.getBytes(StandardCharsets.US_ASCII));
        draft.reset().subject(name, 0, name.capacity()).sequence(number).payload(name, 0, name.capacity());
        assertThat(publisher.tryPublish(draft)).isNotNegative();
        published++;
        while (!router.isQuiet()) { // a tick may take a turn
            router.doWork();
        }
    }

    private void publish(final Ringline router, final Publisher publisher, final String subject) {
        publish(router, publisher, subject, 0);
    }

    private List<String> drain(final SubjectConsumer consumer) {
        for (int i = 0; i < 1_000 && !consumer.isEmpty(); i++) {
            consumer.poll(
                    event -> {
                        seen.add(event.globalSequence() + " " + event.subject());
                        return Outcome.ACK;
                    },
                    3);
        }
        assertThat(consumer.isEmpty()).isTrue();
        return seen;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 70, 200})
    void whatWasMatchedBeforeItUnsubscribedArrivesAndWhatCameBeforeItSubscribedDoesNot(final int others) {
        final RouterContext context = context(others).addConsumer(away("slow").patterns("a", "b"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            for (int i = 0; i < 3; i++) {
                publish(router, publisher, "a");
                publish(router, publisher, "b");
                publish(router, publisher, "c");
                publish(router, publisher, "o" + i);
            }
            router.unsubscribe("slow", "a");
            router.subscribe("slow", "c");
            publish(router, publisher, "a");
            publish(router, publisher, "b");
            publish(router, publisher, "c");
            router.unsubscribe("slow", "b");
            router.unsubscribe("slow", "c");
            publish(router, publisher, "b");
            publish(router, publisher, "c");
            assertThat(drain(router.consumer("slow")))
                    .containsExactly("1 a", "2 b", "5 a", "6 b", "9 a", "10 b", "14 b", "15 c");
        }
        final JournalVerification sound = JournalVerifier.verify(temp.toFile());
        assertThat(sound.problem()).isNull();
        assertThat(sound.events()).isEqualTo(published);
    }

    @Test
    void anEventThatWasHeldGoesByTheSubscriptionsOfItsArrival() {
        try (Ringline router =
                Ringline.start(context(0).addConsumer(away("slow").patterns("x", "a")))) {
            final Publisher publisher = router.publisher();
            publish(router, publisher, "x");
            publish(router, publisher, "x"); // finds the channel full
            publish(router, publisher, "a", 2); // held
            router.unsubscribe("slow", "a");
            publish(router, publisher, "a", 1); // not the slow one's, and releases one that is
            assertThat(drain(router.consumer("slow"))).containsExactly("1 x", "2 x", "4 a");
        }
    }

    @Test
    void aGroupsSubscriptionsAreTakenAsTheyWereToo() {
        final QueueGroupConfig group = new QueueGroupConfig("group").patterns("a");
        group.addMember(away("m0"));
        group.addMember(away("m1"));
        try (Ringline router = Ringline.start(context(0).addQueueGroup(group))) {
            final Publisher publisher = router.publisher();
            for (int i = 0; i < 3; i++) {
                publish(router, publisher, "a");
                publish(router, publisher, "b");
            }
            router.unsubscribe("group", "a");
            router.subscribe("group", "b");
            publish(router, publisher, "a");
            publish(router, publisher, "b");
            drain(router.consumer("m0"));
            drain(router.consumer("m1"));
            assertThat(seen).containsExactlyInAnyOrder("1 a", "3 a", "5 a", "8 b");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void aMemberWithAPatternOfItsOwnGetsAnEventOnceWhereverItIsReadFrom(final int capacity) {
        final QueueGroupConfig group = new QueueGroupConfig("group").patterns(">");
        group.addMember(away("m0").patterns("a.*").channelCapacity(capacity));
        try (Ringline router = Ringline.start(context(0).addQueueGroup(group))) {
            final Publisher publisher = router.publisher();
            publish(router, publisher, "a.1");
            publish(router, publisher, "a.2");
            publish(router, publisher, "b");
            assertThat(drain(router.consumer("m0"))).containsExactly("1 a.1", "2 a.2", "3 b");
        }
    }
}
