package io.ringline.sequencer;

import java.util.Arrays;

/**
 * What each key expects next and which entries wait for it. Entries are in one list by arrival, so the one that has waited
 * longest is at its head, whatever its key; and in one open-addressing table by key and number. Arrays are sized at start,
 * except those for each key, which grow. Not thread-safe.
 */
final class OrderWindow {
    static final int NONE = -1;
    private static final int SCAN_LIMIT = 1_024;

    final GivenUp givenUp;
    private final Entries entries;
    private final int tableMask;
    private final int[] table;
    private final int[] keyOf;
    private final long[] sequenceOf;
    private final int[] before;
    private final int[] after;
    // For each key, side by side in one cache line: the number it expects next, and how many entries it has waiting.
    private long[] keys = new long[2 * 1_024];
    private int oldest = NONE;
    private int youngest = NONE;
    private int held;

    /**
     * Nothing held, and 1 expected of every key.
     *
     * @param entries      shared by all windows; an entry waits in one at a time.
     * @param givenUpLimit see {@link GivenUp}.
     */
    OrderWindow(final Entries entries, final int givenUpLimit) {
        this.entries = entries;
        givenUp = new GivenUp(givenUpLimit);
        final int count = entries.sequence.length;
        final int size = Math.max(16, Integer.highestOneBit(count) * 4);
        tableMask = size - 1;
        table = new int[size];
        Arrays.fill(table, NONE);
        keyOf = new int[count];
        sequenceOf = new long[count];
        before = new int[count];
        after = new int[count];
        expectFirst(0);
    }

    void ensure(final int key) {
        if (2 * key >= keys.length) {
            final int from = keys.length;
            keys = Arrays.copyOf(keys, Math.max(2 * (key + 1), from * 2));
            expectFirst(from);
        }
    }

    private void expectFirst(final int from) {
        for (int i = from; i < keys.length; i += 2) {
            keys[i] = 1;
        }
    }

    /** Whether a number is the one that a key expects and nothing waits for it; if so, the next one is expected now. */
    boolean advance(final int key, final long sequence) {
        final int at = 2 * key;
        if (keys[at] != sequence || keys[at + 1] != 0) {
            return false;
        }
        keys[at] = sequence + 1;
        return true;
    }

    long next(final int key) {
        return keys[2 * key];
    }

    void next(final int key, final long sequence) {
        keys[2 * key] = sequence;
    }

    int held(final int key) {
        return (int) keys[2 * key + 1];
    }

    int held() {
        return held;
    }

    /** The entry that has waited longest, or {@link #NONE}. */
    int oldest() {
        return oldest;
    }

    int keyOf(final int entry) {
        return keyOf[entry];
    }

    long sequenceOf(final int entry) {
        return sequenceOf[entry];
    }

    void hold(final int entry, final int key, final long sequence) {
        keyOf[entry] = key;
        sequenceOf[entry] = sequence;
        int at = slot(key, sequence);
        while (table[at] != NONE) {
            at = at + 1 & tableMask;
        }
        table[at] = entry;
        insertByArrival(entry);
        keys[2 * key + 1]++;
        held++;
    }

    /** Nearly always at the end; an entry that another window released keeps its older place. */
    private void insertByArrival(final int entry) {
        final long order = entries.arrivalOrder[entry];
        int left = youngest;
        while (left != NONE && entries.arrivalOrder[left] > order) {
            left = before[left];
        }
        final int right = left == NONE ? oldest : after[left];
        before[entry] = left;
        after[entry] = right;
        if (left == NONE) {
            oldest = entry;
        } else {
            after[left] = entry;
        }
        if (right == NONE) {
            youngest = entry;
        } else {
            before[right] = entry;
        }
    }

    int find(final int key, final long sequence) {
        int at = slot(key, sequence);
        while (table[at] != NONE) {
            final int entry = table[at];
            if (sequenceOf[entry] == sequence && keyOf[entry] == key) {
                return entry;
            }
            at = at + 1 & tableMask;
        }
        return NONE;
    }

    void remove(final int entry) {
        removeFromTable(entry);
        final int left = before[entry];
        final int right = after[entry];
        if (left == NONE) {
            oldest = right;
        } else {
            after[left] = right;
        }
        if (right == NONE) {
            youngest = left;
        } else {
            before[right] = left;
        }
        keys[2 * keyOf[entry] + 1]--;
        held--;
    }

    private void removeFromTable(final int entry) {
        int hole = slot(keyOf[entry], sequenceOf[entry]);
        while (table[hole] != entry) {
            hole = hole + 1 & tableMask;
        }
        // Close the hole: move back whatever could not be found across it.
        int at = hole + 1 & tableMask;
        while (table[at] != NONE) {
            final int home = slot(keyOf[table[at]], sequenceOf[table[at]]);
            if ((at - home & tableMask) >= (at - hole & tableMask)) {
                table[hole] = table[at];
                hole = at;
            }
            at = at + 1 & tableMask;
        }
        table[hole] = NONE;
    }

    /** The lowest number above a given one that is held for a key, of which there must be one. */
    long lowestHeldAbove(final int key, final long floor) {
        // By number, which is soon found in most windows; but never for longer than it takes to look at all that is
        // held.
        final long limit = floor + Math.min(SCAN_LIMIT, held);
        for (long sequence = floor + 1; sequence <= limit; sequence++) {
            if (find(key, sequence) != NONE) {
                return sequence;
            }
        }
        long lowest = Long.MAX_VALUE;
        for (int entry = oldest; entry != NONE; entry = after[entry]) {
            if (keyOf[entry] == key && sequenceOf[entry] > floor) {
                lowest = Math.min(lowest, sequenceOf[entry]);
            }
        }
        return lowest;
    }

    /** Whether giving up gaps before held entries brings a key's next number up to a given one. */
    boolean canReach(final int key, final long enough) {
        long reach = next(key);
        int left = held(key);
        while (reach < enough && left > 0) {
            reach = lowestHeldAbove(key, reach - 1);
            while (find(key, reach) != NONE) {
                reach++;
                left--;
            }
        }
        return reach >= enough;
    }

    private int slot(final int key, final long sequence) {
        long hash = (sequence + key * 0x9E37_79B9_7F4A_7C15L) * 0xD6E8_FEB8_6659_FD93L;
        hash ^= hash >>> 32;
        return (int) hash & tableMask;
    }
}
