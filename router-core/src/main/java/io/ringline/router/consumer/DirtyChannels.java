package io.ringline.router.consumer;

import java.util.Arrays;

/** Tells the {@link ConsumerPoller}s which channels have something new. Costs nothing where nobody polls that way. */
public final class DirtyChannels {
    private final int words;
    private volatile DirtyMarks[] watchers = new DirtyMarks[0];

    /**
     * Nobody watches yet.
     *
     * @param consumers how many there can be, from 0.
     */
    public DirtyChannels(final int consumers) {
        words = Math.max(1, (consumers + 63) >>> 6);
    }

    /** How many words of 64 consumers there are. @return from 1. */
    public int words() {
        return words;
    }

    /** Marks channels, after what they stand for was offered. The fan-out stage's thread. @param bits one for each. */
    public void mark(final long[] bits) {
        final DirtyMarks[] all = watchers;
        for (int i = 0; i < all.length; i++) {
            all[i].offer(bits);
        }
    }

    /** Begins to mark for one more poller. Any thread; no other may watch any of the same consumers. */
    DirtyMarks watch(final long[] mine) {
        final DirtyMarks marks = new DirtyMarks(mine); // takes memory: the ring's thread may want the lock
        return watch(marks, mine);
    }

    private synchronized DirtyMarks watch(final DirtyMarks marks, final long[] mine) {
        for (int word = 0; word < words; word++) {
            mustBeFree(word, mine[word]);
        }
        final DirtyMarks[] before = watchers;
        final DirtyMarks[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = marks;
        watchers = after;
        return marks;
    }

    private void mustBeFree(final int word, final long bits) {
        for (final DirtyMarks other : watchers) {
            if (other.watches(word, bits)) {
                throw new IllegalStateException(
                        "a consumer has a poller already: give each consumer to one, or close that poller first");
            }
        }
    }

    /** Has a poller watch one more consumer, which no other may watch. Any thread. */
    synchronized void watch(final DirtyMarks marks, final int index) {
        mustBeFree(index >>> 6, 1L << index);
        marks.add(index);
    }

    /** Has a poller watch a consumer no more. Any thread. */
    synchronized void unwatch(final DirtyMarks marks, final int index) {
        marks.remove(index);
    }

    /** Marks no more for a poller. Any thread. */
    @SuppressWarnings("ReferenceEquality") // those very marks
    synchronized void unwatch(final DirtyMarks marks) {
        watchers = Arrays.stream(watchers).filter(each -> each != marks).toArray(DirtyMarks[]::new);
    }

    /** Nobody watches a consumer any more: it has ended. Any thread. @param index its place. */
    public synchronized void forget(final int index) {
        for (final DirtyMarks each : watchers) {
            each.remove(index);
        }
    }
}
