package io.ringline.sequencer;

/**
 * Who has waited longest: a binary heap by order of arrival that any entry can leave. What is due costs a look at its top.
 * Each entry's place stands in the entry itself. Sized at start. Not thread-safe.
 */
final class ArrivalHeap {
    static final int NONE = -1;

    private final ChunkedMemory memory;
    private final int[] heap;
    private final long[] orders;
    private int size;
    private long steps;

    ArrivalHeap(final Entries entries) {
        memory = entries.memory;
        heap = new int[entries.count()];
        orders = new long[entries.count()];
    }

    int size() {
        return size;
    }

    /** The entry that arrived first, or {@link #NONE}. */
    int oldest() {
        return size == 0 ? NONE : heap[0];
    }

    /** Any of the entries. @param at from 0, below {@link #size}. */
    int entry(final int at) {
        return heap[at];
    }

    /** How often an entry was moved so far. */
    long steps() {
        return steps;
    }

    void add(final int entry) {
        up(size++, entry, memory.getLong(entry, Entries.ARRIVAL_ORDER));
    }

    void remove(final int entry) {
        final int hole = memory.getInt(entry, Entries.HEAP_AT);
        final int last = heap[--size];
        final long order = orders[size];
        if (hole == size) {
            return;
        }
        if (hole > 0 && orders[hole - 1 >>> 1] > order) {
            up(hole, last, order);
        } else {
            down(hole, last, order);
        }
    }

    private void up(final int from, final int entry, final long order) {
        int at = from;
        while (at > 0 && orders[at - 1 >>> 1] > order) {
            final int parent = at - 1 >>> 1;
            put(at, heap[parent], orders[parent]);
            at = parent;
        }
        put(at, entry, order);
    }

    private void down(final int from, final int entry, final long order) {
        int at = from;
        int child = 2 * at + 1;
        while (child < size) {
            if (child + 1 < size && orders[child + 1] < orders[child]) {
                child++;
            }
            if (orders[child] > order) {
                break;
            }
            put(at, heap[child], orders[child]);
            at = child;
            child = 2 * at + 1;
        }
        put(at, entry, order);
    }

    private void put(final int at, final int entry, final long order) {
        heap[at] = entry;
        orders[at] = order;
        memory.putInt(entry, Entries.HEAP_AT, at);
        steps++;
    }
}
