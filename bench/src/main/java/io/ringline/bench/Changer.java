package io.ringline.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/** A thread that changes subscriptions at an even rate, beside what is measured. */
final class Changer {
    /** The promised rate, changes a second. */
    static final int RATE = 10_000;

    private static final double LEAST_SHARE_OF_RATE = 0.95;

    private final int rate;
    private final IntPredicate twoChanges;
    private final Thread thread = new Thread(this::run, "changer");
    private volatile boolean running = true;
    private volatile boolean failed;
    private long startNs;
    private long done;

    /**
     * Not started yet.
     *
     * @param rate       changes a second, an even number; without any there is no thread.
     * @param twoChanges takes a subscription back and makes it again, a different one for each number; false where one was lost.
     */
    Changer(final int rate, final IntPredicate twoChanges) {
        this.rate = rate;
        this.twoChanges = twoChanges;
    }

    void start() {
        startNs = System.nanoTime();
        if (rate > 0) {
            thread.start();
        }
    }

    /** Ends it, all changes undone. @throws IllegalStateException where there were less than asked for, or one was lost. */
    void stop() throws InterruptedException {
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        running = false;
        thread.join();
        if (failed) {
            throw new IllegalStateException("a subscription was lost, after " + done + " changes");
        }
        if (done < rate * seconds * LEAST_SHARE_OF_RATE) {
            throw new IllegalStateException(done + " changes in " + seconds + " s: not " + rate + " a second");
        }
    }

    private void run() {
        final long periodNs = 2 * TimeUnit.SECONDS.toNanos(1) / rate;
        long dueNs = startNs;
        int number = 0;
        while (running && !failed) {
            final long leftNs = dueNs - System.nanoTime();
            if (leftNs > 0) {
                LockSupport.parkNanos(leftNs);
            } else if (twoChanges.test(number++ & Integer.MAX_VALUE)) {
                done += 2;
                dueNs += periodNs;
            } else {
                failed = true;
            }
        }
    }
}
