package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordCheck;
import io.ringline.router.record.RecordType;
import java.io.File;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The journal in a Chronicle Queue. A batch of records is gathered in this object and written as one excerpt, because
 * an excerpt costs far more than a copy. No allocation in steady state, except when the files roll.
 */
public final class ChronicleJournal implements ReadableJournal {
    private static final long[] NO_MARKS = {};

    private final File dir;
    private final ExcerptWriter writer;
    private volatile long flushed; // read by any thread
    private long appended;

    private ChronicleJournal(final File dir, final ExcerptWriter writer, final long lastGlobalSequence) {
        this.dir = dir;
        this.writer = writer;
        flushed = lastGlobalSequence;
        appended = lastGlobalSequence;
    }

    /**
     * Opens a journal for writing, and creates it where it is missing (a new directory is its owner's only). One
     * writer at a time.
     *
     * @param dir      empty, new, or a journal.
     * @param settings how to write.
     * @return the journal, after the last event in it.
     * @throws JournalDamagedException where the end of the journal is not sound.
     * @throws JournalException        where it cannot be written, is being written by another, or is no journal.
     */
    public static ChronicleJournal open(final File dir, final JournalSettings settings) {
        return open(dir, settings, 0);
    }

    /** The same; an empty journal goes on after an event that it does not hold. @param before its number, from 0. */
    static ChronicleJournal open(final File dir, final JournalSettings settings, final long before) {
        final LogDirectory directory = LogDirectory.openForWriting(dir, Frame.KIND_JOURNAL);
        try {
            final long last = Math.max(before, lastEvent(dir));
            return new ChronicleJournal(dir, ExcerptWriter.open(dir, Frame.KIND_JOURNAL, settings, directory), last);
        } catch (final JournalException ex) {
            directory.close();
            throw ex;
        }
    }

    /** The number of the last event, by a look at the newest file's excerpts and the last one's records. @return 0 for none. */
    static long lastEvent(final File dir) {
        try (ExcerptReader reader = ExcerptReader.openLast(dir, Frame.KIND_JOURNAL)) {
            long last = 0;
            boolean first = true;
            while (reader.next()) {
                final DirectBuffer buffer = reader.buffer();
                final @Nullable String problem = RecordCheck.problem(buffer, reader.offset(), reader.length());
                if (problem != null) {
                    throw reader.damaged(problem);
                }
                if (first) {
                    last = reader.base() - 1; // right even where the excerpt holds gaps only
                    first = false;
                }
                if (buffer.getByte(reader.offset() + EventRecord.TYPE_OFFSET) == RecordType.EVENT) {
                    last = buffer.getLong(reader.offset() + EventRecord.GLOBAL_SEQUENCE_OFFSET, LITTLE_ENDIAN);
                }
            }
            return last;
        }
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length) {
        append(buffer, offset, length, NO_MARKS);
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length, final long[] marks) {
        final int marksLength = Marks.length(marks);
        final int at = writer.claim(length, marks.length, marksLength);
        final MutableDirectBuffer batch = writer.buffer();
        Marks.write(batch, at + Frame.padded(length), marks);
        batch.putBytes(at, buffer, offset, length);
        final @Nullable String problem = RecordCheck.problem(batch, at, length);
        if (problem != null || batch.getInt(at, LITTLE_ENDIAN) != length) {
            throw writer.seal("bytes that are no record: " + (problem == null ? "another length" : problem), null);
        }
        final long sequence = batch.getLong(at + EventRecord.GLOBAL_SEQUENCE_OFFSET, LITTLE_ENDIAN);
        if (sequence != appended + 1) {
            throw writer.seal(
                    "globalSequence " + sequence + " cannot follow " + appended
                            + ": a router goes on from its journal's lastGlobalSequence()",
                    null);
        }
        writer.commit(length, marksLength, sequence);
        if (batch.getByte(at + EventRecord.TYPE_OFFSET) == RecordType.EVENT) {
            appended = sequence;
        }
    }

    @Override
    public void flush() {
        writer.flush();
        flushed = appended;
    }

    @Override
    public long lastGlobalSequence() {
        return flushed;
    }

    @Override
    public JournalReader readFrom(final long globalSequence) {
        return JournalReader.openAt(dir, globalSequence, writer.before(globalSequence));
    }

    @Override
    public void close() {
        writer.close();
        flushed = appended;
    }
}
