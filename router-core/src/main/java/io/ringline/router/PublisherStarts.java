package io.ringline.router;

import io.ringline.router.stage.SlotMemory;
import io.ringline.router.subject.Subject;
import io.ringline.sequencer.Sequencer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A publisher's words about where numbers start, in their place among the events, and the router's own orders. */
abstract class PublisherStarts extends PublisherClaims {
    private final EventDraft starting = new EventDraft().subject(new UnsafeBuffer(new byte[] {'_'}), 0, 1);

    PublisherStarts(final RouterPipeline pipeline, final RouterContext context) {
        super(pipeline, context);
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
        return first < 1 || first > Sequencer.MAX_FIRST ? Publisher.INVALID_SEQUENCE : start(draft, first);
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
        return first < 1 || first > Sequencer.MAX_FIRST ? Publisher.INVALID_SEQUENCE : startSource(first);
    }

    private long start(final EventDraft draft, final long first) {
        if (draft.malformed) {
            return Publisher.INVALID_AGGREGATE;
        }
        final Subject handle = draft.handle;
        try {
            final long sequence = handle == null
                    ? claimStart(draft, null, draft.subjectBuffer, draft.subjectOffset, draft.subjectLength)
                    : claimStart(draft, handle, handle.buffer(), handle.offset(), handle.length());
            if (sequence >= 0) {
                record.aggregateSequence(first);
                pass();
            }
            return sequence;
        } catch (final Throwable failure) {
            failed = busy = true;
            giveUp();
            throw failure;
        }
    }

    private long claimStart(
            final EventDraft draft,
            final @Nullable Subject handle,
            final DirectBuffer subject,
            final int offset,
            final int length) {
        return claim(SlotMemory.KIND_START, draft, handle, subject, offset, length, 0);
    }

    private long startSource(final long first) {
        if (busy) {
            mayClaim();
        }
        return state.isAccepting() ? control(SlotMemory.KIND_START_SOURCE, first) : Publisher.CLOSED;
    }

    /** Puts an order of the router's own into the ring. */
    final boolean tryControl(final int kind) {
        mayClaimAlone("an order to the router");
        return control(kind, 0) >= 0;
    }

    private long control(final int kind, final long first) {
        try {
            final long sequence = claimSlot();
            if (sequence >= 0) {
                final int base = slots.base(sequence);
                slots.mark(base, kind, SlotMemory.NOT_LARGE);
                buffer.putLong(base + SlotMemory.AGGREGATE_HASH_OFFSET, first);
                pass();
            }
            return sequence;
        } catch (final Throwable failure) {
            failed = busy = true;
            giveUp();
            throw failure;
        }
    }
}
