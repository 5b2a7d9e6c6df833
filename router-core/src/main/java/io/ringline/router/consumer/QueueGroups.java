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

    /** How many words match results have for consumers and groups. @return from 1. */
    public int words() {
        return (bits() + 63) >>> 6;
    }

    /** Adds to some consumers the groups that one of them is in. @param words match results, {@link #words()} long. */
    public void addGroupsOf(final long[] words) {
        for (int i = 0; i < members.length; i++) {
            for (final int member : members[i]) {
                if ((words[member >>> 6] & 1L << member) != 0) {
                    words[bit(i) >>> 6] |= 1L << bit(i);
                }
            }
        }
    }

    /** Whether there is a group. @return false where there is none. */
    public boolean any() {
        return members.length > 0;
    }

    /**
     * Puts in the place of each group that matches an event its member, which gets the event once, whatever else it matches by.
     *
     * @param words match results, {@link #words()} long.
     * @param event matched.
     */
    public void resolve(final long[] words, final Event event) {
        for (int word = firstWord; word < words.length; word++) {
            final long groups = words[word];
            words[word] = 0;
            for (long bits = groups; bits != 0; bits &= bits - 1) {
                final int member = member((word << 6) + Long.numberOfTrailingZeros(bits), event);
                words[member >>> 6] |= 1L << member;
            }
        }
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
