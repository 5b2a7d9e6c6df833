package io.ringline.router.stage;

import io.ringline.router.journal.Journal;
import io.ringline.router.journal.ReadableJournal;
import io.ringline.router.record.EventRecord;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the journal, and with each event which of the consumers that may have to read it from there it matches, by the
 * very bits that the fan-out stage goes by: subscriptions may be others by the time it is read. The journal stage's thread.
 */
public final class JournalAppender {
    private static final AtomicLongArray NOBODY = new AtomicLongArray(0);

    private final Journal journal;
    private final @Nullable ReadableJournal readable;
    private final AtomicLongArray readers;
    private final long[] marks;
    private volatile @Nullable ReadableJournal marked; // from when there is somebody who may read on from it

    /** Nobody can read on from the journal. @param journal to write. */
    public JournalAppender(final Journal journal) {
        this.journal = journal;
        this.readable = null;
        this.readers = NOBODY;
        this.marks = new long[0];
    }

    /**
     * Consumers may read on from the journal, see {@link #addReader}.
     *
     * @param journal to write, and for them to read.
     * @param words   of match bits.
     */
    public JournalAppender(final ReadableJournal journal, final int words) {
        this.journal = journal;
        this.readable = journal;
        this.readers = new AtomicLongArray(words);
        this.marks = new long[words];
    }

    /**
     * From now on notes what matches a consumer, or a group that it is in. Any thread, before anything matches that the consumer
     * may have to read from the journal.
     *
     * @param bit of the consumer or of the group.
     */
    public void addReader(final int bit) {
        readers.accumulateAndGet(bit >>> 6, 1L << bit, (word, one) -> word | one);
        marked = readable;
    }

    /** Writes a released event. @param matches who matches, in words from a place on. */
    void append(final EventRecord event, final long[] matches, final int from) {
        for (int i = 0; i < marks.length; i++) {
            marks[i] = matches[from + i] & readers.getPlain(i);
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
        final ReadableJournal withMarks = marked;
        if (withMarks == null) {
            journal.append(buffer, offset, length);
        } else {
            withMarks.append(buffer, offset, length, marks);
        }
    }

    void flush() {
        journal.flush();
    }
}
