package io.ringline.router.subject;

import org.jspecify.annotations.Nullable;

/**
 * The last changes of the subscriptions, so that a cache can keep what they do not touch. One ring for all snapshots: the
 * writer puts a change in before it publishes the snapshot that has it, and goes on overwriting while slow readers walk. That
 * is safe without a fence because a change is immutable and carries its version: a reader that finds another version than it
 * wants knows that the one it wants is gone.
 */
final class ChangeLog {
    /** How many changes are kept. */
    static final int CAPACITY = 256;

    private final @Nullable Change[] ring = new Change[CAPACITY];

    /** What was added or removed with a version: a pattern as {@link Tail} has it, or null for {@code >}. */
    static final class Change {
        final long version;
        final long @Nullable [] pattern;

        Change(final long version, final long @Nullable [] pattern) {
            this.version = version;
            this.pattern = pattern;
        }
    }

    void put(final Change change) {
        ring[(int) change.version & CAPACITY - 1] = change;
    }

    /** The change that led to a version, or null where it is kept no longer. */
    @Nullable
    Change get(final long version) {
        final Change change = ring[(int) version & CAPACITY - 1];
        return change == null || change.version != version ? null : change;
    }
}
