package io.ringline.router.stage;

import io.ringline.router.journal.Journal;
import io.ringline.router.journal.ReadableJournal;
import io.ringline.router.record.EventRecord;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the journal, and with each event which of the consumers that may have to read it from there it matches, by the
 * very bits that the fan-out stage goes by: subscriptions may be others by the time it is read. The journal stage's thread.
 */
public final class JournalAppender {
    private final Journal journal;
    private final @Nullable ReadableJournal marked;
    private final long[] readers;
    private final long[] marks;

    /** Nobody reads on from the journal. @param journal to write. */
    public JournalAppender(final Journal journal) {
        this.journal = journal;
        this.marked = null;
        this.readers = new long[0];
        this.marks = readers;
    }

    /**
     * Some consumers may read on from the journal.
     *
     * @param journal to write, and for them to read.
     * @param readers their match bits, and those of groups that have one of them.
     */
    public JournalAppender(final ReadableJournal journal, final long[] readers) {
        this.journal = journal;
        this.marked = journal;
        this.readers = readers.clone();
        this.marks = new long[readers.length];
    }

    /** Writes a released event. @param matches who matches, in words from a place on. */
    void append(final EventRecord event, final long[] matches, final int from) {
        for (int i = 0; i < marks.length; i++) {
            marks[i] = matches[from + i] & readers[i];
        }
        write(event.buffer(), event.offset(), event.length());
    }

    /** Writes a gap, which is nobody's. */
    void appendGap(final DirectBuffer buffer, final int offset, final int length) {
        for (int i = 0; i < marks.length; i++) {
            marks[i] = 0;
        }
        write(buffer, offset, length);
    }

    private void write(final DirectBuffer buffer, final int offset, final int length) {
        if (marked == null) {
            journal.append(buffer, offset, length);
        } else {
            marked.append(buffer, offset, length, marks);
        }
    }

    void flush() {
        journal.flush();
    }
}
