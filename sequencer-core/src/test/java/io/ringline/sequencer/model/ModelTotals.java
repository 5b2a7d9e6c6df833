package io.ringline.sequencer.model;

import io.ringline.sequencer.model.Result.Fate;
import java.util.EnumMap;
import java.util.Map;

/** What a {@link SequencerModel} has counted. */
public final class ModelTotals {
    long accepted;
    long released;
    long reordered;
    long gaps;
    long missing;
    long byTimeout;
    long byPressure;
    long byGap;
    long byStart;
    long epochs;
    long baselines;
    long evicted;
    int heldMax;
    final Map<Fate, Long> refused = new EnumMap<>(Fate.class);

    ModelTotals() {
        // all zero
    }

    /** Events offered. @return from 0. */
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

    /** Events that met a fate other than release. @param fate which. @return from 0. */
    public long refused(final Fate fate) {
        return refused.getOrDefault(fate, 0L);
    }

    /** Events that met any fate other than release. @return from 0. */
    public long refused() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Gaps given up. @return from 0. */
    public long gaps() {
        return gaps;
    }

    /** Numbers missing in them. @return from 0. */
    public long missing() {
        return missing;
    }

    /** Gaps given up as their time was over. @return from 0. */
    public long forcedByTimeout() {
        return byTimeout;
    }

    /** Gaps given up as too much was held. @return from 0. */
    public long forcedByPressure() {
        return byPressure;
    }

    /** Gaps given up as the stream had moved on. @return from 0. */
    public long forcedByGap() {
        return byGap;
    }

    /** Gaps given up as the publisher started over or further on. @return from 0. */
    public long forcedByStart() {
        return byStart;
    }

    /** Epochs that were begun. @return from 0. */
    public long epochs() {
        return epochs;
    }

    /** Streams that started elsewhere than at 1. @return from 0. */
    public long baselines() {
        return baselines;
    }

    /** Aggregates that were forgotten. @return from 0. */
    public long evicted() {
        return evicted;
    }

    /** The most events held after an offer, before the total is enforced. @return from 0. */
    public int heldMax() {
        return heldMax;
    }
}
