package io.ringline.bench.soak;

import io.ringline.router.journal.DeadLetter;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.DeadLetterReader;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The dead letters of a round, kept here, or on disk as well and read back from there. Slow now and then. */
final class Letters implements DeadLetterSink, AutoCloseable {
    private static final long SLOW_NS = 300_000;

    private final Path dir;
    private final @Nullable DeadLetterLog log;
    private final Random random;
    private final List<Letter> letters = new ArrayList<>();

    /**
     * A dead letter.
     *
     * @param reason         why it is one.
     * @param consumer       whose; empty where it is the router's own.
     * @param attempts       that were made.
     * @param id             of the item; below 0 where it is none.
     * @param globalSequence of the event, or 0.
     * @param firstError     text, or empty.
     * @param error          text, or empty.
     */
    record Letter(
            DeadLetterReason reason,
            String consumer,
            int attempts,
            int id,
            long globalSequence,
            String firstError,
            String error) {}

    Letters(final SoakPlan plan, final Path dir) {
        this.dir = dir;
        this.log = plan.letterLog ? DeadLetterLog.open(dir.toFile(), new JournalSettings().batchBytes(1 << 10)) : null;
        this.random = new Random(plan.seed * 31 + 2);
    }

    @Override
    public void append(
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
        if (random.nextInt(100) == 0) {
            LockSupport.parkNanos(SLOW_NS);
        }
        if (log != null) {
            log.append(
                    reason,
                    consumer,
                    attempts,
                    firstFailureNanos,
                    timeNanos,
                    firstError,
                    error,
                    record,
                    offset,
                    length);
            return;
        }
        final EventRecord event = new EventRecord().wrap(new UnsafeBuffer(record, offset, length), 0);
        add(reason, consumer, attempts, event, firstError == null ? "" : firstError, error == null ? "" : error);
    }

    private synchronized void add(
            final DeadLetterReason reason,
            final String consumer,
            final int attempts,
            final EventRecord event,
            final String firstError,
            final String error) {
        final int id = event.payloadLength() < Item.LEAST_BYTES ? -1 : Item.id(event.buffer(), event.payloadOffset());
        letters.add(new Letter(reason, consumer, attempts, id, event.globalSequence(), firstError, error));
    }

    @Override
    public void flush() {
        if (log != null) {
            log.flush();
        }
    }

    /** All of them, in the order of writing; once the router is closed. */
    synchronized List<Letter> all() {
        if (log != null && letters.isEmpty()) {
            try (DeadLetterReader reader = DeadLetterReader.open(dir.toFile())) {
                final DeadLetter letter = new DeadLetter();
                while (reader.next(letter)) {
                    add(
                            letter.reason(),
                            letter.consumer(),
                            letter.attempts(),
                            letter.record(),
                            letter.firstError(),
                            letter.error());
                }
            }
        }
        return letters;
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
    }
}
