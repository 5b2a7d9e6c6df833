package io.ringline.router;

import io.ringline.router.record.RecordFlags;
import io.ringline.router.subject.AggregateRules;
import io.ringline.router.subject.Subject;
import io.ringline.router.subject.SubjectHash;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All that can be wrong with an event is found here, before a slot is claimed: a claim that is never published would stop
 * the ring for good. Keeps what it found out about the event last checked. One thread, its publisher's.
 */
final class DraftCheck {
    private final AggregateRules rules;
    private final boolean hasRules;
    private final int maxPayloadBytes;
    private final int maxSubjectBytes;
    private final int maxHeadersBytes;

    /** The subject's hash; means nothing for bytes that are no event. */
    long subjectHash;
    /** The hash of the aggregate's bytes, where it is given as bytes or is the subject. */
    long aggregateHash;
    /** What the aggregate is: of {@link RecordFlags}, or 0 where {@link #keyBuffer} has its bytes. */
    int aggregateFlag;

    DirectBuffer keyBuffer = new UnsafeBuffer(0, 0);
    int keyOffset;
    int keyLength;

    DraftCheck(final RouterContext context) {
        this.rules = context.aggregateRules();
        this.hasRules = !rules.isEmpty();
        this.maxPayloadBytes = context.maxPayloadBytes();
        this.maxSubjectBytes = context.maxSubjectBytes();
        this.maxHeadersBytes = context.maxHeadersBytes();
    }

    /** Checks an event, its payload's memory included. @return as the other one. */
    long problem(final EventDraft draft) {
        draft.payloadBuffer.boundsCheck(draft.payloadOffset, draft.payloadLength);
        final Subject handle = draft.handle;
        return handle == null
                ? problem(
                        draft, null, draft.subjectBuffer, draft.subjectOffset, draft.subjectLength, draft.payloadLength)
                : problem(draft, handle, handle.buffer(), handle.offset(), handle.length(), draft.payloadLength);
    }

    /**
     * Checks an event.
     *
     * @return 0, or what is wrong, one of the publisher's negative codes.
     * @throws IndexOutOfBoundsException where a range is not within its memory. That of the payload is its caller's to
     *                                   check, who may have no memory for it yet.
     */
    long problem(
            final EventDraft draft,
            final @Nullable Subject handle,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final int payloadLength) {
        if (payloadLength < 0) {
            throw new IndexOutOfBoundsException("a payload of " + payloadLength + " bytes");
        }
        draft.headersBuffer.boundsCheck(draft.headersOffset, draft.headersLength);
        subject.boundsCheck(subjectOffset, subjectLength);
        if (payloadLength > maxPayloadBytes) {
            return Publisher.PAYLOAD_TOO_LARGE;
        }
        if (draft.headersLength > maxHeadersBytes) {
            return Publisher.HEADERS_TOO_LARGE;
        }
        if ((draft.sequence | draft.sourceSequence) < 0) {
            return Publisher.INVALID_SEQUENCE;
        }
        if (subjectLength > maxSubjectBytes) {
            return Publisher.INVALID_SUBJECT;
        }
        keyLength = 0;
        aggregateFlag = 0;
        if (draft.malformed) {
            return 0;
        }
        subjectHash =
                handle != null ? handle.hash() : SubjectHash.validateAndHash(subject, subjectOffset, subjectLength);
        return subjectHash == SubjectHash.INVALID
                ? Publisher.INVALID_SUBJECT
                : findAggregate(draft, subject, subjectOffset, subjectLength);
    }

    private long findAggregate(
            final EventDraft draft, final DirectBuffer subject, final int subjectOffset, final int subjectLength) {
        if (draft.aggregateKind == EventDraft.AGGREGATE_ID) {
            aggregateFlag = RecordFlags.AGGREGATE_IS_ID;
            return 0;
        }
        if (draft.aggregateKind == EventDraft.AGGREGATE_BYTES) {
            draft.aggregateBuffer.boundsCheck(draft.aggregateOffset, draft.aggregateLength);
            if (draft.aggregateLength < 1 || draft.aggregateLength > maxSubjectBytes) {
                return Publisher.INVALID_AGGREGATE;
            }
            return key(draft.aggregateBuffer, draft.aggregateOffset, draft.aggregateLength);
        }
        if (hasRules) {
            final long token = rules.find(subject, subjectOffset, subjectLength);
            if (token >= 0) {
                return key(subject, AggregateRules.offset(token), AggregateRules.length(token));
            }
        }
        aggregateFlag = RecordFlags.AGGREGATE_IS_SUBJECT;
        aggregateHash = subjectHash;
        return 0;
    }

    private long key(final DirectBuffer source, final int offset, final int length) {
        keyBuffer = source;
        keyOffset = offset;
        keyLength = length;
        aggregateHash = SubjectHash.hash(source, offset, length);
        return 0;
    }
}
