package io.ringline.router;

import java.util.List;

/**
 * Where the events are that a router accepted since it started. Two sums hold once nothing is on its way:
 *
 * <pre>
 *   accepted                    = inRing + held + released + duplicates + refused
 *   for each consumer, matched  = delivered + pending + deadLettered + dropped
 * </pre>
 *
 * @param complete     true where nothing is left to do but for what is held.
 * @param accepted     events that publishers were told are in the ring; no claim that is still open.
 * @param inRing       of these, those that are not through the stages.
 * @param held         those that wait for their turn.
 * @param released     those that were offered to all consumers that they match, which may be none.
 * @param duplicates   those dropped because they had been released already, or were held.
 * @param refused      those that became dead letters before they could be released: late, too far ahead, in conflict, or of
 *                     too many aggregates.
 * @param journaled    released events that are in the journal; 0 without one.
 * @param deadLettered dead letters of all reasons, inputs that were no event included.
 * @param consumers    what became of the deliveries, in the order of the router's consumers.
 */
public record DrainReport(
        boolean complete,
        long accepted,
        long inRing,
        long held,
        long released,
        long duplicates,
        long refused,
        long journaled,
        long deadLettered,
        List<Consumer> consumers) {

    /**
     * What became of the events that one consumer matched.
     *
     * @param name         the consumer's.
     * @param delivered    events that its handler acknowledged.
     * @param pending      events that it has not done with, those that wait for a retry, for a later acknowledgement or for their
     *                     dead letter included.
     * @param deadLettered events that became dead letters on its account.
     * @param dropped      events dropped because its channel was full.
     */
    public record Consumer(String name, long delivered, long pending, long deadLettered, long dropped) {}

    /** Deliveries that were acknowledged. @return of all consumers, from 0. */
    public long delivered() {
        return consumers.stream().mapToLong(Consumer::delivered).sum();
    }

    /** Deliveries that consumers have not done with. @return of all consumers, from 0. */
    public long inChannels() {
        return consumers.stream().mapToLong(Consumer::pending).sum();
    }

    /** Deliveries dropped because a channel was full. @return of all consumers, from 0. */
    public long dropped() {
        return consumers.stream().mapToLong(Consumer::dropped).sum();
    }

    /** Whom the router waits for. @return the consumers that have something left to do, with how much. */
    public List<Consumer> waitsFor() {
        return consumers.stream().filter(consumer -> consumer.pending() > 0).toList();
    }
}
