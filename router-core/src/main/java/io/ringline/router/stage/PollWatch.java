package io.ringline.router.stage;

/** Whether one consumer is polled while it has events waiting; looked at now and then. One thread. */
final class PollWatch {
    /** As many looks in a row at a thread that has ended: another may take its place at any moment. */
    static final int LOOKS_AT_DEAD = 5;

    /** What a look has shown. */
    enum Verdict {
        /** It polls, or has nothing to poll for. */
        LIVE,
        /** It has not polled for longer than it may. */
        SILENT,
        /** The thread that polled it has ended, and no other polls it. */
        DIED
    }

    private final long timeoutNs;
    private long lastBeats;
    private long silentNs;
    private int looksAtDead;
    private Verdict verdict = Verdict.LIVE;

    /** A consumer that is live. @param timeoutNs how long it may not poll, nanoseconds. */
    PollWatch(final long timeoutNs) {
        this.timeoutNs = timeoutNs;
    }

    /**
     * Looks again.
     *
     * @param passedNs time since the last look in which the consumer could have polled.
     * @param beats    changes with each poll and each event that was done with.
     * @param waiting  whether events wait.
     * @param dead     whether the thread that polled last has ended.
     * @return what this look has shown.
     */
    Verdict look(final long passedNs, final long beats, final boolean waiting, final boolean dead) {
        if (!waiting || beats != lastBeats) {
            lastBeats = beats;
            silentNs = 0;
            looksAtDead = 0;
            verdict = Verdict.LIVE;
            return verdict;
        }
        silentNs += passedNs;
        looksAtDead = dead ? looksAtDead + 1 : 0;
        if (looksAtDead >= LOOKS_AT_DEAD) {
            verdict = Verdict.DIED;
        } else if (silentNs > timeoutNs && verdict == Verdict.LIVE) {
            verdict = Verdict.SILENT;
        }
        return verdict;
    }

    /** Whether it has not polled for longer than it may, alive or dead. @return true only where the last look was not LIVE. */
    boolean isOverdue() {
        return silentNs > timeoutNs;
    }

    /** How long it has not polled. @return nanoseconds. */
    long silentNs() {
        return silentNs;
    }
}
