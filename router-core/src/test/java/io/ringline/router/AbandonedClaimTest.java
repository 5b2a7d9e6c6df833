package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.subject.Subject;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Claims that nobody finishes, with the stages on the test's thread and time moved by hand. */
class AbandonedClaimTest {
    private static final long TIMEOUT_NS = 1_000;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[100]);
    private final EventDraft draft = new EventDraft();
    private long now = 5_000;
    private int delivered;

    private Ringline start() {
        return Ringline.start(new RouterContext()
                .topology(Topology.INLINE)
                .publisherType(PublisherType.MULTI)
                .ringSize(16)
                .claimTimeoutNs(TIMEOUT_NS)
                .clock(() -> now)
                .addConsumer(new ConsumerConfig("all").patterns(">")));
    }

    private void turn(final Ringline router) {
        router.doWork();
        router.consumer("all")
                .poll(
                        event -> {
                            delivered++;
                            return Outcome.ACK;
                        },
                        100);
    }

    private EventDraft event(final Subject subject) {
        return draft.reset().subject(subject).payload(payload, 0, 10);
    }

    private static void onThread(final Runnable work) throws InterruptedException {
        final Thread thread = new Thread(work, "test-dies");
        thread.start();
        thread.join();
    }

    @Test
    void aDeadThreadsClaimsAllPassOnceTheTimeIsOverAndNotBefore() throws InterruptedException {
        try (Ringline router = start()) {
            final Subject a = router.subject("a");
            final Publisher lives = router.publisher();
            final Publisher claims = router.publisher();
            final Publisher batches = router.publisher();
            onThread(() -> claims.tryClaim(event(a)));
            lives.tryPublish(a, payload, 0, 10);
            onThread(() -> {
                batches.tryOpenBatch(3);
                batches.tryPublish(a, payload, 0, 10);
            });
            lives.tryPublish(a, payload, 0, 10);
            turn(router);
            now += TIMEOUT_NS - 1;
            turn(router);
            turn(router);
            assertThat(delivered).isZero();
            now++;
            turn(router);
            turn(router);
            assertThat(delivered).isEqualTo(2);
            assertThat(router.statistics().abandoned()).isEqualTo(4);
            assertThat(router.statistics().overdueClaims()).isZero();
            assertThat(router.isQuiet()).isTrue();
            assertThatThrownBy(() -> claims.commit(0)).hasMessageContaining("takeOver()");
            assertThatThrownBy(() -> batches.closeBatch()).hasMessageContaining("takeOver()");
            assertThatThrownBy(() -> batches.tryPublish(a, payload, 0, 10)).hasMessageContaining("takeOver()");
            assertThat(claims.takeOver()).isZero();
            assertThat(batches.takeOver()).isZero();
            claims.tryPublish(a, payload, 0, 10);
            batches.tryOpenBatch(2);
            batches.tryPublish(a, payload, 0, 10);
            batches.closeBatch();
            turn(router);
            assertThat(delivered).isEqualTo(4);
        }
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepADeadThreadsClaimOpen() throws InterruptedException {
        try (Ringline router = start()) {
            final Subject a = router.subject("a");
            final Publisher claims = router.publisher();
            onThread(() -> claims.tryClaim(event(a)));
            router.publisher().tryPublish(a, payload, 0, 10);
            now = TimeUnit.HOURS.toNanos(1);
            turn(router);
            now = 5_000;
            turn(router);
            now += TIMEOUT_NS;
            turn(router);
            turn(router);
            assertThat(router.statistics().abandoned()).isEqualTo(1);
            assertThat(delivered).isEqualTo(1);
        }
    }

    @Test
    void aLivingThreadsClaimIsCountedOnceAndNeverTouched() {
        try (Ringline router = start()) {
            final Subject a = router.subject("a");
            final Publisher lives = router.publisher();
            final Publisher slow = router.publisher();
            final long claim = slow.tryClaim(event(a));
            lives.tryPublish(a, payload, 0, 10);
            for (int i = 0; i < 10; i++) {
                turn(router);
                now += TIMEOUT_NS;
            }
            assertThat(router.statistics().overdueClaims()).isEqualTo(1);
            assertThat(delivered).isZero();
            slow.commit(claim);
            turn(router);
            assertThat(delivered).isEqualTo(2);
            assertThat(router.statistics().abandoned()).isZero();
            final long second = slow.tryClaim(event(a));
            turn(router);
            now += TIMEOUT_NS;
            turn(router);
            assertThat(router.statistics().overdueClaims()).isEqualTo(2);
            slow.abort(second);
        }
    }

    @Test
    void aThreadThatGoesOnWithAClaimIsItsOwnerFromThenOn() throws InterruptedException {
        try (Ringline router = start()) {
            final Subject a = router.subject("a");
            final Publisher handedOn = router.publisher();
            onThread(() -> {
                handedOn.tryOpenBatch(3);
                handedOn.tryPublish(a, payload, 0, 10);
            });
            handedOn.tryPublish(a, payload, 0, 10);
            turn(router);
            now += TIMEOUT_NS;
            turn(router);
            assertThat(router.statistics().abandoned()).isZero();
            assertThat(handedOn.closeBatch()).isEqualTo(2);
            turn(router);
            assertThat(delivered).isEqualTo(2);
        }
    }

    @Test
    void aClaimWhosePublisherNobodyHasPassesThoughItsThreadLives() {
        try (Ringline router = start()) {
            final Subject a = router.subject("a");
            router.publisher().tryClaim(event(a));
            router.publisher().tryPublish(a, payload, 0, 10);
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (delivered == 0 && System.nanoTime() < deadline) {
                System.gc();
                now += TIMEOUT_NS;
                turn(router);
            }
            assertThat(delivered).isEqualTo(1);
            assertThat(router.statistics().abandoned()).isEqualTo(1);
        }
    }

    @Test
    void publishersThatComeAndGoAreForgotten() {
        final ClaimRegistry registry = new ClaimRegistry();
        final Object kept = new Object();
        registry.add(registry.claimOf(kept));
        final OpenClaim open = registry.claimOf(new Object());
        open.open(7, Thread.currentThread());
        registry.add(open);
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        int added = 2;
        do {
            for (int i = 0; i < 1_000; i++) {
                registry.add(registry.claimOf(new Object()));
                added++;
            }
            System.gc();
            registry.add(registry.claimOf(new Object()));
        } while (registry.claims().size() > 1_000 && System.nanoTime() < deadline);
        assertThat(added).isGreaterThan(1_000);
        assertThat(registry.claims()).hasSizeLessThanOrEqualTo(1_000).contains(open);
        assertThat(registry.claims()).anyMatch(claim -> claim.refersTo(kept));
    }
}
