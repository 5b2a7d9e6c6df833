package io.ringline.router.channel;

import io.ringline.router.record.EventRecord;
import java.util.function.Predicate;

/** A reader that asks a function. */
final class TestReader extends ChannelReader {
    private final Predicate<EventRecord> receiver;

    TestReader(final Channel channel, final Predicate<EventRecord> receiver) {
        super(channel);
        this.receiver = receiver;
    }

    /** Reads; an answer below 0 says that the last record was left. */
    int poll(final int limit) {
        return read(limit);
    }

    @Override
    protected boolean onRecord(final EventRecord event) {
        return receiver.test(event);
    }
}
