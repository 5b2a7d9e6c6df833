package io.ringline.router;

import io.ringline.router.record.DeadLetterReason;
import java.util.Map;

/**
 * The router's totals at one moment, each exact for its own stage; between stages events may be on their way.
 *
 * @param accepted          events that entered the ring.
 * @param malformed         inputs that were no event.
 * @param released          events released in order.
 * @param reordered         events released after having been held.
 * @param heldNow           events held now.
 * @param heldMax           the most events ever held.
 * @param duplicates        events dropped because the same one had been released or is held.
 * @param late              events whose number had been given up.
 * @param gapTooWide        events too far ahead of their turn.
 * @param conflicts         events with other bytes than the one held under their number.
 * @param gaps              gaps given up.
 * @param missing           numbers missing in those gaps.
 * @param forcedByTimeout   gaps given up because their time was over.
 * @param forcedByPressure  gaps given up because too much was held.
 * @param forcedByGap       gaps given up because the stream had moved on.
 * @param forcedByStart     gaps given up because the publisher started over, or further on.
 * @param tooManyAggregates events of an aggregate that there was no room for.
 * @param evicted           aggregates forgotten to make room for others.
 * @param epochs            epochs that publishers began.
 * @param baselines         streams that started with the first number seen, or with one that the publisher named.
 * @param startsRefused     starts of an aggregate that there was no room for.
 * @param withoutMemory     events and starts among those that there was no room for, as there was no memory outside the heap.
 * @param aborted           claims that their publishers gave back.
 * @param abandoned         slots of claims whose thread died before they were published or given back.
 * @param unused            slots that publishers claimed with others, and had nothing for.
 * @param overdueClaims     claims that held up the ring for longer than their time limit, by a thread that lived.
 * @param failedCallbacks   publishers' callbacks that threw when told of room.
 * @param noMatch           released events that no pattern matches.
 * @param consumersSilent   times a consumer with events waiting stopped polling.
 * @param consumersEvicted  times one was treated by its overflow fallback for that.
 * @param consumersEnded    consumers that left, and have ended.
 * @param eventsLeft        events that consumers without a queue group had not finished when they were closed.
 * @param eventsHandedOver  events that members of queue groups had not finished when they were closed, and others took over.
 * @param notices           events of the router's own, among those accepted.
 * @param deadLetters       dead letters by reason; only reasons that occurred.
 */
public record RouterStatistics(
        long accepted,
        long malformed,
        long released,
        long reordered,
        long heldNow,
        long heldMax,
        long duplicates,
        long late,
        long gapTooWide,
        long conflicts,
        long gaps,
        long missing,
        long forcedByTimeout,
        long forcedByPressure,
        long forcedByGap,
        long forcedByStart,
        long tooManyAggregates,
        long evicted,
        long epochs,
        long baselines,
        long startsRefused,
        long withoutMemory,
        long aborted,
        long abandoned,
        long unused,
        long overdueClaims,
        long failedCallbacks,
        long noMatch,
        long consumersSilent,
        long consumersEvicted,
        long consumersEnded,
        long eventsLeft,
        long eventsHandedOver,
        long notices,
        Map<DeadLetterReason, Long> deadLetters) {

    /** Dead letters of all reasons. @return from 0. */
    public long deadLettersTotal() {
        return deadLetters.values().stream().mapToLong(Long::longValue).sum();
    }
}
