package io.ringline.router.stage;

import io.ringline.router.consumer.HandoverSignal;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.HeaderReader;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import io.ringline.sequencer.ReleaseList;
import io.ringline.sequencer.Sequencer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is released to the journal, in order, with a gap record before an event that numbers were given up for; and
 * is the only writer of dead letters: the pipeline's own, and those that consumers and the fan-out stage hand over.
 */
public final class JournalStage implements SlotHandler {
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final ReleaseList releases;
    private final HeldRecords held;
    private final @Nullable JournalAppender journal;
    private final DeadLetterCounts deadLetters;
    private final boolean deadLetterNoMatch;
    private final ConsumerTable consumers;
    private final HandoverSignal signal;
    private final EventRecord record = new EventRecord();
    private final EventRecord gapRecord = new EventRecord();
    private final UnsafeBuffer gapMemory;
    private final HeaderReader headers = new HeaderReader();
    private final long[] words;
    private boolean unflushed;

    /**
     * The stage.
     *
     * @param slots             the ring's memory.
     * @param releases          the reorder stage's.
     * @param held              records that the list refers to.
     * @param journal           null where events are not journaled.
     * @param deadLetters       where dead letters go, and their counts.
     * @param deadLetterNoMatch whether an event that no pattern matches becomes a dead letter.
     * @param consumers         whose dead letters are taken over.
     * @param signal            raised when there is one.
     */
    public JournalStage(
            final SlotMemory slots,
            final ReleaseList releases,
            final HeldRecords held,
            final @Nullable JournalAppender journal,
            final DeadLetterCounts deadLetters,
            final boolean deadLetterNoMatch,
            final ConsumerTable consumers,
            final HandoverSignal signal) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.releases = releases;
        this.held = held;
        this.journal = journal;
        this.deadLetters = deadLetters;
        this.deadLetterNoMatch = deadLetterNoMatch;
        this.signal = signal;
        this.consumers = consumers;
        this.words = new long[slots.words()];
        this.gapMemory = new UnsafeBuffer(new byte[EventRecord.HEADER_BYTES + 2 * 65_536]);
    }

    @Override
    public boolean onSlot(final int base) {
        final long decided = buffer.getLong(base + SlotMemory.OUTCOME_OFFSET);
        final int outcome = SlotMemory.low(decided);
        if (outcome == SlotMemory.OUTCOME_RELEASED) {
            if (wantsReleased()) {
                slots.wrapRecord(record, base);
                onReleased(buffer, base + SlotMemory.WORDS_OFFSET);
            }
            return true;
        }
        if (outcome != SlotMemory.OUTCOME_NONE) {
            slots.wrapRecord(record, base);
            deadLetter(record, reasonOf(outcome), "");
        }
        final int count = SlotMemory.high(decided);
        if (count > 0) {
            onReleases(base, buffer.getLong(base + SlotMemory.RELEASE_FROM_OFFSET), count);
        }
        if (slots.kind(base) == SlotMemory.KIND_MALFORMED) {
            onMalformed(base);
        }
        return true;
    }

    /** Whether an event that is simply released is of interest here. */
    boolean wantsReleased() {
        return journal != null || deadLetterNoMatch;
    }

    private void onReleases(final int base, final long from, final int count) {
        for (long position = from; position < from + count; position++) {
            final int outcome = releases.outcome(position);
            if (outcome == Sequencer.SOURCE_GAP) {
                onSourceGap(base, position);
            } else {
                onRelease(base, releases.entry(position), outcome);
            }
        }
    }

    private void onRelease(final int base, final int entry, final int outcome) {
        final boolean self = entry == Sequencer.SELF;
        if (self) {
            slots.wrapRecord(record, base);
        } else {
            held.wrapRecord(record, entry);
        }
        if (outcome == Sequencer.RELEASED) {
            if (self) {
                onReleased(buffer, base + SlotMemory.WORDS_OFFSET);
            } else {
                onReleased(held.wordsBuffer(entry), held.wordsOffset(entry));
            }
        } else if (outcome == Sequencer.LATE) {
            deadLetter(record, DeadLetterReason.LATE, "");
        } else if (outcome == Sequencer.GAP_TOO_WIDE) {
            deadLetter(record, DeadLetterReason.GAP_TOO_WIDE, "");
        } else if (outcome == Sequencer.ALREADY_HELD) {
            // The source numbered two events differently and their aggregate's number the same.
            deadLetter(record, DeadLetterReason.CONFLICT, "its source gave this aggregate's number twice");
        }
    }

    private void onSourceGap(final int base, final long position) {
        if (journal == null) {
            return;
        }
        final boolean isEvent = slots.kind(base) == SlotMemory.KIND_EVENT;
        if (isEvent) {
            slots.wrapRecord(record, base);
        }
        gapRecord.wrap(gapMemory, 0);
        final int length = gapRecord.init(RecordType.GAP, RecordFlags.SOURCE_GAP, 0, 0, 0, 0);
        gapRecord.sourceSequence(releases.sequence(position));
        gapRecord.globalSequence(releases.globalSequence(position));
        gapRecord.ingressNanos(isEvent ? record.ingressNanos() : buffer.getLong(base + SlotMemory.HASH_OFFSET));
        gapRecord.gap(releases.gap(position));
        journal.appendGap(gapMemory, 0, length);
        unflushed = true;
    }

    private void onReleased(final DirectBuffer from, final int wordsOffset) {
        for (int i = 0; i < words.length; i++) {
            words[i] = from.getLong(wordsOffset + i * Long.BYTES);
        }
        onReleased(record, words, 0);
    }

    /** Writes a released event, and sees to one that matches nobody. */
    void onReleased(final EventRecord event, final long[] matches, final int from) {
        if (journal != null) {
            final int gap = event.gap();
            if (gap > 0 && (event.flags() & RecordFlags.SOURCE_GAP) == 0) {
                appendGap(journal, event, gap);
            }
            journal.append(event, matches, from);
            unflushed = true;
        }
        if (deadLetterNoMatch && matchesNobody(matches, from)) {
            deadLetter(event, DeadLetterReason.NO_MATCH, "no consumer's pattern matches the subject");
        }
    }

    private boolean matchesNobody(final long[] matches, final int from) {
        long any = 0;
        for (int i = 0; i < words.length; i++) {
            any |= matches[from + i];
        }
        return any == 0;
    }

    private void appendGap(final JournalAppender to, final EventRecord event, final int gap) {
        final int keyLength = event.aggregateIsId() ? 0 : event.aggregateLength();
        gapRecord.wrap(gapMemory, 0);
        final int length =
                gapRecord.init(RecordType.GAP, event.flags() & RecordFlags.AGGREGATE_IS_ID, 0, keyLength, 0, 0);
        gapRecord.aggregateId(event.aggregateId());
        gapRecord.aggregateSequence(event.aggregateSequence() - gap);
        gapRecord.globalSequence(event.globalSequence());
        gapRecord.ingressNanos(event.ingressNanos());
        gapRecord.gap(gap);
        gapMemory.putBytes(gapRecord.storedAggregateOffset(), event.buffer(), event.aggregateOffset(), keyLength);
        to.appendGap(gapMemory, 0, length);
    }

    private static DeadLetterReason reasonOf(final int outcome) {
        return switch (outcome) {
            case SlotMemory.OUTCOME_LATE -> DeadLetterReason.LATE;
            case SlotMemory.OUTCOME_GAP_TOO_WIDE -> DeadLetterReason.GAP_TOO_WIDE;
            case SlotMemory.OUTCOME_TOO_MANY_AGGREGATES -> DeadLetterReason.TOO_MANY_AGGREGATES;
            default -> DeadLetterReason.CONFLICT;
        };
    }

    private void onMalformed(final int base) {
        slots.wrapRecord(record, base);
        headers.wrap(record);
        deadLetter(record, DeadLetterReason.MALFORMED, headers.next() ? headers.value() : "");
    }

    private void deadLetter(final EventRecord event, final DeadLetterReason reason, final String error) {
        final long time = event.ingressNanos();
        deadLetters.append(reason, "", 0, time, time, error, event.buffer(), event.offset(), event.length());
        unflushed = true;
    }

    /**
     * Takes over what consumers and the fan-out stage have given up. Called again and again by this stage's thread, slots
     * or no slots.
     *
     * @param overflow the fan-out stage's handover.
     * @return how many dead letters were written.
     */
    public int takeOver(final FanOutStage overflow) {
        if (!signal.take()) {
            return 0;
        }
        final SubjectConsumer[] all = consumers.snapshot(); // who is confirmed is who was asked
        int appended = overflow.writeOverflow(deadLetters);
        for (final SubjectConsumer consumer : all) {
            appended += consumer.handover().writeTo(deadLetters, consumer.name());
        }
        if (appended > 0) {
            deadLetters.flush();
            confirm(overflow, all);
        }
        return appended;
    }

    /** Only what is flushed is safe, and only what is safe is done with. */
    private static void confirm(final FanOutStage overflow, final SubjectConsumer[] all) {
        overflow.confirmOverflow();
        for (final SubjectConsumer consumer : all) {
            if (consumer.handover().isAppended()) {
                consumer.countDeadLettered(); // before the consumer may end
                consumer.handover().confirm();
            }
        }
    }

    @Override
    public void onBatchEnd() {
        if (unflushed) {
            unflushed = false;
            if (journal != null) {
                journal.flush();
            }
            deadLetters.flush();
        }
    }

    @Override
    public void onBatchStart() {
        // nothing to do
    }
}
