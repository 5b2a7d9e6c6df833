package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.subject.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several claims at once: what is seen when, what is counted, and what is refused. One thread, INLINE. */
class BatchPublishTest {
    private static final int RING = 16;

    private final List<String> seen = new ArrayList<>();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[3_000]);

    private static Ringline start(final PublisherType type) {
        return Ringline.start(new RouterContext()
                .topology(Topology.INLINE)
                .publisherType(type)
                .ringSize(RING)
                .largeBuffers(2)
                .addConsumer(new ConsumerConfig("all").patterns(">")));
    }

    private void turn(final Ringline router) {
        router.doWork();
        router.consumer("all")
                .poll(
                        event -> {
                            seen.add(event.subject() + " " + event.aggregateSequence());
                            return Outcome.ACK;
                        },
                        100);
    }

    private long publish(final Publisher publisher, final Subject subject) {
        return publisher.tryPublish(subject, payload, 0, 10);
    }

    private static EventDraft draft(final String subject, final UnsafeBuffer payload, final int length) {
        final UnsafeBuffer name = new UnsafeBuffer(subject.getBytes(StandardCharsets.UTF_8));
        return new EventDraft().subject(name, 0, name.capacity()).payload(payload, 0, length);
    }

    @ParameterizedTest
    @EnumSource(PublisherType.class)
    void aBatchIsSeenWhenItIsClosedInOrderAndWhole(final PublisherType type) {
        try (Ringline router = start(type)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            assertThat(publish(publisher, a)).isZero();
            assertThat(publisher.tryOpenBatch(4)).isEqualTo(4);
            assertThat(publish(publisher, a)).isEqualTo(1);
            assertThat(publisher.tryPublish(draft("b", payload, 7))).isEqualTo(2);
            assertThat(publisher.tryPublish(payload, 0, 0, payload, 0, 0)).isEqualTo(Publisher.INVALID_SUBJECT);
            final long claim = publisher.tryClaim(draft("c", payload, 3_000));
            assertThat(claim).isEqualTo(3);
            turn(router);
            publisher.commit(claim);
            turn(router);
            assertThat(seen).containsExactly("a 1");
            assertThat(publish(publisher, a)).isEqualTo(4);
            assertThat(publish(publisher, a)).isEqualTo(Publisher.BACK_PRESSURED);
            assertThat(publisher.closeBatch()).isEqualTo(4);
            turn(router);
            assertThat(seen).containsExactly("a 1", "a 2", "b 1", "c 1", "a 3");
            assertThat(publish(publisher, a)).isEqualTo(5);
            turn(router);
            assertThat(seen).hasSize(6);
            assertThat(router.statistics().unused()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(PublisherType.class)
    void slotsWithoutAnEventAreNotClaimedOrCountedApart(final PublisherType type) {
        try (Ringline router = start(type)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            for (int lap = 0; lap < 5; lap++) {
                assertThat(publisher.tryOpenBatch(10)).isEqualTo(10);
                assertThat(publisher.freeCapacity()).isEqualTo(6);
                assertThat(publish(publisher, a)).isNotNegative();
                assertThat(publish(publisher, a)).isNotNegative();
                publisher.abort(publisher.tryClaim(draft("c", payload, 1)));
                assertThat(publisher.freeCapacity()).isEqualTo(6);
                assertThat(publisher.closeBatch()).isEqualTo(3);
                assertThat(publisher.freeCapacity()).isEqualTo(type == PublisherType.SINGLE ? 13 : 6);
                turn(router);
                assertThat(publisher.freeCapacity()).isEqualTo(RING);
                assertThat(publisher.tryOpenBatch(3)).isEqualTo(3);
                assertThat(publisher.closeBatch()).isZero();
                turn(router);
            }
            assertThat(seen).hasSize(10).last().isEqualTo("a 10");
            final RouterStatistics totals = router.statistics();
            assertThat(totals.aborted()).isEqualTo(5);
            assertThat(totals.unused()).isEqualTo(type == PublisherType.SINGLE ? 0 : 50);
            assertThat(totals.abandoned()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(PublisherType.class)
    void aBatchIsAsLargeAsThereIsRoomFor(final PublisherType type) {
        try (Ringline router = start(type)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            for (int i = 0; i < 11; i++) {
                publish(publisher, a);
            }
            assertThat(publisher.tryOpenBatch(Integer.MAX_VALUE)).isEqualTo(5);
            for (int i = 0; i < 5; i++) {
                assertThat(publish(publisher, a)).isEqualTo(11 + i);
            }
            assertThat(publisher.closeBatch()).isEqualTo(5);
            assertThat(publisher.tryOpenBatch(1)).isEqualTo((int) Publisher.BACK_PRESSURED);
            assertThatThrownBy(publisher::closeBatch).hasMessageContaining("tryOpenBatch");
            turn(router);
            assertThat(seen).hasSize(16);
            router.close();
            assertThat(publisher.tryOpenBatch(1)).isEqualTo((int) Publisher.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource(PublisherType.class)
    void whatMakesNoSenseWithinABatchIsRefusedAndChangesNothing(final PublisherType type) {
        try (Ringline router = start(type)) {
            final Publisher publisher = router.publisher();
            final Subject a = router.subject("a");
            assertThatThrownBy(() -> publisher.tryOpenBatch(0)).isInstanceOf(IllegalArgumentException.class);
            assertThat(publisher.tryOpenBatch(4)).isEqualTo(4);
            assertThatThrownBy(() -> publisher.tryOpenBatch(1)).hasMessageContaining("closeBatch()");
            assertThatThrownBy(() -> publisher.publish(draft("a", payload, 1), 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closeBatch()");
            assertThatThrownBy(() -> publisher.tryPublishBatch(new EventDraft[] {draft("a", payload, 1)}, 0, 1))
                    .isInstanceOf(IllegalStateException.class);
            if (type == PublisherType.SINGLE) {
                assertThatThrownBy(router::releaseHeld).isInstanceOf(IllegalStateException.class);
            }
            publish(publisher, a);
            final long claim = publisher.tryClaim(draft("a", payload, 1));
            assertThatThrownBy(publisher::closeBatch).hasMessageContaining("claim 1 is open");
            assertThatThrownBy(() -> publish(publisher, a)).hasMessageContaining("claim 1 is open");
            publisher.commit(claim);
            assertThatThrownBy(() -> publisher.commit(claim)).isInstanceOf(IllegalArgumentException.class);
            assertThat(publisher.closeBatch()).isEqualTo(2);
            turn(router);
            assertThat(seen).containsExactly("a 1", "a 2");
        }
    }

    @ParameterizedTest
    @EnumSource(PublisherType.class)
    void draftsGoInUpToTheFirstThatIsRefusedOrThrows(final PublisherType type) {
        try (Ringline router = start(type)) {
            final Publisher publisher = router.publisher();
            final EventDraft good = draft("a", payload, 10);
            final EventDraft bad = draft("a..b", payload, 10);
            final EventDraft outside = draft("a", payload, 10).payload(payload, 2_999, 2);
            final EventDraft[] drafts = {good, good, bad, good, outside, good, good};
            assertThat(publisher.tryPublishBatch(drafts, 0, 7)).isEqualTo(2);
            turn(router);
            assertThat(publisher.tryPublishBatch(drafts, 2, 5)).isEqualTo(Publisher.INVALID_SUBJECT);
            assertThat(publisher.tryPublishBatch(drafts, 3, 4)).isEqualTo(1);
            turn(router);
            assertThatThrownBy(() -> publisher.tryPublishBatch(drafts, 4, 3))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> publisher.tryPublishBatch(drafts, 5, 3))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(publisher.tryPublishBatch(drafts, 5, 2)).isEqualTo(2);
            turn(router);
            assertThat(seen).containsExactly("a 1", "a 2", "a 3", "a 4", "a 5");
            for (int i = 0; i < 13; i++) {
                publish(publisher, router.subject("b"));
            }
            assertThat(publisher.tryPublishBatch(new EventDraft[] {good, good, good, good}, 0, 4))
                    .isEqualTo(3);
            assertThat(publisher.tryPublishBatch(drafts, 0, 1)).isEqualTo(Publisher.BACK_PRESSURED);
            turn(router);
            assertThat(seen).hasSize(21).last().isEqualTo("a 8");
        }
    }

    @ParameterizedTest
    @EnumSource(PublisherType.class)
    void largeBuffersBoundABatchToo(final PublisherType type) {
        try (Ringline router = start(type)) {
            final Publisher publisher = router.publisher();
            final EventDraft large = draft("a", payload, 3_000);
            final EventDraft[] drafts = {large, large, large};
            for (int lap = 0; lap < 20; lap++) {
                assertThat(publisher.tryPublishBatch(drafts, 0, 3)).isEqualTo(2);
                assertThat(publisher.tryPublishBatch(drafts, 2, 1)).isEqualTo(Publisher.BACK_PRESSURED);
                turn(router);
                assertThat(seen).hasSize(2 * lap + 2);
            }
        }
    }

    /** What an unused slot held a lap ago must not be given back a second time. */
    @ParameterizedTest
    @EnumSource(value = PublisherType.class, names = "MULTI")
    void unusedAndAbandonedSlotsGiveNothingBack(final PublisherType type) {
        try (Ringline router = start(type)) {
            final Publisher first = router.publisher();
            final Publisher second = router.publisher();
            final EventDraft large = draft("a", payload, 3_000);
            for (int i = 0; i < RING; i++) {
                assertThat(first.tryPublish(large)).isNotNegative();
                turn(router);
            }
            for (final boolean closes : new boolean[] {true, false}) {
                final long claim = second.tryClaim(large); // keeps one of the two
                assertThat(claim).isNotNegative();
                assertThat(first.tryOpenBatch(8)).isEqualTo(8);
                second.commit(claim);
                turn(router);
                final long other = second.tryClaim(large);
                assertThat(closes ? first.closeBatch() : first.takeOver()).isEqualTo(closes ? 0 : 8);
                turn(router);
                assertThat(first.tryPublish(large)).isNotNegative();
                assertThat(first.tryPublish(large)).isEqualTo(Publisher.BACK_PRESSURED);
                second.commit(other);
                turn(router);
            }
            assertThat(router.statistics().unused()).isEqualTo(8);
            assertThat(router.statistics().abandoned()).isEqualTo(8);
            assertThat(seen).hasSize(RING + 6);
        }
    }
}
