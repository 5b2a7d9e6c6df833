package io.ringline.router.consumer;

import io.ringline.router.journal.JournalReader;
import io.ringline.router.record.Event;

/**
 * Whether one consumer gets an event that is read from the journal: by a pattern of its own, or by one of a queue group that
 * gives the event's aggregate to it. Goes by the matches that stand there beside the event, so what was subscribed to since is
 * no matter, as it is none in a channel. Nor are aggregates given to a member, or taken from it, while it reads from the journal;
 * one that leaves keeps for that what it had.
 */
public final class ConsumerMatch {
    private final QueueGroups groups;
    private final int index;
    private boolean[][] kept = new boolean[0][];

    /**
     * For one consumer.
     *
     * @param groups of all.
     * @param index  the consumer's bit.
     */
    public ConsumerMatch(final QueueGroups groups, final int index) {
        this.groups = groups;
        this.index = index;
    }

    /** Goes on with the aggregates that the consumer has now. The fan-out stage's thread, before the consumer loses them. */
    void keep() {
        kept = groups.slotsOf(index);
    }

    /** Whether the consumer gets it. @param event released. @param reader has come to it. @return true if so. */
    boolean matches(final Event event, final JournalReader reader) {
        if ((reader.marks(index >>> 6) & 1L << index) != 0) {
            return true;
        }
        for (int word = groups.firstWord(); word < groups.words(); word++) {
            for (long bits = reader.marks(word); bits != 0; bits &= bits - 1) {
                if (isMine((word << 6) + Long.numberOfTrailingZeros(bits), event)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isMine(final int bit, final Event event) {
        return kept.length > 0 ? groups.isAmong(kept, bit, event) : groups.member(bit, event) == index;
    }
}
