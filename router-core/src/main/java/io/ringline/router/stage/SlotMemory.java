package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory behind the ring's slots: what the stages tell each other about an event, the consumers it matches, and
 * its record, contiguous.
 *
 * <pre>
 *   0 i32 kind | i32 large buffer, or -1       8 i64 subject hash (0: matched by the publisher; no event: the time)
 *  16 i64 aggregate hash (or the number       24 i32 generation | i32 subject token
 *         that the source starts with, or whom an order is about)
 *  32 i32 outcome | i32 number of releases    40 i64 first release position
 *  48 one bit for each consumer, in words of 64, then the record
 * </pre>
 *
 * <p>Two numbers in one word are written and read as one, the first in the low half: see {@link #pair}.
 *
 * <p>A record of up to {@code slotBytes} stands in the slot itself. A larger one (up to {@code maxPayloadBytes} of
 * payload) stands in one of a few large buffers, set aside at start, and the slot holds its index: slots stay small and
 * the ring in the cache, a large record is still one contiguous piece, and when all large buffers are in use a publisher
 * sees back pressure. A held large record keeps its buffer; it is not copied, and the slot
 * forgets it. The fan-out stage gives buffers back.
 */
public final class SlotMemory {
    /** What the slot holds, see {@code KIND_*}, with the index of the large buffer that holds the record, or -1. */
    public static final int KIND_OFFSET = 0;
    /** Subject's hash, or 0 where the publisher has set the match words; its time for a slot without a record. */
    public static final int HASH_OFFSET = 8;
    /**
     * Hash of the aggregate's key bytes; for {@link #KIND_START_SOURCE} the number that comes next; for {@link #KIND_LEAVE} the
     * consumer's index, for {@link #KIND_JOIN} that and the group.
     */
    public static final int AGGREGATE_HASH_OFFSET = 16;
    /**
     * The subject's generation and its token: an entry of the match cache, or from {@code SubjectMatcher.CACHE_ENTRIES} on a
     * handle; -1 for neither. Both together stand for the subject's very bytes.
     */
    public static final int SUBJECT_OFFSET = 24;
    /** What the reorder stage decided, see {@code OUTCOME_*}, and how many positions of the release list are the slot's. */
    public static final int OUTCOME_OFFSET = 32;
    /** First position in the sequencer's release list. */
    public static final int RELEASE_FROM_OFFSET = 40;
    /** First word of the match bits. */
    public static final int WORDS_OFFSET = 48;

    /** An event. */
    public static final int KIND_EVENT = 1;
    /** A tick: time passes. */
    public static final int KIND_TICK = 2;
    /** All that is held is to be released, as if its timeout had passed. */
    public static final int KIND_RELEASE_HELD = 3;
    /** A claim that was given back. */
    public static final int KIND_ABORTED = 4;
    /** Bytes that were no event. */
    public static final int KIND_MALFORMED = 5;
    /** The aggregate of the record starts at the record's number, or over where that is 0. */
    public static final int KIND_START = 6;
    /** The source's numbers start at another, or over. */
    public static final int KIND_START_SOURCE = 7;
    /** A claim whose thread died before it was published or given back. */
    public static final int KIND_ABANDONED = 8;
    /** A slot that a publisher claimed with others and had nothing for. */
    public static final int KIND_UNUSED = 9;
    /** An event of the router's own, with the consumers it matches; in the slot for ticks. */
    public static final int KIND_NOTICE = 10;
    /** A consumer, see {@link #AGGREGATE_HASH_OFFSET}, gets nothing from here on; in the slot for ticks. */
    public static final int KIND_LEAVE = 11;
    /** A consumer becomes a member of a queue group, see {@link #AGGREGATE_HASH_OFFSET}; in the slot for ticks. */
    public static final int KIND_JOIN = 12;

    /** Nothing of this slot's own goes on, except what its release list names. */
    public static final int OUTCOME_NONE = 0;
    /** The slot's own event is released, and nothing else. */
    public static final int OUTCOME_RELEASED = 1;
    /** The slot's own event is a dead letter: too late. */
    public static final int OUTCOME_LATE = 2;
    /** The slot's own event is a dead letter: too far ahead. */
    public static final int OUTCOME_GAP_TOO_WIDE = 3;
    /** The slot's own event is a dead letter: other bytes are held under its number. */
    public static final int OUTCOME_CONFLICT = 4;
    /** The slot's own event is a dead letter: there is no room for its aggregate. */
    public static final int OUTCOME_TOO_MANY_AGGREGATES = 5;

    /** Marks a slot whose record stands in the slot itself. */
    public static final int NOT_LARGE = -1;
    /** What stands at {@link #KIND_OFFSET} for nearly all slots: an event whose record stands in the slot itself. */
    static final long PLAIN_EVENT = KIND_EVENT | (long) NOT_LARGE << 32;

    private final int words;
    private final int recordOffset;
    private final int slotBytes;
    private final int stride;
    private final int indexMask;
    private final UnsafeBuffer buffer;
    private final LargeBuffers large;

    /**
     * Sets the memory aside.
     *
     * @param slots     how many; a power of two.
     * @param slotBytes largest record that stands in a slot itself, in bytes.
     * @param consumers how many consumers a match may name.
     * @param large     for records over {@code slotBytes}.
     * @throws IllegalArgumentException where all slots together pass 1 GiB.
     */
    public SlotMemory(final int slots, final int slotBytes, final int consumers, final LargeBuffers large) {
        this.words = Math.max(1, (consumers + 63) >>> 6);
        this.recordOffset = WORDS_OFFSET + words * Long.BYTES;
        this.slotBytes = slotBytes;
        this.stride = BitUtil.align(recordOffset + slotBytes, BitUtil.CACHE_LINE_LENGTH);
        this.indexMask = slots - 1;
        if ((long) stride * (slots + 1) > 1 << 30) {
            throw new IllegalArgumentException("ringSize " + slots + " times " + stride
                    + " bytes a slot passes 1 GiB: make ringSize or slotBytes smaller");
        }
        final ByteBuffer memory = BufferUtil.allocateDirectAligned(stride * (slots + 1), BitUtil.CACHE_LINE_LENGTH);
        this.buffer = new UnsafeBuffer(memory);
        this.large = large;
        buffer.putLong(tickBase() + KIND_OFFSET, pair(KIND_TICK, NOT_LARGE));
    }

    /** Where the slot for ticks starts, which is none of the ring's: see {@link StageRunner}. @return offset. */
    public int tickBase() {
        return (indexMask + 1) * stride;
    }

    /** The slots' memory. @return all of it. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Where a slot's memory starts. @param sequence the ring's. @return offset in {@link #buffer()}. */
    public int base(final long sequence) {
        return ((int) sequence & indexMask) * stride;
    }

    /** How many words of match bits there are. @return from 1. */
    public int words() {
        return words;
    }

    /** Where a record starts within its slot. @return offset from the slot's base. */
    public int recordOffset() {
        return recordOffset;
    }

    /** The largest record that stands in a slot itself. @return bytes. */
    public int slotBytes() {
        return slotBytes;
    }

    /** Where records over {@link #slotBytes()} stand. @return the pool. */
    public LargeBuffers large() {
        return large;
    }

    /** Two numbers in one word. @param low the first. @param high the second. @return both. */
    public static long pair(final int low, final int high) {
        return low & 0xFFFF_FFFFL | (long) high << 32;
    }

    /** The first of two numbers. @param pair both. @return the low half. */
    public static int low(final long pair) {
        return (int) pair;
    }

    /** The second of two numbers. @param pair both. @return the high half. */
    public static int high(final long pair) {
        return (int) (pair >>> 32);
    }

    /** What a slot holds. @param base of the slot. @return one of {@code KIND_*}. */
    public int kind(final int base) {
        return low(buffer.getLong(base + KIND_OFFSET));
    }

    /** Notes what a slot holds. @param base of the slot. @param kind one of {@code KIND_*}. @param large its buffer, or {@link #NOT_LARGE}. */
    public void mark(final int base, final int kind, final int large) {
        buffer.putLong(base + KIND_OFFSET, pair(kind, large));
    }

    /** Which large buffer holds a slot's record. @param base of the slot. @return its index, or {@link #NOT_LARGE}. */
    public int large(final int base) {
        return high(buffer.getLong(base + KIND_OFFSET));
    }

    /**
     * Points a flyweight at a slot's record.
     *
     * @param record to point.
     * @param base   of the slot.
     */
    public void wrapRecord(final EventRecord record, final int base) {
        wrapRecord(record, base, large(base));
    }

    /**
     * Points a flyweight at a slot's record.
     *
     * @param record to point.
     * @param base   of the slot.
     * @param index  of the large buffer that holds it, or {@link #NOT_LARGE}.
     */
    public void wrapRecord(final EventRecord record, final int base, final int index) {
        if (index == NOT_LARGE) {
            record.wrap(buffer, base + recordOffset);
        } else {
            record.wrap(large.buffer(index), 0);
        }
    }
}
