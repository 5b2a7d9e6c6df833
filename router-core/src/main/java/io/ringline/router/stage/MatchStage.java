package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import io.ringline.router.subject.SubjectMatcher;
import org.agrona.concurrent.UnsafeBuffer;

/** Notes in each slot which consumers its subject matches, with the subscriptions as they are when a batch begins. */
public final class MatchStage implements SlotHandler {
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final SubjectMatcher matcher;
    private final int words;
    private final EventRecord record = new EventRecord();
    private int bits;

    /**
     * The stage.
     *
     * @param slots   the ring's memory.
     * @param matcher this stage's own; single-threaded.
     */
    public MatchStage(final SlotMemory slots, final SubjectMatcher matcher) {
        this.slots = slots;
        this.buffer = slots.buffer();
        this.matcher = matcher;
        this.words = matcher.words();
    }

    @Override
    public boolean onSlot(final int base) {
        if (slots.kind(base) == SlotMemory.KIND_EVENT) {
            slots.wrapRecord(record, base);
            onEvent(base, record);
        }
        return true;
    }

    private void onEvent(final int base, final EventRecord event) {
        buffer.putLong(base + SlotMemory.SUBJECT_OFFSET, match(base, event));
        note(base);
    }

    /** Finds the consumers that an event matches, see {@link #results}; answers with the subject's generation and token. */
    long match(final int base, final EventRecord event) {
        final long hash = buffer.getLong(base + SlotMemory.HASH_OFFSET);
        if (hash == 0) {
            final long handle = buffer.getLong(base + SlotMemory.SUBJECT_OFFSET);
            final int token = SlotMemory.high(handle);
            matcher.matchHandle(token, event.buffer(), event.subjectOffset(), event.subjectLength());
            bits = matcher.bits(token);
            return handle;
        }
        final int token = matcher.match(hash, event.buffer(), event.subjectOffset(), event.subjectLength());
        bits = matcher.bits(token);
        return SlotMemory.pair(token >= 0 ? matcher.generation(token) : 0, token);
    }

    /** Notes the consumers found last in a slot, for stages that come later. */
    void note(final int base) {
        final long[] results = matcher.results();
        for (int i = 0; i < words; i++) {
            buffer.putLong(base + SlotMemory.WORDS_OFFSET + i * Long.BYTES, results[bits + i]);
        }
    }

    /** Holds one bit for each consumer found last, from {@link #bits} on; until the next is matched. */
    long[] results() {
        return matcher.results();
    }

    /** Where in {@link #results} they start. */
    int bits() {
        return bits;
    }

    @Override
    public void onBatchStart() {
        matcher.refresh(); // after the runner saw which slots there are: who subscribed before they came is in it
    }

    @Override
    public void onBatchEnd() {
        // nothing to do
    }
}
