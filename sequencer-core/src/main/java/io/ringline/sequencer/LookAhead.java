package io.ringline.sequencer;

import org.agrona.UnsafeApi;

/**
 * Brings near what the next events will need. With very many aggregates each event waits for memory twice, for its place in
 * the index and then for its aggregate's line, one event after the other. Who has a batch of events can name them all first,
 * so that these waits overlap: {@link #expectId} or {@link #expectBytes} for each, then {@link #fetch}, then offer them. Only
 * a hint: nothing is decided, nothing changes, and what is left out or comes in another order is no harm. The sequencer's
 * thread.
 */
public final class LookAhead {
    /** Most events that one {@link #fetch} is for; of what is expected beyond that nothing is fetched. */
    public static final int MAX_EVENTS = 64;

    /** So many aggregates, with their index, fill half of a usual second cache: up to there memory is near anyway. */
    private static final int NEAR = 8_192;

    private final AggregateTable table;
    private final long[] buckets = new long[MAX_EVENTS];
    private final int[] tags = new int[MAX_EVENTS];
    private int count;
    private long seen;

    LookAhead(final AggregateTable table) {
        this.table = table;
    }

    /** Whether there are so many aggregates that it pays. @return true where events should be named ahead. */
    public boolean isWorthwhile() {
        return table.size() > NEAR;
    }

    /** An event of an aggregate will be offered. @param id of the aggregate. */
    public void expectId(final long id) {
        expect(AggregateTable.tagOf(id));
    }

    /** An event of an aggregate will be offered. @param hash of its key, as for {@link Sequencer#offerBytes}. */
    public void expectBytes(final long hash) {
        expect(AggregateTable.tagOf(hash));
    }

    private void expect(final int tag) {
        if (count < MAX_EVENTS) {
            tags[count] = tag;
            buckets[count++] = table.index.homeAddress(tag);
        }
    }

    /** Reads what the expected events need, and expects none from now on. */
    public void fetch() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += UnsafeApi.getLong(buckets[i]);
        }
        for (int i = 0; i < count; i++) {
            final long bucket = buckets[i];
            final long candidates = SegmentedIndex.candidates(UnsafeApi.getLong(bucket), tags[i]);
            if (candidates != 0) {
                final int number = UnsafeApi.getInt(bucket + SegmentedIndex.entryAt(candidates)) - 1;
                sum += UnsafeApi.getLong(table.lines.address(number));
            }
        }
        seen += sum; // or the compiler would leave the reads out
        count = 0;
    }

    /** Depends on all that was read. */
    long seen() {
        return seen;
    }
}
