package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.Event;
import io.ringline.sequencer.Ordering;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One recorded input, with the times at which ticks come, gives the same bytes out: run after run, on every JDK, under every
 * topology. The constants are what it gave when this was written; a change of them is a change of the promised order.
 */
class DeterminismContractTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int EVENTS = 6_000;

    private final Random random = new Random(20_261_125); // its numbers are specified, and so the same everywhere
    private final EventDraft draft = new EventDraft();
    private final long[] last = new long[20];
    private final Sum deliveries = new Sum();
    private final Letters letters = new Letters();
    private volatile long now = 1_000;
    private long lastSource;

    /** A checksum over records as they stand in memory. */
    private static class Sum {
        private final CRC32C crc = new CRC32C();

        final void add(final DirectBuffer buffer, final int offset, final int length) {
            final byte[] copy = new byte[length];
            buffer.getBytes(offset, copy);
            crc.update(copy, 0, length);
        }

        final void add(final int number) {
            crc.update(number);
        }

        final String hex() {
            return Long.toHexString(crc.getValue());
        }
    }

    private static final class Letters extends Sum implements DeadLetterSink {
        private int count;

        @Override
        public synchronized void append(
                final DeadLetterReason reason,
                final String consumer,
                final int attempts,
                final long firstFailureNanos,
                final long timeNanos,
                final @Nullable String firstError,
                final @Nullable String error,
                final DirectBuffer record,
                final int offset,
                final int length) {
            count++;
            add(reason.code());
            add(record, offset, length);
        }

        @Override
        public void flush() {
            // nothing is kept back
        }
    }

    private void turn(final Ringline router) {
        router.doWork();
        for (final SubjectConsumer consumer : router.consumers()) {
            consumer.poll(this::onEvent, 1_000);
        }
    }

    private Outcome onEvent(final Event event) {
        deliveries.add(event.buffer(), event.offset(), event.length());
        return Outcome.ACK;
    }

    private void settle(final Ringline router, final boolean untilNothingIsHeld) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        boolean done = false;
        while (!done) {
            final boolean quiet = router.isQuiet()
                    && (!untilNothingIsHeld || router.statistics().heldNow() == 0);
            turn(router);
            done = quiet && router.consumers().stream().allMatch(SubjectConsumer::isEmpty);
            assertThat(System.nanoTime()).as("settled in time").isLessThan(deadline);
        }
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Mostly in turn, often swapped or ahead, now and then lost, sent twice, too far ahead or without a number. */
    private long next(final int aggregate) {
        return switch (random.nextInt(40)) {
            case 0 -> 0;
            case 1 -> last[aggregate] += 2;
            case 2, 3 -> Math.max(1, last[aggregate] - random.nextInt(5));
            case 4 -> last[aggregate] + 1 + random.nextInt(300);
            case 5, 6, 7 -> last[aggregate] + 2 + random.nextInt(3);
            default -> ++last[aggregate];
        };
    }

    private void publish(final Ringline router, final Publisher publisher) {
        final int aggregate = random.nextInt(last.length);
        final UnsafeBuffer subject = bytes("event." + aggregate % 5 + ".x");
        final UnsafeBuffer payload = bytes("payload " + random.nextInt(3));
        final UnsafeBuffer key = bytes("aggregate " + aggregate);
        draft.reset()
                .subject(subject, 0, subject.capacity())
                .sequence(next(aggregate))
                .sourceSequence(random.nextInt(30) == 0 ? lastSource += 2 : ++lastSource)
                .payload(payload, 0, payload.capacity());
        if (aggregate % 2 == 0) {
            draft.aggregateId(aggregate);
        } else {
            draft.aggregate(key, 0, key.capacity());
        }
        final boolean starts = random.nextInt(300) == 0;
        while (starts && publisher.tryStartAt(draft, last[aggregate] + 1 - random.nextInt(3) / 2) < 0) {
            turn(router);
        }
        while (publisher.tryPublish(draft) < 0) {
            turn(router);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, INLINE, 9bf008c6, 0",
        "NONE, FUSED, 9bf008c6, 0",
        "NONE, STAGED, 9bf008c6, 0",
        "AGGREGATE, INLINE, accc0d16, fd0bff0f",
        "AGGREGATE, FUSED, accc0d16, fd0bff0f",
        "AGGREGATE, STAGED, accc0d16, fd0bff0f",
        "GLOBAL, INLINE, f6225231, b1ac0bab",
        "GLOBAL, FUSED, f6225231, b1ac0bab",
        "GLOBAL, STAGED, f6225231, b1ac0bab"
    })
    void theSameInputGivesTheSameBytes(
            final Ordering ordering, final Topology topology, final String delivered, final String lettered) {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .ordering(ordering)
                .ringSize(128)
                .maxBufferSize(20)
                .maxHeld(60)
                .maxAggregates(15)
                .sequenceTimeoutNs(TIMEOUT_NS)
                .clock(() -> now)
                .deadLetters(letters)
                .addConsumer(new ConsumerConfig("all").patterns(">"));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            for (int i = 1; i <= EVENTS; i++) {
                publish(router, publisher);
                if (i % 250 == 0) { // what is held is due at once, in one tick
                    settle(router, false);
                    now = i * TIMEOUT_NS;
                    settle(router, true);
                }
            }
            assertThat(router.statistics().forcedByTimeout() > 0).isEqualTo(ordering != Ordering.NONE);
            assertThat(letters.count > 0).isEqualTo(ordering != Ordering.NONE);
            assertThat(deliveries.hex() + " " + letters.hex()).isEqualTo(delivered + " " + lettered);
        }
    }
}
