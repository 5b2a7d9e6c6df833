package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.ConsumerPoller;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.subject.Subject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ten thousand changes of subscriptions a second while events flow: who was subscribed from before an event was accepted until
 * it was matched gets it, once; who was not does not. An event whose subject's subscription changes meanwhile may go either
 * way.
 */
class SubscribeSystemTest {
    private static final int SUBJECTS = 200;
    private static final int CHANGES = 20_000;
    private static final long CHANGE_EVERY_NS = TimeUnit.SECONDS.toNanos(1) / 10_000;
    private static final int EVENTS = 4_000_000;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private static final byte MUST = 1;
    private static final byte MUST_NOT = 2;

    /** Of each subject: odd while its subscription changes; then, from the lowest bits up, 0, whether it is subscribed. */
    private final AtomicIntegerArray states = new AtomicIntegerArray(SUBJECTS);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final int[] stateBefore = new int[EVENTS];
    private final byte[] expected = new byte[EVENTS];
    private final byte[] flips = new byte[EVENTS];
    private final byte[] steady = new byte[EVENTS];
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[4]);
    private int published;

    private static String subject(final int i) {
        return "s." + i + ".x";
    }

    private void change(final Ringline router, final long seed) {
        final Random random = new Random(seed);
        final long start = System.nanoTime();
        for (int i = 0; i < CHANGES; i++) {
            while (System.nanoTime() - start < i * CHANGE_EVERY_NS) {
                LockSupport.parkNanos(1_000);
            }
            final int at = random.nextInt(SUBJECTS);
            final int before = states.get(at);
            final boolean subscribed = (before & 2) != 0;
            states.set(at, before + 1);
            // Two patterns lead to the subject, so that the consumer's set changes in different places of the tree.
            final String pattern = at % 2 == 0 ? subject(at) : "*." + at + ".>";
            final boolean changed =
                    subscribed ? router.unsubscribe("flips", pattern) : router.subscribe("flips", pattern);
            if (!changed) {
                throw new IllegalStateException("a change changed nothing: " + pattern);
            }
            states.set(at, before + 4 ^ 2);
        }
    }

    private void publish(final Publisher publisher, final int at, final Subject handle, final Runnable turn) {
        payload.putInt(0, published);
        final UnsafeBuffer name = new UnsafeBuffer(subject(at).getBytes(StandardCharsets.US_ASCII));
        int before = states.get(at);
        while ((published % 3 == 0
                        ? publisher.tryPublish(handle, payload, 0, 4)
                        : publisher.tryPublish(name, 0, name.capacity(), payload, 0, 4))
                < 0) {
            turn.run();
            before = states.get(at); // what was refused was not accepted
        }
        stateBefore[published++] = before;
    }

    /** An event has arrived where all do, so it was matched: with what, is certain if nothing has changed since before. */
    private void onSteady(final int number, final String subject) {
        steady[number]++;
        final int before = stateBefore[number];
        final int at = Integer.parseInt(subject.substring(2, subject.length() - 2));
        if ((before & 1) == 0 && states.get(at) == before) {
            expected[number] = (before & 2) != 0 ? MUST : MUST_NOT;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Topology.class,
            names = {"FUSED", "STAGED"})
    void noEventIsLostAndNoneGoesAstray(final Topology topology) throws Exception {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        System.out.println("SubscribeSystemTest seed " + seed);
        final RouterContext context = new RouterContext()
                .topology(topology)
                .addConsumer(new ConsumerConfig("flips"))
                .addConsumer(new ConsumerConfig("steady").patterns("s.>"));
        try (Ringline router = Ringline.start(context)) {
            final ConsumerPoller flipping = router.poller(List.of(router.consumer("flips")), event -> {
                flips[event.buffer().getInt(event.payloadOffset())]++;
                return Outcome.ACK;
            });
            final ConsumerPoller constant = router.poller(List.of(router.consumer("steady")), event -> {
                onSteady(event.buffer().getInt(event.payloadOffset()), event.subject());
                return Outcome.ACK;
            });
            final Runnable turn = () -> {
                if (flipping.poll(100) + constant.poll(100) == 0) {
                    Thread.yield();
                }
            };
            final Thread changer = new Thread(() -> change(router, seed));
            changer.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
            final Publisher publisher = router.publisher();
            final Subject[] handles = new Subject[SUBJECTS];
            for (int i = 0; i < SUBJECTS; i++) {
                handles[i] = router.subject(subject(i));
            }
            changer.start();
            final Random random = new Random(seed + 1);
            while (changer.isAlive() && published < EVENTS) {
                final int at = random.nextInt(SUBJECTS);
                publish(publisher, at, handles[at], turn);
                if (published % 16 == 0) {
                    turn.run();
                }
            }
            changer.join();
            final long deadline = System.nanoTime() + LIMIT_NS;
            while (!router.drain(1).complete() && System.nanoTime() < deadline) {
                turn.run();
            }
            assertThat(failure.get()).isNull();
            assertThat(router.failure()).isNull();
        }
        check(seed);
    }

    private void check(final long seed) {
        int must = 0;
        int mustNot = 0;
        for (int i = 0; i < published; i++) {
            if (steady[i] != 1) {
                throw new AssertionError("seed " + seed + ": event " + i + " reached steady " + steady[i] + " times");
            }
            final boolean right =
                    expected[i] == MUST ? flips[i] == 1 : flips[i] == 0 || expected[i] == 0 && flips[i] == 1;
            if (!right) {
                throw new AssertionError("seed " + seed + ": event " + i + " of " + published + ", expected "
                        + expected[i] + ", reached flips " + flips[i] + " times");
            }
            must += expected[i] == MUST ? 1 : 0;
            mustNot += expected[i] == MUST_NOT ? 1 : 0;
        }
        System.out.printf("SubscribeSystemTest %,d events, %,d must, %,d must not%n", published, must, mustNot);
        assertThat(must).isGreaterThan(1_000);
        assertThat(mustNot).isGreaterThan(1_000);
    }
}
