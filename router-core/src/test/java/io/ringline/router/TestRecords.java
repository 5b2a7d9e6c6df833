package io.ringline.router;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Records for tests. */
public final class TestRecords {
    private TestRecords() {}

    /** A record with a subject, numbers and a payload of a given size filled from its global sequence. */
    public static EventRecord event(final String subject, final long globalSequence, final int payloadBytes) {
        final byte[] name = subject.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[EventRecord.HEADER_BYTES + name.length + payloadBytes]);
        final EventRecord record = new EventRecord().wrap(memory, 0);
        record.init(RecordType.EVENT, 0, name.length, 0, 0, payloadBytes);
        memory.putBytes(record.subjectOffset(), name);
        for (int i = 0; i < payloadBytes; i++) {
            memory.putByte(record.payloadOffset() + i, (byte) (globalSequence * 31 + i));
        }
        return record.globalSequence(globalSequence);
    }
}
