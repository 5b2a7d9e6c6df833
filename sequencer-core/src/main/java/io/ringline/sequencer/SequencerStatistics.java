package io.ringline.sequencer;

/**
 * Totals of a {@link Sequencer}. Written and read by its thread. What was accepted is always released, held, a duplicate, a
 * conflict, late, too wide, invalid, of too many aggregates, or not compared yet: see {@link #unaccounted}.
 */
public final class SequencerStatistics {
    static final int BY_TIMEOUT = 0;
    static final int BY_PRESSURE = 1;
    static final int BY_GAP = 2;
    static final int BY_START = 3;

    long accepted;
    long released;
    long reordered;
    int heldMax;
    long duplicates;
    long conflicts;
    long notCompared;
    long late;
    long tooWide;
    long invalid;
    long tooManyAggregates;
    long gaps;
    long missing;
    long byTimeout;
    long byPressure;
    long byGap;
    long byStart;
    long epochs;
    long baselines;
    long evicted;

    SequencerStatistics() {
        // all zero
    }

    /** All of them, for a snapshot. */
    long[] totals() {
        return new long[] {
            accepted,
            released,
            reordered,
            heldMax,
            duplicates,
            conflicts,
            notCompared,
            late,
            tooWide,
            invalid,
            tooManyAggregates,
            gaps,
            missing,
            byTimeout,
            byPressure,
            byGap,
            byStart,
            epochs,
            baselines,
            evicted
        };
    }

    void totals(final long[] from) {
        int i = 0;
        accepted = from[i++];
        released = from[i++];
        reordered = from[i++];
        heldMax = (int) from[i++];
        duplicates = from[i++];
        conflicts = from[i++];
        notCompared = from[i++];
        late = from[i++];
        tooWide = from[i++];
        invalid = from[i++];
        tooManyAggregates = from[i++];
        gaps = from[i++];
        missing = from[i++];
        byTimeout = from[i++];
        byPressure = from[i++];
        byGap = from[i++];
        byStart = from[i++];
        epochs = from[i++];
        baselines = from[i++];
        evicted = from[i++];
    }

    int refused(final int answer) {
        switch (answer) {
            case Sequencer.DUPLICATE -> duplicates++;
            case Sequencer.ALREADY_HELD -> notCompared++;
            case Sequencer.LATE -> late++;
            case Sequencer.GAP_TOO_WIDE -> tooWide++;
            case Sequencer.INVALID_SEQUENCE -> invalid++;
            case Sequencer.TOO_MANY_AGGREGATES -> tooManyAggregates++;
            default -> {} // held
        }
        return answer;
    }

    void compared(final boolean same) {
        notCompared--;
        if (same) {
            duplicates++;
        } else {
            conflicts++;
        }
    }

    void gap(final int numbers, final int why) {
        gaps++;
        missing += numbers;
        switch (why) {
            case BY_TIMEOUT -> byTimeout++;
            case BY_PRESSURE -> byPressure++;
            case BY_GAP -> byGap++;
            default -> byStart++;
        }
    }

    /**
     * Events that were accepted and are nowhere: 0, always.
     *
     * @param heldNow as {@link Sequencer#heldNow()} says.
     * @return what is left when all that is known of is taken away.
     */
    public long unaccounted(final int heldNow) {
        return accepted
                - released
                - heldNow
                - duplicates
                - conflicts
                - notCompared
                - late
                - tooWide
                - invalid
                - tooManyAggregates;
    }

    /** Events offered, but for {@link Sequencer#BUSY} ones, which come again. @return from 0. */
    public long accepted() {
        return accepted;
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

    /** Events whose number had been released, or is held with the same bytes. @return from 0. */
    public long duplicates() {
        return duplicates;
    }

    /** Events whose number is held with other bytes. @return from 0. */
    public long conflicts() {
        return conflicts;
    }

    /** Events answered with {@link Sequencer#ALREADY_HELD} that the caller has not compared yet. @return from 0. */
    public long notCompared() {
        return notCompared;
    }

    /** Events whose number had been given up, or is below where its aggregate started. @return from 0. */
    public long late() {
        return late;
    }

    /** Events too far ahead. @return from 0. */
    public long tooWide() {
        return tooWide;
    }

    /** Events whose number, or source's, is below what is allowed. @return from 0. */
    public long invalid() {
        return invalid;
    }

    /** Events of an aggregate for which there was no room. @return from 0. */
    public long tooManyAggregates() {
        return tooManyAggregates;
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

    /** Gaps given up because the publisher started over, or further on. @return from 0. */
    public long forcedByStart() {
        return byStart;
    }

    /** Epochs that publishers began. @return from 0. */
    public long epochs() {
        return epochs;
    }

    /** Streams that started with the first number seen, or with one that the publisher named. @return from 0. */
    public long baselines() {
        return baselines;
    }

    /** Aggregates forgotten to make room. @return from 0. */
    public long evicted() {
        return evicted;
    }
}
