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
    private int[] shares; // of each, how many slots
    private int next; // to be looked at

    /** A group. @param members indices of consumers, each with its share of the slots, the same after a restart. */
    QueueGroup(final int[] members) {
        this.members = members.clone();
        this.shares = new int[members.length];
        for (int slot = 0; slot < SLOTS; slot++) {
            final int at = slot * members.length / SLOTS;
            holders[slot] = members.length == 0 ? NOBODY : members[at];
            if (members.length > 0) {
                shares[at]++;
            }
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
        return at(member) >= 0;
    }

    /** How many slots a member has. */
    int share(final int member) {
        return shares[at(member)];
    }

    private int at(final int member) {
        for (int i = 0; i < members.length; i++) {
            if (members[i] == member) {
                return i;
            }
        }
        return -1;
    }

    /** Adds a member, which gets slots later; all, where there was no other. */
    void join(final int member) {
        final int at = members.length;
        members = Arrays.copyOf(members, at + 1);
        shares = Arrays.copyOf(shares, at + 1);
        members[at] = member;
        if (at == 0) {
            Arrays.fill(holders, member);
            shares[0] = SLOTS;
        }
    }

    /** Takes a member out. @param heir who gets its slots; {@link #NOBODY} where there is no other member. */
    void leave(final int member, final int heir) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (holders[slot] == member) {
                holders[slot] = heir;
            }
        }
        final int at = at(member);
        final int end = members.length - 1;
        if (heir != NOBODY) {
            shares[at(heir)] += shares[at];
        }
        System.arraycopy(members, at + 1, members, at, end - at);
        System.arraycopy(shares, at + 1, shares, at, end - at);
        members = Arrays.copyOf(members, end);
        shares = Arrays.copyOf(shares, end);
    }

    /**
     * Moves some slots of one member to another.
     *
     * @param from whose.
     * @param safe up to where that member is done with all events.
     * @param to   whose then.
     * @param most how many at most.
     * @param look how many slots to look at, at most.
     * @return how many were moved.
     */
    int move(final int from, final long safe, final int to, final int most, final int look) {
        int moved = 0;
        for (int i = 0; i < look && moved < most; i++) {
            next = (next + 1) % SLOTS;
            if (holders[next] == from && last[next] <= safe) {
                holders[next] = to;
                moved++;
            }
        }
        shares[at(from)] -= moved;
        shares[at(to)] += moved;
        return moved;
    }
}
