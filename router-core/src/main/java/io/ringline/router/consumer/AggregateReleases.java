package io.ringline.router.consumer;

import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How many aggregates of a consumer are held, and the orders to release some on their way from any thread to the polling
 * one. An order is a person's act and allocates.
 */
final class AggregateReleases {
    private static final int MAX_ORDERS = 64;

    private final ManyToOneConcurrentArrayQueue<Order> orders = new ManyToOneConcurrentArrayQueue<>(MAX_ORDERS);
    private final AtomicInteger held = new AtomicInteger();

    /** An aggregate to be released: an id, or a key. */
    record Order(boolean isId, long id, UnsafeBuffer key) {}

    /** Any thread. @return false where no aggregate is held, or too many orders wait. */
    boolean offer(final Order order) {
        return held.get() > 0 && orders.offer(order);
    }

    /** The next order. The polling thread. */
    @Nullable
    Order poll() {
        return orders.poll();
    }

    /** Any thread. */
    int held() {
        return held.get();
    }

    /** The polling thread. */
    void onHeld() {
        if (held.get() == 0) {
            orders.drain(stale -> {}); // given when something else was held, which has been released since
        }
        held.lazySet(held.get() + 1);
    }

    /** The polling thread. */
    void onReleased() {
        held.lazySet(held.get() - 1);
    }
}
