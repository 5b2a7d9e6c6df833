package io.ringline.sequencer;

import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

/**
 * Decides when each event is released: a deterministic machine that knows numbers only. It keeps what is expected of each
 * aggregate; the caller keeps the records of held events, in a block for each entry, and takes from the release list what
 * goes on, in order.
 *
 * <p>An event that is in order, with nothing held for its aggregate, costs one look-up and one cache line
 * ({@link #RELEASED}). No method that takes events throws on any input, and none allocates, but for chunks as the number of
 * aggregates and of gaps grows. Used by one thread; those after it may read positions of the release list that were handed to
 * them with a happens-before edge, until {@link #reclaim} passes these.
 */
public final class Sequencer {
    /** Released, in order, and nothing else with it; see {@link #lastSequence()} and {@link #lastGlobalSequence()}. */
    public static final int RELEASED = 0;
    /** Released together with others: the release list has them all, this one as {@link #SELF}. */
    public static final int RELEASED_WITH = 1;
    /** Must wait: copy the record into the block of {@link #heldEntry()}. The release list may hold others. */
    public static final int HELD = 2;
    /** Released before. */
    public static final int DUPLICATE = 3;
    /**
     * One with the same number is held, see {@link #heldEntry()}: the caller compares, and says by {@link #markDuplicate()} or
     * {@link #markConflict()} what came of it.
     */
    public static final int ALREADY_HELD = 4;
    /** Its number was given up, or is below where its aggregate started. */
    public static final int LATE = 5;
    /** Too far ahead of its turn. */
    public static final int GAP_TOO_WIDE = 6;
    /** No entry is free before the caller has reclaimed released ones; nothing has changed. */
    public static final int BUSY = 7;
    /** Its number, or its source's, is below 0; or a stream cannot start with it. In {@code GLOBAL} as below. */
    public static final int INVALID_SEQUENCE = 8;
    /**
     * There is no room for its aggregate, and none to make, as all others hold something; or no memory. In {@code GLOBAL} the source's order
     * goes past its number where that is next, and the release list has what waited for it; where it is not next it is missing.
     */
    public static final int TOO_MANY_AGGREGATES = 9;
    /** The remembered index stands for another aggregate by now, or for none: offer it by its key; nothing has changed. */
    public static final int FORGOTTEN = 10;
    /** In the release list: numbers of the source were given up here; there is no event and {@link #NO_ENTRY}. */
    public static final int SOURCE_GAP = 11;
    /** In the release list: the event that was offered, which stands in its slot and not in an entry. */
    public static final int SELF = -1;
    /** In the release list: nothing. */
    public static final int NO_ENTRY = -2;
    /** The highest number that a stream may start with: it can then go on for ever. */
    public static final long MAX_FIRST = 1L << 62;

    static final int GIVEN_UP_LIMIT = 1 << 20;

    private final Reorder reorder;
    private final AggregateTable table;
    private final ChunkedMemory lines;
    private final OrderWindow source;
    private final ReleaseList releases;
    private final Entries entries;
    private final SequencerStatistics statistics;
    private final boolean ordered;
    private final boolean global;
    private final int maxSequenceGap;
    private boolean plain; // nothing else to see to when an event is next in its aggregate
    private long releaseFrom;
    private int lastIndex;
    private long lastSequence;

    /**
     * A sequencer that has seen nothing.
     *
     * @param settings   what it does.
     * @param ringSize   events that may be between this and the caller's {@link #reclaim}.
     * @param lastGlobal the last {@code globalSequence} of an earlier run, or 0.
     */
    public Sequencer(final SequencerSettings settings, final int ringSize, final long lastGlobal) {
        this(new Reorder(settings, ringSize, GIVEN_UP_LIMIT));
        reorder.globalSequence = lastGlobal;
    }

    Sequencer(final Reorder reorder) {
        this.reorder = reorder;
        this.table = reorder.table;
        this.lines = table.lines;
        this.source = reorder.source;
        this.releases = reorder.releases;
        this.entries = reorder.entries;
        this.statistics = reorder.statistics;
        this.ordered = reorder.settings.ordering() != Ordering.NONE;
        this.global = reorder.global;
        this.maxSequenceGap = reorder.settings.maxSequenceGap();
        this.plain = isPlain();
    }

    private boolean isPlain() {
        return !global && !table.idle.on();
    }

    /**
     * Decides about an event of an aggregate with an id.
     *
     * @param id             any.
     * @param sequence       the event's number in its aggregate, from 1; 0 to have it numbered, see {@link #lastSequence()}.
     * @param sourceSequence the source's number, from 1; 0 where it has none. Looked at in {@code GLOBAL} only.
     * @param nowNs          time of acceptance, nanoseconds; an earlier one than that of the last tick or held event counts
     *                       as that.
     * @return what became of it, one of the codes above.
     */
    public int offerId(final long id, final long sequence, final long sourceSequence, final long nowNs) {
        int index = table.findId(id);
        if (index < 0) {
            final int problem = problemOfNew(sequence, sourceSequence);
            if (problem != RELEASED) {
                return problem;
            }
            index = table.addId(id);
        }
        return offer(index, sequence, sourceSequence, nowNs);
    }

    /**
     * Decides about an event of an aggregate with a key of bytes.
     *
     * @param key            memory.
     * @param offset         of the key.
     * @param length         in bytes, 0 to 65,535.
     * @param hash           of the key's bytes; the same for the same bytes, and different for others mostly.
     * @param sequence       as above.
     * @param sourceSequence as above.
     * @param nowNs          as above.
     * @return as above.
     */
    public int offerBytes(
            final DirectBuffer key,
            final int offset,
            final int length,
            final long hash,
            final long sequence,
            final long sourceSequence,
            final long nowNs) {
        int index = table.findBytes(key, offset, length, hash);
        if (index < 0) {
            final int problem = problemOfNew(sequence, sourceSequence);
            if (problem != RELEASED) {
                return problem;
            }
            index = table.addBytes(key, offset, length, hash);
        }
        return offer(index, sequence, sourceSequence, nowNs);
    }

    /**
     * Decides about an event of an aggregate that the caller remembers.
     *
     * @param index          as {@link #lastIndex()} said after an event of the same aggregate.
     * @param generation     as {@link #generation} said then.
     * @param sequence       as above.
     * @param sourceSequence as above.
     * @param nowNs          as above.
     * @return as above, or {@link #FORGOTTEN}.
     */
    public int offerKnown(
            final int index, final int generation, final long sequence, final long sourceSequence, final long nowNs) {
        final boolean known =
                index >= 0 && index < table.size() && lines.getInt(index, AggregateTable.GENERATION) == generation;
        return known ? offer(index, sequence, sourceSequence, nowNs) : FORGOTTEN;
    }

    /** Numbers an event that belongs to no aggregate, and releases it. @return {@link #RELEASED}. */
    public int offerUntracked() {
        statistics.accepted++;
        statistics.released++;
        reorder.globalSequence++;
        return RELEASED;
    }

    private int offer(final int index, final long sequence, final long sourceSequence, final long nowNs) {
        lastIndex = index;
        if (index < 0) {
            reorder.direct.pause(nowNs);
            return reorder.refuse(TOO_MANY_AGGREGATES, sourceSequence);
        }
        final long line = lines.address(index);
        final long next = UnsafeApi.getLong(line + AggregateTable.NEXT);
        if ((sequence == next || sequence == 0)
                && next > 0
                && UnsafeApi.getInt(line + AggregateTable.HELD) == 0
                && (plain || prepare(index, sourceSequence))) {
            UnsafeApi.putLong(line + AggregateTable.NEXT, next + 1);
            lastSequence = next;
            statistics.accepted++;
            statistics.released++;
            reorder.globalSequence++;
            return RELEASED;
        }
        return offerSlowly(index, sequence, sourceSequence, nowNs);
    }

    /** Sees to what else an event needs that is next in its aggregate; false where it is not simply released. */
    private boolean prepare(final int index, final long sourceSequence) {
        if (global && sourceSequence != 0) {
            if (sourceSequence != source.next(Reorder.SOURCE) || source.held() != 0 || sourceSequence < 0) {
                return false;
            }
            if (reorder.pendingSourceGap != 0) {
                return false;
            }
            source.next(Reorder.SOURCE, sourceSequence + 1);
        } else if (reorder.pendingSourceGap != 0) {
            return false;
        }
        lines.beforeWrite(index);
        table.touch(index);
        return true;
    }

    /** Whether an event cannot be taken, whichever its aggregate: counted, or to come again. */
    private int problem(final long sequence, final long sourceSequence) {
        releaseFrom = releases.end();
        lastIndex = AggregateTable.NONE;
        if (ordered && (sequence < 0 || global && sourceSequence < 0)) {
            return reorder.refuse(INVALID_SEQUENCE, sourceSequence);
        }
        return ordered && entries.noneFree() ? BUSY : RELEASED;
    }

    /** The same where the aggregate is not known: what is refused anyway adds none, and so evicts none. */
    private int problemOfNew(final long sequence, final long sourceSequence) {
        final int problem = problem(sequence, sourceSequence);
        if (problem == RELEASED && ordered && reorder.isTooWideForNew(sequence, sourceSequence)) {
            statistics.accepted++;
            return statistics.refused(GAP_TOO_WIDE);
        }
        return problem;
    }

    private int offerSlowly(final int index, final long sequence, final long sourceSequence, final long nowNs) {
        final int problem = problem(sequence, sourceSequence);
        if (problem != RELEASED) {
            return problem;
        }
        lastIndex = index;
        statistics.accepted++;
        table.touch(index);
        if (!ordered) {
            return releaseUnordered(index, sequence);
        }
        final int answer = reorder.offer(index, sequence, sourceSequence, nowNs);
        lastSequence = reorder.selfSequence();
        return answer;
    }

    /** As it comes; a number far ahead does not count as the highest, which events without one are numbered after. */
    private int releaseUnordered(final int index, final long sequence) {
        final OrderWindow window = reorder.aggregates;
        final long next = Math.max(1, window.next(index));
        final boolean starts = !window.isStarted(index) && sequence <= MAX_FIRST;
        lastSequence = sequence == 0 ? next : sequence;
        if (lastSequence >= next && (starts || lastSequence - next <= maxSequenceGap)) {
            window.next(index, lastSequence + 1);
        }
        statistics.released++;
        reorder.globalSequence++;
        return RELEASED;
    }

    /** The caller has compared: what was {@link #ALREADY_HELD} is no more than a duplicate. */
    public void markDuplicate() {
        statistics.compared(true);
    }

    /** The caller has compared: what was {@link #ALREADY_HELD} is another event. */
    public void markConflict() {
        statistics.compared(false);
    }

    /** The same for a position of the last call's releases, of outcome {@link #ALREADY_HELD}. @param position which. */
    public void markDuplicate(final long position) {
        statistics.compared(true);
        releases.outcome(position, DUPLICATE);
    }

    /**
     * Lets time pass: gives up the gaps whose first held event has waited for {@code sequenceTimeout}. The source's go
     * first: what they free may be what aggregates wait for. @param nowNs as for {@link #offerId}.
     */
    public void tick(final long nowNs) {
        releaseFrom = releases.end();
        reorder.now = Math.max(reorder.now, nowNs);
        reorder.expire(source, reorder.settings.sequenceTimeoutNs());
        reorder.expire(reorder.aggregates, reorder.settings.sequenceTimeoutNs());
    }

    /** Gives up all gaps, oldest first, as if every timeout had passed: for the end of an input. */
    public void releaseAll() {
        releaseFrom = releases.end();
        reorder.expire(source, 0);
        reorder.expire(reorder.aggregates, 0);
    }

    /** Gives up the gap that the longest-waiting event waits for, to make room; the release list has what that frees. */
    public void forceOldest() {
        releaseFrom = releases.end();
        reorder.forceOldestGap();
    }

    /** Takes back the entries whose release is consumed. @param upTo position before which all is. */
    public void reclaim(final long upTo) {
        while (releases.reclaimed() < upTo) {
            final int entry = releases.reclaimNext();
            if (entry >= 0) {
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

    /** What has come out. @return the list that the calls above append to. */
    public ReleaseList releases() {
        return releases;
    }

    /** The entry that the last {@link #HELD} or {@link #ALREADY_HELD} speaks of. @return an entry. */
    public int heldEntry() {
        return reorder.heldEntry();
    }

    /** The number in its aggregate of the last event that was {@link #RELEASED}. @return from 1. */
    public long lastSequence() {
        return lastSequence;
    }

    /** The index of the last event's aggregate, for {@link #offerKnown}. @return from 0; -1 where it has none. */
    public int lastIndex() {
        return lastIndex;
    }

    /** How often the aggregate at an index was replaced. @param index as {@link #lastIndex} said; else throws. @return a count. */
    public int generation(final int index) {
        return lines.getInt(Objects.checkIndex(index, table.size()), AggregateTable.GENERATION);
    }

    /** The last number given. @return from 0. */
    public long lastGlobalSequence() {
        return reorder.globalSequence;
    }

    /** How many events are held. @return from 0. */
    public int heldNow() {
        return reorder.heldNow();
    }

    /** Totals. @return live; read by the sequencer's own thread. */
    public SequencerStatistics statistics() {
        return statistics;
    }

    /** What is known of each aggregate, and of all. @return live; for the sequencer's own thread. */
    public Aggregates aggregates() {
        return new Aggregates(reorder);
    }

    /** Lets a publisher start its numbers over. @return for the sequencer's own thread. */
    public StreamStarts starts() {
        return new StreamStarts(this);
    }

    Reorder reorder() {
        return reorder;
    }

    /** A call that is no event is about to release things. */
    void beginCall() {
        releaseFrom = releases.end();
    }

    /** A snapshot begins or ends: while it runs, what is written to must be kept as it was. */
    void snapshotting(final boolean on) {
        plain = !on && isPlain();
    }
}
