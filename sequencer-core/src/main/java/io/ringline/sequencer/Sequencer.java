package io.ringline.sequencer;

/**
 * Decides when each event is released: a deterministic machine that knows numbers only. The caller keeps the records of
 * held events, in a block for each entry, and takes from the release list what goes on, in order.
 *
 * <p>Fast path: an event that is in order, with nothing held for its aggregate, costs an array look-up
 * ({@link #RELEASED}). No method throws on any input, and none allocates, but for arrays that grow with the number of
 * aggregates and of gaps. Used by one thread; those after it may read positions of the release list that were handed to
 * them with a happens-before edge, until {@link #reclaim} passes these.
 */
public final class Sequencer {
    /** Released, in order, and nothing else with it; see {@link #lastGlobalSequence()}. */
    public static final int RELEASED = 0;
    /** Released together with others: the release list has them all, this one as {@link #SELF}. */
    public static final int RELEASED_WITH = 1;
    /** Must wait: copy the record into the block of {@link #heldEntry()}. The release list may hold others. */
    public static final int HELD = 2;
    /** Released before. */
    public static final int DUPLICATE = 3;
    /** One with the same number is held, see {@link #heldEntry()}: the caller compares, and counts. */
    public static final int ALREADY_HELD = 4;
    /** Its number was given up. */
    public static final int LATE = 5;
    /** Too far ahead of its turn. */
    public static final int GAP_TOO_WIDE = 6;
    /** No entry is free before the caller has reclaimed released ones; nothing has changed. */
    public static final int BUSY = 7;
    /** Its number, or its source's, is below 1. */
    public static final int INVALID_SEQUENCE = 8;
    /** In the release list: the event that was offered, which stands in its slot and not in an entry. */
    public static final int SELF = -1;

    private static final int SOURCE = 0;
    private static final int GIVEN_UP_LIMIT = 1 << 20;

    private final SequencerSettings settings;
    private final boolean ordered;
    private final boolean global;
    private final OrderWindow aggregates;
    private final OrderWindow source;
    private final ReleaseList releases;
    private final Entries entries;
    private final SequencerStatistics statistics = new SequencerStatistics();
    private int pendingGap; // carried by the very next release, which is of the same aggregate
    private long releaseFrom;
    // Two fields, as events that come out of the source's order meet held ones too, after the offered event has its
    // answer.
    private int heldEntry = OrderWindow.NONE;
    private int metEntry = OrderWindow.NONE;
    private long globalSequence;
    private long now = Long.MIN_VALUE;
    private int selfAggregate;
    private long selfSequence;

    /**
     * A sequencer that has seen nothing.
     *
     * @param settings   what it does.
     * @param ringSize   events that may be between this and the caller's {@link #reclaim}.
     * @param lastGlobal the last {@code globalSequence} of an earlier run, or 0.
     */
    public Sequencer(final SequencerSettings settings, final int ringSize, final long lastGlobal) {
        this(settings, ringSize, lastGlobal, GIVEN_UP_LIMIT);
    }

    Sequencer(final SequencerSettings settings, final int ringSize, final long lastGlobal, final int givenUpLimit) {
        this.settings = settings;
        this.ordered = settings.ordering() != Ordering.NONE;
        this.global = settings.ordering() == Ordering.GLOBAL;
        final int count = ordered ? settings.maxHeld() : 1;
        this.entries = new Entries(count);
        this.aggregates = new OrderWindow(entries, givenUpLimit);
        this.source = global ? new OrderWindow(entries, givenUpLimit) : new OrderWindow(new Entries(1), 16);
        this.releases = new ReleaseList(count + ringSize + 1);
        this.globalSequence = lastGlobal;
    }

    /**
     * Decides about one event.
     *
     * @param aggregate      dense index, from 0.
     * @param sequence       the event's number in its aggregate, from 1.
     * @param sourceSequence the source's number, from 1; 0 where it has none. Looked at in {@code GLOBAL} only.
     * @param nowNs          time of acceptance, nanoseconds; an earlier one than that of the last tick or held event counts
     *                       as that.
     * @return what became of it, one of the codes above.
     */
    public int offer(final int aggregate, final long sequence, final long sourceSequence, final long nowNs) {
        if (!ordered) {
            return releasedInOrder();
        }
        aggregates.ensure(aggregate);
        if (global && sourceSequence != 0
                ? isNextInBoth(aggregate, sequence, sourceSequence)
                : aggregates.advance(aggregate, sequence)) {
            return releasedInOrder();
        }
        return offerSlowly(aggregate, sequence, sourceSequence, nowNs);
    }

    /** Whether an event is next in its source's order and in its aggregate's, and frees nothing by it; then moves on. */
    private boolean isNextInBoth(final int aggregate, final long sequence, final long sourceSequence) {
        final boolean next = sequence == aggregates.next(aggregate)
                && aggregates.held(aggregate) == 0
                && source.advance(SOURCE, sourceSequence);
        return next && aggregates.advance(aggregate, sequence);
    }

    private int releasedInOrder() {
        globalSequence++;
        statistics.released++;
        return RELEASED;
    }

    private int offerSlowly(final int aggregate, final long sequence, final long sourceSequence, final long nowNs) {
        releaseFrom = releases.end();
        if (sequence < 1 || global && sourceSequence < 0) {
            return statistics.refused(INVALID_SEQUENCE);
        }
        if (entries.noneFree()) {
            return BUSY;
        }
        now = Math.max(now, nowNs);
        selfAggregate = aggregate;
        selfSequence = sequence;
        int answer = global && sourceSequence > 0 ? offerToSource(sourceSequence) : offerToAggregate(SELF);
        if (answer == RELEASED) {
            answer = RELEASED_WITH;
        }
        // Where all entries wait, the oldest gap is given up at once: the next event finds room in the end.
        while (entries.allHeld()) {
            forceOldestGap();
        }
        return answer;
    }

    private int offerToSource(final long sequence) {
        final int place = place(source, SOURCE, sequence);
        if (place == RELEASED) {
            source.next(SOURCE, sequence + 1);
            final int answer = offerToAggregate(SELF);
            drainSource();
            return answer;
        }
        if (place == HELD) {
            hold(source, SOURCE, sequence);
        }
        return answerOf(place);
    }

    /** What the offered event is told: counted where it is refused. */
    private int answerOf(final int place) {
        if (place == ALREADY_HELD) {
            heldEntry = metEntry;
        }
        return statistics.refused(place);
    }

    private void drainSource() {
        int entry = source.find(SOURCE, source.next(SOURCE));
        while (entry != OrderWindow.NONE) {
            source.remove(entry);
            source.next(SOURCE, source.sequenceOf(entry) + 1);
            final int fate = offerToAggregate(entry);
            if (fate != RELEASED && fate != HELD) {
                // Nobody holds the slot of this one any more: its fate goes through the list.
                append(entry, 0, fate, 0);
            }
            entry = source.find(SOURCE, source.next(SOURCE));
        }
    }

    private int offerToAggregate(final int entry) {
        final int aggregate = entry == SELF ? selfAggregate : entries.aggregate[entry];
        final long sequence = entry == SELF ? selfSequence : entries.sequence[entry];
        final int place = place(aggregates, aggregate, sequence);
        if (place == RELEASED) {
            release(entry, aggregate, sequence);
            drainAggregate(aggregate);
        } else if (place == HELD && entry == SELF) {
            hold(aggregates, aggregate, sequence);
        } else if (place == HELD) {
            aggregates.hold(entry, aggregate, sequence);
        } else {
            return entry == SELF ? answerOf(place) : statistics.refused(place);
        }
        return place;
    }

    /** Where a number belongs: RELEASED (it is next), HELD (it must wait), or why it is refused. Gives up gaps it must. */
    private int place(final OrderWindow window, final int key, final long sequence) {
        final long next = window.next(key);
        if (sequence < next) {
            return window.givenUp.contains(key, sequence) ? LATE : DUPLICATE;
        }
        final int same = window.held(key) == 0 ? OrderWindow.NONE : window.find(key, sequence);
        if (same != OrderWindow.NONE) {
            metEntry = same;
            return ALREADY_HELD;
        }
        if (sequence - next > settings.maxSequenceGap() && !forceUpTo(window, key, sequence)) {
            return GAP_TOO_WIDE;
        }
        while (sequence > window.next(key) && window.held(key) >= settings.maxBufferSize()) {
            giveUpFirstGap(window, key, sequence, SequencerStatistics.BY_PRESSURE);
        }
        return sequence == window.next(key) ? RELEASED : HELD;
    }

    /** Gives up the gaps before held events, oldest first and no more than needed, where that brings a number in reach. */
    private boolean forceUpTo(final OrderWindow window, final int key, final long sequence) {
        final long enough = sequence - settings.maxSequenceGap();
        if (settings.onGapTooWide() == OnGapTooWide.DEAD_LETTER || !window.canReach(key, enough)) {
            return false;
        }
        while (window.next(key) < enough) {
            giveUpFirstGap(window, key, Long.MAX_VALUE, SequencerStatistics.BY_GAP);
        }
        return true;
    }

    /** Gives up the numbers before a key's lowest held one, or before an event that is just coming in below that. */
    private void giveUpFirstGap(final OrderWindow window, final int key, final long incoming, final int why) {
        final long next = window.next(key);
        final long lowest = Math.min(incoming, window.lowestHeldAbove(key, next));
        final int gap = (int) (lowest - next);
        window.givenUp.add(key, next, lowest - 1);
        window.next(key, lowest);
        statistics.gap(gap, why);
        if (window == source) {
            drainSource();
        } else {
            pendingGap = gap;
            drainAggregate(key);
        }
    }

    private void drainAggregate(final int aggregate) {
        if (aggregates.held(aggregate) == 0) {
            return;
        }
        int entry = aggregates.find(aggregate, aggregates.next(aggregate));
        while (entry != OrderWindow.NONE) {
            aggregates.remove(entry);
            release(entry, aggregate, aggregates.sequenceOf(entry));
            statistics.reordered++;
            entry = aggregates.find(aggregate, aggregates.next(aggregate));
        }
    }

    private void release(final int entry, final int aggregate, final long sequence) {
        aggregates.next(aggregate, sequence + 1);
        append(entry, pendingGap, RELEASED, ++globalSequence);
        pendingGap = 0;
        statistics.released++;
    }

    private void append(final int entry, final int gap, final int outcome, final long number) {
        releases.append(entry, gap, outcome, metEntry, number);
        if (entry != SELF) {
            entries.onReleased();
        }
    }

    private void hold(final OrderWindow window, final int key, final long sequence) {
        heldEntry = entries.take(selfAggregate, selfSequence, now);
        window.hold(heldEntry, key, sequence);
        statistics.heldMax = Math.max(statistics.heldMax, heldNow());
    }

    /**
     * Lets time pass: gives up the gaps whose first held event has waited for {@code sequenceTimeout}. The source's go
     * first: what they free may be what aggregates wait for. @param nowNs as for {@link #offer}.
     */
    public void tick(final long nowNs) {
        releaseFrom = releases.end();
        now = Math.max(now, nowNs);
        expire(source, settings.sequenceTimeoutNs());
        expire(aggregates, settings.sequenceTimeoutNs());
    }

    /** Gives up all gaps, oldest first, as if every timeout had passed: for the end of an input. */
    public void releaseAll() {
        releaseFrom = releases.end();
        expire(source, 0);
        expire(aggregates, 0);
    }

    private void expire(final OrderWindow window, final long afterNs) {
        int oldest = window.oldest();
        while (oldest != OrderWindow.NONE && now - entries.arrivalNs[oldest] >= afterNs) {
            giveUpFirstGap(window, window.keyOf(oldest), Long.MAX_VALUE, SequencerStatistics.BY_TIMEOUT);
            oldest = window.oldest();
        }
    }

    /** Gives up the gap that the longest-waiting event waits for, to make room; the release list has what that frees. */
    public void forceOldest() {
        releaseFrom = releases.end();
        forceOldestGap();
    }

    private void forceOldestGap() {
        final OrderWindow window = source.held() > 0 ? source : aggregates;
        if (window.held() > 0) {
            giveUpFirstGap(window, window.keyOf(window.oldest()), Long.MAX_VALUE, SequencerStatistics.BY_PRESSURE);
        }
    }

    /** Takes back the entries whose release is consumed. @param upTo position before which all is. */
    public void reclaim(final long upTo) {
        while (releases.reclaimed() < upTo) {
            final int entry = releases.reclaimNext();
            if (entry != SELF) {
                entries.giveBack(entry);
            }
        }
    }

    /** The first position that is not reclaimed. @return a position. */
    public long reclaimed() {
        return releases.reclaimed();
    }

    /** First position of what the last call released. @return a position. */
    public long releaseFrom() {
        return releaseFrom;
    }

    /** How many positions it added. @return from 0. */
    public int releaseCount() {
        return (int) (releases.end() - releaseFrom);
    }

    /** What stands at a position. @param position not reclaimed. @return an entry, or {@link #SELF}. */
    public int releaseEntry(final long position) {
        return releases.entry(position);
    }

    /** Numbers given up just before it. @param position not reclaimed. @return from 0. */
    public int releaseGap(final long position) {
        return releases.gap(position);
    }

    /** Its number in the order of release. @param position not reclaimed. @return from 1; 0 where refused. */
    public long releaseGlobalSequence(final long position) {
        return releases.global(position);
    }

    /** {@link #RELEASED}, or why its aggregate refused it. @param position not reclaimed. @return a code. */
    public int releaseOutcome(final long position) {
        return releases.outcome(position);
    }

    /** Which entry has the same number, where the outcome is {@link #ALREADY_HELD}. @param position of the last call. @return an entry. */
    public int releaseOther(final long position) {
        return releases.other(position);
    }

    /** The caller has compared: what is {@link #ALREADY_HELD} there is no more than a duplicate. @param position of the last call. */
    public void markDuplicate(final long position) {
        releases.outcome(position, DUPLICATE);
    }

    /** The entry that the last {@link #HELD} or {@link #ALREADY_HELD} speaks of. @return an entry. */
    public int heldEntry() {
        return heldEntry;
    }

    /** The last number given. @return from 0. */
    public long lastGlobalSequence() {
        return globalSequence;
    }

    /** How many events are held. @return from 0. */
    public int heldNow() {
        return aggregates.held() + source.held();
    }

    /** How many given-up gaps are forgotten for want of memory: an older number is called late. @return from 0. */
    public long forgottenGaps() {
        return aggregates.givenUp.forgotten() + source.givenUp.forgotten();
    }

    /** Totals. @return live; read by the sequencer's own thread. */
    public SequencerStatistics statistics() {
        return statistics;
    }
}
