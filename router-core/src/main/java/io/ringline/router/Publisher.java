package io.ringline.router;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import io.ringline.router.stage.SlotMemory;
import io.ringline.router.subject.Subject;
import io.ringline.router.subject.SubjectHash;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts events into the ring. For one thread at a time; with {@link PublisherType#MULTI} each thread takes its own.
 *
 * <p>{@code try} methods never wait: they answer with the ring's sequence, from 0, or with a negative code.
 */
public final class Publisher extends PublisherStarts {
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
    private final int maxSubjectBytes;
    private final IdleStrategy idle;

    Publisher(final RouterPipeline pipeline, final RouterContext context) {
        super(pipeline, context);
        this.pipeline = pipeline;
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
        final DirectBuffer payload = draft.payloadBuffer;
        payload.boundsCheck(draft.payloadOffset, draft.payloadLength);
        final Subject handle = draft.handle;
        return handle == null
                ? publishAny(
                        draft,
                        null,
                        draft.subjectBuffer,
                        draft.subjectOffset,
                        draft.subjectLength,
                        payload,
                        draft.payloadOffset,
                        draft.payloadLength)
                : publishAny(
                        draft,
                        handle,
                        handle.buffer(),
                        handle.offset(),
                        handle.length(),
                        payload,
                        draft.payloadOffset,
                        draft.payloadLength);
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
        return publishAny(
                PLAIN, subject, name, subject.offset(), subject.length(), payload, payloadOffset, payloadLength);
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
        return publishAny(PLAIN, null, subject, subjectOffset, subjectLength, payload, payloadOffset, payloadLength);
    }

    /** Whether an event of a subject and a payload fits a slot, no rule is to be asked for its aggregate, and nothing is open. */
    private boolean isPlain(final int subjectLength, final int payloadLength) {
        return payloadLength <= plainBytes - subjectLength && state.isAccepting();
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
        long sequence = NONE;
        try {
            sequence = claimOfRing();
            if (sequence >= 0) {
                final int base = slots.base(sequence);
                writer.writeSlot(base, SlotMemory.KIND_EVENT, SlotMemory.NOT_LARGE, hash, hash, handle);
                slots.wrapRecord(record, base, SlotMemory.NOT_LARGE);
                record.init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_SUBJECT, subjectLength, 0, 0, payloadLength);
                final int at = record.offset() + EventRecord.HEADER_BYTES;
                buffer.putBytes(at, subject, subjectOffset, subjectLength);
                buffer.putBytes(at + subjectLength, payload, payloadOffset, payloadLength);
                ring.publish(sequence);
            }
            return sequence; // BACK_PRESSURED where there was none
        } catch (final Throwable failure) { // an InternalError of memory mapped from a file, say
            claimed = sequence;
            failed = busy = true;
            giveUp();
            throw failure;
        }
    }

    private long publishAny(
            final EventDraft draft,
            final @Nullable Subject handle,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadLength) {
        try {
            final long sequence =
                    claim(kindOf(draft), draft, handle, subject, subjectOffset, subjectLength, payloadLength);
            if (sequence >= 0) {
                record.buffer().putBytes(record.payloadOffset(), payload, payloadOffset, payloadLength);
                pass();
            }
            return sequence;
        } catch (final Throwable failure) {
            failed = busy = true;
            giveUp();
            throw failure;
        }
    }

    /**
     * Publishes an event, and waits for room if it must.
     *
     * @param draft     what to publish; read only.
     * @param timeoutNs longest wait, nanoseconds.
     * @return the ring's sequence, or one of the negative codes; {@link #BACK_PRESSURED} when the time is over.
     * @throws IllegalStateException where a claim or a batch is open, which would not get larger by waiting.
     */
    public long publish(final EventDraft draft, final long timeoutNs) {
        mayClaimAlone("publish waits for room");
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
     * Publishes several events in one go, as many of them as there is room for. Those before one that is refused are
     * published; the call that starts with the refused one answers why. In the same way, what a draft throws is thrown by
     * the call that starts with it. Never waits.
     *
     * @param drafts what to publish; read only.
     * @param from   the first of them.
     * @param count  how many, from 1.
     * @return how many were published, from 1; or, where none was, one of the negative codes for the first.
     * @throws IndexOutOfBoundsException where there are not so many drafts, or the first one's ranges are not within their
     *                                   memory.
     * @throws IllegalStateException     where a claim or a batch is open already.
     */
    public long tryPublishBatch(final EventDraft[] drafts, final int from, final int count) {
        Objects.checkFromIndexSize(from, count, drafts.length);
        final int room = tryOpenBatch(count);
        if (room < 0) {
            return room;
        }
        int taken = 0;
        long answer = 0;
        try {
            while (taken < room && answer >= 0) {
                answer = tryPublish(drafts[from + taken]);
                taken += answer >= 0 ? 1 : 0;
            }
        } catch (final RuntimeException | Error failure) {
            if (taken == 0) {
                throw failure;
            } // else the next call starts with this one
        } finally {
            closeBatch();
        }
        return taken > 0 ? taken : answer;
    }

    /**
     * Asks to be told, once, when so many slots are free; where they are already, soon. Any number of calls may wait. Under
     * {@link PublisherType#SINGLE} the slots of a batch that is open count as free.
     *
     * @param slots how many, 1 to {@code ringSize}.
     * @param call  called by the thread of the router's last stage, or by that which calls {@code Ringline.doWork()} under
     *              {@code INLINE}, which does nothing else meanwhile: wake a thread, set a flag. Called too when the router
     *              stops taking events in, so that nobody waits for ever. What it throws is counted, and logged the first
     *              time.
     * @return false where the router takes no events in any more: it is not called.
     */
    public boolean whenRoom(final int slots, final Runnable call) {
        if (slots < 1 || slots > ring.getBufferSize()) {
            throw new IllegalArgumentException(
                    "room for " + slots + " events: give it 1 to " + ring.getBufferSize() + ", the ring's size");
        }
        return state.isAccepting() && pipeline.room().add(slots, call);
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
}
