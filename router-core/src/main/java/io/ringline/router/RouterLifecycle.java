package io.ringline.router;

import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Starts, drains and closes a router, in any order, any number of times, from any thread. Threads start once, and never after
 * a close.
 */
final class RouterLifecycle {
    private final RouterPipeline pipeline;
    private final RouterContext context;
    private final RouterReports reports;
    private final RouterThreads threads;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean started;
    private volatile boolean closing;
    private volatile @Nullable Thread finisher; // runs whenRoom calls for the last time, and they may close too

    RouterLifecycle(final RouterPipeline pipeline, final RouterReports reports) {
        this.pipeline = pipeline;
        this.context = pipeline.context();
        this.reports = reports;
        this.threads = new RouterThreads(pipeline);
    }

    synchronized void start() {
        if (closing) {
            throw new IllegalStateException("this router is closed and cannot start again: create another");
        }
        if (!started) {
            started = true;
            threads.start();
        }
    }

    boolean isClosing() {
        return closing;
    }

    DrainReport drain(final long timeoutNs) {
        pipeline.state().stopAccepting();
        final IdleStrategy idle = context.idleStrategy().create();
        final long start = System.nanoTime();
        DrainReport report = reports.report();
        while (!report.complete() && isUsefulToWait() && System.nanoTime() - start < timeoutNs) {
            final int work = pipeline.doInlineWork();
            if (work == 0
                    && context.topology() == Topology.INLINE
                    && !pipeline.turns().isTaken()) {
                return reports.report();
            }
            idle.idle(work);
            report = reports.report();
        }
        return report;
    }

    /** Whether anybody else may do what is left to do. */
    private boolean isUsefulToWait() {
        final boolean runs = started || context.topology() == Topology.INLINE;
        return runs && !closing && pipeline.state().failure() == null && !isOwnThread();
    }

    private boolean isOwnThread() {
        return threads.isOneOfThem() || pipeline.turns().isMine() || finisher == Thread.currentThread();
    }

    void close() {
        pipeline.state().stopAccepting();
        final boolean first = beginClosing();
        if (isOwnThread()) {
            if (first) {
                finishElsewhere();
            }
        } else if (first) {
            finish();
        } else {
            awaitClosed();
        }
    }

    /** One of the router's own threads cannot wait for itself to end. */
    private void finishElsewhere() {
        try {
            new Thread(this::finish, "ringline-close").start();
        } catch (final Throwable noThread) { // no memory for one: whoever closes next does it
            closing = false;
            throw noThread;
        }
    }

    private synchronized boolean beginClosing() {
        final boolean first = !closing;
        closing = true;
        return first;
    }

    private void finish() {
        finisher = Thread.currentThread();
        try {
            threads.close();
            pipeline.turns().stop();
            pipeline.room().close();
            pipeline.comingAndGoing().close();
            closeQuietly(context.journal());
            if (context.deadLetters() instanceof AutoCloseable letters) {
                closeQuietly(letters);
            }
        } finally {
            finisher = null;
            closed.countDown();
        }
    }

    private void awaitClosed() {
        boolean interrupted = false;
        while (closed.getCount() > 0) {
            try {
                closed.await();
            } catch (final InterruptedException waitOn) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeQuietly(final @Nullable AutoCloseable resource) {
        if (resource != null) {
            try {
                resource.close();
            } catch (final Throwable failure) { // an InternalError from a mapped file too: the others must be closed
                pipeline.state().seal(failure);
            }
        }
    }
}
