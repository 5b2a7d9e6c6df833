package io.ringline.router.consumer;

import java.util.Arrays;

/**
 * Who of a group's members has which aggregates. Aggregates fall into {@link #SLOTS} slots by a hash, and each slot is one
 * member's, so an aggregate stays with its member. A member that leaves gives its slots to another; one that joins gets slots
 * from the others as they fall idle: a slot is moved only when its holder is done with the last event that it got by it, so
 * that the next holder cannot overtake it.
 *
 * <p>The fan-out stage's thread, but for {@link #holder}: a consumer that reads on from the journal asks that too, for slots
 * that are not moved to it or from it meanwhile.
 */
final class QueueGroup {
    /** How many parts the aggregates fall into. */
    static final int SLOTS = 4_096;
    /** In place of a member: the group has none. */
    static final int NOBODY = -1;

    private static final int SLOT_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);

    private final int[] holders = new int[SLOTS];
    private final long[] last = new long[SLOTS];
    private int[] members;

    /** A group. @param members indices of consumers, each with its share of the slots, the same after a restart. */
    QueueGroup(final int[] members) {
        this.members = members.clone();
        for (int slot = 0; slot < SLOTS; slot++) {
            holders[slot] = members.length == 0 ? NOBODY : members[slot * members.length / SLOTS];
        }
    }

    static int slot(final long hash) {
        return (int) (hash >>> SLOT_SHIFT);
    }

    /** Who has a slot. @return a consumer's index, or {@link #NOBODY}. */
    int holder(final int slot) {
        return holders[slot];
    }

    /** Notes that an event goes to a slot's holder. @return as {@link #holder}. */
    int route(final int slot, final long globalSequence) {
        last[slot] = globalSequence;
        return holders[slot];
    }

    int[] members() {
        return members;
    }

    boolean has(final int member) {
        for (final int each : members) {
            if (each == member) {
                return true;
            }
        }
        return false;
    }

    /** Counts how many slots each member has. @param used those that an event went by, or those that none did. @param into by index. */
    void shares(final boolean used, final int[] into) {
        for (final int member : members) {
            into[member] = 0;
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            if (holders[slot] != NOBODY && last[slot] > 0 == used) {
                into[holders[slot]]++;
            }
        }
    }

    /** Adds a member, which gets slots later; all, where there was no other. */
    void join(final int member) {
        if (members.length == 0) {
            Arrays.fill(holders, member);
        }
        members = Arrays.copyOf(members, members.length + 1);
        members[members.length - 1] = member;
    }

    /** Takes a member out. @param heir who gets its slots; {@link #NOBODY} where there is no other member. */
    void leave(final int member, final int heir) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (holders[slot] == member) {
                holders[slot] = heir;
            }
        }
        members = Arrays.stream(members).filter(each -> each != member).toArray();
    }

    /**
     * Moves idle slots of one member to another.
     *
     * @param from whose.
     * @param safe up to where that member is done with all events.
     * @param to   whose then.
     * @param used those that an event went by, or those that none did.
     * @param most how many at most.
     * @return how many.
     */
    int move(final int from, final long safe, final int to, final boolean used, final int most) {
        int moved = 0;
        for (int slot = 0; slot < SLOTS && moved < most; slot++) {
            if (holders[slot] == from && last[slot] <= safe && last[slot] > 0 == used) {
                holders[slot] = to;
                moved++;
            }
        }
        return moved;
    }
}
