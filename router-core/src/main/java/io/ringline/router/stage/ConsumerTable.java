package io.ringline.router.stage;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.consumer.SubjectConsumer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The consumers that there are, each at the place of its match bit. Consumers come and go while events flow: a place is given
 * out again when nothing that its last holder may still get is on its way. Any thread; readers see a whole table always.
 */
public final class ConsumerTable {
    /**
     * A consumer, and how the fan-out stage treats it.
     *
     * @param consumer the consumer.
     * @param overflow its own overflow policy.
     * @param liveness when it is taken not to poll, and what follows.
     */
    public record Entry(SubjectConsumer consumer, OverflowPolicy overflow, LivenessSettings liveness) {}

    private volatile @Nullable Entry[] places;
    private volatile SubjectConsumer[] consumers = new SubjectConsumer[0];

    /**
     * Nobody.
     *
     * @param capacity how many consumers there can be at a time.
     */
    public ConsumerTable(final int capacity) {
        places = new Entry[capacity];
    }

    /** How many there can be at a time. @return from 0. */
    public int capacity() {
        return places.length;
    }

    /** A place that is free. @return its index, or -1 where none is. */
    public synchronized int free() {
        for (int i = 0; i < places.length; i++) {
            if (places[i] == null) {
                return i;
            }
        }
        return -1;
    }

    /** Adds a consumer, at the place of its index, which must be free. @param entry the consumer. */
    public synchronized void add(final Entry entry) {
        final @Nullable Entry[] with = places.clone();
        with[entry.consumer().index()] = entry;
        final SubjectConsumer[] all = Arrays.copyOf(consumers, consumers.length + 1);
        all[consumers.length] = entry.consumer();
        places = with;
        consumers = all;
    }

    /** Takes a consumer out: its place is free. @param consumer that is there. */
    @SuppressWarnings("ReferenceEquality") // that very consumer
    public synchronized void remove(final SubjectConsumer consumer) {
        final @Nullable Entry[] without = places.clone();
        without[consumer.index()] = null;
        places = without;
        consumers = Arrays.stream(consumers).filter(each -> each != consumer).toArray(SubjectConsumer[]::new);
    }

    /** Who is at a place. @param index of the place. @return null where nobody is. */
    public @Nullable Entry at(final int index) {
        return places[index];
    }

    /** All, in the order in which they came. @return a copy. */
    public List<SubjectConsumer> all() {
        return List.of(consumers);
    }

    /** The same without a copy. @return not to be changed. */
    SubjectConsumer[] snapshot() {
        return consumers;
    }
}
