package io.ringline.router.consumer;

import io.ringline.router.journal.JournalException;
import io.ringline.router.journal.JournalReader;
import io.ringline.router.journal.ReadableJournal;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer's side of {@link ReplayGate}: hands out events from the channel, or, where that was full, from the journal,
 * as one stream in the order of {@code globalSequence}, the same events either way. The polling thread. Allocates only where a consumer leaves its channel for the first time.
 *
 * <p>A journal that cannot be read stops this consumer at that place, for good: it is logged once and shown by the gate.
 */
public final class ReplayReader {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayReader.class);

    // So that a poll whose events are rare returns soon all the same.
    private static final int MAX_RECORDS = 2_048;
    private static final int MAX_EXCERPTS = 256;

    private final ReplayGate gate;
    private final ReadableJournal journal;
    private final ConsumerMatch match;
    private final int near;
    private final EventRecord record = new EventRecord();
    private @Nullable JournalReader reader;
    private long from; // of the absence whose events are being read from the journal; 0: the channel is read
    private long position; // last event of the journal that is done with
    private boolean found; // the reader has come to the excerpt that has the first of them
    private boolean waiting; // the record is one that was not taken

    /**
     * A reader for a consumer that is live.
     *
     * @param gate            shared with the fan-out stage.
     * @param journal         has all that is fanned out.
     * @param match           which of it the consumer gets.
     * @param channelCapacity events that the channel holds: well before as many are left, the consumer asks for it.
     */
    public ReplayReader(
            final ReplayGate gate,
            final ReadableJournal journal,
            final ConsumerMatch match,
            final int channelCapacity) {
        this.gate = gate;
        this.journal = journal;
        this.match = match;
        this.near = channelCapacity / 4;
    }

    /** What the fan-out stage's side looks at. */
    ReplayGate gate() {
        return gate;
    }

    /** Whether there may be something although the channel is empty: it must be polled until this is false. */
    boolean isAway() {
        return !gate.isLive();
    }

    /** Hands out what is there; answers as {@code ChannelReader.read} does. Never throws. */
    int read(final SubjectConsumer consumer, final int limit) {
        if (from != 0) {
            return gate.failure() == null ? readJournal(consumer, limit) : 0;
        }
        final long detachedFrom = gate.detachedFrom(); // before the channel, which then holds all that is below
        final int answer = consumer.readChannel(limit);
        if (answer >= 0 && answer < limit && !gate.isMerged(detachedFrom)) {
            from = detachedFrom;
            position = detachedFrom - 1;
            found = false;
        }
        return answer;
    }

    private int readJournal(final SubjectConsumer consumer, final int limit) {
        final long fannedOut = gate.fannedOut(); // before liveFrom: see ReplayGate
        final long liveFrom = gate.liveFrom();
        final boolean admitted = liveFrom > from;
        final long end = admitted ? liveFrom - 1 : fannedOut;
        int taken = 0;
        boolean left = false;
        for (int i = 0; i < MAX_RECORDS && taken < limit && position < end; i++) {
            if (!waiting && !next()) {
                break;
            }
            if (waiting) {
                left = !consumer.onRecord(record);
                if (left) {
                    break;
                }
                waiting = false;
                taken++;
                position = record.globalSequence();
            }
        }
        gate.position(position, taken);
        goBack(admitted, end);
        return left ? ~taken : taken;
    }

    private void goBack(final boolean admitted, final long end) {
        if (admitted && position == end) {
            gate.merge(from);
            from = 0;
        } else if (!admitted && end - position <= near) {
            gate.request(from);
        }
    }

    /**
     * Goes to the next record; it is {@link #waiting} where it is the consumer's, else {@link #position} has passed it. False
     * where that takes longer than it may, or cannot be.
     */
    private boolean next() {
        try {
            final JournalReader in = reader == null ? journal.readFrom(from) : reader;
            reader = in;
            if (!found) {
                found = in.skipTo(from, MAX_EXCERPTS);
                return found;
            }
            if (!in.next(record)) {
                throw new JournalException("event " + (position + 1) + " is not in the journal after " + in.place()
                        + " although it was written: has somebody removed files?");
            }
            if (record.type() == RecordType.EVENT && record.globalSequence() > position) {
                waiting = match.matches(record, in);
                position = waiting ? position : record.globalSequence();
            }
            return true;
        } catch (final RuntimeException | InternalError ex) {
            fail(ex);
            return false;
        }
    }

    private void fail(final Throwable ex) {
        final RuntimeException cause = ex instanceof RuntimeException known
                ? known
                : new JournalException("the journal cannot be read after event " + position + " (" + ex + ")", ex);
        gate.fail(cause);
        LOG.error(
                "a consumer that overflowed (REPLAY) stops after event {}: it cannot read on from the journal. Repair or"
                        + " replace the disk, and start the router again",
                position,
                cause);
        close();
    }

    /** Lets go of the journal's files. The polling thread, when it polls no more. */
    void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
