package io.ringline.router.consumer;

import org.jspecify.annotations.Nullable;

/** Who polls a consumer, and whether it still does: what the polling thread leaves behind, and what the router makes of it. */
public final class ConsumerPulse {
    private volatile @Nullable Thread poller;
    private volatile boolean silent;
    private volatile boolean died;

    /** Nobody has polled yet. */
    ConsumerPulse() {
        poller = null;
    }

    /** Notes who polls; writes only where that is another than before. The polling thread. */
    void beat() {
        final Thread me = Thread.currentThread();
        if (poller != me) {
            poller = me;
        }
    }

    /** Whether the thread that polled last has ended. Any thread. @return false where nobody has polled. */
    public boolean isPollerDead() {
        final Thread last = poller;
        return last != null && !last.isAlive();
    }

    /**
     * Shows what was found. The thread that looks.
     *
     * @param isSilent for longer than it may, though events wait.
     * @param hasDied  the thread that polled.
     */
    public void show(final boolean isSilent, final boolean hasDied) {
        silent = isSilent;
        died = hasDied;
    }

    boolean isSilent() {
        return silent;
    }

    boolean hasDied() {
        return died;
    }
}
