package io.ringline.router.consumer;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue that is nearly always empty, from any thread to one that asks again and again: what that one looks at then is a flag,
 * which costs it a read.
 *
 * @param <T> what is handed on.
 */
public final class FlaggedQueue<T> {
    private final Queue<T> queue = new ConcurrentLinkedQueue<>();
    private volatile boolean any; // false only where the queue is empty, or somebody is about to say true

    /** Nothing is there. */
    public FlaggedQueue() {
        any = false;
    }

    /** Adds one. Any thread. @param item the last from now on. */
    public void add(final T item) {
        queue.add(item);
        any = true;
    }

    /** Whether there may be something. Any thread. @return false where what had been added before is taken. */
    public boolean any() {
        return any;
    }

    /** The first one, which stays. The taking thread. @return null where there is none. */
    public @Nullable T first() {
        final T first = queue.peek();
        if (first != null || !any) {
            return first;
        }
        any = false;
        if (!queue.isEmpty()) { // one came between, and may have said so before that
            any = true;
        }
        return queue.peek();
    }

    /** Takes the first one out. The taking thread. */
    public void removeFirst() {
        queue.remove();
    }
}
