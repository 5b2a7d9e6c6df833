package io.ringline.sequencer;

/**
 * Who has been idle for longest: a doubly linked list through the numbers, eight bytes each, that is there only where it is
 * asked for. Not thread-safe.
 */
final class IdleList {
    static final int NONE = -1;
    private static final int BEFORE = 0;
    private static final int AFTER = 4;
    private static final int LINKS_PER_CHUNK = 32_768;

    final ChunkedMemory links;
    private final boolean on;
    private int oldest = NONE;
    private int newest = NONE;

    IdleList(final boolean on, final DirectMemory direct) {
        links = new ChunkedMemory(Long.BYTES, LINKS_PER_CHUNK, direct);
        this.on = on;
    }

    boolean on() {
        return on;
    }

    void clear() {
        oldest = NONE;
        newest = NONE;
    }

    int oldest() {
        return oldest;
    }

    /** Makes room for a number. @return false where there is no memory for it. */
    boolean tryEnsure(final int number) {
        return !on || links.tryEnsure(number);
    }

    /** Puts one that is not in the list behind all others. */
    void add(final int number) {
        if (!on) {
            return;
        }
        links.putInt(number, BEFORE, newest);
        links.putInt(number, AFTER, NONE);
        if (newest == NONE) {
            oldest = number;
        } else {
            links.putInt(newest, AFTER, number);
        }
        newest = number;
    }

    void remove(final int number) {
        if (!on) {
            return;
        }
        final int before = links.getInt(number, BEFORE);
        final int after = links.getInt(number, AFTER);
        if (before == NONE) {
            oldest = after;
        } else {
            links.putInt(before, AFTER, after);
        }
        if (after == NONE) {
            newest = before;
        } else {
            links.putInt(after, BEFORE, before);
        }
    }

    /** The one behind a number, as it was when the links were frozen. */
    int frozenAfter(final int number) {
        return links.frozen(number).getInt(links.offset(number) + AFTER);
    }

    long bytes() {
        return links.bytes();
    }
}
