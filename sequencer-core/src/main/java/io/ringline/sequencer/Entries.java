package io.ringline.sequencer;

/**
 * The entries of all held events and of those released that the caller has not given back: the numbers on each, when it
 * arrived, where it waits, and which are free. Sized at start, one cache line each. Not thread-safe.
 *
 * <pre>
 *   0 i64 time of arrival    8 i64 order of arrival   16 i64 number in its aggregate   24 i64 its source's number
 *  32 i32 aggregate | i32 where it waits, see IN_*
 *  40 i32 left | i32 right   48 i32 rank | i32 place in the heap by arrival    56 i64 see OrderWindow
 * </pre>
 */
final class Entries {
    static final int ENTRY_BYTES = 64;
    static final int ENTRIES_PER_CHUNK = 4_096;
    static final int ARRIVAL_NS = 0;
    static final int ARRIVAL_ORDER = 8;
    static final int SEQUENCE = 16;
    static final int SOURCE = 24;
    static final int AGGREGATE = 32;
    static final int PLACE = 36;
    static final int LEFT = 40;
    static final int RIGHT = 44;
    static final int RANK = 48;
    static final int HEAP_AT = 52;
    static final int HIGHEST = 56;

    /** Nowhere: free, or released. */
    static final int IN_NONE = 0;
    /** Waits for its turn in its source's order. */
    static final int IN_SOURCE = 1;
    /** Waits for its turn in its aggregate's order. */
    static final int IN_AGGREGATE = 2;

    final ChunkedMemory memory;
    private final int count;
    private final int[] free;
    private final int[] keptBack;
    private int freeCount;
    private int keptBackCount;
    private int released;
    private long arrivals;
    private int keepFrom = Integer.MAX_VALUE;

    Entries(final int count) {
        this.count = count;
        memory = new ChunkedMemory(ENTRY_BYTES, Math.min(ENTRIES_PER_CHUNK, Integer.highestOneBit(count) * 2));
        memory.ensure(count - 1);
        free = new int[count];
        keptBack = new int[count];
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i;
        }
        freeCount = count;
    }

    int count() {
        return count;
    }

    boolean noneFree() {
        return freeCount == 0;
    }

    /** Whether none is free, and none will be when the caller has given back what is released. */
    boolean allHeld() {
        return freeCount == 0 && released == 0;
    }

    /** Takes an entry for an event that arrives now. */
    int take(final int aggregate, final long sequence, final long source, final long nowNs) {
        return take(aggregate, sequence, source, nowNs, ++arrivals);
    }

    int take(final int aggregate, final long sequence, final long source, final long nowNs, final long order) {
        final int entry = free[--freeCount];
        memory.putLong(entry, ARRIVAL_NS, nowNs);
        memory.putLong(entry, ARRIVAL_ORDER, order);
        memory.putLong(entry, SEQUENCE, sequence);
        memory.putLong(entry, SOURCE, source);
        memory.putInt(entry, AGGREGATE, aggregate);
        return entry;
    }

    long arrivals() {
        return arrivals;
    }

    void arrivals(final long count) {
        arrivals = count;
    }

    long arrivalNs(final int entry) {
        return memory.getLong(entry, ARRIVAL_NS);
    }

    long sequence(final int entry) {
        return memory.getLong(entry, SEQUENCE);
    }

    /** Gives a number to an event whose publisher gave none. */
    void number(final int entry, final long sequence) {
        memory.putLong(entry, SEQUENCE, sequence);
    }

    int aggregate(final int entry) {
        return memory.getInt(entry, AGGREGATE);
    }

    /** It waits no longer, but downstream stages still read it. */
    void onReleased() {
        released++;
    }

    /** Takes an entry back, or, where a snapshot may still read it, notes that. */
    void giveBack(final int entry) {
        if (entry >= keepFrom) {
            keptBack[keptBackCount++] = entry;
        } else {
            released--;
            free[freeCount++] = entry;
        }
    }

    /** Entries from this one on keep their bytes until it is called again; {@code Integer.MAX_VALUE} lets all go. */
    void keepFrom(final int entry) {
        keepFrom = entry;
        final int before = keptBackCount;
        keptBackCount = 0;
        for (int i = 0; i < before; i++) {
            giveBack(keptBack[i]);
        }
    }
}
