package io.ringline.router.journal;

import org.agrona.DirectBuffer;

/**
 * Takes released records in order and keeps them. Single-threaded: one thread appends, flushes and closes, and it need
 * not be the one that opened.
 *
 * <p>The first failure seals the journal: the call throws {@link JournalException}, and so does every later call, with
 * the same exception, because what follows a lost record must not be kept as if nothing were missing.
 */
public interface Journal extends AutoCloseable {
    /**
     * Copies a record into the current batch; it is in the journal once {@link #flush()} has returned. A batch that is
     * full is flushed first.
     *
     * @param buffer holds the record, an event or a gap, see {@code EventRecord}.
     * @param offset of the record.
     * @param length of the record, bytes. Its {@code globalSequence} must be the one after the last event's.
     * @throws JournalException where the journal is sealed, or this record seals it.
     */
    void append(DirectBuffer buffer, int offset, int length);

    /**
     * Writes the batch. After it, what was appended is in the page cache: it survives {@code kill -9} of this process,
     * not the loss of power. Does nothing where nothing was appended.
     *
     * @throws JournalException where the journal is sealed, or this write seals it.
     */
    void flush();

    /**
     * The last event's number in the journal, whether this process or an earlier one wrote it. Any thread.
     *
     * @return from 1; 0 for an empty journal. Records that are not flushed yet do not count.
     */
    long lastGlobalSequence();

    /**
     * Flushes, unless sealed, and lets go of the files. Closing again does nothing.
     *
     * @throws JournalException where the last flush failed; the files are closed all the same.
     */
    @Override
    void close();
}
