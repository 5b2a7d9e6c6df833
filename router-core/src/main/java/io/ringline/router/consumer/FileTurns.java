package io.ringline.router.consumer;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whose turn it is with files that one thread reads, in turns, and any thread may have closed: they are let go of at once, or
 * when the turn ends that reads them. Nobody waits.
 */
final class FileTurns {
    private final Runnable letGo;
    private final AtomicBoolean busy = new AtomicBoolean(); // the files are one thread's
    private volatile boolean closed;

    /** Open, and nobody's turn. @param letGo called in a turn of its own; there may be nothing to let go of. */
    FileTurns(final Runnable letGo) {
        this.letGo = letGo;
    }

    /** Begins a turn, which {@link #end} is to end. The reading thread. @return false where files are being closed. */
    boolean begin() {
        return busy.compareAndSet(false, true);
    }

    /** Ends a turn. The reading thread. */
    void end() {
        busy.set(false);
        if (closed) { // looked at after that is seen: who closes looks at the two the other way round
            close();
        }
    }

    /** Whether no file may be opened any more. Any thread. */
    boolean isClosed() {
        return closed;
    }

    /** Closes. Any thread. */
    void close() {
        closed = true;
        if (busy.compareAndSet(false, true)) {
            letGo.run();
            busy.set(false);
        }
    }
}
