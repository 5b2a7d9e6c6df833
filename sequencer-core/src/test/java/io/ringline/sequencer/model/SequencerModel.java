package io.ringline.sequencer.model;

import io.ringline.sequencer.OnGapTooWide;
import io.ringline.sequencer.Ordering;
import io.ringline.sequencer.SequencerSettings;
import io.ringline.sequencer.model.ModelWindows.Window;
import io.ringline.sequencer.model.Result.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The contract's ordering, written down as plainly as possible: a sorted map of held events for each aggregate, and every
 * single number that was given up. Each call answers with what became of events in it, in order; whoever is not named is
 * still held. Knows nothing of memory, entries or back pressure.
 *
 * @param <T> the caller's events.
 */
public final class SequencerModel<T> {
    static final long MAX_FIRST = 1L << 62;

    private final SequencerSettings settings;
    private final BiPredicate<T, T> sameContent;
    private final ModelWindows<Offered<T>> aggregates;
    private final Window<Offered<T>> source;
    private final ModelTotals totals = new ModelTotals();
    private List<Result<T>> results = new ArrayList<>();
    private long globalSequence;
    private long pendingSourceGap;
    private long now = Long.MIN_VALUE;
    private long arrivals;

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
        this.aggregates = new ModelWindows<>(settings);
        this.source = new Window<>(settings);
    }

    /** Totals so far. @return live. */
    public ModelTotals totals() {
        return totals;
    }

    /** Events that are held. @return from 0. */
    public int held() {
        return source.held.size()
                + aggregates.all().stream().mapToInt(w -> w.held.size()).sum();
    }

    /** How many of an aggregate's events are held. @param aggregate any key. @return from 0. */
    public long heldOf(final Object aggregate) {
        final Window<Offered<T>> window = aggregates.get(aggregate);
        final long waiting = source.held.values().stream()
                .filter(o -> o.aggregate.equals(aggregate))
                .count();
        return waiting + (window == null ? 0 : window.held.size());
    }

    /** When the oldest held event of an aggregate arrived. @param aggregate any key. @return 0 where none is held. */
    public long oldestOf(final Object aggregate) {
        final Stream<Offered<T>> waiting = source.held.values().stream().filter(o -> o.aggregate.equals(aggregate));
        final Window<Offered<T>> window = aggregates.get(aggregate);
        return Stream.concat(waiting, window == null ? Stream.of() : window.held.values().stream())
                .mapToLong(o -> o.arrivalNs)
                .min()
                .orElse(0);
    }

    /** The number that an aggregate expects. @param aggregate any key. @return from 1; 0 where it is not known. */
    public long next(final Object aggregate) {
        return knows(aggregate) ? aggregates.get(aggregate).next : 0;
    }

    /** Whether an aggregate is remembered. @param aggregate any key. @return false for one never seen, or forgotten. */
    public boolean knows(final Object aggregate) {
        return aggregates.get(aggregate) != null;
    }

    /** The number that the source's order expects. @return from 1; 0 where it is not known. */
    public long nextOfSource() {
        return source.next;
    }

    /**
     * One event.
     *
     * @param aggregate      any key.
     * @param sequence       its number there, or 0 for the next.
     * @param sourceSequence the source's number, or 0.
     * @param nowNs          time of acceptance.
     * @param event          the event.
     * @return what became of it and of those that waited for it.
     */
    public List<Result<T>> offer(
            final Object aggregate, final long sequence, final long sourceSequence, final long nowNs, final T event) {
        results = new ArrayList<>();
        totals.accepted++;
        final boolean bySource = settings.ordering() == Ordering.GLOBAL && sourceSequence != 0;
        final boolean ordered = settings.ordering() != Ordering.NONE;
        if (ordered && (sequence < 0 || bySource && sourceSequence < 0)) {
            passInSource(sourceSequence);
            return refuse(event, Fate.INVALID);
        }
        if (ordered && !bySource && aggregates.isWildForNew(aggregate, sequence)) {
            return refuse(event, Fate.GAP_TOO_WIDE);
        }
        if (!aggregates.ensure(aggregate, this::isInSource, totals)) {
            passInSource(sourceSequence);
            return refuse(event, Fate.TOO_MANY_AGGREGATES);
        }
        if (!ordered) {
            release(event, 0, aggregates.get(aggregate).numberAsItComes(sequence, settings.maxSequenceGap()));
            return results;
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

    /** The source need not wait for the number of an event that is refused before it has an aggregate. */
    private void passInSource(final long sourceSequence) {
        if (settings.ordering() == Ordering.GLOBAL && sourceSequence > 0 && sourceSequence == source.next) {
            source.next++;
            drainSource();
        }
    }

    private boolean isInSource(final Object aggregate) {
        return source.held.values().stream().anyMatch(offered -> offered.aggregate.equals(aggregate));
    }

    /** Lets time pass. @param nowNs the time. @return what became of events. */
    public List<Result<T>> tick(final long nowNs) {
        results = new ArrayList<>();
        now = Math.max(now, nowNs);
        expire(false);
        return results;
    }

    /** The end of the input. @return what became of all that was held. */
    public List<Result<T>> releaseAll() {
        results = new ArrayList<>();
        expire(true);
        return results;
    }

    /** Gives up the gap that the longest-waiting event waits for. @return what became of events. */
    public List<Result<T>> forceOldest() {
        results = new ArrayList<>();
        forceOne();
        return results;
    }

    /**
     * The publisher says which number comes next.
     *
     * @param aggregate any key; null for the source.
     * @param first     the number; 0 to start over from 1.
     * @param nowNs     the time.
     * @return what became of events; null where there is no room for the aggregate.
     */
    public @Nullable List<Result<T>> start(final @Nullable Object aggregate, final long first, final long nowNs) {
        results = new ArrayList<>();
        if (aggregate != null && !aggregates.ensure(aggregate, this::isInSource, totals)) {
            return null;
        }
        now = Math.max(now, nowNs);
        final Window<Offered<T>> window = aggregate == null ? source : aggregates.get(aggregate);
        final boolean epoch = first < Math.max(1, window.next);
        final long upTo = epoch ? Long.MAX_VALUE : first;
        while (!window.held.isEmpty() && window.held.firstKey() < upTo) {
            giveUpFirstGap(window, window.held.firstKey());
            totals.byStart++;
        }
        if (epoch) {
            totals.epochs++;
            window.start(Math.max(1, first));
            return results;
        }
        totals.baselines++;
        if (!window.hasHistory()) {
            window.start(first);
        }
        while (window.next < first) {
            window.givenUp.add(window.next++);
        }
        drain(window, 0);
        return results;
    }

    private void expire(final boolean all) {
        while (!source.held.isEmpty() && isDue(source, all)) {
            giveUpFirstGap(source, source.held.firstKey());
            totals.byTimeout++;
        }
        Optional<Window<Offered<T>>> due = oldest(all);
        while (due.isPresent()) {
            giveUpFirstGap(due.get(), due.get().held.firstKey());
            totals.byTimeout++;
            due = oldest(all);
        }
    }

    private void forceOne() {
        (source.held.isEmpty() ? oldest(true) : Optional.of(source)).ifPresent(w -> {
            giveUpFirstGap(w, w.held.firstKey());
            totals.byPressure++;
        });
    }

    /** The window whose first-arrived event is the oldest of all: of those that are due, or of any. */
    private Optional<Window<Offered<T>>> oldest(final boolean any) {
        return aggregates.all().stream()
                .filter(w -> !w.held.isEmpty())
                .filter(w -> isDue(w, any))
                .min(Comparator.comparingLong(w -> firstArrived(w).order));
    }

    private boolean isDue(final Window<Offered<T>> window, final boolean any) {
        return any || now - firstArrived(window).arrivalNs >= settings.sequenceTimeoutNs();
    }

    private Offered<T> firstArrived(final Window<Offered<T>> window) {
        return window.held.values().stream()
                .min(Comparator.comparingLong(o -> o.order))
                .orElseThrow();
    }

    private void toSource(final Offered<T> offered) {
        final Place place = place(source, offered.source, offered);
        if (place == Place.RELEASE) {
            source.next = offered.source + 1;
            toAggregate(offered);
            drainSource();
        } else if (place == Place.HOLD) {
            hold(source, offered.source, offered);
        }
    }

    private void hold(final Window<Offered<T>> window, final long number, final Offered<T> offered) {
        offered.wasHeld = true;
        window.held.put(number, offered);
    }

    private void toAggregate(final Offered<T> offered) {
        final Window<Offered<T>> window = aggregates.get(offered.aggregate);
        if (offered.sequence == 0) {
            offered.sequence = window.held.isEmpty() ? Math.max(1, window.next) : window.held.lastKey() + 1;
        }
        final long before = window.next;
        final Place place = place(window, offered.sequence, offered);
        if (place == Place.RELEASE) {
            // Its own gap is one that ends at it: only pressure gives that up, and nothing below it was held.
            final long gap = before == 0 ? 0 : offered.sequence - window.gapStart(before, offered.sequence);
            window.next = offered.sequence + 1;
            release(offered, gap);
            drain(window, 0);
        } else if (place == Place.HOLD) {
            hold(window, offered.sequence, offered);
        }
    }

    private Place place(final Window<Offered<T>> window, final long sequence, final Offered<T> offered) {
        if (window.next == 0) {
            if (sequence > MAX_FIRST) {
                return refused(offered, Fate.GAP_TOO_WIDE);
            }
            window.start(sequence);
            totals.baselines++;
        }
        if (sequence < window.next) {
            return refused(offered, window.isLate(sequence) ? Fate.LATE : Fate.DUPLICATE);
        }
        final Offered<T> same = window.held.get(sequence);
        if (same != null) {
            final boolean equal = sameContent.test(same.event, offered.event);
            return refused(offered, equal ? Fate.DUPLICATE : Fate.CONFLICT);
        }
        if (sequence - window.next > settings.maxSequenceGap()) {
            if (settings.onGapTooWide() == OnGapTooWide.DEAD_LETTER
                    || sequence - window.nextAfterForcing(sequence, settings.maxSequenceGap())
                            > settings.maxSequenceGap()) {
                return refused(offered, Fate.GAP_TOO_WIDE);
            }
            while (sequence - window.next > settings.maxSequenceGap()) {
                giveUpFirstGap(window, window.held.firstKey());
                totals.byGap++;
            }
        }
        while (sequence > window.next && window.held.size() >= settings.maxBufferSize()) {
            giveUpFirstGap(window, Math.min(sequence, window.held.firstKey()));
            totals.byPressure++;
        }
        return sequence == window.next ? Place.RELEASE : Place.HOLD;
    }

    private void giveUpFirstGap(final Window<Offered<T>> window, final long upTo) {
        final long gap = upTo - window.next;
        if (window == source) {
            results.add(new Result<>(null, Fate.SOURCE_GAP, globalSequence + 1, gap, true, window.next));
            pendingSourceGap += gap;
        }
        for (long number = window.next; number < upTo; number++) {
            window.givenUp.add(number);
        }
        window.next = upTo;
        totals.gaps++;
        totals.missing += gap;
        drain(window, gap);
    }

    private void drain(final Window<Offered<T>> window, final long gap) {
        if (window == source) {
            drainSource();
        } else {
            drainAggregate(window, gap);
        }
    }

    private void drainSource() {
        while (source.held.containsKey(source.next)) {
            final Offered<T> offered = source.held.remove(source.next);
            source.next++;
            toAggregate(offered);
        }
    }

    private void drainAggregate(final Window<Offered<T>> window, final long gapBefore) {
        long gap = gapBefore;
        while (window.held.containsKey(window.next)) {
            release(window.held.remove(window.next), gap);
            totals.reordered++;
            gap = 0;
            window.next++;
        }
    }

    private void release(final Offered<T> offered, final long gap) {
        release(offered.event, gap, offered.sequence);
        left(offered);
    }

    private void left(final Offered<T> offered) {
        if (offered.wasHeld) {
            aggregates.touch(offered.aggregate);
        }
    }

    /** A gap of the aggregate comes first; the source's is shown on the next event that has none of its own. */
    private void release(final T event, final long gap, final long number) {
        totals.released++;
        final boolean ofSource = gap == 0 && pendingSourceGap > 0;
        results.add(new Result<>(
                event, Fate.RELEASED, ++globalSequence, ofSource ? pendingSourceGap : gap, ofSource, number));
        pendingSourceGap = ofSource ? 0 : pendingSourceGap;
    }

    private Place refused(final Offered<T> offered, final Fate fate) {
        refuse(offered.event, fate);
        left(offered);
        return Place.REFUSE;
    }

    private List<Result<T>> refuse(final T event, final Fate fate) {
        totals.refused.merge(fate, 1L, Long::sum);
        results.add(new Result<>(event, fate, 0, 0, false, 0));
        return results;
    }
}
