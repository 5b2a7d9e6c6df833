package io.ringline.router.journal;

import org.agrona.DirectBuffer;

/** A journal that can be read while it is being written, from any event on. */
public interface ReadableJournal extends Journal {
    /**
     * As {@link #append(DirectBuffer, int, int)}, with a set of numbers that is kept beside the record: see
     * {@link JournalReader#marks}.
     *
     * @param buffer holds the record.
     * @param offset of the record.
     * @param length of the record, bytes.
     * @param marks  one bit for each number; up to 65,535 words, as many with each record. Copied.
     * @throws JournalException where the journal is sealed, or this record seals it.
     */
    void append(DirectBuffer buffer, int offset, int length, long[] marks);

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
