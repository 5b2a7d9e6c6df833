package io.ringline.router.subject;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Immutable sets of consumers, as pairs of a word's index and the bits in it, in no order and without empty words: 32 bytes
 * for one consumer, whatever its number, and one round of a loop to add it to a result. {@code null} is the empty set.
 */
final class ConsumerSet {
    private ConsumerSet() {}

    /** The set of one. */
    static long[] of(final int consumer) {
        return new long[] {consumer >>> 6, 1L << consumer};
    }

    /** Adds a set's bits to a match result. */
    static void addTo(final long[] result, final long @Nullable [] set) {
        if (set == null) {
            return;
        }
        for (int i = 0; i < set.length; i += 2) {
            result[(int) set[i]] |= set[i + 1];
        }
    }

    static boolean contains(final long @Nullable [] set, final int consumer) {
        final int at = set == null ? -1 : indexOf(set, consumer >>> 6);
        return set != null && at >= 0 && (set[at + 1] & 1L << consumer) != 0;
    }

    /** A set and one consumer more; the consumer's own set where there was none. */
    static long[] with(final long @Nullable [] set, final long[] one) {
        if (set == null) {
            return one;
        }
        final int at = indexOf(set, one[0]);
        final int length = set.length;
        final long[] more = Arrays.copyOf(set, at >= 0 ? length : length + 2);
        if (at >= 0) {
            more[at + 1] |= one[1];
        } else {
            more[length] = one[0];
            more[length + 1] = one[1];
        }
        return more;
    }

    /** A set without a consumer that is in it. */
    static long @Nullable [] without(final long[] set, final int consumer) {
        final int at = indexOf(set, consumer >>> 6);
        final long[] less = set.clone();
        less[at + 1] &= ~(1L << consumer);
        if (less[at + 1] != 0) {
            return less;
        }
        final int last = less.length - 2;
        less[at] = less[last];
        less[at + 1] = less[last + 1];
        return last == 0 ? null : Arrays.copyOf(less, last);
    }

    private static int indexOf(final long[] set, final long word) {
        for (int i = 0; i < set.length; i += 2) {
            if (set[i] == word) {
                return i;
            }
        }
        return -1;
    }
}
