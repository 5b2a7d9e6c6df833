package io.ringline.router;

import com.lmax.disruptor.InsufficientCapacityException;
import io.ringline.router.stage.SlotMemory;
import io.ringline.router.subject.Subject;
import java.lang.ref.Reference;
import org.agrona.MutableDirectBuffer;

/** A publisher's claims that stay open between two calls, one at a time or a batch of them. */
abstract class PublisherClaims extends SlotClaims {
    private static final int ATTEMPTS = 3;

    private final boolean single;
    private boolean partlyPublished;

    PublisherClaims(final RouterPipeline pipeline, final RouterContext context) {
        super(pipeline, context);
        this.single = context.publisherType() == PublisherType.SINGLE;
    }

    /**
     * Claims a slot and writes all but the payload, which the caller then writes in place: at {@link #payloadOffset()} of
     * {@link #payloadBuffer()}, as many bytes as the draft says. Must be followed by {@link #commit} or {@link #abort}, on the
     * same thread; until then nothing else can be published here. Where the thread dies before, the claim is passed over
     * after {@code claimTimeoutNs} ({@link PublisherType#MULTI}), or by {@link #takeOver}.
     *
     * @param draft what to publish; its payload's memory is not looked at.
     * @return the ring's sequence, or one of the negative codes.
     * @throws IndexOutOfBoundsException where a range is not within its memory; nothing is claimed then.
     * @throws IllegalStateException     where a claim is open already.
     */
    public long tryClaim(final EventDraft draft) {
        final Subject handle = draft.handle;
        final int payloadLength = draft.payloadLength;
        try {
            final long sequence = handle == null
                    ? claim(
                            kindOf(draft),
                            draft,
                            null,
                            draft.subjectBuffer,
                            draft.subjectOffset,
                            draft.subjectLength,
                            payloadLength)
                    : claim(
                            kindOf(draft),
                            draft,
                            handle,
                            handle.buffer(),
                            handle.offset(),
                            handle.length(),
                            payloadLength);
            if (sequence >= 0) {
                holdOpen();
            }
            return sequence;
        } catch (final Throwable failure) {
            failed = busy = true;
            giveUp();
            throw failure;
        }
    }

    /**
     * Where the claimed payload goes. Not to be written to once nobody has this publisher any more: its claim counts as abandoned then.
     *
     * @return the memory of the record claimed last.
     */
    public MutableDirectBuffer payloadBuffer() {
        return record.buffer();
    }

    /** Where the claimed payload starts. @return offset in {@link #payloadBuffer()}. */
    public int payloadOffset() {
        return record.payloadOffset();
    }

    /**
     * Publishes what was claimed; of a batch, only with the batch.
     *
     * @param sequence as {@link #tryClaim} answered.
     * @throws IllegalArgumentException where that claim is not open; nothing changes then.
     * @throws IllegalStateException    where the claim was passed over because its thread had died.
     */
    public void commit(final long sequence) {
        mustBeOpen(sequence);
        finishClaim(sequence);
    }

    /**
     * Gives a claim back: the slot passes through the ring as nothing, and is counted.
     *
     * @param sequence as claimed.
     * @throws IllegalArgumentException where that claim is not open; nothing changes then.
     * @throws IllegalStateException    where the claim was passed over because its thread had died.
     */
    public void abort(final long sequence) {
        mustBeOpen(sequence);
        final int base = slots.base(sequence);
        slots.mark(base, SlotMemory.KIND_ABORTED, slots.large(base));
        finishClaim(sequence);
    }

    /**
     * Claims several slots at once. What is published, or claimed and committed, after this is written into them one after
     * the other, and seen by nobody until {@link #closeBatch} publishes all of it in one go: that spares the router's thread
     * and this one a cache line's way for each event. Once all of them are used, {@code try} methods answer
     * {@link Publisher#BACK_PRESSURED} until the batch is closed. Under {@link PublisherType#MULTI} nothing that others publish later
     * passes a batch that is open: close it soon, and claim no more than there is something for.
     *
     * @param max most slots to claim, from 1.
     * @return how many there are, {@code max} or fewer; or {@link Publisher#BACK_PRESSURED} or {@link Publisher#CLOSED}.
     * @throws IllegalStateException where a claim or a batch is open already.
     */
    public int tryOpenBatch(final int max) {
        if (max < 1) {
            throw new IllegalArgumentException("a batch of " + max + " slots: ask for at least 1");
        }
        mayClaimAlone("another batch");
        if (!state.isAccepting()) {
            return (int) Publisher.CLOSED;
        }
        return openBatch(max);
    }

    /**
     * Publishes all that was written since {@link #tryOpenBatch}. Slots that were not used are not claimed at all under
     * {@link PublisherType#SINGLE}; under {@code MULTI} they pass through the ring as nothing, and are counted as unused.
     *
     * @return how many slots were used, those of aborted claims included.
     * @throws IllegalStateException where no batch is open, or a claim in it is, or it was passed over because its thread
     *                               had died.
     */
    public int closeBatch() {
        mayClaim();
        if (!open.isBatch()) {
            throw new IllegalStateException("no batch is open: call tryOpenBatch first");
        }
        try {
            return publishBatch();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Makes the calling thread this publisher's after the one before has died, and passes what that had open through the
     * ring as abandoned, which is counted. Also for the thread that has something open itself, to drop all of it.
     *
     * @return how many slots were passed over.
     * @throws IllegalStateException where another thread has something open and lives.
     */
    public int takeOver() {
        final Thread me = Thread.currentThread();
        final Thread owner = open.owner();
        if (owner == null) {
            if (failed) {
                giveUp();
            }
            return 0;
        }
        if (!open.isAbandoned() && owner != me && owner.isAlive()) {
            throw new IllegalStateException("thread '" + owner.getName()
                    + "' has something open on this publisher and lives: let it commit or abort");
        }
        final int passed = open.own(me) ? open.passAbandoned(slots, ring) : 0;
        open.awaitPassed();
        open.close();
        partlyPublished = false;
        setBusy(false);
        return passed;
    }

    /**
     * How many slots of the ring nobody has claimed. Under {@link PublisherType#SINGLE}, exact until the next call on this
     * publisher, but for what the router makes free; under {@code MULTI} others claim meanwhile.
     *
     * @return 0 to {@code ringSize}; without those of the batch that is open here.
     */
    public int freeCapacity() {
        final long free = ring.remainingCapacity();
        return (int) (single && open.isBatch() ? free - open.left() : free);
    }

    static int kindOf(final EventDraft draft) {
        return draft.malformed ? SlotMemory.KIND_MALFORMED : SlotMemory.KIND_EVENT;
    }

    private void mustBeOpen(final long sequence) {
        if (busy) {
            mayFinish();
        }
        if (sequence < 0 || open.claimed != sequence) {
            throw new IllegalArgumentException("claim " + sequence + " is not open on this publisher: "
                    + (open.claimed < 0 ? "none is" : "claim " + open.claimed + " is"));
        }
    }

    private void finishClaim(final long sequence) {
        if (open.isBatch()) {
            open.claimed = NONE;
            return;
        }
        claimed = sequence;
        open.close();
        setBusy(false);
        try {
            pass();
        } catch (final Throwable failure) {
            failed = busy = true;
            takeBackLarge(sequence);
            giveUp();
            throw failure;
        } finally {
            Reference.reachabilityFence(this); // what has no publisher any more is taken to be abandoned
        }
    }

    private int openBatch(final int max) {
        final Thread me = Thread.currentThread();
        if (single) {
            final int slotsFree = (int) Math.min(max, ring.remainingCapacity());
            if (slotsFree < 1) {
                return (int) Publisher.BACK_PRESSURED;
            }
            open.openBatch(NONE, NONE, slotsFree, me);
            setBusy(true);
            return slotsFree;
        }
        register();
        for (int i = 0; i < ATTEMPTS; i++) {
            final int slotsFree = ring.hasAvailableCapacity(max) ? max : (int) Math.min(max, ring.remainingCapacity());
            if (slotsFree < 1) {
                break;
            }
            final long last;
            try {
                last = ring.tryNext(slotsFree);
            } catch (final InsufficientCapacityException lostTheRace) {
                continue; // to another publisher: see how much is left
            }
            try {
                open.openBatch(last - slotsFree + 1, last, slotsFree, me);
            } catch (final Throwable failure) { // no stack left: nobody would ever find these slots
                passUnused(last - slotsFree + 1, last);
                throw failure;
            }
            setBusy(true);
            return slotsFree;
        }
        return (int) Publisher.BACK_PRESSURED;
    }

    private void passUnused(final long first, final long last) {
        for (long sequence = first; sequence <= last; sequence++) {
            slots.mark(slots.base(sequence), SlotMemory.KIND_UNUSED, SlotMemory.NOT_LARGE);
            ring.publish(sequence);
        }
    }

    private int publishBatch() {
        final int used = open.used();
        final long first = open.first();
        final long last = open.last();
        if (partlyPublished) { // thrown at in the midst of it, the last time
            open.publishRest(ring);
        } else if (first >= 0) {
            for (long sequence = first + used; sequence <= last; sequence++) {
                slots.mark(slots.base(sequence), SlotMemory.KIND_UNUSED, SlotMemory.NOT_LARGE);
            }
            try {
                ring.publish(first, last);
            } catch (final Throwable failure) {
                partlyPublished = true;
                throw failure;
            }
        }
        partlyPublished = false;
        open.close();
        setBusy(false);
        return used;
    }
}
