package io.ringline.router;

import com.lmax.disruptor.RingBuffer;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.Journal;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.stage.PipelineCounter;
import io.ringline.router.stage.PipelineCounters;
import io.ringline.router.stage.Slot;
import io.ringline.router.stage.SlotMemory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the router's counters together for people. Any thread. */
final class RouterReports {
    private final RouterPipeline pipeline;
    private final PipelineCounters counters;
    private final @Nullable Journal journal;
    private final long firstGlobal;

    RouterReports(final RouterPipeline pipeline) {
        this.pipeline = pipeline;
        this.counters = pipeline.counters();
        this.journal = pipeline.context().journal();
        this.firstGlobal = counters.get(PipelineCounter.FANNED_OUT);
    }

    RouterStatistics statistics() {
        return new RouterStatistics(
                counters.get(PipelineCounter.ACCEPTED),
                counters.get(PipelineCounter.MALFORMED),
                counters.get(PipelineCounter.RELEASED),
                counters.get(PipelineCounter.REORDERED),
                counters.get(PipelineCounter.HELD_NOW),
                counters.get(PipelineCounter.HELD_MAX),
                counters.get(PipelineCounter.DUPLICATES),
                counters.get(PipelineCounter.LATE),
                counters.get(PipelineCounter.GAP_TOO_WIDE),
                counters.get(PipelineCounter.CONFLICTS),
                counters.get(PipelineCounter.GAPS),
                counters.get(PipelineCounter.MISSING),
                counters.get(PipelineCounter.FORCED_BY_TIMEOUT),
                counters.get(PipelineCounter.FORCED_BY_PRESSURE),
                counters.get(PipelineCounter.FORCED_BY_GAP),
                counters.get(PipelineCounter.FORCED_BY_START),
                counters.get(PipelineCounter.TOO_MANY_AGGREGATES),
                counters.get(PipelineCounter.EVICTED),
                counters.get(PipelineCounter.EPOCHS),
                counters.get(PipelineCounter.BASELINES),
                counters.get(PipelineCounter.STARTS_REFUSED),
                counters.get(PipelineCounter.WITHOUT_MEMORY),
                counters.get(PipelineCounter.ABORTED),
                counters.get(PipelineCounter.ABANDONED),
                counters.get(PipelineCounter.UNUSED),
                counters.get(PipelineCounter.OVERDUE_CLAIMS),
                counters.get(PipelineCounter.CALLBACKS_FAILED),
                counters.get(PipelineCounter.NO_MATCH),
                counters.get(PipelineCounter.CONSUMERS_SILENT),
                counters.get(PipelineCounter.CONSUMERS_EVICTED),
                counters.get(PipelineCounter.CONSUMERS_ENDED),
                counters.get(PipelineCounter.EVENTS_LEFT),
                counters.get(PipelineCounter.EVENTS_HANDED_OVER),
                counters.get(PipelineCounter.NOTICES),
                deadLetters());
    }

    private Map<DeadLetterReason, Long> deadLetters() {
        final Map<DeadLetterReason, Long> letters = new EnumMap<>(DeadLetterReason.class);
        for (final DeadLetterReason reason : DeadLetterReason.values()) {
            final long count = pipeline.deadLetters().count(reason);
            if (count > 0) {
                letters.put(reason, count);
            }
        }
        return Map.copyOf(letters);
    }

    DrainReport report() {
        // Whether nothing is left, forwards: what leaves the ring after this is seen in its channel.
        final boolean ringIsEmpty = pipeline.inRing() == 0;
        final boolean changesHands = pipeline.consumers().stream().anyMatch(SubjectConsumer::inherits);
        final long handedOver = handedOver();
        final List<DrainReport.Consumer> consumers = consumers();
        // The sums, backwards: an event on its way is seen where it was, and not missed where it comes to.
        final long released = counters.get(PipelineCounter.FANNED_OUT) - firstGlobal;
        final long held = counters.get(PipelineCounter.HELD_NOW);
        final long duplicates = counters.get(PipelineCounter.DUPLICATES);
        final long refused = refused();
        final long accepted = accepted();
        // Of two consumers that are looked at one after the other, one may have taken something from the other
        // meanwhile.
        boolean complete = ringIsEmpty && !changesHands && handedOver == handedOver();
        for (final DrainReport.Consumer consumer : consumers) {
            complete &= consumer.pending() == 0;
        }
        return new DrainReport(
                complete,
                accepted,
                Math.max(0, accepted - released - held - duplicates - refused),
                held,
                released,
                duplicates,
                refused,
                journal == null ? 0 : journal.lastGlobalSequence() - firstGlobal,
                deadLetters().values().stream().mapToLong(Long::longValue).sum(),
                consumers);
    }

    private long handedOver() {
        return pipeline.consumers().stream()
                        .mapToLong(SubjectConsumer::handedOver)
                        .sum()
                + counters.get(PipelineCounter.EVENTS_HANDED_OVER);
    }

    private List<DrainReport.Consumer> consumers() {
        final List<DrainReport.Consumer> consumers = new ArrayList<>();
        for (final SubjectConsumer consumer : pipeline.consumers()) {
            consumers.add(new DrainReport.Consumer(
                    consumer.name(),
                    consumer.delivered(),
                    consumer.lag(),
                    consumer.deadLettered(),
                    consumer.dropped()));
        }
        return List.copyOf(consumers);
    }

    private long refused() {
        return counters.get(PipelineCounter.LATE)
                + counters.get(PipelineCounter.GAP_TOO_WIDE)
                + counters.get(PipelineCounter.CONFLICTS)
                + counters.get(PipelineCounter.TOO_MANY_AGGREGATES);
    }

    /** Events that the stages have taken in, and those that stand in the ring before them. */
    private long accepted() {
        final long notices = counters.get(PipelineCounter.NOTICES); // which stand in no slot of the ring
        final long taken = counters.get(PipelineCounter.ACCEPTED);
        final long other = counters.get(PipelineCounter.MALFORMED) + counters.get(PipelineCounter.OTHER_SLOTS);
        final SlotMemory slots = pipeline.slots();
        final RingBuffer<Slot> ring = pipeline.ring();
        final long cursor = ring.getCursor();
        long waiting = 0;
        for (long sequence = taken - notices + other;
                sequence <= cursor;
                sequence++) { // all slots before are taken, in order
            if (ring.isAvailable(sequence) && slots.kind(slots.base(sequence)) == SlotMemory.KIND_EVENT) {
                waiting++;
            }
        }
        return taken + waiting;
    }
}
