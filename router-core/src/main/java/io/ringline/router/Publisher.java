package io.ringline.router;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import io.ringline.router.stage.LargeBuffers;
import io.ringline.router.stage.Slot;
import io.ringline.router.stage.SlotMemory;
import io.ringline.router.subject.AggregateRules;
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
    /** The ring is full, or all large buffers are in use, or the router was just putting in a tick: try again. */
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
    private final @Nullable ClaimGate gate;
    private final AggregateRules rules;
    private final boolean hasRules;
    private final int maxPayloadBytes;
    private final int maxSubjectBytes;
    private final int maxHeadersBytes;
    private final IdleStrategy idle;
    private final EventRecord record = new EventRecord();
    private long subjectHash;
    private long aggregateHash;
    private int aggregateFlag;
    private DirectBuffer keyBuffer = new UnsafeBuffer(0, 0);
    private int keyOffset;
    private int keyLength;

    Publisher(final RouterPipeline pipeline, final RouterContext context) {
        this.pipeline = pipeline;
        this.state = pipeline.state();
        this.ring = pipeline.ring();
        this.slots = pipeline.slots();
        this.buffer = slots.buffer();
        this.gate = pipeline.gate();
        this.rules = context.aggregateRules();
        this.hasRules = !rules.isEmpty();
        this.maxPayloadBytes = context.maxPayloadBytes();
        this.maxSubjectBytes = context.maxSubjectBytes();
        this.maxHeadersBytes = context.maxHeadersBytes();
        this.idle = context.idleStrategy().create();
    }

    /**
     * Publishes an event, or says why not. Never waits.
     *
     * @param draft what to publish; read only.
     * @return the ring's sequence, or one of the negative codes.
     */
    public long tryPublish(final EventDraft draft) {
        final long sequence = tryClaim(draft);
        if (sequence >= 0) {
            record.buffer()
                    .putBytes(record.payloadOffset(), draft.payloadBuffer, draft.payloadOffset, draft.payloadLength);
            publish(sequence);
        }
        return sequence;
    }

    /**
     * Publishes an event that has a subject and a payload only: the shortest way. Never waits.
     *
     * @param subject       handle of this router.
     * @param payload       memory.
     * @param payloadOffset of the payload.
     * @param payloadLength in bytes.
     * @return the ring's sequence, or one of the negative codes.
     */
    public long tryPublish(
            final Subject subject, final DirectBuffer payload, final int payloadOffset, final int payloadLength) {
        final long sequence = claim(PLAIN, subject, subject.buffer(), 0, subject.length(), payloadLength);
        if (sequence >= 0) {
            record.buffer().putBytes(record.payloadOffset(), payload, payloadOffset, payloadLength);
            publish(sequence);
        }
        return sequence;
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
     */
    public long tryPublish(
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadLength) {
        final long sequence = claim(PLAIN, null, subject, subjectOffset, subjectLength, payloadLength);
        if (sequence >= 0) {
            record.buffer().putBytes(record.payloadOffset(), payload, payloadOffset, payloadLength);
            publish(sequence);
        }
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
     */
    public long tryClaim(final EventDraft draft) {
        final Subject handle = draft.handle;
        return handle == null
                ? claim(draft, null, draft.subjectBuffer, draft.subjectOffset, draft.subjectLength, draft.payloadLength)
                : claim(draft, handle, handle.buffer(), 0, handle.length(), draft.payloadLength);
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
        final long problem = prepare(draft, handle, subject, subjectOffset, subjectLength, payloadLength);
        if (problem != 0) {
            return problem;
        }
        final int length = EventRecord.HEADER_BYTES + subjectLength + keyLength + draft.headersLength + payloadLength;
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
        final int base = ring.get(sequence).base;
        writeSlot(base, large, draft, handle);
        writeRecord(base, draft, subject, subjectOffset, subjectLength, payloadLength);
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
        buffer.putInt(ring.get(sequence).base + SlotMemory.KIND_OFFSET, SlotMemory.KIND_ABORTED);
        publish(sequence);
    }

    /** Puts a tick or another order of the router's own into the ring. */
    boolean tryControl(final int kind) {
        final long sequence = claimSlot();
        if (sequence < 0) {
            return false;
        }
        final int base = ring.get(sequence).base;
        buffer.putInt(base + SlotMemory.KIND_OFFSET, kind);
        buffer.putInt(base + SlotMemory.LARGE_OFFSET, SlotMemory.NOT_LARGE);
        buffer.putLong(base + SlotMemory.HASH_OFFSET, 0);
        publish(sequence);
        return true;
    }

    private long prepare(
            final EventDraft draft,
            final @Nullable Subject handle,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final int payloadLength) {
        if (payloadLength > maxPayloadBytes) {
            return PAYLOAD_TOO_LARGE;
        }
        if (draft.headersLength > maxHeadersBytes) {
            return HEADERS_TOO_LARGE;
        }
        if ((draft.sequence | draft.sourceSequence) < 0) {
            return INVALID_SEQUENCE;
        }
        keyLength = 0;
        aggregateFlag = 0;
        if (draft.malformed) {
            return 0;
        }
        if (handle != null) {
            subjectHash = handle.hash();
        } else {
            subjectHash = subjectLength > maxSubjectBytes
                    ? SubjectHash.INVALID
                    : SubjectHash.validateAndHash(subject, subjectOffset, subjectLength);
            if (subjectHash == SubjectHash.INVALID) {
                return INVALID_SUBJECT;
            }
        }
        return prepareAggregate(draft, subject, subjectOffset, subjectLength);
    }

    private long prepareAggregate(
            final EventDraft draft, final DirectBuffer subject, final int subjectOffset, final int subjectLength) {
        if (draft.aggregateKind == EventDraft.AGGREGATE_ID) {
            aggregateFlag = RecordFlags.AGGREGATE_IS_ID;
            return 0;
        }
        if (draft.aggregateKind == EventDraft.AGGREGATE_BYTES) {
            if (draft.aggregateLength < 1 || draft.aggregateLength > maxSubjectBytes) {
                return INVALID_AGGREGATE;
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

    private long claimSlot() {
        if (gate != null && !gate.tryEnter()) {
            return BACK_PRESSURED;
        }
        if (ring.hasAvailableCapacity(1)) {
            try {
                // Not next(): it would park, and, with assertions on, take the router's ticks for a second publisher.
                return ring.tryNext();
            } catch (final InsufficientCapacityException lostTheRace) {
                return BACK_PRESSURED; // to another publisher, so there is no gate
            }
        }
        if (gate != null) {
            gate.exit();
        }
        return BACK_PRESSURED;
    }

    private void publish(final long sequence) {
        ring.publish(sequence);
        if (gate != null) {
            gate.exit();
        }
    }

    private void writeSlot(final int base, final int large, final EventDraft draft, final @Nullable Subject handle) {
        buffer.putInt(
                base + SlotMemory.KIND_OFFSET, draft.malformed ? SlotMemory.KIND_MALFORMED : SlotMemory.KIND_EVENT);
        buffer.putInt(base + SlotMemory.LARGE_OFFSET, large);
        buffer.putLong(base + SlotMemory.HASH_OFFSET, handle == null ? subjectHash : 0);
        buffer.putLong(base + SlotMemory.AGGREGATE_HASH_OFFSET, aggregateHash);
        if (handle != null) {
            // A handle never changes its subject: its generation is always 0.
            buffer.putInt(base + SlotMemory.AGGREGATE_INDEX_OFFSET, 0);
            buffer.putInt(base + SlotMemory.TOKEN_OFFSET, handle.token());
            final long[] words = handle.matchWords();
            for (int i = 0; i < words.length; i++) {
                buffer.putLong(base + SlotMemory.WORDS_OFFSET + i * Long.BYTES, words[i]);
            }
        }
    }

    private void writeRecord(
            final int base,
            final EventDraft draft,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final int payloadLength) {
        slots.wrapRecord(record, base);
        final int flags = draft.flags | aggregateFlag | (draft.sequence > 0 ? RecordFlags.SOURCE_SEQUENCED : 0);
        record.init(
                draft.malformed ? RecordType.RAW : RecordType.EVENT,
                flags,
                subjectLength,
                keyLength,
                draft.headersLength,
                payloadLength,
                aggregateFlag == RecordFlags.AGGREGATE_IS_ID ? draft.aggregateId : 0,
                draft.sequence,
                draft.sourceSequence);
        final MutableDirectBuffer to = record.buffer();
        int at = record.offset() + EventRecord.HEADER_BYTES;
        to.putBytes(at, subject, subjectOffset, subjectLength);
        at += subjectLength;
        if (keyLength > 0) {
            to.putBytes(at, keyBuffer, keyOffset, keyLength);
            at += keyLength;
        }
        if (draft.headersLength > 0) {
            to.putBytes(at, draft.headersBuffer, draft.headersOffset, draft.headersLength);
        }
    }
}
