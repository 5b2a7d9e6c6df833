package io.ringline.router;

import io.ringline.router.record.HeaderWriter;
import io.ringline.router.subject.Subject;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be published; reusable, refers to the caller's memory without a copy. Set it up, hand it to
 * {@link Publisher#tryPublish}, {@link #reset} it, go on. Not thread-safe.
 */
public final class EventDraft {
    static final int AGGREGATE_DEFAULT = 0;
    static final int AGGREGATE_ID = 1;
    static final int AGGREGATE_BYTES = 2;

    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(0, 0);

    DirectBuffer subjectBuffer = NOTHING;
    int subjectOffset;
    int subjectLength;

    @Nullable
    Subject handle;

    int aggregateKind;
    long aggregateId;
    DirectBuffer aggregateBuffer = NOTHING;
    int aggregateOffset;
    int aggregateLength;
    long sequence;
    long sourceSequence;
    int flags;
    DirectBuffer headersBuffer = NOTHING;
    int headersOffset;
    int headersLength;
    DirectBuffer payloadBuffer = NOTHING;
    int payloadOffset;
    int payloadLength;
    boolean malformed;
    private @Nullable HeaderWriter reasonHeader;

    /** An empty draft. */
    public EventDraft() {
        reset();
    }

    /** Forgets all that was set. @return this. */
    public EventDraft reset() {
        handle = null;
        subjectBuffer = NOTHING;
        subjectOffset = 0;
        subjectLength = 0;
        aggregateKind = AGGREGATE_DEFAULT;
        aggregateId = 0;
        aggregateLength = 0;
        sequence = 0;
        sourceSequence = 0;
        flags = 0;
        headers(NOTHING, 0, 0);
        payload(NOTHING, 0, 0);
        malformed = false;
        return this;
    }

    /**
     * The subject as bytes.
     *
     * @param buffer memory.
     * @param offset of the subject.
     * @param length in bytes.
     * @return this.
     */
    public EventDraft subject(final DirectBuffer buffer, final int offset, final int length) {
        handle = null;
        subjectBuffer = buffer;
        subjectOffset = offset;
        subjectLength = length;
        return this;
    }

    /** The subject as a handle, resolved once by {@code Ringline.subject}. @param subject handle. @return this. */
    public EventDraft subject(final Subject subject) {
        handle = subject;
        return this;
    }

    /** The aggregate as an id. @param id any. @return this. */
    public EventDraft aggregateId(final long id) {
        aggregateKind = AGGREGATE_ID;
        aggregateId = id;
        return this;
    }

    /**
     * The aggregate as bytes. Without one, the router's aggregate rules decide, and without those the subject itself.
     *
     * @param buffer memory.
     * @param offset of the key.
     * @param length in bytes, 1 to 65,535.
     * @return this.
     */
    public EventDraft aggregate(final DirectBuffer buffer, final int offset, final int length) {
        aggregateKind = AGGREGATE_BYTES;
        aggregateBuffer = buffer;
        aggregateOffset = offset;
        aggregateLength = length;
        return this;
    }

    /** The event's number within its aggregate. @param number from 1; 0 (default): the router gives one. @return this. */
    public EventDraft sequence(final long number) {
        sequence = number;
        return this;
    }

    /** The number that the source gave. @param number from 1; 0 (default) for none. @return this. */
    public EventDraft sourceSequence(final long number) {
        sourceSequence = number;
        return this;
    }

    /** What the payload is. @param bits of {@code RecordFlags}: PAYLOAD_JSON, PAYLOAD_BINARY, REPLAYED. @return this. */
    public EventDraft flags(final int bits) {
        flags = bits;
        return this;
    }

    /**
     * Headers, as a {@link HeaderWriter} lays them out.
     *
     * @param buffer memory.
     * @param offset of the block.
     * @param length in bytes.
     * @return this.
     */
    public EventDraft headers(final DirectBuffer buffer, final int offset, final int length) {
        headersBuffer = buffer;
        headersOffset = offset;
        headersLength = length;
        return this;
    }

    /**
     * The payload.
     *
     * @param buffer memory.
     * @param offset of the payload.
     * @param length in bytes.
     * @return this.
     */
    public EventDraft payload(final DirectBuffer buffer, final int offset, final int length) {
        payloadBuffer = buffer;
        payloadOffset = offset;
        payloadLength = length;
        return this;
    }

    /**
     * Instead of an event, bytes that a source gave and that are none: they go into the dead letters as
     * {@code MALFORMED}, in their place among the events, and are counted.
     *
     * @param buffer memory.
     * @param offset of the bytes.
     * @param length how many.
     * @param why    what is wrong with them.
     * @return this.
     */
    public EventDraft malformed(final DirectBuffer buffer, final int offset, final int length, final String why) {
        reset();
        malformed = true;
        if (reasonHeader == null) {
            reasonHeader = new HeaderWriter();
        }
        reasonHeader.clear().add("Ringline-Error", why);
        headers(reasonHeader.buffer(), 0, reasonHeader.length());
        return payload(buffer, offset, length);
    }
}
