package io.ringline.router;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import io.ringline.router.record.EventRecord;
import io.ringline.router.stage.LargeBuffers;
import io.ringline.router.stage.Slot;
import io.ringline.router.stage.SlotMemory;
import io.ringline.router.subject.Subject;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A publisher's way into the ring: claims slots, and sees to it that each is published, whatever is thrown in between, and
 * that nothing is published past a claim that is still open. One thread at a time.
 */
abstract class SlotClaims {
    static final long NONE = OpenClaim.NONE;

    final RouterState state;
    final RingBuffer<Slot> ring;
    final SlotMemory slots;
    final UnsafeBuffer buffer;
    final DraftCheck check;
    final SlotWriter writer;
    final EventRecord record = new EventRecord();
    final OpenClaim open;
    /** Largest payload and subject of an event that needs nothing but a slot; -1 where another way must be taken. */
    int plainBytes;

    /** The slot that is being written by a call of this very moment. */
    long claimed = NONE;
    /** A call was ended by something thrown, and its slot may not be published yet. */
    boolean failed;
    /** Something is open, or has failed: nothing may be put into the ring without looking. */
    boolean busy;

    private final @Nullable ClaimRegistry registry;
    private final int maxPlainBytes;
    private int claimedLarge = SlotMemory.NOT_LARGE;
    private boolean registered;

    SlotClaims(final RouterPipeline pipeline, final RouterContext context) {
        this.state = pipeline.state();
        this.ring = pipeline.ring();
        this.slots = pipeline.slots();
        this.buffer = slots.buffer();
        this.writer = new SlotWriter(slots);
        this.check = new DraftCheck(context);
        this.registry = pipeline.claims();
        this.open = registry == null ? new OpenClaim(this, null) : registry.claimOf(this);
        this.maxPlainBytes = context.aggregateRules().isEmpty()
                ? Math.min(slots.slotBytes() - EventRecord.HEADER_BYTES, context.maxPayloadBytes())
                : -1;
        setBusy(false);
    }

    /**
     * Claims a slot and writes all but the payload into it. What is thrown is the caller's to catch, who then calls
     * {@link #giveUp}.
     */
    final long claim(
            final int kind,
            final EventDraft draft,
            final @Nullable Subject handle,
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final int payloadLength) {
        if (busy) {
            mayClaim();
        }
        if (!state.isAccepting()) {
            return Publisher.CLOSED;
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
                return Publisher.BACK_PRESSURED;
            }
            claimedLarge = large;
        }
        if (claimSlot() < 0) {
            giveBackLarge();
            return Publisher.BACK_PRESSURED;
        }
        final int base = slots.base(claimed);
        writer.writeSlot(base, kind, large, check.subjectHash, check.aggregateHash, handle);
        slots.wrapRecord(record, base, large);
        writer.writeRecord(record, check, draft, subject, subjectOffset, subjectLength, payloadLength);
        return claimed;
    }

    /** Claims a slot of the batch that is open, or else of the ring; negative where there is none. */
    final long claimSlot() {
        claimed = busy ? claimOfBatch() : claimOfRing();
        return claimed;
    }

    /** Claims a slot of the ring; negative where there is none. Its caller publishes it whatever happens. */
    final long claimOfRing() {
        if (ring.hasAvailableCapacity(1)) {
            try {
                // Not next(): it would park.
                return ring.tryNext();
            } catch (final InsufficientCapacityException lostTheRace) {
                return NONE; // to another publisher
            }
        }
        return NONE;
    }

    private long claimOfBatch() {
        if (open.left() == 0) {
            return NONE;
        }
        if (registry != null) {
            return open.use();
        }
        // The only publisher there is claims as it goes: there was room when the batch was opened, and nobody took it.
        final long sequence = claimOfRing();
        if (sequence >= 0) {
            open.use(sequence);
        }
        return sequence;
    }

    /** Publishes the slot that was claimed and written; one of a batch only when that is closed. */
    final void pass() {
        if (!busy) {
            ring.publish(claimed);
        }
        claimed = NONE;
        claimedLarge = SlotMemory.NOT_LARGE;
    }

    /** Leaves the slot that was claimed open, for its owner to commit or abort. */
    final void holdOpen() {
        register();
        open.open(claimed, Thread.currentThread());
        busy = true;
        plainBytes = -1;
        claimed = NONE;
        claimedLarge = SlotMemory.NOT_LARGE;
    }

    /**
     * After something was thrown: passes the slot that was claimed as aborted. The caller has set {@link #failed} and
     * {@link #busy}, which takes no stack: where this fails too for want of it, the next call on this publisher comes here.
     */
    final void giveUp() {
        plainBytes = -1;
        if (claimed < 0) {
            giveBackLarge();
        } else if (open.isBatch()) {
            slots.mark(slots.base(claimed), SlotMemory.KIND_ABORTED, claimedLarge);
        } else if (!OpenClaim.isPublished(ring, claimed)) {
            slots.mark(slots.base(claimed), SlotMemory.KIND_ABORTED, claimedLarge);
            ring.publish(claimed);
        }
        claimed = NONE;
        claimedLarge = SlotMemory.NOT_LARGE;
        failed = false;
        setBusy(open.isOpen());
    }

    /** Before {@link #giveUp} of a slot that was held open: remembers the buffer that it has. */
    final void takeBackLarge(final long sequence) {
        claimedLarge = slots.large(slots.base(sequence));
    }

    private void giveBackLarge() {
        if (claimedLarge != SlotMemory.NOT_LARGE) {
            slots.large().giveBack(claimedLarge);
            claimedLarge = SlotMemory.NOT_LARGE;
        }
    }

    final void setBusy(final boolean now) {
        busy = now;
        plainBytes = now ? -1 : maxPlainBytes;
    }

    /** Lets a call put something into the ring, or says why it may not. */
    final void mayClaim() {
        if (!failed && open.claimed >= 0 && !open.isAbandoned()) {
            throw new IllegalStateException("claim " + open.claimed + " is open since thread '" + nameOf(open.owner())
                    + "' made it: commit or abort it first, or call takeOver() where that thread is dead");
        }
        mayFinish();
    }

    /** As {@link #mayClaim}, for a call that makes no sense within a batch. */
    final void mayClaimAlone(final String what) {
        if (busy) {
            mayClaim();
            if (open.isBatch()) {
                throw new IllegalStateException(what + " within a batch: call closeBatch() first");
            }
        }
    }

    /** Ends what failed before; and makes the calling thread the owner of what is open. */
    final void mayFinish() {
        if (failed) {
            giveUp();
        }
        if (open.isOpen() && !open.own(Thread.currentThread())) {
            throw new IllegalStateException("what this publisher had open was passed as abandoned after"
                    + " claimTimeoutNs, because its thread had died: call takeOver(), then go on");
        }
    }

    final void register() {
        if (!registered && registry != null) {
            registry.add(open);
            registered = true;
        }
    }

    private static String nameOf(final @Nullable Thread thread) {
        return thread == null ? "?" : thread.getName();
    }
}
