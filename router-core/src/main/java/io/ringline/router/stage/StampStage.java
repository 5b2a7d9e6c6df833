package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.subject.SubjectMatcher;
import io.ringline.sequencer.AggregateTable;
import io.ringline.sequencer.Stamper;
import java.util.Arrays;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives each event its time of acceptance, finds its aggregate, and numbers it where its publisher did not. The only
 * place where time enters the pipeline: the clock is read once for a batch and never goes back.
 */
public final class StampStage implements SlotHandler {
    private static final long GENERATION_MASK = 0xFFFF_FFFF_0000_0000L;

    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final AggregateTable aggregates;
    private final Stamper stamper;
    private final EpochNanoClock clock;
    private final EventRecord record = new EventRecord();
    private final boolean tracks;
    private final PipelineCounters counters;
    private long[] known = new long[SubjectMatcher.CACHE_ENTRIES];
    private long nowNanos;
    private long accepted;
    private long malformed;

    /**
     * The stage.
     *
     * @param slots      the ring's memory.
     * @param aggregates this stage's own.
     * @param stamper    this stage's own.
     * @param tracks     false where aggregates are neither numbered nor kept in order.
     * @param clock      nanoseconds since the epoch.
     * @param counters   where totals are shown.
     */
    public StampStage(
            final SlotMemory slots,
            final AggregateTable aggregates,
            final Stamper stamper,
            final boolean tracks,
            final EpochNanoClock clock,
            final PipelineCounters counters) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.aggregates = aggregates;
        this.stamper = stamper;
        this.tracks = tracks;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public void onBatchStart() {
        nowNanos = Math.max(nowNanos, clock.nanoTime());
    }

    @Override
    public void onBatchEnd() {
        counters.set(PipelineCounter.ACCEPTED, accepted);
        counters.set(PipelineCounter.MALFORMED, malformed);
    }

    @Override
    public boolean onSlot(final int base) {
        final int kind = slots.kind(base);
        if (kind == SlotMemory.KIND_EVENT) {
            slots.wrapRecord(record, base);
            final long subject = buffer.getLong(base + SlotMemory.AGGREGATE_OFFSET);
            buffer.putLong(base + SlotMemory.AGGREGATE_OFFSET, stamp(base, record, subject));
        } else if (kind == SlotMemory.KIND_TICK) {
            buffer.putLong(base + SlotMemory.HASH_OFFSET, nowNanos);
        } else if (kind == SlotMemory.KIND_MALFORMED) {
            malformed++;
            slots.wrapRecord(record, base);
            record.ingressNanos(nowNanos);
        }
        return true;
    }

    /** Stamps an event, whose subject is known by a generation and a token; answers with its aggregate's index. */
    int stamp(final int base, final EventRecord event, final long subject) {
        accepted++;
        event.ingressNanos(nowNanos);
        if (!tracks) {
            return 0;
        }
        final int aggregate = aggregateOf(base, event, subject);
        count(event, aggregate);
        return aggregate;
    }

    private int aggregateOf(final int base, final EventRecord event, final long subject) {
        final int flags = event.flags();
        if ((flags & RecordFlags.AGGREGATE_IS_SUBJECT) != 0) {
            return aggregateOfSubject(base, event, subject);
        }
        return (flags & RecordFlags.AGGREGATE_IS_ID) != 0
                ? aggregates.indexOfId(event.aggregateId())
                : aggregateOfKey(base, event);
    }

    /** What was looked up once for these very bytes need not be again. */
    private int aggregateOfSubject(final int base, final EventRecord event, final long subject) {
        final int token = SlotMemory.high(subject);
        if (token < 0) {
            return aggregateOfKey(base, event);
        }
        final long generation = subject << 32;
        if (token < known.length) {
            final long entry = known[token];
            if ((entry & GENERATION_MASK) == generation && (int) entry != 0) {
                return (int) entry - 1;
            }
        }
        final int aggregate = aggregateOfKey(base, event);
        if (token >= known.length) {
            known = Arrays.copyOf(known, Math.max(token + 1, known.length * 2));
        }
        known[token] = generation | aggregate + 1;
        return aggregate;
    }

    private int aggregateOfKey(final int base, final EventRecord event) {
        return aggregates.indexOfBytes(
                event.buffer(),
                event.aggregateOffset(),
                event.aggregateLength(),
                buffer.getLong(base + SlotMemory.AGGREGATE_HASH_OFFSET));
    }

    private void count(final EventRecord event, final int aggregate) {
        final long given = event.aggregateSequence();
        if (given == 0) {
            event.aggregateSequence(stamper.stamp(aggregate));
        } else {
            stamper.seen(aggregate, given);
        }
    }
}
