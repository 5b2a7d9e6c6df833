package io.ringline.sequencer.model;

import io.ringline.sequencer.FirstSequence;
import io.ringline.sequencer.SequencerSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The windows of all aggregates, of which those that were idle for longest are forgotten where there is a cap. */
final class ModelWindows<H> {
    /** One aggregate, or the source: what it expects, and what waits for it. */
    static final class Window<H> {
        long next;
        long first;
        final TreeMap<Long, H> held = new TreeMap<>();
        final TreeSet<Long> givenUp = new TreeSet<>();

        Window(final SequencerSettings settings) {
            next = settings.firstSequence() == FirstSequence.ONE ? 1 : 0;
            first = next;
        }

        void start(final long number) {
            next = number;
            first = number;
            givenUp.clear();
        }

        boolean isLate(final long number) {
            return number < first || givenUp.contains(number);
        }

        /** The first of the run of numbers, given up since {@code before}, that ends just before {@code end}. */
        long gapStart(final long before, final long end) {
            long start = end;
            while (start > before && givenUp.contains(start - 1)) {
                start--;
            }
            return start;
        }

        /** Where it would stand if gaps before held events were given up until that is enough. */
        long nextAfterForcing(final long sequence, final int maxGap) {
            long reach = next;
            for (final long number : held.keySet()) {
                if (number > reach && sequence - reach <= maxGap) {
                    return reach;
                }
                reach = number + 1;
            }
            return reach;
        }

        /** The number of an event that is released whatever it is; one far ahead does not count as the highest. */
        long numberAsItComes(final long sequence, final int maxGap) {
            final long from = Math.max(1, next);
            final long number = sequence == 0 ? from : sequence;
            final boolean starts = next == 0 && sequence <= SequencerModel.MAX_FIRST;
            if (number >= from && (starts || number - from <= maxGap)) {
                next = number + 1;
            }
            return number;
        }

        boolean hasHistory() {
            return next != first || !givenUp.isEmpty() || !held.isEmpty();
        }
    }

    private final SequencerSettings settings;
    private final Map<Object, Window<H>> windows = new HashMap<>();
    private final Map<Object, Long> activity = new HashMap<>();
    private long actions;

    ModelWindows(final SequencerSettings settings) {
        this.settings = settings;
    }

    Window<H> get(final Object aggregate) {
        return windows.get(aggregate);
    }

    Collection<Window<H>> all() {
        return windows.values();
    }

    /** Something has happened to an aggregate: it is not idle. */
    void touch(final Object aggregate) {
        activity.put(aggregate, ++actions);
    }

    /** Whether a number is one with which an aggregate that is not known cannot become so. */
    boolean isWildForNew(final Object aggregate, final long sequence) {
        final boolean wild = settings.firstSequence() == FirstSequence.ONE
                ? sequence - 1 > settings.maxSequenceGap()
                : sequence > SequencerModel.MAX_FIRST;
        return wild && !windows.containsKey(aggregate);
    }

    /**
     * Makes sure that an aggregate is known.
     *
     * @param busy what must not be forgotten although nothing is held in its window.
     * @return false where there is no room for it.
     */
    boolean ensure(final Object aggregate, final Predicate<Object> busy, final ModelTotals totals) {
        if (!windows.containsKey(aggregate)) {
            if (settings.maxAggregates() > 0 && windows.size() == settings.maxAggregates()) {
                final Optional<Object> idle = windows.keySet().stream()
                        .filter(key -> windows.get(key).held.isEmpty() && !busy.test(key))
                        .min((a, b) -> Long.compare(activity.get(a), activity.get(b)));
                if (idle.isEmpty()) {
                    return false;
                }
                windows.remove(idle.get());
                activity.remove(idle.get());
                totals.evicted++;
            }
            windows.put(aggregate, new Window<>(settings));
        }
        touch(aggregate);
        return true;
    }
}
