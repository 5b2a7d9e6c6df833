package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryQueueTest {
    private static final int EVENTS = 2_000;

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());

    /** Failures at random times, so often; the events in the order in which they come again. */
    private List<WaitingEvent> replay(final RetryPolicy policy) {
        final Random random = new Random(seed);
        final RetryQueue retries = new RetryQueue(policy, EVENTS);
        retries.prepare();
        final List<WaitingEvent> again = new ArrayList<>();
        long now = 0;
        for (int i = 1; i <= EVENTS; i++) {
            now += random.nextInt(20);
            final WaitingEvent event = new WaitingEvent();
            event.globalSequence = i;
            retries.add(event, random.nextInt(8), now);
        }
        for (WaitingEvent next = retries.next(now + 100, 1); next != null; next = retries.next(now + 100, 1)) {
            again.add(next);
        }
        return again;
    }

    @Test
    void eventsComeInTheOrderOfTheirTimesWithAndWithoutJitter() {
        System.out.println("RetryQueueTest seed " + seed);
        for (final RetryPolicy policy : List.of(
                new RetryPolicy(5, 10, 100),
                new RetryPolicy(Integer.MAX_VALUE, 0, 0),
                new RetryPolicy(1, 10, 10),
                new RetryPolicy(5, 10, 100, 0.5, seed))) {
            final List<WaitingEvent> again = replay(policy);
            assertThat(again).hasSize(EVENTS);
            assertThat(again).as("seed %d %s", seed, policy).isSortedAccordingTo(WaitingEvent::byNextTry);
        }
    }

    @Test
    void oneThatIsReadyAndARetryComeByTurns() {
        final RetryQueue retries = new RetryQueue(new RetryPolicy(3, 10, 10), 8);
        for (int i = 1; i <= 6; i++) {
            final WaitingEvent event = new WaitingEvent();
            event.globalSequence = i;
            if (i % 2 == 0) {
                retries.addReady(event);
            } else {
                retries.add(event, 1, 0);
            }
        }
        final List<Long> again = new ArrayList<>();
        assertThat(retries.next(9, 1))
                .as("the retries are not due")
                .extracting(e -> e.globalSequence)
                .isEqualTo(2L);
        for (WaitingEvent next = retries.next(10, 1); next != null; next = retries.next(10, 1)) {
            again.add(next.globalSequence);
        }
        assertThat(again).containsExactly(1L, 4L, 3L, 6L, 5L);
    }

    @Test
    void aRetryThatIsDueSoonerThanAllBeforeItIsNotKeptWaiting() {
        final RetryQueue retries = new RetryQueue(new RetryPolicy(3, 10, 1_000), 8);
        for (int i = 1; i <= 4; i++) {
            final WaitingEvent event = new WaitingEvent();
            event.globalSequence = i;
            retries.add(event, 4 - i, 0); // 40, 20 and 10 ns later, and at once
            assertThat(retries.next(i < 4 ? 9 : -1, 1)).isNull();
        }
        final List<Long> again = new ArrayList<>();
        for (int now = 0; now <= 40; now++) {
            for (WaitingEvent next = retries.next(now, 1); next != null; next = retries.next(now, 1)) {
                again.add(100L * now + next.globalSequence);
            }
        }
        assertThat(again).containsExactly(4L, 1_003L, 2_002L, 4_001L);
    }
}
