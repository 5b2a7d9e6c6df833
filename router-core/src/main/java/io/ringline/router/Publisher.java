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
import io.ringline.sequencer.Sequencer;
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
    private final SlotWriter writer;
    private final EventRecord record = new EventRecord();
    private final EventDraft starting = new EventDraft().subject(new UnsafeBuffer(new byte[] {'_'}), 0, 1);

    Publisher(final RouterPipeline pipeline, final RouterContext context) {
        this.pipeline = pipeline;
        this.state = pipeline.state();
        this.ring = pipeline.ring();
        this.slots = pipeline.slots();
        this.buffer = slots.buffer();
        this.writer = new SlotWriter(slots);
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
        final long sequence =
                claim(SlotMemory.KIND_EVENT, PLAIN, subject, name, subject.offset(), subject.length(), payloadLength);
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
        final long sequence =
                claim(SlotMemory.KIND_EVENT, PLAIN, null, subject, subjectOffset, subjectLength, payloadLength);
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
        writer.writeSlot(base, SlotMemory.KIND_EVENT, SlotMemory.NOT_LARGE, hash, hash, handle);
        slots.wrapRecord(record, base, SlotMemory.NOT_LARGE);
        record.init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_SUBJECT, subjectLength, 0, 0, payloadLength);
        final int at = record.offset() + EventRecord.HEADER_BYTES;
        buffer.putBytes(at, subject, subjectOffset, subjectLength);
        buffer.putBytes(at + subjectLength, payload, payloadOffset, payloadLength);
        ring.publish(sequence);
        return sequence;
    }

    private long publishWith(final long sequence, final DirectBuffer payload, final int offset, final int length) {
        record.buffer().putBytes(record.payloadOffset(), payload, offset, length);
        ring.publish(sequence);
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
        return claim(draft.malformed ? SlotMemory.KIND_MALFORMED : SlotMemory.KIND_EVENT, draft, draft.payloadLength);
    }

    private long claim(final int kind, final EventDraft draft, final int payloadLength) {
        final Subject handle = draft.handle;
        return handle == null
                ? claim(kind, draft, null, draft.subjectBuffer, draft.subjectOffset, draft.subjectLength, payloadLength)
                : claim(kind, draft, handle, handle.buffer(), handle.offset(), handle.length(), payloadLength);
    }

    private long claim(
            final int kind,
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
        writer.writeSlot(base, kind, large, check.subjectHash, check.aggregateHash, handle);
        slots.wrapRecord(record, base, large);
        writer.writeRecord(record, check, draft, subject, subjectOffset, subjectLength, payloadLength);
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
        ring.publish(sequence);
    }

    /** Gives a claim back: the slot passes through the ring as nothing, and is counted. @param sequence as claimed. */
    public void abort(final long sequence) {
        final int base = slots.base(sequence);
        buffer.putLong(base + SlotMemory.KIND_OFFSET, SlotMemory.pair(SlotMemory.KIND_ABORTED, slots.large(base)));
        ring.publish(sequence);
    }

    /**
     * Why {@link #tryPublish(EventDraft)} would refuse an event however often it is tried; publishes nothing. For a caller who
     * starts an aggregate with an event, and only where the event itself will do.
     *
     * @param draft what is to be published; read only.
     * @return 0, or one of the negative codes, but not {@link #BACK_PRESSURED}.
     * @throws IndexOutOfBoundsException where a range is not within its memory.
     */
    public long refusalOf(final EventDraft draft) {
        return state.isAccepting() ? check.problem(draft) : CLOSED;
    }

    /**
     * Says that an aggregate's numbers start over: all that is held of it is released, its gaps given up, and 1 comes next. In
     * its place among the events; counted as an epoch.
     *
     * @param draft names the aggregate as an event's draft does; the rest is not looked at.
     * @return the ring's sequence, or one of the negative codes.
     */
    public long tryStartOver(final EventDraft draft) {
        return start(draft, 0);
    }

    /**
     * Says which of an aggregate's numbers comes next. What is held below it is released, its gaps given up; the numbers
     * passed over are late from then on, and not missing. Counted as a baseline; or, where a number above it is expected
     * already, an epoch, as for {@link #tryStartOver}. In {@code GLOBAL} ordering it takes effect at once, not in the source's
     * order.
     *
     * @param draft names the aggregate as an event's draft does; the rest is not looked at.
     * @param first 1 to {@code 2^62}.
     * @return the ring's sequence, or one of the negative codes.
     */
    public long tryStartAt(final EventDraft draft, final long first) {
        return first < 1 || first > Sequencer.MAX_FIRST ? INVALID_SEQUENCE : start(draft, first);
    }

    /** As {@link #tryStartOver(EventDraft)}. @param aggregateId the aggregate. @return the same. */
    public long tryStartOver(final long aggregateId) {
        return start(starting.aggregateId(aggregateId), 0);
    }

    /** As {@link #tryStartAt(EventDraft, long)}. @param aggregateId the aggregate. @param first the same. @return the same. */
    public long tryStartAt(final long aggregateId, final long first) {
        return tryStartAt(starting.aggregateId(aggregateId), first);
    }

    /**
     * As {@link #tryStartOver(EventDraft)}. @param key has the key, or the subject where that is the aggregate.
     * @param offset of the key. @param length in bytes. @return the same. */
    public long tryStartOver(final DirectBuffer key, final int offset, final int length) {
        return start(starting.aggregate(key, offset, length), 0);
    }

    /**
     * As {@link #tryStartAt(EventDraft, long)}.
     *
     * @param key    memory that has the aggregate's key, or the subject where that is the aggregate.
     * @param offset of the key.
     * @param length in bytes.
     * @param first  the same.
     * @return the same.
     */
    public long tryStartAt(final DirectBuffer key, final int offset, final int length, final long first) {
        return tryStartAt(starting.aggregate(key, offset, length), first);
    }

    /** Says, in {@code GLOBAL}, that the source's numbers start over from 1. @return as {@link #tryStartOver(EventDraft)}. */
    public long tryStartSourceOver() {
        return startSource(0);
    }

    /**
     * Says, in {@code GLOBAL}, which of the source's numbers comes next.
     *
     * @param first 1 to {@code 2^62}.
     * @return as {@link #tryStartAt(EventDraft, long)}.
     */
    public long tryStartSourceAt(final long first) {
        return first < 1 || first > Sequencer.MAX_FIRST ? INVALID_SEQUENCE : startSource(first);
    }

    private long start(final EventDraft draft, final long first) {
        final long sequence = draft.malformed ? INVALID_AGGREGATE : claim(SlotMemory.KIND_START, draft, 0);
        if (sequence >= 0) {
            record.aggregateSequence(first);
            ring.publish(sequence);
        }
        return sequence;
    }

    private long startSource(final long first) {
        return state.isAccepting() ? control(SlotMemory.KIND_START_SOURCE, first) : CLOSED;
    }

    /** Puts an order of the router's own into the ring. */
    boolean tryControl(final int kind) {
        return control(kind, 0) >= 0;
    }

    private long control(final int kind, final long first) {
        final long sequence = claimSlot();
        if (sequence >= 0) {
            final int base = slots.base(sequence);
            buffer.putLong(base + SlotMemory.KIND_OFFSET, SlotMemory.pair(kind, SlotMemory.NOT_LARGE));
            buffer.putLong(base + SlotMemory.AGGREGATE_HASH_OFFSET, first);
            ring.publish(sequence);
        }
        return sequence;
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
}
