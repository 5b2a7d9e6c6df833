package io.ringline.router;

import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Dead letters in a list: consumer, subject, reason. */
final class LetterLog implements DeadLetterSink {
    final List<String> written = new ArrayList<>();
    private final EventRecord record = new EventRecord();

    @Override
    public void append(
            final DeadLetterReason reason,
            final String consumer,
            final int attempts,
            final long firstFailureNanos,
            final long timeNanos,
            final @Nullable String firstError,
            final @Nullable String error,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        record.wrap(new UnsafeBuffer(buffer), offset);
        written.add(consumer + " " + record.subject() + " " + reason);
    }

    @Override
    public void flush() {
        // a list is safe at once
    }
}
