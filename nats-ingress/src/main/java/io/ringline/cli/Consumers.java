package io.ringline.cli;

/** The receiving side of a router that one thread runs: polls all consumers, and says how that goes. */
interface Consumers {
    /**
     * Handles what there is.
     *
     * @return how much was done.
     */
    int poll();

    /** Hands on what was gathered: there is nothing better to do. */
    void flush();

    /** Whether nothing waits, neither here nor in a channel. */
    boolean isEmpty();

    /** Whether nobody wants any more: the input need not be read on. */
    boolean isGone();
}
