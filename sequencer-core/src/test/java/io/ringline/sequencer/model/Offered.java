package io.ringline.sequencer.model;

/** An offered event; {@code order} tells apart those that arrived at the same time. */
final class Offered<T> {
    final T event;
    final Object aggregate;
    final long source;
    final long arrivalNs;
    final long order;
    long sequence;
    boolean wasHeld;

    Offered(
            final T event,
            final Object aggregate,
            final long sequence,
            final long source,
            final long arrivalNs,
            final long order) {
        this.event = event;
        this.aggregate = aggregate;
        this.sequence = sequence;
        this.source = source;
        this.arrivalNs = arrivalNs;
        this.order = order;
    }
}
