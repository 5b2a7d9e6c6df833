package io.ringline.router;

import io.ringline.router.consumer.FlaggedQueue;
import io.ringline.router.consumer.NoticeSink;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import io.ringline.router.stage.LargeBuffers;
import io.ringline.router.stage.SlotMemory;
import io.ringline.router.stage.StageRunner;
import io.ringline.router.subject.SubjectHash;
import io.ringline.router.subject.SubjectTrie;
import io.ringline.router.subject.Subscriptions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the router itself has to say to its stages, one thing after the other, in the slot that is none of the ring's: that a
 * consumer leaves, or becomes a member; events of its own; and the time. Orders come before notices, as they were given, and
 * both before the time. Orders and notices come from any thread; the first runner's takes them.
 *
 * <p>Events of the router's own go to consumers whose pattern names the reserved first token itself, {@code $RINGLINE}, and not
 * to those that begin with a wildcard: one that takes all that others publish is not told what becomes of itself with it. One
 * that nobody wants to have does not enter the pipeline.
 */
final class ControlSlot implements StageRunner.Ticks {
    /** The first token of the router's own subjects. */
    static final String RESERVED = "$RINGLINE";
    /** Longest notice. */
    static final int MAX_NOTICE_BYTES = 1_024;

    private static final int MAX_NOTICES = 1_024;

    private record Order(int kind, long about) {}

    private record Notice(UnsafeBuffer subject, UnsafeBuffer payload, int except) {}

    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final Subscriptions reserved;
    private final BooleanSupplier time;
    private final FlaggedQueue<Order> orders = new FlaggedQueue<>();
    private final FlaggedQueue<Notice> notices = new FlaggedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger(); // notices
    private final EventRecord record = new EventRecord();
    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
    private final long[] words;

    /**
     * Nothing to say.
     *
     * @param slots    the ring's memory.
     * @param reserved who wants notices.
     * @param time     whether time is to pass.
     */
    ControlSlot(final SlotMemory slots, final Subscriptions reserved, final BooleanSupplier time) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.reserved = reserved;
        this.time = time;
        this.words = new long[slots.words()];
    }

    /** Has a consumer get nothing from here on. Any thread. */
    void leave(final int consumer) {
        order(new Order(SlotMemory.KIND_LEAVE, consumer));
    }

    /** Has a consumer be a member of a group from here on. Any thread. */
    void join(final int consumer, final int group) {
        order(new Order(SlotMemory.KIND_JOIN, SlotMemory.pair(consumer, group)));
    }

    private void order(final Order order) {
        orders.add(order);
    }

    /** Takes notices of a consumer, for all others that want them. Any thread. @param consumer its index. */
    NoticeSink noticesOf(final int consumer) {
        return (subject, at, length, payload, payloadAt, payloadLength) -> {
            if (reserved.snapshot().version() == 0) {
                return true; // nobody has ever wanted any
            }
            if (waiting.get() >= MAX_NOTICES) {
                return false;
            }
            offer(new Notice(copy(subject, at, length), copy(payload, payloadAt, payloadLength), consumer));
            return true;
        };
    }

    private static UnsafeBuffer copy(final DirectBuffer from, final int offset, final int length) {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, from, offset, length);
        return copy;
    }

    private void offer(final Notice notice) {
        waiting.incrementAndGet();
        notices.add(notice);
    }

    /** Whether something is to be said that is not in the pipeline yet. Any thread. */
    boolean isWanted() {
        return orders.any() || notices.any();
    }

    @Override
    public boolean isDue() {
        return (orders.any() && putOrder()) || (notices.any() && putNotice()) || putTime();
    }

    private boolean putTime() {
        if (!time.getAsBoolean()) {
            return false;
        }
        slots.mark(slots.tickBase(), SlotMemory.KIND_TICK, SlotMemory.NOT_LARGE);
        return true;
    }

    private boolean putOrder() {
        final Order order = orders.first();
        if (order == null) {
            return false;
        }
        slots.mark(slots.tickBase(), order.kind, SlotMemory.NOT_LARGE);
        buffer.putLong(slots.tickBase() + SlotMemory.AGGREGATE_HASH_OFFSET, order.about);
        orders.removeFirst();
        return true;
    }

    private boolean putNotice() {
        for (Notice notice = notices.first(); notice != null; notice = notices.first()) {
            final boolean isForSomebody = findReaders(notice);
            if (isForSomebody && !put(notice)) {
                return false; // no large buffer: at a later turn
            }
            notices.removeFirst();
            waiting.decrementAndGet();
            if (isForSomebody) {
                return true;
            }
        }
        return false;
    }

    private boolean findReaders(final Notice notice) {
        reserved.snapshot().match(notice.subject, 0, notice.subject.capacity(), words, scratch);
        words[notice.except >>> 6] &= ~(1L << notice.except);
        long any = 0;
        for (final long word : words) {
            any |= word;
        }
        return any != 0;
    }

    private boolean put(final Notice notice) {
        final int subjectLength = notice.subject.capacity();
        final int payloadLength = notice.payload.capacity();
        int large = SlotMemory.NOT_LARGE;
        if (EventRecord.HEADER_BYTES + subjectLength + payloadLength > slots.slotBytes()) {
            large = slots.large().take();
            if (large == LargeBuffers.NONE) {
                return false;
            }
        }
        final int base = slots.tickBase();
        slots.mark(base, SlotMemory.KIND_NOTICE, large);
        final long hash = SubjectHash.hash(notice.subject, 0, subjectLength);
        buffer.putLong(base + SlotMemory.HASH_OFFSET, hash);
        buffer.putLong(base + SlotMemory.AGGREGATE_HASH_OFFSET, hash);
        buffer.putLong(base + SlotMemory.SUBJECT_OFFSET, SlotMemory.pair(0, -1)); // known to no cache
        for (int i = 0; i < words.length; i++) {
            buffer.putLong(base + SlotMemory.WORDS_OFFSET + i * Long.BYTES, words[i]);
        }
        slots.wrapRecord(record, base, large);
        record.init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_SUBJECT, subjectLength, 0, 0, payloadLength, 0, 0, 0);
        record.buffer().putBytes(record.subjectOffset(), notice.subject, 0, subjectLength);
        record.buffer().putBytes(record.payloadOffset(), notice.payload, 0, payloadLength);
        return true;
    }
}
