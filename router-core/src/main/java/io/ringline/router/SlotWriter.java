package io.ringline.router;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import io.ringline.router.stage.SlotMemory;
import io.ringline.router.subject.Subject;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Writes what a publisher has to say into the slot that it has claimed. */
final class SlotWriter {
    private final UnsafeBuffer buffer;

    SlotWriter(final SlotMemory slots) {
        this.buffer = slots.buffer();
    }

    void writeSlot(
            final int base,
            final int kind,
            final int large,
            final long hashOfSubject,
            final long hashOfAggregate,
            final @Nullable Subject handle) {
        buffer.putLong(base + SlotMemory.KIND_OFFSET, SlotMemory.pair(kind, large));
        buffer.putLong(base + SlotMemory.HASH_OFFSET, handle == null ? hashOfSubject : 0);
        buffer.putLong(base + SlotMemory.AGGREGATE_HASH_OFFSET, hashOfAggregate);
        if (handle != null) {
            // A handle never changes its subject: its generation is always 0.
            buffer.putLong(base + SlotMemory.SUBJECT_OFFSET, SlotMemory.pair(0, handle.token()));
        }
    }

    /** Writes all of a record but its payload. */
    void writeRecord(
            final EventRecord record,
            final DraftCheck check,
            final EventDraft draft,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final int payloadLength) {
        final int flags = draft.flags | check.aggregateFlag | (draft.sequence > 0 ? RecordFlags.SOURCE_SEQUENCED : 0);
        record.init(
                draft.malformed ? RecordType.RAW : RecordType.EVENT,
                flags,
                subjectLength,
                check.keyLength,
                draft.headersLength,
                payloadLength,
                check.aggregateFlag == RecordFlags.AGGREGATE_IS_ID ? draft.aggregateId : 0,
                draft.sequence,
                draft.sourceSequence);
        final MutableDirectBuffer to = record.buffer();
        int at = record.offset() + EventRecord.HEADER_BYTES;
        to.putBytes(at, subject, subjectOffset, subjectLength);
        at += subjectLength;
        if (check.keyLength > 0) {
            to.putBytes(at, check.keyBuffer, check.keyOffset, check.keyLength);
            at += check.keyLength;
        }
        if (draft.headersLength > 0) {
            to.putBytes(at, draft.headersBuffer, draft.headersOffset, draft.headersLength);
        }
    }
}
