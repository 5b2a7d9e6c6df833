package io.ringline.router.journal;

/** A journal that can be read while it is being written, from any event on. */
public interface ReadableJournal extends Journal {
    /**
     * A reader of its own files, which neither waits for the writer nor makes it wait. Any thread, which then is the
     * reader's.
     *
     * @param globalSequence the event that is wanted first, from 1; it must have been flushed.
     * @return a reader at that event or some way before it, see {@link JournalReader#skipTo}.
     * @throws JournalException where the journal cannot be read.
     */
    JournalReader readFrom(long globalSequence);
}
