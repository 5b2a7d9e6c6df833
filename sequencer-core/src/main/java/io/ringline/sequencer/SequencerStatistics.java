package io.ringline.sequencer;

/** Totals of a {@link Sequencer}. Written and read by its thread. */
public final class SequencerStatistics {
    static final int BY_TIMEOUT = 0;
    static final int BY_PRESSURE = 1;
    static final int BY_GAP = 2;

    long released;
    long reordered;
    int heldMax;
    long duplicates;
    long late;
    long tooWide;
    long invalid;
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
            case Sequencer.INVALID_SEQUENCE -> invalid++;
            default -> {} // ALREADY_HELD: the caller's to count
        }
        return answer;
    }

    void gap(final int numbers, final int why) {
        gaps++;
        missing += numbers;
        switch (why) {
            case BY_TIMEOUT -> byTimeout++;
            case BY_PRESSURE -> byPressure++;
            default -> byGap++;
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

    /** Events whose number is below 1. @return from 0. */
    public long invalid() {
        return invalid;
    }

    /** Gaps given up; in {@code GLOBAL} those of the source and those of aggregates. @return from 0. */
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
