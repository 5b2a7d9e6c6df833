package io.ringline.router;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import io.ringline.router.stage.LargeBuffers;
import io.ringline.router.stage.Slot;
import io.ringline.router.stage.SlotMemory;
import io.ringline.router.subject.Subject;
import io.ringline.router.subject.SubjectHash;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts events into the ring. For one thread at a time; with {@link PublisherType#MULTI} each thread takes its own.
 *
 * <p>{@code try} methods never wait: they answer with the ring's sequence, from 0, or with a negative code.
 */
public final class Publisher {
    /** The ring is full, or all large buffers are in use: try again. */
    public static final long BACK_PRESSURED = -1;
    /** The payload is larger than {@code maxPayloadBytes}. */
    public static final long PAYLOAD_TOO_LARGE = -2;
    /** The subject breaks NATS's rules for a literal subject, or is longer than {@code maxSubjectBytes}. */
    public static final long INVALID_SUBJECT = -3;
    /** The router is closed or sealed, see {@code Ringline.failure()}. */
    public static final long CLOSED = -4;
    /** The aggregate's key is empty or longer than {@code maxSubjectBytes}. */
    public static final long INVALID_AGGREGATE = -5;
    /** The headers are larger than {@code maxHeadersBytes}. */
    public static final long HEADERS_TOO_LARGE = -6;
    /** A sequence is below 0. */
    public static final long INVALID_SEQUENCE = -7;

    private static final EventDraft PLAIN = new EventDraft();

    private final RouterPipeline pipeline;
    private final RouterState state;
    private final RingBuffer<Slot> ring;
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final DraftCheck check;
    private final int maxPlainBytes;
    private final int maxSubjectBytes;
    private final IdleStrategy idle;
    private final EventRecord record = new EventRecord();

    Publisher(final RouterPipeline pipeline, final RouterContext context) {
        this.pipeline = pipeline;
        this.state = pipeline.state();
        this.ring = pipeline.ring();
        this.slots = pipeline.slots();
        this.buffer = slots.buffer();
        this.check = new DraftCheck(context);
        this.maxPlainBytes = context.aggregateRules().isEmpty()
                ? Math.min(slots.slotBytes() - EventRecord.HEADER_BYTES, context.maxPayloadBytes())
                : -1;
        this.maxSubjectBytes = context.maxSubjectBytes();
        this.idle = context.idleStrategy().create();
    }

    /**
     * Publishes an event, or says why not. Never waits.
     *
     * @param draft what to publish; read only.
     * @return the ring's sequence, or one of the negative codes.
     * @throws IndexOutOfBoundsException where a range is not within its memory; nothing is published then.
     */
    public long tryPublish(final EventDraft draft) {
        draft.payloadBuffer.boundsCheck(draft.payloadOffset, draft.payloadLength);
        final long sequence = tryClaim(draft);
        return sequence < 0
                ? sequence
                : publishWith(sequence, draft.payloadBuffer, draft.payloadOffset, draft.payloadLength);
    }

    /**
     * Publishes an event that has a subject and a payload only: the shortest way. Never waits.
     *
     * @param subject       handle of this router.
     * @param payload       memory.
     * @param payloadOffset of the payload.
     * @param payloadLength in bytes.
     * @return the ring's sequence, or one of the negative codes.
     * @throws IndexOutOfBoundsException where a range is not within its memory; nothing is published then.
     */
    public long tryPublish(
            final Subject subject, final DirectBuffer payload, final int payloadOffset, final int payloadLength) {
        payload.boundsCheck(payloadOffset, payloadLength);
        final UnsafeBuffer name = subject.buffer();
        if (isPlain(subject.length(), payloadLength)) {
            final long hash = subject.hash();
            return publishPlain(
                    subject, hash, name, subject.offset(), subject.length(), payload, payloadOffset, payloadLength);
        }
        final long sequence = claim(PLAIN, subject, name, subject.offset(), subject.length(), payloadLength);
        return sequence < 0 ? sequence : publishWith(sequence, payload, payloadOffset, payloadLength);
    }

    /**
     * Publishes an event that has a subject and a payload only. Never waits.
     *
     * @param subject       memory.
     * @param subjectOffset of the subject.
     * @param subjectLength in bytes.
     * @param payload       memory.
     * @param payloadOffset of the payload.
     * @param payloadLength in bytes.
     * @return the ring's sequence, or one of the negative codes.
     * @throws IndexOutOfBoundsException where a range is not within its memory; nothing is published then.
     */
    public long tryPublish(
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadLength) {
        payload.boundsCheck(payloadOffset, payloadLength);
        subject.boundsCheck(subjectOffset, subjectLength);
        if (isPlain(subjectLength, payloadLength) && subjectLength <= maxSubjectBytes) {
            final long hash = SubjectHash.validateAndHash(subject, subjectOffset, subjectLength);
            return hash == SubjectHash.INVALID
                    ? INVALID_SUBJECT
                    : publishPlain(
                            null, hash, subject, subjectOffset, subjectLength, payload, payloadOffset, payloadLength);
        }
        final long sequence = claim(PLAIN, null, subject, subjectOffset, subjectLength, payloadLength);
        return sequence < 0 ? sequence : publishWith(sequence, payload, payloadOffset, payloadLength);
    }

    /** Whether an event of a subject and a payload fits a slot, and no rule has to be asked for its aggregate. */
    private boolean isPlain(final int subjectLength, final int payloadLength) {
        return payloadLength <= maxPlainBytes - subjectLength && state.isAccepting();
    }

    private long publishPlain(
            final @Nullable Subject handle,
            final long hash,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadLength) {
        final long sequence = claimSlot();
        if (sequence < 0) {
            return BACK_PRESSURED;
        }
        final int base = slots.base(sequence);
        writeSlot(base, SlotMemory.KIND_EVENT, SlotMemory.NOT_LARGE, hash, hash, handle);
        slots.wrapRecord(record, base, SlotMemory.NOT_LARGE);
        record.init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_SUBJECT, subjectLength, 0, 0, payloadLength);
        final int at = record.offset() + EventRecord.HEADER_BYTES;
        buffer.putBytes(at, subject, subjectOffset, subjectLength);
        buffer.putBytes(at + subjectLength, payload, payloadOffset, payloadLength);
        publish(sequence);
        return sequence;
    }

    private long publishWith(final long sequence, final DirectBuffer payload, final int offset, final int length) {
        record.buffer().putBytes(record.payloadOffset(), payload, offset, length);
        publish(sequence);
        return sequence;
    }

    /**
     * Publishes an event, and waits for room if it must.
     *
     * @param draft     what to publish; read only.
     * @param timeoutNs longest wait, nanoseconds.
     * @return the ring's sequence, or one of the negative codes; {@link #BACK_PRESSURED} when the time is over.
     */
    public long publish(final EventDraft draft, final long timeoutNs) {
        long answer = tryPublish(draft);
        if (answer == BACK_PRESSURED) {
            final long start = System.nanoTime();
            idle.reset();
            do {
                idle.idle(pipeline.doInlineWork());
                answer = tryPublish(draft);
            } while (answer == BACK_PRESSURED && System.nanoTime() - start < timeoutNs);
        }
        return answer;
    }

    /**
     * Claims a slot and writes all but the payload, which the caller then writes in place: at {@link #payloadOffset()} of
     * {@link #payloadBuffer()}, as many bytes as the draft says. Must be followed by {@link #commit} or {@link #abort}.
     *
     * @param draft what to publish; its payload's memory is not looked at.
     * @return the ring's sequence, or one of the negative codes.
     * @throws IndexOutOfBoundsException where a range is not within its memory; nothing is claimed then.
     */
    public long tryClaim(final EventDraft draft) {
        final Subject handle = draft.handle;
        return handle == null
                ? claim(draft, null, draft.subjectBuffer, draft.subjectOffset, draft.subjectLength, draft.payloadLength)
                : claim(draft, handle, handle.buffer(), handle.offset(), handle.length(), draft.payloadLength);
    }

    private long claim(
            final EventDraft draft,
            final @Nullable Subject handle,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final int payloadLength) {
        if (!state.isAccepting()) {
            return CLOSED;
        }
        final long problem = check.problem(draft, handle, subject, subjectOffset, subjectLength, payloadLength);
        if (problem != 0) {
            return problem;
        }
        final int length =
                EventRecord.HEADER_BYTES + subjectLength + check.keyLength + draft.headersLength + payloadLength;
        int large = SlotMemory.NOT_LARGE;
        if (length > slots.slotBytes()) {
            large = slots.large().take();
            if (large == LargeBuffers.NONE) {
                return BACK_PRESSURED;
            }
        }
        final long sequence = claimSlot();
        if (sequence < 0) {
            if (large != SlotMemory.NOT_LARGE) {
                slots.large().giveBack(large);
            }
            return BACK_PRESSURED;
        }
        final int base = slots.base(sequence);
        final int kind = draft.malformed ? SlotMemory.KIND_MALFORMED : SlotMemory.KIND_EVENT;
        writeSlot(base, kind, large, check.subjectHash, check.aggregateHash, handle);
        writeRecord(base, large, draft, subject, subjectOffset, subjectLength, payloadLength);
        return sequence;
    }

    /** Where the claimed payload goes. @return the memory of the record claimed last. */
    public MutableDirectBuffer payloadBuffer() {
        return record.buffer();
    }

    /** Where the claimed payload starts. @return offset in {@link #payloadBuffer()}. */
    public int payloadOffset() {
        return record.payloadOffset();
    }

    /** Publishes what was claimed. @param sequence as {@link #tryClaim} answered. */
    public void commit(final long sequence) {
        publish(sequence);
    }

    /** Gives a claim back: the slot passes through the ring as nothing, and is counted. @param sequence as claimed. */
    public void abort(final long sequence) {
        final int base = slots.base(sequence);
        buffer.putLong(base + SlotMemory.KIND_OFFSET, SlotMemory.pair(SlotMemory.KIND_ABORTED, slots.large(base)));
        publish(sequence);
    }

    /** Puts a tick or another order of the router's own into the ring. */
    boolean tryControl(final int kind) {
        final long sequence = claimSlot();
        if (sequence < 0) {
            return false;
        }
        final int base = slots.base(sequence);
        buffer.putLong(base + SlotMemory.KIND_OFFSET, SlotMemory.pair(kind, SlotMemory.NOT_LARGE));
        buffer.putLong(base + SlotMemory.HASH_OFFSET, 0);
        publish(sequence);
        return true;
    }

    private long claimSlot() {
        if (ring.hasAvailableCapacity(1)) {
            try {
                // Not next(): it would park.
                return ring.tryNext();
            } catch (final InsufficientCapacityException lostTheRace) {
                return BACK_PRESSURED; // to another publisher
            }
        }
        return BACK_PRESSURED;
    }

    private void publish(final long sequence) {
        ring.publish(sequence);
    }

    private void writeSlot(
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
            buffer.putLong(base + SlotMemory.AGGREGATE_OFFSET, SlotMemory.pair(0, handle.token()));
        }
    }

    private void writeRecord(
            final int base,
            final int large,
            final EventDraft draft,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final int payloadLength) {
        slots.wrapRecord(record, base, large);
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
