package io.ringline.router.consumer;

import org.jspecify.annotations.Nullable;

/**
 * Who polls a consumer, whether it still does, and the end of that: what the polling thread leaves behind, and what the router
 * makes of it. A consumer that is to stop has no poller, so that its thread, when it comes again, looks here for the reason; a
 * poll that costs it nothing otherwise.
 */
public final class ConsumerPulse {
    private volatile @Nullable Thread poller; // null too from when it is to stop
    private volatile @Nullable Thread last;
    private volatile boolean stopped;
    private volatile boolean silent;
    private volatile boolean died;
    private volatile boolean stopping; // changed under the lock
    private boolean free; // the last one to poll has let go; guarded by this
    private boolean polling; // the polling thread's

    /** Nobody has polled yet. */
    ConsumerPulse() {
        poller = null;
    }

    /** Begins a poll, which {@link #leave} ends. The polling thread. @return false where there are no polls any more. */
    boolean take() {
        final Thread me = Thread.currentThread();
        if (poller != me && !sit(me)) {
            return false;
        }
        polling = true;
        return true;
    }

    private synchronized boolean sit(final Thread me) {
        if (stopping) {
            stopped |= (last == me && !polling) || isLastGone();
            return false;
        }
        free = false;
        last = me;
        poller = me;
        return true;
    }

    /** Ends a poll. The polling thread. */
    void leave() {
        polling = false;
        if (poller == null) {
            confirm();
        }
    }

    private synchronized void confirm() {
        stopped |= stopping;
    }

    /**
     * Ends polling for good. At once where the thread that polled last is the calling one, has ended, or where there was none;
     * else when that thread has come to the end of its poll, or comes again, or ends.
     */
    synchronized void stop() {
        stopping = true;
        poller = null;
        stopped |= isLastGone() || (last == Thread.currentThread() && !polling);
    }

    /** Lets another thread be the one that polls, or the consumer be closed without waiting for this one. The polling thread. */
    synchronized void letGo() {
        if (last == Thread.currentThread() && !polling) {
            free = true;
            poller = null;
            stopped |= stopping;
        }
    }

    private boolean isLastGone() {
        return free || isLastDead();
    }

    private boolean isLastDead() {
        final Thread thread = last;
        return thread == null || !thread.isAlive();
    }

    /** Whether it is to stop, or has. Any thread. @return true from then on. */
    public boolean isStopping() {
        return stopping;
    }

    /** Whether no thread polls it any more, nor will; what the last one has done is seen then. Any thread. @return true if so. */
    public boolean isStopped() {
        return stopped || (poller == null && stopOfTheDead());
    }

    private synchronized boolean stopOfTheDead() {
        stopped |= stopping && isLastGone();
        return stopped;
    }

    /** Whether the thread that polled last has ended. Any thread. @return false where nobody has polled. */
    public boolean isPollerDead() {
        return last != null && isLastDead();
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
