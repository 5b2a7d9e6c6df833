package io.ringline.router.consumer;

/**
 * The consumer's side of {@link ReplayGate}: hands out events from the channel, or, where that was full, from the journal,
 * as one stream in the order of {@code globalSequence}, the same events either way. The polling thread.
 */
public final class ReplayReader {
    // So that a poll whose events are rare returns soon all the same.
    private static final int MAX_RECORDS = 2_048;

    private final ReplayGate gate;
    private final JournalCursor cursor;
    private final int near;
    private long until = Long.MAX_VALUE;
    private long from; // of the absence whose events are being read from the journal; 0: the channel is read

    /**
     * A reader for a consumer that is live.
     *
     * @param gate            shared with the fan-out stage.
     * @param cursor          the consumer's own.
     * @param channelCapacity events that the channel holds: well before as many are left, the consumer asks for it.
     */
    public ReplayReader(final ReplayGate gate, final JournalCursor cursor, final int channelCapacity) {
        this.gate = gate;
        this.cursor = cursor;
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

    /** Reads no further in the journal than to an event; all after it are another consumer's. */
    void readUntil(final long globalSequence) {
        until = globalSequence;
    }

    /** Whether all up to that event is read, or cannot be, of which the channel has nothing more. */
    boolean isThrough() {
        return from == 0 ? gate.isLive() : cursor.position() >= until || cursor.isDamaged();
    }

    /** How many events up to that one there may be that cannot be read. */
    long unreadable() {
        return cursor.isDamaged() ? Math.max(0, until - cursor.position()) : 0;
    }

    /** Goes on with the aggregates that the consumer has now, though it is to lose them. */
    void keepAggregates() {
        cursor.keepAggregates();
    }

    /** Hands out what is there; answers as {@code ChannelReader.read} does. Never throws. */
    int read(final SubjectConsumer consumer, final int limit) {
        if (from != 0 && until != Long.MAX_VALUE && cursor.isDamaged()) {
            return consumer.channelRead().applyAsInt(limit); // all that can be had yet
        }
        if (from != 0) {
            return cursor.begin() ? readJournal(consumer, limit) : 0;
        }
        final int answer = gate.readChannel(consumer.channelRead(), limit);
        from = gate.drained();
        if (from != 0) {
            cursor.start(from);
        }
        return answer;
    }

    private int readJournal(final SubjectConsumer consumer, final int limit) {
        gate.look(from);
        int taken = 0;
        boolean left = false;
        for (int i = 0; i < MAX_RECORDS && taken < limit && cursor.position() < Math.min(gate.end(), until); i++) {
            if (!cursor.isWaiting() && !cursor.next()) {
                break;
            }
            if (cursor.isWaiting()) {
                left = !consumer.onRecord(cursor.record());
                if (left) {
                    break;
                }
                cursor.take();
                taken++;
            }
        }
        gate.position(cursor.position(), taken);
        goBack();
        cursor.end();
        return left ? ~taken : taken;
    }

    private void goBack() {
        if (gate.isAdmitted() && cursor.position() == gate.end()) {
            cursor.drop();
            gate.merge(from);
            from = 0;
        } else if (!gate.isAdmitted() && gate.end() - cursor.position() <= near) {
            gate.request(from);
        }
    }

    /** Reads the journal no more, and lets go of its files. Any thread. */
    void close() {
        cursor.close();
    }
}
