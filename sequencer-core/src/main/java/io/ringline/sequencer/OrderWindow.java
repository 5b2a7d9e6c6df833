package io.ringline.sequencer;

import java.util.Arrays;

/**
 * What each key expects next and which entries wait for it. A key is an aggregate, or the one source. Entries that wait are
 * in three structures at once: a heap by arrival, of all keys; a table by key and number; and for each key a leftist heap by
 * number, as only its lowest ever leaves. No step looks at more than the logarithm of what is held. Not thread-safe.
 */
final class OrderWindow {
    static final int NONE = -1;

    private final Entries entries;
    private final ChunkedMemory memory;
    private final ChunkedMemory lines;
    private final GivenUp givenUp;
    private final ArrivalHeap arrivals;
    private final int place;
    private final int numberAt;
    private final int tableMask;
    private final int[] table;
    private long steps;

    /**
     * Nothing held.
     *
     * @param entries shared by all windows; an entry waits in one at a time.
     * @param lines   what is known of each key, laid out as {@link AggregateTable} says.
     * @param givenUp shared too.
     * @param place   {@link Entries#IN_AGGREGATE}, or {@link Entries#IN_SOURCE} where the one key is 0.
     */
    OrderWindow(final Entries entries, final ChunkedMemory lines, final GivenUp givenUp, final int place) {
        this.entries = entries;
        this.memory = entries.memory;
        this.lines = lines;
        this.givenUp = givenUp;
        this.place = place;
        this.numberAt = place == Entries.IN_SOURCE ? Entries.SOURCE : Entries.SEQUENCE;
        this.arrivals = new ArrivalHeap(entries);
        final int size = Math.max(16, Integer.highestOneBit(entries.count()) * 4);
        tableMask = size - 1;
        table = new int[size];
        Arrays.fill(table, NONE);
    }

    boolean isSource() {
        return place == Entries.IN_SOURCE;
    }

    long next(final int key) {
        return lines.getLong(key, AggregateTable.NEXT);
    }

    void next(final int key, final long sequence) {
        lines.putLong(key, AggregateTable.NEXT, sequence);
    }

    /** Starts a key at a number: whatever is below is late, and no older range counts any more. */
    void start(final int key, final long first) {
        lines.putLong(key, AggregateTable.NEXT, first);
        lines.putLong(key, AggregateTable.FIRST, first);
        lines.putLong(key, AggregateTable.GIVEN_UP, 0);
    }

    /** Whether anything was released or given up since the key started. */
    boolean hasHistory(final int key) {
        return next(key) != lines.getLong(key, AggregateTable.FIRST)
                || lines.getLong(key, AggregateTable.GIVEN_UP) != 0;
    }

    boolean isStarted(final int key) {
        return next(key) != 0;
    }

    /** How many entries wait for a key. */
    int held(final int key) {
        return lines.getInt(key, AggregateTable.HELD);
    }

    /** How many entries wait for any. */
    int held() {
        return arrivals.size();
    }

    /** The entry that has waited longest, or {@link #NONE}. */
    int oldest() {
        return arrivals.oldest();
    }

    ArrivalHeap arrivals() {
        return arrivals;
    }

    /** Looks at entries so far: what finding and moving them has cost. */
    long steps() {
        return steps + arrivals.steps();
    }

    int keyOf(final int entry) {
        return isSource() ? 0 : entries.aggregate(entry);
    }

    long numberOf(final int entry) {
        return memory.getLong(entry, numberAt);
    }

    boolean isGivenUp(final int key, final long number) {
        return number < lines.getLong(key, AggregateTable.FIRST)
                || givenUp.contains(lines.getLong(key, AggregateTable.GIVEN_UP), number);
    }

    void giveUp(final int key, final long from, final long to) {
        lines.putLong(key, AggregateTable.GIVEN_UP, givenUp.add(lines.getLong(key, AggregateTable.GIVEN_UP), from, to));
    }

    void hold(final int entry, final int key) {
        final long number = numberOf(entry);
        int at = slot(key, number);
        while (table[at] != NONE) {
            at = at + 1 & tableMask;
            steps++;
        }
        table[at] = entry;
        arrivals.add(entry);
        memory.putInt(entry, Entries.PLACE, place);
        memory.putInt(entry, Entries.LEFT, NONE);
        memory.putInt(entry, Entries.RIGHT, NONE);
        memory.putInt(entry, Entries.RANK, 1);
        final int root = root(key);
        final long highest = root == NONE ? number : Math.max(number, memory.getLong(root, Entries.HIGHEST));
        root(key, root == NONE ? entry : merge(root, entry), highest);
        lines.putInt(key, AggregateTable.HELD, held(key) + 1);
    }

    private int root(final int key) {
        return lines.getInt(key, AggregateTable.LOWEST) - 1;
    }

    /** The highest number stays with whoever is the root: it leaves last. */
    private void root(final int key, final int root, final long highest) {
        lines.putInt(key, AggregateTable.LOWEST, root + 1);
        if (root != NONE) {
            memory.putLong(root, Entries.HIGHEST, highest);
        }
    }

    /** As deep as the logarithm of the two heaps together: a leftist heap's right spine is never longer. */
    private int merge(final int one, final int other) {
        if (one == NONE || other == NONE) {
            return one == NONE ? other : one;
        }
        steps++;
        final boolean oneFirst = numberOf(one) < numberOf(other);
        final int top = oneFirst ? one : other;
        final int right = merge(memory.getInt(top, Entries.RIGHT), oneFirst ? other : one);
        final int left = memory.getInt(top, Entries.LEFT);
        final boolean swap = rank(left) < rank(right);
        memory.putInt(top, Entries.LEFT, swap ? right : left);
        memory.putInt(top, Entries.RIGHT, swap ? left : right);
        memory.putInt(top, Entries.RANK, Math.min(rank(left), rank(right)) + 1);
        return top;
    }

    private int rank(final int entry) {
        return entry == NONE ? 0 : memory.getInt(entry, Entries.RANK);
    }

    int find(final int key, final long number) {
        int at = slot(key, number);
        while (table[at] != NONE) {
            final int entry = table[at];
            if (numberOf(entry) == number && keyOf(entry) == key) {
                return entry;
            }
            at = at + 1 & tableMask;
            steps++;
        }
        return NONE;
    }

    /** The entry with a key's lowest number. @return {@link #NONE} where nothing waits for it. */
    int lowest(final int key) {
        return root(key);
    }

    /** The lowest number that waits for a key, which must have one. */
    long lowestNumber(final int key) {
        return numberOf(root(key));
    }

    /** The highest number that waits for a key, which must have one. */
    long highestNumber(final int key) {
        return memory.getLong(root(key), Entries.HIGHEST);
    }

    /** Takes out the lowest of a key if it is the one that the key expects. @return the entry, or {@link #NONE}. */
    int takeNext(final int key) {
        final int entry = root(key);
        if (entry == NONE || numberOf(entry) != next(key)) {
            return NONE;
        }
        removeFromTable(entry, key);
        arrivals.remove(entry);
        root(
                key,
                merge(memory.getInt(entry, Entries.LEFT), memory.getInt(entry, Entries.RIGHT)),
                memory.getLong(entry, Entries.HIGHEST));
        memory.putInt(entry, Entries.PLACE, Entries.IN_NONE);
        lines.putInt(key, AggregateTable.HELD, held(key) - 1);
        return entry;
    }

    private void removeFromTable(final int entry, final int key) {
        int hole = slot(key, numberOf(entry));
        while (table[hole] != entry) {
            hole = hole + 1 & tableMask;
            steps++;
        }
        // Close the hole: move back whatever could not be found across it.
        int at = hole + 1 & tableMask;
        while (table[at] != NONE) {
            final int home = slot(keyOf(table[at]), numberOf(table[at]));
            if ((at - home & tableMask) >= (at - hole & tableMask)) {
                table[hole] = table[at];
                hole = at;
            }
            at = at + 1 & tableMask;
            steps++;
        }
        table[hole] = NONE;
    }

    private int slot(final int key, final long number) {
        return AggregateTable.tagOf(number + key * 0x9E37_79B9_7F4A_7C15L) & tableMask;
    }
}
