package io.ringline.router.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where some of the excerpts stand that this process has written, so that a reader need not walk a file from its start. One
 * thread writes, any reads, and neither waits. Bounded: where it is full, every second place is forgotten, and from then on only
 * half as many are noted.
 */
final class ExcerptIndex {
    private static final int FIRST_PLACES = 64;

    private final int most;
    private long spacing;
    private long passed; // bytes since the last place
    private volatile Table table = new Table(FIRST_PLACES);

    /** An excerpt. */
    record Place(String file, long framePosition) {}

    /** Places in the order of their numbers. Those below {@code size} do not change. */
    private static final class Table {
        final String[] files;
        final long[] numbers;
        final long[] positions;
        volatile int size;

        Table(final int places) {
            files = new String[places];
            numbers = new long[places];
            positions = new long[places];
        }

        void set(final int at, final String file, final long number, final long position) {
            files[at] = file;
            numbers[at] = number;
            positions[at] = position;
        }
    }

    /**
     * An index without a place.
     *
     * @param spacing bytes between two places, at least.
     * @param most    places, from 64.
     */
    ExcerptIndex(final long spacing, final int most) {
        this.spacing = spacing;
        this.most = most;
    }

    /** An excerpt was written, and is published. The writing thread. */
    void onExcerpt(final String file, final long number, final long framePosition, final int length) {
        Table now = table;
        final int size = now.size;
        if (size > 0 && passed < spacing && now.files[size - 1].equals(file)) {
            passed += length;
            return;
        }
        passed = length;
        if (size == now.numbers.length) {
            now = size < most ? grown(now) : thinned(now);
        }
        final int next = now.size;
        now.set(next, file, number, framePosition);
        now.size = next + 1;
        table = now;
    }

    private Table grown(final Table before) {
        final Table after = new Table(Math.min(most, 2 * before.size));
        for (int i = 0; i < before.size; i++) {
            after.set(i, before.files[i], before.numbers[i], before.positions[i]);
        }
        after.size = before.size;
        return after;
    }

    private Table thinned(final Table before) {
        spacing *= 2;
        final Table after = new Table(most);
        for (int i = 0; i < before.size; i += 2) {
            after.set(i / 2, before.files[i], before.numbers[i], before.positions[i]);
        }
        after.size = (before.size + 1) / 2;
        return after;
    }

    /** The last place noted whose first entry has a number or a lower one. Any thread. @return null where there is none. */
    @Nullable
    Place before(final long number) {
        final Table now = table;
        final int found = Arrays.binarySearch(now.numbers, 0, now.size, number);
        final int at = found >= 0 ? found : -found - 2;
        return at < 0 ? null : new Place(now.files[at], now.positions[at]);
    }
}
