package io.ringline.router.stage;

import io.ringline.router.record.EventRecord;
import io.ringline.router.subject.SubjectMatcher;
import org.agrona.concurrent.UnsafeBuffer;

/** Notes in each slot which consumers its subject matches, with the subscriptions as they are when a batch begins. */
public final class MatchStage implements SlotHandler {
    private final SlotMemory slots;
    private final UnsafeBuffer buffer;
    private final SubjectMatcher matcher;
    private final long[] words;
    private final EventRecord record = new EventRecord();

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
        this.words = new long[slots.words()];
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

    /** Finds the consumers that an event matches, as {@link #words}; answers with the subject's generation and token. */
    long match(final int base, final EventRecord event) {
        final long hash = buffer.getLong(base + SlotMemory.HASH_OFFSET);
        if (hash == 0) {
            final long handle = buffer.getLong(base + SlotMemory.SUBJECT_OFFSET);
            matcher.matchHandle(
                    SlotMemory.high(handle), event.buffer(), event.subjectOffset(), event.subjectLength(), words);
            return handle;
        }
        final int token = matcher.match(hash, event.buffer(), event.subjectOffset(), event.subjectLength(), words);
        return SlotMemory.pair(token >= 0 ? matcher.generation(token) : 0, token);
    }

    /** Notes the consumers found last in a slot, for stages that come later. */
    void note(final int base) {
        for (int i = 0; i < words.length; i++) {
            buffer.putLong(base + SlotMemory.WORDS_OFFSET + i * Long.BYTES, words[i]);
        }
    }

    /** One bit for each consumer found last. */
    long[] words() {
        return words;
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
