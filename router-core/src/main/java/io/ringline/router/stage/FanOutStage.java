package io.ringline.router.stage;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.consumer.DirtyChannels;
import io.ringline.router.consumer.HandoverSignal;
import io.ringline.router.consumer.QueueGroups;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.EventRecord;
import io.ringline.sequencer.ReleaseList;
import io.ringline.sequencer.Sequencer;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Copies each released event into the channels of the consumers that it matches. Where a channel is full its consumer's
 * {@link OverflowPolicy} rules; under {@code BACK_PRESSURE} the stage stops at that very channel and goes on from there
 * when called again, so nothing is offered twice.
 */
public final class FanOutStage implements SlotHandler {
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final ReleaseList releases;
    private final HeldRecords held;
    private final ConsumerTable table;
    private final @Nullable SubjectConsumer[] consumers; // those that an event was offered to
    private final ChannelWriter channels;
    private final OverflowPolicy[] policies;
    private final DetachedConsumers detached;
    private final Departures departures;
    private final QueueGroups groups;
    private final boolean hasGroups;
    private final DirtyChannels dirty;
    private final long[] dirtied;
    private final long[] words;
    private final NoMatchLog noMatchLog;
    private final PipelineCounters counters;
    private final EventRecord record = new EventRecord();
    private final OverflowLetter overflow;
    private boolean overflowing; // while it is on its way
    private @Nullable SubjectConsumer appendedFor; // the dead letters' writer's
    private boolean resuming;
    private int resumeRelease;
    private int resumeWord;
    private long resumeBits;
    private long fannedOut;
    private long releasesConsumed;
    private long noMatch;

    /**
     * The stage.
     *
     * @param slots     the ring's memory.
     * @param releases  the reorder stage's.
     * @param held      records that the list refers to.
     * @param table     the consumers.
     * @param groups    queue groups, whose match bits are behind the consumers'.
     * @param dirty     marks for pollers.
     * @param signal    tells the dead letters' writer.
     * @param fannedOut last global sequence of an earlier run, or 0.
     * @param counters  where totals are shown.
     */
    public FanOutStage(
            final SlotMemory slots,
            final ReleaseList releases,
            final HeldRecords held,
            final ConsumerTable table,
            final QueueGroups groups,
            final DirtyChannels dirty,
            final HandoverSignal signal,
            final long fannedOut,
            final PipelineCounters counters) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.releases = releases;
        this.held = held;
        this.table = table;
        this.consumers = new SubjectConsumer[table.capacity()];
        this.policies = new OverflowPolicy[table.capacity()];
        this.channels = new ChannelWriter(table.capacity());
        this.detached = new DetachedConsumers(channels);
        this.groups = groups;
        this.hasGroups = groups.any();
        this.dirty = dirty;
        this.overflow = new OverflowLetter(signal);
        this.dirtied = new long[dirty.words()];
        this.departures = new Departures(table, consumers, channels, detached, groups, dirty, dirtied, counters);
        this.words = new long[slots.words()];
        this.noMatchLog = new NoMatchLog();
        this.fannedOut = fannedOut;
        this.counters = counters;
        counters.set(PipelineCounter.FANNED_OUT, fannedOut);
        for (final SubjectConsumer consumer : table.snapshot()) {
            final ConsumerTable.Entry entry = table.at(consumer.index());
            if (entry != null) {
                install(entry);
            }
        }
    }

    @Override
    public boolean onSlot(final int base) {
        final long decided = buffer.getLong(base + SlotMemory.OUTCOME_OFFSET);
        final int large = slots.large(base);
        if (decided == SlotMemory.OUTCOME_RELEASED) {
            slots.wrapRecord(record, base, large);
            if (!offerToAll(buffer, base + SlotMemory.WORDS_OFFSET)) {
                return false;
            }
        } else {
            final int count = SlotMemory.high(decided);
            if (count > 0 && !onReleases(base, count)) {
                return false;
            }
            if (base == slots.tickBase()) {
                onOrder(base);
            }
        }
        if (large != SlotMemory.NOT_LARGE) {
            slots.large().giveBack(large);
        }
        return true;
    }

    private void onOrder(final int base) {
        final long about = buffer.getLong(base + SlotMemory.AGGREGATE_HASH_OFFSET);
        switch (slots.kind(base)) {
            case SlotMemory.KIND_LEAVE -> departures.onLeave((int) about);
            case SlotMemory.KIND_JOIN -> departures.onJoin(SlotMemory.high(about), SlotMemory.low(about));
            default -> {} // the time
        }
    }

    private boolean onReleases(final int base, final int count) {
        final long from = buffer.getLong(base + SlotMemory.RELEASE_FROM_OFFSET);
        for (int i = resumeRelease; i < count; i++) {
            final int entry = releases.entry(from + i);
            if (releases.outcome(from + i) == Sequencer.RELEASED && !offerEntry(base, entry)) {
                resumeRelease = i;
                return false;
            }
            if (entry >= 0 && held.large(entry) != SlotMemory.NOT_LARGE) {
                slots.large().giveBack(held.large(entry));
            }
        }
        resumeRelease = 0;
        releasesConsumed = from + count;
        return true;
    }

    private boolean offerEntry(final int base, final int entry) {
        if (entry == Sequencer.SELF) {
            slots.wrapRecord(record, base);
            return offerToAll(buffer, base + SlotMemory.WORDS_OFFSET);
        }
        held.wrapRecord(record, entry);
        return offerToAll(held.wordsBuffer(entry), held.wordsOffset(entry));
    }

    private boolean offerToAll(final DirectBuffer from, final int wordsOffset) {
        for (int i = 0; i < words.length; i++) {
            words[i] = from.getLong(wordsOffset + i * Long.BYTES);
        }
        return offerToAll(record, words, 0);
    }

    /**
     * Offers a released event to the consumers that it matches, one bit for each in words from a place on, or goes on with
     * that; false where it stopped at a full channel.
     */
    boolean offerToAll(final EventRecord event, final long[] matches, final int from) {
        if (hasGroups) {
            System.arraycopy(matches, from, words, 0, words.length);
            groups.resolve(words, event); // to the same members when it goes on
            return offer(event, words, 0);
        }
        return offer(event, matches, from);
    }

    private boolean offer(final EventRecord event, final long[] matches, final int from) {
        return resuming ? resume(event, matches, from) : offerFrom(0, matches[from], event, matches, from);
    }

    private boolean resume(final EventRecord event, final long[] matches, final int from) {
        resuming = false;
        if (!offerFrom(resumeWord, resumeBits, event, matches, from)) {
            return false;
        }
        betweenEvents(); // where the ring waits for somebody all the time, no batch begins between two events
        return true;
    }

    private boolean offerFrom(
            final int firstWord, final long firstBits, final EventRecord event, final long[] matches, final int from) {
        long any = firstBits;
        long bits = firstBits;
        int word = firstWord;
        while (true) {
            while (bits != 0) {
                if (!offerTo((word << 6) + Long.numberOfTrailingZeros(bits), event)) {
                    return stopAt(word, bits);
                }
                bits &= bits - 1;
            }
            if (++word == words.length) {
                break;
            }
            bits = matches[from + word];
            any |= bits;
        }
        fannedOut = event.globalSequence();
        if (any == 0) {
            noMatch++;
            noMatchLog.onNoMatch(event);
        }
        return true;
    }

    /** Gives consumers their channels back that ask for it, and goes on with those that leave. */
    private void betweenEvents() {
        if (detached.any()) {
            detached.admit(fannedOut);
        }
        if (departures.isActive()) {
            departures.turn(fannedOut);
        }
    }

    /** Goes on with consumers that leave where there is no batch. To be called at each turn; this stage's thread. */
    public void onTurn() {
        if (departures.isActive() && !resuming) {
            betweenEvents();
            dirty.mark(dirtied);
            Arrays.fill(dirtied, 0);
        }
    }

    /** Offers an event to a consumer; true where the stage is done with that, false where the channel is full. */
    private boolean offerTo(final int index, final EventRecord event) {
        if (overflowing) {
            overflowing = !overflow.isWritten(); // until then the stage stays where it is
            return !overflowing;
        }
        if (!channels.offer(index, event.buffer(), event.offset(), event.length())) {
            return onFull(index, event);
        }
        dirtied[index >>> 6] |= 1L << index;
        return true;
    }

    private boolean stopAt(final int word, final long bits) {
        resuming = true;
        resumeWord = word;
        resumeBits = bits;
        return false;
    }

    /** What becomes of the event for this consumer; true where the stage may go on. */
    private boolean onFull(final int index, final EventRecord event) {
        final SubjectConsumer consumer = consumers[index];
        if (consumer == null) {
            return offerFirst(index, event);
        }
        if (consumer.pulse().isStopping() && departures.onFull(consumer, policies[index], event)) {
            return true;
        }
        switch (policies[index]) {
            case DROP_NEWEST:
                consumer.countDropped();
                return true;
            case DEAD_LETTER:
                overflowing = true;
                overflow.give(index, event);
                return false;
            case REPLAY:
                if (detached.leave(consumer, event.globalSequence())) {
                    dirtied[index >>> 6] |= 1L << index; // nothing more will: its poller goes on from the journal
                }
                return true;
            default:
                return false;
        }
    }

    /** Offers an event to a consumer that has come since the last one. */
    private boolean offerFirst(final int index, final EventRecord event) {
        final ConsumerTable.Entry entry = table.at(index);
        if (entry == null) {
            throw new IllegalStateException("an event matches the free place " + index + ": this is a bug");
        }
        install(entry);
        return offerTo(index, event);
    }

    private void install(final ConsumerTable.Entry entry) {
        final int index = entry.consumer().index();
        channels.put(index, entry.consumer().channel());
        consumers[index] = entry.consumer();
        policies[index] = entry.overflow();
    }

    /** Has another overflow policy rule from now on, for an event that waits too. This stage's thread. */
    void overflow(final int index, final OverflowPolicy policy) {
        final ConsumerTable.Entry entry = consumers[index] == null ? table.at(index) : null;
        if (entry != null) {
            install(entry); // or its first event would
        }
        policies[index] = policy;
    }

    /** Appends the event that a full channel gave up, if any, to the dead letters. Their writer's thread. @return how many. */
    int writeOverflow(final DeadLetterSink sink) {
        final int index = overflow.offered();
        final SubjectConsumer consumer = index == OverflowLetter.NONE ? null : consumers[index];
        final int appended = consumer == null ? 0 : overflow.writeTo(sink, consumer.name());
        appendedFor = appended > 0 ? consumer : null;
        return appended;
    }

    /** It is safe. The dead letters' writer's thread. */
    void confirmOverflow() {
        if (appendedFor != null) {
            appendedFor.countDeadLettered(); // before the stage may go on, and the consumer end
            appendedFor = null;
            overflow.confirm();
        }
    }

    @Override
    public void onBatchEnd() {
        counters.set(PipelineCounter.NO_MATCH, noMatch);
        counters.set(PipelineCounter.RELEASES_CONSUMED, releasesConsumed);
        counters.set(PipelineCounter.FANNED_OUT, fannedOut);
        dirty.mark(dirtied);
        Arrays.fill(dirtied, 0);
    }

    @Override
    public void onBatchStart() {
        if (!resuming) { // while an event waits at a channel others may have had it, or not
            betweenEvents();
        }
    }
}
