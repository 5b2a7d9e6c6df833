package io.ringline.router.consumer;

import io.ringline.router.record.Event;
import java.util.List;

/**
 * Which member of a queue group gets an event: chosen by its aggregate, see {@link QueueGroup}. In match results each group has
 * one bit, behind the consumers' words. The fan-out stage's thread, where nothing else is said.
 */
public final class QueueGroups {
    private final int firstWord;
    private final QueueGroup[] groups;

    /**
     * Groups of a router.
     *
     * @param consumers how many the router can have.
     * @param members   for each group the indices of its members.
     */
    public QueueGroups(final int consumers, final List<int[]> members) {
        this.firstWord = Math.max(1, (consumers + 63) >>> 6);
        this.groups = members.stream().map(QueueGroup::new).toArray(QueueGroup[]::new);
    }

    /** The first word of match results that stands for groups. Any thread. @return from 1. */
    public int firstWord() {
        return firstWord;
    }

    /** The bit of a group in match results. Any thread. @param group from 0. @return index. */
    public int bit(final int group) {
        return (firstWord << 6) + group;
    }

    /** How many bits match results need for consumers and groups. Any thread. @return at least 64. */
    public int bits() {
        return (firstWord << 6) + groups.length;
    }

    /** How many words match results have for consumers and groups. Any thread. @return from 1. */
    public int words() {
        return (bits() + 63) >>> 6;
    }

    /** The group that a consumer is a member of. @param consumer its index. @return from 0; -1 where it is in none. */
    public int groupOf(final int consumer) {
        for (int i = 0; i < groups.length; i++) {
            if (groups[i].has(consumer)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether there is a group. Any thread. @return false where there is none. */
    public boolean any() {
        return groups.length > 0;
    }

    /** How many groups there are. Any thread. @return from 0. */
    public int count() {
        return groups.length;
    }

    /**
     * Puts in the place of each group that matches an event its member, which gets the event once, whatever else it matches by.
     *
     * @param words match results, {@link #words()} long.
     * @param event matched.
     */
    public void resolve(final long[] words, final Event event) {
        for (int word = firstWord; word < words.length; word++) {
            final long matched = words[word];
            words[word] = 0;
            for (long bits = matched; bits != 0; bits &= bits - 1) {
                final QueueGroup group = groups[(word - firstWord << 6) + Long.numberOfTrailingZeros(bits)];
                final int member = group.route(slot(event), event.globalSequence());
                if (member != QueueGroup.NOBODY) {
                    words[member >>> 6] |= 1L << member;
                }
            }
        }
    }

    private static int slot(final Event event) {
        return QueueGroup.slot(AggregateHash.of(event));
    }

    /**
     * The member that gets an event.
     *
     * @param bit   the group's.
     * @param event matched by the group.
     * @return a consumer's index, or -1 where the group has no member.
     */
    public int member(final int bit, final Event event) {
        return groups[bit - (firstWord << 6)].holder(slot(event));
    }

    /** Of each group the slots that a consumer has, as they are now. */
    boolean[][] slotsOf(final int consumer) {
        final boolean[][] slots = new boolean[groups.length][QueueGroup.SLOTS];
        for (int i = 0; i < groups.length; i++) {
            for (int slot = 0; slot < QueueGroup.SLOTS; slot++) {
                slots[i][slot] = groups[i].holder(slot) == consumer;
            }
        }
        return slots;
    }

    /** Whether an event's slot is among some. @param slots as {@link #slotsOf} has told. */
    boolean isAmong(final boolean[][] slots, final int bit, final Event event) {
        return slots[bit - (firstWord << 6)][slot(event)];
    }

    /** A group's members. @param group from 0. @return their indices; not to be changed. */
    public int[] members(final int group) {
        return groups[group].members();
    }

    /**
     * Counts how many of a group's slots each member has.
     *
     * @param group from 0.
     * @param used  those that an event went by, or those that none did.
     * @param into  the members' shares, by their indices; the others' places are left as they are.
     */
    public void shares(final int group, final boolean used, final int[] into) {
        groups[group].shares(used, into);
    }

    /** Makes a consumer a member. @param group from 0. @param member its index. */
    public void join(final int group, final int member) {
        groups[group].join(member);
    }

    /** Takes a member out. @param group from 0. @param member its index. @param heir who has its aggregates then; -1 for nobody. */
    public void leave(final int group, final int member, final int heir) {
        groups[group].leave(member, heir);
    }

    /**
     * Moves idle slots.
     *
     * @param group from 0.
     * @param from  whose they are.
     * @param safe  the event up to which that member is done with all.
     * @param to    whose they are to be.
     * @param used  those that an event went by, or those that none did.
     * @param most  how many at most.
     * @return how many.
     */
    public int move(
            final int group, final int from, final long safe, final int to, final boolean used, final int most) {
        return groups[group].move(from, safe, to, used, most);
    }
}
