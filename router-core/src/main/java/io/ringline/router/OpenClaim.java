package io.ringline.router;

import com.lmax.disruptor.RingBuffer;
import io.ringline.router.stage.Slot;
import io.ringline.router.stage.SlotMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * What one publisher has claimed and not yet published: a claim, or a batch of them, and the thread that made it. It does not
 * keep its publisher alive, so that a claim whose publisher nobody has any more can still be found.
 *
 * <p>Its owner reads and writes all of it. Another thread may only look at the owner, and at the rest once it has found the
 * owner dead: {@link Thread#isAlive} makes all that a dead thread wrote visible.
 */
final class OpenClaim extends WeakReference<Object> {
    /** No slot. */
    static final long NONE = -1;

    private static final Thread PASSING = new Thread("ringline-abandoned"); // marks, never started
    private static final Thread ABANDONED = new Thread("ringline-abandoned");
    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(OpenClaim.class, "owner", Thread.class);
        } catch (final ReflectiveOperationException neverThrown) {
            throw new ExceptionInInitializerError(neverThrown);
        }
    }

    /** The claim that is being written, alone or of the batch. */
    long claimed = NONE;

    private volatile @Nullable Thread owner;
    private boolean batch;
    private long first = NONE; // the batch's slots that are claimed in the ring
    private long last = NONE;
    private int used;
    private int left;

    OpenClaim(final Object publisher, final @Nullable ReferenceQueue<Object> gone) {
        super(publisher, gone);
    }

    /** Who has something open; null where nothing is. Any thread. */
    @Nullable
    Thread owner() {
        return owner;
    }

    boolean isOpen() {
        return owner != null;
    }

    /** Whether what was open is, or is being, passed as abandoned, because its thread had died. Any thread. */
    boolean isAbandoned() {
        final Thread now = owner;
        return now == ABANDONED || now == PASSING;
    }

    void open(final long sequence, final Thread by) {
        claimed = sequence;
        if (!batch) {
            OWNER.setRelease(this, by);
        }
    }

    /** Opens a batch whose slots are claimed already, or, from and to being NONE, are claimed one by one. */
    void openBatch(final long from, final long to, final int slots, final Thread by) {
        first = from;
        last = to;
        used = 0;
        left = slots;
        batch = true;
        OWNER.setRelease(this, by);
    }

    /** Nothing is open any more; after it is published. */
    void close() {
        claimed = NONE;
        batch = false;
        OWNER.setRelease(this, null);
    }

    boolean isBatch() {
        return batch;
    }

    /** How many slots of the batch are not used yet. */
    int left() {
        return left;
    }

    /** How many slots of the batch are used. */
    int used() {
        return used;
    }

    /** The batch's first slot in the ring; NONE where there is none yet. */
    long first() {
        return first;
    }

    /** The batch's last slot in the ring. */
    long last() {
        return last;
    }

    /** Uses a slot of the batch that is claimed already. */
    long use() {
        left--;
        return first + used++;
    }

    /** Uses a slot that was claimed just now. */
    void use(final long sequence) {
        first = used == 0 ? sequence : first;
        last = sequence;
        used++;
        left--;
    }

    /**
     * Makes another thread the owner.
     *
     * @return false where what was open has been passed as abandoned meanwhile.
     */
    boolean own(final Thread by) {
        final Thread before = owner;
        return before == by || !isAbandoned() && OWNER.compareAndSet(this, before, by);
    }

    /**
     * Takes what is open from a thread that is dead, and passes it through the ring as abandoned. Another thread.
     *
     * @return how many slots were passed; 0 where another has found a way out meanwhile.
     */
    int abandon(final Thread dead, final SlotMemory slots, final RingBuffer<Slot> ring) {
        if (!OWNER.compareAndSet(this, dead, PASSING)) {
            return 0;
        }
        final int passed = passAbandoned(slots, ring);
        OWNER.setRelease(this, ABANDONED);
        return passed;
    }

    /** Waits until another thread, if any, has passed all that was open. */
    void awaitPassed() {
        while (owner == PASSING) {
            Thread.onSpinWait();
        }
    }

    /** Whether a slot is among those that are open. Exact for the owner, and once it is dead. */
    boolean has(final long sequence) {
        return isOpen() && (batch ? first >= 0 && sequence >= first && sequence <= last : sequence == claimed);
    }

    /** Passes all that is open through the ring as abandoned. The owner. */
    int passAbandoned(final SlotMemory slots, final RingBuffer<Slot> ring) {
        final long from = batch ? first : claimed;
        final long to = batch ? last : claimed;
        int passed = 0;
        for (long sequence = from; from >= 0 && sequence <= to; sequence++) {
            if (!isPublished(ring, sequence)) {
                final int base = slots.base(sequence);
                // What a slot holds that was not written is of a lap ago.
                final int large = batch && sequence >= first + used ? SlotMemory.NOT_LARGE : slots.large(base);
                slots.mark(base, SlotMemory.KIND_ABANDONED, large);
                ring.publish(sequence);
                passed++;
            }
        }
        return passed;
    }

    /** Publishes those slots of the batch that are not published yet. */
    void publishRest(final RingBuffer<Slot> ring) {
        for (long sequence = first; sequence <= last; sequence++) {
            if (!isPublished(ring, sequence)) {
                ring.publish(sequence);
            }
        }
    }

    /**
     * Whether a claimed slot was published; it may be through the ring, and its place another's by now: therefore the look at the
     * place comes first.
     */
    static boolean isPublished(final RingBuffer<Slot> ring, final long sequence) {
        return ring.isAvailable(sequence) || sequence <= ring.getMinimumGatingSequence();
    }
}
