package io.ringline.sequencer.model;

import io.ringline.sequencer.OnGapTooWide;
import io.ringline.sequencer.Ordering;
import io.ringline.sequencer.SequencerSettings;
import io.ringline.sequencer.model.Result.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * The contract's ordering, written down as plainly as possible: a sorted map of held events for each aggregate, and every
 * single number that was given up. Each call answers with what became of events in it, in order; whoever is not named is
 * still held. Knows nothing of memory, entries or back pressure.
 *
 * @param <T> the caller's events.
 */
public final class SequencerModel<T> {
    private static final String SOURCE = "the source";

    private final SequencerSettings settings;
    private final BiPredicate<T, T> sameContent;
    private final Map<Object, Window<T>> aggregates = new HashMap<>();
    private final Map<Object, Window<T>> source = new HashMap<>();
    private final ModelTotals totals = new ModelTotals();
    private List<Result<T>> results = new ArrayList<>();
    private long globalSequence;
    private long now = Long.MIN_VALUE;
    private long arrivals;

    /** An offered event; {@code order} tells apart those that arrived at the same time. */
    private record Offered<T>(T event, Object aggregate, long sequence, long source, long arrivalNs, long order) {}

    private static final class Window<T> {
        private long next = 1;
        private final TreeMap<Long, Offered<T>> held = new TreeMap<>();
        private final TreeSet<Long> givenUp = new TreeSet<>();
    }

    private enum Place {
        RELEASE,
        HOLD,
        REFUSE
    }

    /**
     * A model that has seen nothing.
     *
     * @param settings    the same as the sequencer's.
     * @param sameContent whether two events under the same number are the same event.
     */
    public SequencerModel(final SequencerSettings settings, final BiPredicate<T, T> sameContent) {
        this.settings = settings;
        this.sameContent = sameContent;
    }

    /** Totals so far. @return live. */
    public ModelTotals totals() {
        return totals;
    }

    /** Events that are held. @return from 0. */
    public int held() {
        return heldIn(source) + heldIn(aggregates);
    }

    private int heldIn(final Map<Object, Window<T>> windows) {
        return windows.values().stream().mapToInt(w -> w.held.size()).sum();
    }

    /** The number that an aggregate expects. @param aggregate any key. @return from 1. */
    public long next(final Object aggregate) {
        return window(aggregates, aggregate).next;
    }

    /** The number that the source's order expects. @return from 1. */
    public long nextOfSource() {
        return window(source, SOURCE).next;
    }

    /**
     * One event.
     *
     * @param aggregate      any key.
     * @param sequence       its number there.
     * @param sourceSequence the source's number, or 0.
     * @param nowNs          time of acceptance.
     * @param event          the event.
     * @return what became of it and of those that waited for it.
     */
    public List<Result<T>> offer(
            final Object aggregate, final long sequence, final long sourceSequence, final long nowNs, final T event) {
        results = new ArrayList<>();
        totals.accepted++;
        if (settings.ordering() == Ordering.NONE) {
            release(event, 0);
            return results;
        }
        final boolean bySource = settings.ordering() == Ordering.GLOBAL && sourceSequence != 0;
        if (sequence < 1 || bySource && sourceSequence < 1) {
            return refuse(event, Fate.INVALID);
        }
        now = Math.max(now, nowNs);
        final Offered<T> offered = new Offered<>(event, aggregate, sequence, sourceSequence, now, arrivals++);
        if (bySource) {
            toSource(offered);
        } else {
            toAggregate(offered);
        }
        totals.heldMax = Math.max(totals.heldMax, held());
        while (held() >= settings.maxHeld()) {
            forceOne();
        }
        return results;
    }

    /** Lets time pass. @param nowNs the time. @return what became of events. */
    public List<Result<T>> tick(final long nowNs) {
        results = new ArrayList<>();
        now = Math.max(now, nowNs);
        expire(source, false);
        expire(aggregates, false);
        return results;
    }

    /** The end of the input. @return what became of all that was held. */
    public List<Result<T>> releaseAll() {
        results = new ArrayList<>();
        expire(source, true);
        expire(aggregates, true);
        return results;
    }

    /** Gives up the gap that the longest-waiting event waits for. @return what became of events. */
    public List<Result<T>> forceOldest() {
        results = new ArrayList<>();
        forceOne();
        return results;
    }

    private void expire(final Map<Object, Window<T>> windows, final boolean all) {
        Optional<Map.Entry<Object, Window<T>>> due = oldest(windows, all);
        while (due.isPresent()) {
            giveUpFirstGap(
                    windows, due.get().getKey(), due.get().getValue().held.firstKey());
            totals.byTimeout++;
            due = oldest(windows, all);
        }
    }

    private void forceOne() {
        final Map<Object, Window<T>> windows = heldIn(source) > 0 ? source : aggregates;
        oldest(windows, true).ifPresent(w -> {
            giveUpFirstGap(windows, w.getKey(), w.getValue().held.firstKey());
            totals.byPressure++;
        });
    }

    /** The window whose first-arrived event is the oldest of all: of those that are due, or of any. */
    private Optional<Map.Entry<Object, Window<T>>> oldest(final Map<Object, Window<T>> windows, final boolean any) {
        return windows.entrySet().stream()
                .filter(w -> !w.getValue().held.isEmpty())
                .filter(w -> any || now - firstArrived(w.getValue()).arrivalNs() >= settings.sequenceTimeoutNs())
                .min(Comparator.comparing(w -> firstArrived(w.getValue()), byArrival()));
    }

    private Offered<T> firstArrived(final Window<T> window) {
        return window.held.values().stream().min(byArrival()).orElseThrow();
    }

    private Comparator<Offered<T>> byArrival() {
        return Comparator.<Offered<T>>comparingLong(Offered::arrivalNs).thenComparingLong(Offered::order);
    }

    private void toSource(final Offered<T> offered) {
        final Window<T> window = window(source, SOURCE);
        final Place place = place(source, SOURCE, offered.source(), offered);
        if (place == Place.RELEASE) {
            window.next = offered.source() + 1;
            toAggregate(offered);
            drainSource();
        } else if (place == Place.HOLD) {
            window.held.put(offered.source(), offered);
        }
    }

    private void toAggregate(final Offered<T> offered) {
        final Window<T> window = window(aggregates, offered.aggregate());
        final long before = window.next;
        final Place place = place(aggregates, offered.aggregate(), offered.sequence(), offered);
        if (place == Place.RELEASE) {
            // Its own gap is one that ends at it: only pressure gives that up, and nothing below it was held.
            final long gap = offered.sequence() - gapStart(window, before, offered.sequence());
            window.next = offered.sequence() + 1;
            release(offered.event(), gap);
            drainAggregate(offered.aggregate(), 0);
        } else if (place == Place.HOLD) {
            window.held.put(offered.sequence(), offered);
        }
    }

    /** The first of the run of numbers, given up since {@code before}, that ends just before {@code end}. */
    private static <T> long gapStart(final Window<T> window, final long before, final long end) {
        long start = end;
        while (start > before && window.givenUp.contains(start - 1)) {
            start--;
        }
        return start;
    }

    private Place place(
            final Map<Object, Window<T>> windows, final Object key, final long sequence, final Offered<T> offered) {
        final Window<T> window = window(windows, key);
        if (sequence < window.next) {
            return refused(offered, window.givenUp.contains(sequence) ? Fate.LATE : Fate.DUPLICATE);
        }
        final Offered<T> same = window.held.get(sequence);
        if (same != null) {
            final boolean equal = sameContent.test(same.event(), offered.event());
            return refused(offered, equal ? Fate.DUPLICATE : Fate.CONFLICT);
        }
        if (sequence - window.next > settings.maxSequenceGap()) {
            if (settings.onGapTooWide() == OnGapTooWide.DEAD_LETTER
                    || sequence - nextAfterForcing(window, sequence) > settings.maxSequenceGap()) {
                return refused(offered, Fate.GAP_TOO_WIDE);
            }
            while (sequence - window.next > settings.maxSequenceGap()) {
                giveUpFirstGap(windows, key, window.held.firstKey());
                totals.byGap++;
            }
        }
        while (sequence > window.next && window.held.size() >= settings.maxBufferSize()) {
            giveUpFirstGap(windows, key, Math.min(sequence, window.held.firstKey()));
            totals.byPressure++;
        }
        return sequence == window.next ? Place.RELEASE : Place.HOLD;
    }

    /** Where the window would stand if gaps before held events were given up until that is enough. */
    private long nextAfterForcing(final Window<T> window, final long sequence) {
        long next = window.next;
        for (final long held : window.held.keySet()) {
            if (held > next && sequence - next <= settings.maxSequenceGap()) {
                return next;
            }
            next = held + 1;
        }
        return next;
    }

    private void giveUpFirstGap(final Map<Object, Window<T>> windows, final Object key, final long upTo) {
        final Window<T> window = window(windows, key);
        final long gap = upTo - window.next;
        for (long number = window.next; number < upTo; number++) {
            window.givenUp.add(number);
        }
        window.next = upTo;
        totals.gaps++;
        totals.missing += gap;
        if (windows == source) {
            drainSource();
        } else {
            drainAggregate(key, gap);
        }
    }

    private void drainSource() {
        final Window<T> window = window(source, SOURCE);
        while (window.held.containsKey(window.next)) {
            final Offered<T> offered = window.held.remove(window.next);
            window.next++;
            toAggregate(offered);
        }
    }

    private void drainAggregate(final Object aggregate, final long gapBefore) {
        final Window<T> window = window(aggregates, aggregate);
        long gap = gapBefore;
        while (window.held.containsKey(window.next)) {
            release(window.held.remove(window.next).event(), gap);
            totals.reordered++;
            gap = 0;
            window.next++;
        }
    }

    private void release(final T event, final long gap) {
        totals.released++;
        results.add(new Result<>(event, Fate.RELEASED, ++globalSequence, gap));
    }

    private Place refused(final Offered<T> offered, final Fate fate) {
        refuse(offered.event(), fate);
        return Place.REFUSE;
    }

    private List<Result<T>> refuse(final T event, final Fate fate) {
        totals.refused.merge(fate, 1L, Long::sum);
        results.add(new Result<>(event, fate, 0, 0));
        return results;
    }

    private Window<T> window(final Map<Object, Window<T>> windows, final Object key) {
        return windows.computeIfAbsent(key, k -> new Window<>());
    }
}
