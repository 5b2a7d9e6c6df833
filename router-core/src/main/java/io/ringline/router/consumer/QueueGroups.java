package io.ringline.router.consumer;

import io.ringline.router.record.Event;
import java.util.List;

/**
 * Which member of a queue group gets an event: chosen by a hash of its aggregate, so an aggregate stays with its member, and
 * with the same one after a restart. In match results each group has one bit, behind the consumers' words. Immutable.
 */
public final class QueueGroups {
    private final int firstWord;
    private final int[][] members;

    /**
     * Groups of a router.
     *
     * @param consumers how many the router has.
     * @param members   for each group the indices of its members, at least one.
     */
    public QueueGroups(final int consumers, final List<int[]> members) {
        this.firstWord = Math.max(1, (consumers + 63) >>> 6);
        this.members = members.toArray(new int[0][]);
    }

    /** The first word of match results that stands for groups. @return from 1. */
    public int firstWord() {
        return firstWord;
    }

    /** The bit of a group in match results. @param group from 0. @return index. */
    public int bit(final int group) {
        return (firstWord << 6) + group;
    }

    /** How many bits match results need for consumers and groups. @return at least 64. */
    public int bits() {
        return (firstWord << 6) + members.length;
    }

    /**
     * The member that gets an event.
     *
     * @param bit   the group's.
     * @param event matched by the group.
     * @return a consumer's index.
     */
    public int member(final int bit, final Event event) {
        final int[] of = members[bit - (firstWord << 6)];
        final long hash = AggregateHash.of(event);
        return of[(int) ((hash >>> 32) * of.length >>> 32)];
    }
}
