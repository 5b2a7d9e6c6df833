package io.ringline.sequencer;

/** Totals of a {@link Sequencer}. Written and read by its thread. */
public final class SequencerStatistics {
    long released;
    long reordered;
    int heldMax;
    long duplicates;
    long late;
    long tooWide;
    long gaps;
    long missing;
    long byTimeout;
    long byPressure;
    long byGap;

    SequencerStatistics() {
        // all zero
    }

    int refused(final int answer) {
        switch (answer) {
            case Sequencer.DUPLICATE -> duplicates++;
            case Sequencer.LATE -> late++;
            case Sequencer.GAP_TOO_WIDE -> tooWide++;
            default -> {} // ALREADY_HELD: the caller's to count
        }
        return answer;
    }

    void gap(final int numbers, final boolean timeout, final boolean pressure) {
        gaps++;
        missing += numbers;
        if (timeout) {
            byTimeout++;
        } else if (pressure) {
            byPressure++;
        } else {
            byGap++;
        }
    }

    /** Events released. @return from 0. */
    public long released() {
        return released;
    }

    /** Events released after having been held. @return from 0. */
    public long reordered() {
        return reordered;
    }

    /** The most events held at once. @return from 0. */
    public int heldMax() {
        return heldMax;
    }

    /** Events whose number had been released; those that are held are the caller's to count. @return from 0. */
    public long duplicates() {
        return duplicates;
    }

    /** Events whose number had been given up. @return from 0. */
    public long late() {
        return late;
    }

    /** Events too far ahead. @return from 0. */
    public long tooWide() {
        return tooWide;
    }

    /** Gaps given up. @return from 0. */
    public long gaps() {
        return gaps;
    }

    /** Numbers missing in them. @return from 0. */
    public long missing() {
        return missing;
    }

    /** Gaps given up because their time was over. @return from 0. */
    public long forcedByTimeout() {
        return byTimeout;
    }

    /** Gaps given up because too much was held. @return from 0. */
    public long forcedByPressure() {
        return byPressure;
    }

    /** Gaps given up because the stream had moved on. @return from 0. */
    public long forcedByGap() {
        return byGap;
    }
}
