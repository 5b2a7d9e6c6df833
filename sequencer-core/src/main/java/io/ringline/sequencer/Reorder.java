package io.ringline.sequencer;

import static io.ringline.sequencer.Sequencer.ALREADY_HELD;
import static io.ringline.sequencer.Sequencer.DUPLICATE;
import static io.ringline.sequencer.Sequencer.GAP_TOO_WIDE;
import static io.ringline.sequencer.Sequencer.HELD;
import static io.ringline.sequencer.Sequencer.LATE;
import static io.ringline.sequencer.Sequencer.RELEASED;
import static io.ringline.sequencer.Sequencer.RELEASED_WITH;
import static io.ringline.sequencer.Sequencer.SELF;
import static io.ringline.sequencer.Sequencer.SOURCE_GAP;

/** What a {@link Sequencer} does with events that are not simply next: holds, releases, refuses, gives gaps up. */
final class Reorder {
    /** The source's key in its window. */
    static final int SOURCE = 0;

    final SequencerSettings settings;
    final boolean global;
    final DirectMemory direct; // of what grows with the number of aggregates
    final GivenUp givenUp;
    final AggregateTable table;
    final Entries entries;
    final ChunkedMemory sourceLine = new ChunkedMemory(AggregateTable.LINE_BYTES, 1);
    final OrderWindow aggregates;
    final OrderWindow source;
    final ReleaseList releases;
    final SequencerStatistics statistics = new SequencerStatistics();
    long globalSequence;
    long now = Long.MIN_VALUE;
    int pendingSourceGap; // shown on the next release that has no gap of its own
    private int pendingGap; // carried by the very next release, which is of the same aggregate
    // Two fields, as events that come out of the source's order meet held ones too, after the offered event has its
    // answer.
    private int heldEntry = OrderWindow.NONE;
    private int metEntry = OrderWindow.NONE;
    private int selfAggregate;
    private long selfSequence;
    private long selfSource;

    Reorder(final SequencerSettings settings, final int ringSize, final int givenUpLimit) {
        this(settings, ringSize, givenUpLimit, new DirectMemory());
    }

    Reorder(final SequencerSettings settings, final int ringSize, final int givenUpLimit, final DirectMemory direct) {
        this.settings = settings;
        this.direct = direct;
        this.global = settings.ordering() == Ordering.GLOBAL;
        final int count = settings.ordering() == Ordering.NONE ? 1 : settings.maxHeld();
        final long first = firstNext();
        this.givenUp = new GivenUp(givenUpLimit);
        this.table = new AggregateTable(settings.maxAggregates(), first, statistics, direct);
        this.entries = new Entries(count);
        this.aggregates = new OrderWindow(entries, table.lines, givenUp, Entries.IN_AGGREGATE);
        final Entries ofSource = global ? entries : new Entries(1);
        this.source = new OrderWindow(ofSource, sourceLine, givenUp, Entries.IN_SOURCE);
        sourceLine.ensure(SOURCE);
        source.start(SOURCE, first);
        // In GLOBAL each gap in the source's order is in the list too, before an entry that it lets go.
        this.releases = new ReleaseList((count + ringSize + 1) * (global ? 2 : 1));
    }

    /** What a new aggregate expects: 0 where that is not known yet. */
    long firstNext() {
        return settings.firstSequence() == FirstSequence.ONE ? 1 : 0;
    }

    /** Whether an aggregate's very first event is out of reach; where the source's order comes first, that has the say. */
    boolean isTooWideForNew(final long sequence, final long sourceSequence) {
        if (global && sourceSequence != 0) {
            return false;
        }
        final long first = firstNext();
        return first == 0 ? sequence > Sequencer.MAX_FIRST : sequence - first > settings.maxSequenceGap();
    }

    /** Decides about one event that has an entry to wait in if it must. */
    int offer(final int aggregate, final long sequence, final long sourceSequence, final long nowNs) {
        now = Math.max(now, nowNs);
        selfAggregate = aggregate;
        selfSequence = sequence;
        selfSource = sourceSequence;
        int answer = global && sourceSequence > 0 ? offerToSource() : offerToAggregate(SELF);
        if (answer == RELEASED) {
            answer = RELEASED_WITH;
        }
        statistics.heldMax = Math.max(statistics.heldMax, heldNow());
        // Where all entries wait, the oldest gap is given up at once: the next event finds room in the end.
        while (entries.allHeld()) {
            forceOldestGap();
        }
        return answer;
    }

    /** Refuses an event that has no aggregate. Where it is its source's next, those behind it need not wait for it. */
    int refuse(final int answer, final long sourceSequence) {
        statistics.accepted++;
        if (global && sourceSequence > 0 && sourceSequence == source.next(SOURCE)) {
            source.next(SOURCE, sourceSequence + 1);
            drainSource();
        }
        return statistics.refused(answer);
    }

    private int offerToSource() {
        final int place = place(source, SOURCE, selfSource);
        if (place == RELEASED) {
            source.next(SOURCE, selfSource + 1);
            final int answer = offerToAggregate(SELF);
            drainSource();
            return answer;
        }
        if (place == HELD) {
            hold(source, SOURCE);
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
        int entry = source.takeNext(SOURCE);
        while (entry != OrderWindow.NONE) {
            source.next(SOURCE, source.numberOf(entry) + 1);
            final int fate = offerToAggregate(entry);
            if (fate != RELEASED && fate != HELD) {
                // Nobody holds the slot of this one any more: its fate goes through the list.
                append(entry, 0, fate, 0, entries.sequence(entry));
            }
            entry = source.takeNext(SOURCE);
        }
    }

    private int offerToAggregate(final int entry) {
        final int aggregate = entry == SELF ? selfAggregate : entries.aggregate(entry);
        final long sequence = numbered(entry, aggregate);
        final int place = place(aggregates, aggregate, sequence);
        if (place == RELEASED) {
            release(entry, aggregate, sequence);
            drainAggregate(aggregate);
        } else if (place == HELD && entry == SELF) {
            hold(aggregates, aggregate);
        } else if (place == HELD) {
            aggregates.hold(entry, aggregate);
        } else {
            return entry == SELF ? answerOf(place) : statistics.refused(place);
        }
        return place;
    }

    /** The event's number; one more than the highest of its aggregate where its publisher gave none. */
    private long numbered(final int entry, final int aggregate) {
        final long given = entry == SELF ? selfSequence : entries.sequence(entry);
        if (given != 0) {
            return given;
        }
        final long sequence = aggregates.held(aggregate) > 0
                ? aggregates.highestNumber(aggregate) + 1
                : Math.max(1, aggregates.next(aggregate));
        if (entry == SELF) {
            selfSequence = sequence;
        } else {
            entries.number(entry, sequence);
        }
        return sequence;
    }

    /** Where a number belongs: RELEASED (it is next), HELD (it must wait), or why it is refused. Gives up gaps it must. */
    private int place(final OrderWindow window, final int key, final long sequence) {
        if (!window.isStarted(key)) {
            if (sequence > Sequencer.MAX_FIRST) {
                return GAP_TOO_WIDE;
            }
            window.start(key, sequence);
            statistics.baselines++;
        }
        final long next = window.next(key);
        if (sequence < next) {
            return window.isGivenUp(key, sequence) ? LATE : DUPLICATE;
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
        // With all gaps given up the highest that is held would be released too.
        if (settings.onGapTooWide() == OnGapTooWide.DEAD_LETTER
                || window.held(key) == 0
                || window.highestNumber(key) + 1 < enough) {
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
        final long lowest = Math.min(incoming, window.lowestNumber(key));
        final int gap = (int) (lowest - next);
        window.giveUp(key, next, lowest - 1);
        window.next(key, lowest);
        statistics.gap(gap, why);
        if (window == source) {
            releases.append(Sequencer.NO_ENTRY, -gap, SOURCE_GAP, OrderWindow.NONE, globalSequence + 1, next);
            pendingSourceGap = (int) Math.min((long) pendingSourceGap + gap, Integer.MAX_VALUE);
            drainSource();
        } else {
            pendingGap = gap;
            drainAggregate(key);
        }
    }

    private void drainAggregate(final int aggregate) {
        int entry = aggregates.takeNext(aggregate);
        while (entry != OrderWindow.NONE) {
            statistics.reordered++;
            release(entry, aggregate, entries.sequence(entry));
            entry = aggregates.takeNext(aggregate);
        }
    }

    private void release(final int entry, final int aggregate, final long sequence) {
        aggregates.next(aggregate, sequence + 1);
        statistics.released++;
        int gap = pendingGap;
        pendingGap = 0;
        if (gap == 0) {
            gap = -pendingSourceGap;
            pendingSourceGap = 0;
        }
        append(entry, gap, RELEASED, ++globalSequence, sequence);
    }

    private void append(final int entry, final int gap, final int outcome, final long number, final long sequence) {
        releases.append(entry, gap, outcome, metEntry, number, sequence);
        if (entry != SELF) {
            entries.onReleased();
            table.unpin(entries.aggregate(entry));
        }
    }

    private void hold(final OrderWindow window, final int key) {
        heldEntry = entries.take(selfAggregate, selfSequence, selfSource, now);
        table.pin(selfAggregate);
        window.hold(heldEntry, key);
    }

    /** Starts a key's numbers over, or further on; what is held and does not fit that is released first. */
    void start(final OrderWindow window, final int key, final long first, final boolean over, final long nowNs) {
        now = Math.max(now, nowNs);
        if (over || first < window.next(key)) {
            while (window.held(key) > 0) {
                giveUpFirstGap(window, key, Long.MAX_VALUE, SequencerStatistics.BY_START);
            }
            window.start(key, first);
            statistics.epochs++;
            return;
        }
        statistics.baselines++;
        while (window.held(key) > 0 && window.lowestNumber(key) < first) {
            giveUpFirstGap(window, key, Long.MAX_VALUE, SequencerStatistics.BY_START);
        }
        final long next = window.next(key);
        if (next < first) {
            if (window.held(key) > 0 || window.hasHistory(key)) {
                window.giveUp(key, next, first - 1); // not missed, but late if one of them comes after all
                window.next(key, first);
            } else {
                window.start(key, first);
            }
        }
        if (window == source) {
            drainSource();
        } else {
            drainAggregate(key);
        }
    }

    void expire(final OrderWindow window, final long afterNs) {
        int oldest = window.oldest();
        while (oldest != OrderWindow.NONE && now - entries.arrivalNs(oldest) >= afterNs) {
            giveUpFirstGap(window, window.keyOf(oldest), Long.MAX_VALUE, SequencerStatistics.BY_TIMEOUT);
            oldest = window.oldest();
        }
    }

    void forceOldestGap() {
        final OrderWindow window = source.held() > 0 ? source : aggregates;
        if (window.held() > 0) {
            giveUpFirstGap(window, window.keyOf(window.oldest()), Long.MAX_VALUE, SequencerStatistics.BY_PRESSURE);
        }
    }

    int heldNow() {
        return aggregates.held() + source.held();
    }

    int heldEntry() {
        return heldEntry;
    }

    int selfAggregate() {
        return selfAggregate;
    }

    long selfSequence() {
        return selfSequence;
    }
}
