package io.ringline.router.consumer;

import io.ringline.router.journal.JournalDamagedException;
import io.ringline.router.journal.JournalException;
import io.ringline.router.journal.JournalReader;
import io.ringline.router.journal.ReadableJournal;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer's place in the journal. Its files are open only while the consumer is away. Where it cannot read on, it opens them
 * anew at the same event after a while, and again after twice as long, up to ten seconds; but bytes that are wrong stop it there
 * for good. Either way is shown by the gate and logged once. The polling thread, except {@link #close()}.
 */
public final class JournalCursor {
    private static final Logger LOG = LoggerFactory.getLogger(JournalCursor.class);

    /** So that a poll that has much to pass over returns soon all the same. */
    private static final int MAX_BYTES = 1 << 20;

    private static final long FIRST_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_WAIT_NS = TimeUnit.SECONDS.toNanos(10);
    /** Made beforehand: where there is no memory, there is none for this. */
    private final JournalException noMemory =
            new JournalException("there is no memory to read the journal with: give the JVM more (-Xmx)", null);

    private final String consumer;
    private final ReplayGate gate;
    private final ReadableJournal journal;
    private final ConsumerMatch match;
    private final EpochNanoClock clock;
    private final EventRecord record = new EventRecord();
    private final FileTurns turns = new FileTurns(this::drop);
    private @Nullable JournalReader reader;
    private long position; // last event of the journal that is done with
    private long bytesBefore;
    private boolean found; // the reader has come to the excerpt that has the next one
    private boolean waiting; // the record is one that was not taken
    private boolean damaged;
    private long waitNs; // from the last failure on; 0 where the last try did not fail
    private long failedNanos;

    /**
     * A cursor that is nowhere.
     *
     * @param consumer whose; its name.
     * @param gate     shows what goes wrong.
     * @param journal  has all that is fanned out.
     * @param match    which of it the consumer gets.
     * @param clock    nanoseconds, for waits.
     */
    public JournalCursor(
            final String consumer,
            final ReplayGate gate,
            final ReadableJournal journal,
            final ConsumerMatch match,
            final EpochNanoClock clock) {
        this.consumer = consumer;
        this.gate = gate;
        this.journal = journal;
        this.match = match;
        this.clock = clock;
    }

    /** Whether bytes are wrong, and nothing more can be read. */
    boolean isDamaged() {
        return damaged;
    }

    /** See {@link ConsumerMatch#keep}. */
    void keepAggregates() {
        match.keep();
    }

    /** Goes to an event, which is the next. */
    void start(final long globalSequence) {
        position = globalSequence - 1;
        found = false;
    }

    /** Begins a poll, which {@link #end} is to end. @return false where there is to be none, as files are being closed. */
    boolean begin() {
        if (!turns.begin()) {
            return false;
        }
        bytesBefore = reader == null ? 0 : reader.bytesRead();
        return true;
    }

    /** Ends a poll. */
    void end() {
        turns.end();
    }

    /** The last event that is done with, one that others only wanted included. */
    long position() {
        return position;
    }

    /** Whether {@link #record()} is the consumer's next event. */
    boolean isWaiting() {
        return waiting;
    }

    EventRecord record() {
        return record;
    }

    /** The consumer has the event. */
    void take() {
        waiting = false;
        position = record.globalSequence();
    }

    /**
     * Goes to the next record; it {@link #isWaiting()} where it is the consumer's, else {@link #position()} has passed it.
     *
     * @return false where that takes longer than it may, or cannot be.
     */
    boolean next() {
        if (turns.isClosed() || damaged || isTooSoon()) {
            return false;
        }
        try {
            final JournalReader in = reader == null ? open() : reader;
            if (in.bytesRead() - bytesBefore >= MAX_BYTES) {
                return false;
            }
            if (!found) {
                found = in.skipTo(position + 1, MAX_BYTES);
                return found;
            }
            if (!in.next(record)) {
                throw new JournalException("event " + (position + 1) + " is not in the journal after " + in.place()
                        + " although it was written: has somebody removed files?");
            }
            if (waitNs != 0) {
                recovered();
            }
            if (record.type() == RecordType.EVENT && record.globalSequence() > position) {
                waiting = match.matches(record, in);
                position = waiting ? position : record.globalSequence();
            }
            return true;
        } catch (final RuntimeException | InternalError | OutOfMemoryError failure) {
            onFailure(failure);
            return false;
        }
    }

    private JournalReader open() {
        final JournalReader in = journal.readFrom(position + 1);
        reader = in;
        found = false;
        bytesBefore = 0;
        return in;
    }

    private boolean isTooSoon() {
        if (waitNs == 0) {
            return false;
        }
        final long passed = clock.nanoTime() - failedNanos;
        return passed >= 0 && passed < waitNs; // below 0: the clock was set
    }

    private void onFailure(final Throwable failure) {
        drop();
        final boolean first = waitNs == 0;
        waitNs = first ? FIRST_WAIT_NS : Math.min(2 * waitNs, LONGEST_WAIT_NS);
        failedNanos = clock.nanoTime();
        damaged = failure instanceof JournalDamagedException bytes && !bytes.isReadError();
        try {
            gate.fail(
                    failure instanceof RuntimeException known
                            ? known
                            : new JournalException(
                                    "the journal cannot be read after event " + position + " (" + failure + ")",
                                    failure));
            if (damaged) {
                LOG.error(
                        "consumer '{}', which overflowed (REPLAY), stops after event {}: the journal is damaged there. See to"
                                + " the disk, and start the router again",
                        consumer,
                        position,
                        failure);
            } else if (first) {
                LOG.error(
                        "consumer '{}', which overflowed (REPLAY), cannot read on from the journal after event {}. It tries"
                                + " again and again: see to the disk",
                        consumer,
                        position,
                        failure);
            }
        } catch (final OutOfMemoryError none) {
            gate.fail(noMemory);
        }
    }

    private void recovered() {
        waitNs = 0;
        gate.fail(null);
        LOG.warn("consumer '{}' reads on from the journal again, after event {}", consumer, position);
    }

    /** Lets go of the files, until the consumer is away again. In a poll only. */
    void drop() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Reads no more, and lets go of the files: at once, or when the poll ends that reads them. Any thread. */
    void close() {
        turns.close();
    }
}
