package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.subject.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who gets what, while subscriptions come and go and members share them, whichever threads run the stages. */
class SubscribeContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final List<String> seen = new ArrayList<>();

    private static RouterContext context(final Topology topology) {
        return new RouterContext().topology(topology).ringSize(64);
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private void poll(final Ringline router) {
        router.doWork();
        for (final SubjectConsumer consumer : router.consumers()) {
            consumer.poll(
                    event -> {
                        seen.add(consumer.name() + " " + event.aggregate() + "#" + event.aggregateSequence());
                        return Outcome.ACK;
                    },
                    100);
        }
    }

    private void publish(final Ringline router, final Publisher publisher, final EventDraft draft) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        long answer = publisher.tryPublish(draft);
        while (answer == Publisher.BACK_PRESSURED && System.nanoTime() < deadline) {
            poll(router);
            answer = publisher.tryPublish(draft);
        }
        assertThat(answer).isNotNegative();
    }

    private void publish(final Ringline router, final Publisher publisher, final String subject) {
        final UnsafeBuffer name = bytes(subject);
        publish(router, publisher, new EventDraft().subject(name, 0, name.capacity()));
    }

    private void finish(final Ringline router) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        boolean done = false;
        while (!done && System.nanoTime() < deadline) {
            done = router.isQuiet();
            poll(router);
            done &= router.consumers().stream().allMatch(SubjectConsumer::isEmpty);
            LockSupport.parkNanos(1);
        }
        assertThat(router.failure()).isNull();
        assertThat(done).as("all delivered in time").isTrue();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aSubscriptionHoldsFromTheNextEventOn(final Topology topology) {
        final RouterContext context = context(topology).addConsumer(new ConsumerConfig("c"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final Subject handle = router.subject("a.b");
            final EventDraft byHandle = new EventDraft().subject(handle);
            publish(router, publisher, "a.b");
            publish(router, publisher, byHandle);
            finish(router);
            for (int round = 0; round < 3; round++) {
                assertThat(router.subscribe("c", "a.*")).isTrue();
                assertThat(router.subscribe("c", "a.*")).as("twice").isFalse();
                publish(router, publisher, "a.b");
                publish(router, publisher, byHandle);
                finish(router);
                assertThat(router.unsubscribe("c", "a.*")).isTrue();
                assertThat(router.unsubscribe("c", "a.*")).as("twice").isFalse();
                publish(router, publisher, "a.b");
                publish(router, publisher, byHandle);
                finish(router);
            }
            assertThat(seen).containsExactly("c a.b#3", "c a.b#4", "c a.b#7", "c a.b#8", "c a.b#11", "c a.b#12");
            assertThat(router.statistics().noMatch()).isEqualTo(8);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void eachEventGoesToOneMemberAndAnAggregateStaysWithIts(final Topology topology) {
        final RouterContext context = context(topology)
                .addQueueGroup(new QueueGroupConfig("workers")
                        .patterns("job.>", "job.*")
                        .addMember(new ConsumerConfig("w0"))
                        .addMember(new ConsumerConfig("w1").patterns("direct.w1"))
                        .addMember(new ConsumerConfig("w2")))
                .addConsumer(new ConsumerConfig("all").patterns("job.*"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            for (int i = 0; i < 300; i++) {
                publish(router, publisher, "job." + i % 30);
            }
            for (int id = 0; id < 30; id++) {
                final EventDraft draft = new EventDraft().aggregateId(id);
                publish(router, publisher, draft.subject(bytes("job.by-id"), 0, 9));
                publish(router, publisher, draft.subject(bytes("job.by-id"), 0, 9));
            }
            publish(router, publisher, "direct.w1");
            finish(router);
            final Map<String, String> memberOf = new HashMap<>();
            final Map<String, Integer> eventsOf = new HashMap<>();
            for (final String line : seen) {
                final String member = line.substring(0, line.indexOf(' '));
                final String aggregate = line.substring(line.indexOf(' ') + 1, line.indexOf('#'));
                eventsOf.merge(member, 1, Integer::sum);
                if (!member.equals("all")) {
                    assertThat(memberOf.computeIfAbsent(aggregate, key -> member))
                            .isEqualTo(member);
                }
            }
            assertThat(eventsOf.get("all")).isEqualTo(360);
            assertThat(eventsOf.get("w0") + eventsOf.get("w1") + eventsOf.get("w2"))
                    .isEqualTo(361);
            assertThat(memberOf).containsEntry("direct.w1", "w1").hasSize(61);
            assertThat(eventsOf.values()).as("none is left out").allMatch(events -> events > 20);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aGroupCanBeSubscribedAtRunTimeAndAFullMemberStopsTheRingOnly(final Topology topology) {
        final RouterContext context = context(topology)
                .addQueueGroup(new QueueGroupConfig("g")
                        .addMember(new ConsumerConfig("m0").channelCapacity(1))
                        .addMember(new ConsumerConfig("m1").channelCapacity(1)));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            assertThat(router.subscribe("g", ">")).isTrue();
            for (int i = 0; i < 1_000; i++) {
                publish(router, publisher, "s." + i % 10);
            }
            finish(router);
            assertThat(seen).hasSize(1_000).doesNotHaveDuplicates();
        }
    }

    @Test
    void wrongNamesAndPatternsAreRefused() {
        final RouterContext context =
                context(Topology.INLINE).maxSubjectBytes(10).addConsumer(new ConsumerConfig("c").patterns("a"));
        try (Ringline router = Ringline.start(context)) {
            assertThatThrownBy(() -> router.subscribe("d", "a"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'d'");
            assertThatThrownBy(() -> router.subscribe("c", "a..b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token 2 is empty");
            assertThatThrownBy(() -> router.subscribe("c", "12345678901")).hasMessageContaining("the limit is 10");
            assertThatThrownBy(() -> router.unsubscribe("c", "")).hasMessageContaining("empty");
        }
        assertThatThrownBy(() -> Ringline.start(context.addQueueGroup(new QueueGroupConfig("g"))))
                .hasMessageContaining("queue group 'g' has no member");
        assertThatThrownBy(() -> Ringline.start(context(Topology.INLINE)
                        .addConsumer(new ConsumerConfig("x"))
                        .addQueueGroup(new QueueGroupConfig("x").addMember(new ConsumerConfig("m")))))
                .hasMessageContaining("'x'");
        assertThatThrownBy(() -> new QueueGroupConfig(" ")).hasMessageContaining("blank");
    }
}
