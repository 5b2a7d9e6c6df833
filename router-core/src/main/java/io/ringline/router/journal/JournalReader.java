package io.ringline.router.journal;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordCheck;
import io.ringline.router.record.RecordType;
import java.io.File;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal from its first record, beside a running writer or after it was killed. Changes nothing in the
 * directory. Single-threaded.
 *
 * <p>Each record's checksum and layout are checked, and that event follows event by 1 in {@code globalSequence}; a gap
 * record carries the number of the event that is next. What fails is reported with its place and stops the reader:
 * every later call throws the same.
 */
public final class JournalReader implements AutoCloseable {
    private final ExcerptReader entries;
    private long lastGlobalSequence = -1; // not known yet
    private long records;

    private JournalReader(final ExcerptReader entries) {
        this.entries = entries;
    }

    /**
     * Opens a journal for reading.
     *
     * @param dir that {@link ChronicleJournal} writes.
     * @return a reader before the first record.
     * @throws JournalException where there is no journal; nothing is created.
     */
    public static JournalReader open(final File dir) {
        return new JournalReader(ExcerptReader.open(dir, Frame.KIND_JOURNAL));
    }

    /**
     * Opens a journal for reading from an event on, without reading more than the heads of the excerpts before it. What is left
     * out is not checked.
     *
     * @param dir            that {@link ChronicleJournal} writes.
     * @param globalSequence the event's number, from 1; where it is not there yet, the reader stands at the end, and where it is no
     *                       longer there, at the first event that is.
     * @return a reader before the records of the excerpt with that event, the first of which may have lower numbers.
     * @throws JournalDamagedException where what it came to is torn, changed or foreign.
     * @throws JournalException        where there is no journal, or it cannot be read.
     */
    public static JournalReader openFrom(final File dir, final long globalSequence) {
        final JournalReader reader = openAt(dir, globalSequence, null);
        try {
            reader.entries.seek(globalSequence);
            return reader;
        } catch (final JournalException ex) {
            reader.close();
            throw ex;
        }
    }

    /**
     * Opens a journal for reading from an event on: see {@link #skipTo}.
     *
     * @param dir            that {@link ChronicleJournal} writes.
     * @param globalSequence the event's number, from 1.
     * @param place          of an excerpt that is known not to start behind that event; null where none is.
     * @return a reader at that place, or else before the first record of the newest file that does not start behind it.
     * @throws JournalException where there is no journal, or it cannot be read.
     */
    static JournalReader openAt(final File dir, final long globalSequence, final ExcerptIndex.@Nullable Place place) {
        return new JournalReader(ExcerptReader.openAt(dir, Frame.KIND_JOURNAL, globalSequence, place));
    }

    /**
     * Goes on towards an event without reading more than the heads of the excerpts before its own, some at a time so that the
     * caller does not wait for a long file.
     *
     * @param globalSequence the event's number, higher than all that were read, and in the journal.
     * @param maxBytes       how much to read in this call, bytes from 1; an excerpt's head, or the event's own, may pass it.
     * @return true where the excerpt with the event is reached: {@link #next} reads on in it, which may yet answer with
     *     events before that one. False where there is more to leave out: call again.
     * @throws JournalDamagedException where what it came to is torn, changed or foreign, or the event is not there.
     */
    public boolean skipTo(final long globalSequence, final int maxBytes) {
        final long before = entries.excerpts();
        final boolean there = entries.skipTo(globalSequence, maxBytes);
        if (entries.excerpts() != before) {
            lastGlobalSequence = -1;
        }
        if (there && lastGlobalSequence < 0 && entries.base() > globalSequence) {
            throw entries.damaged("event " + globalSequence + " is missing: this excerpt starts with event "
                    + entries.base() + ", the one before it ends earlier");
        }
        return there;
    }

    /**
     * Goes to the next record.
     *
     * @param into is pointed at the record, in memory of this reader that is good until the next call.
     * @return false where there is none yet; a running writer may add more.
     * @throws JournalDamagedException where the next record is torn, changed or foreign.
     */
    public boolean next(final EventRecord into) {
        if (!entries.next()) {
            return false;
        }
        final String problem = RecordCheck.problem(entries.buffer(), entries.offset(), entries.length());
        if (problem != null) {
            throw entries.damaged(problem);
        }
        into.wrap(entries.buffer(), entries.offset());
        final String wrong = sequenceProblem(into);
        if (wrong != null) {
            throw entries.damaged(wrong);
        }
        records++;
        return true;
    }

    /**
     * Who may have to read the current record from here, as {@link ReadableJournal#append} was told.
     *
     * @param word index of a word of bits, from 0.
     * @return 64 of them; 0 where the record has none.
     */
    public long marks(final int word) {
        return entries.marks(word);
    }

    private @Nullable String sequenceProblem(final EventRecord found) {
        final long sequence = found.globalSequence();
        if (found.type() != RecordType.EVENT && found.type() != RecordType.GAP) {
            return "a record of type " + found.type() + ", which no journal holds";
        }
        if (sequence < 1 || (lastGlobalSequence >= 0 && sequence != lastGlobalSequence + 1)) {
            return "globalSequence " + sequence + " where " + (lastGlobalSequence + 1)
                    + " was expected: records are missing or doubled";
        }
        if (entries.atFrameStart() && sequence != entries.base()) {
            return "globalSequence " + sequence + " in an excerpt that starts with " + entries.base();
        }
        lastGlobalSequence = found.type() == RecordType.EVENT ? sequence : sequence - 1;
        return null;
    }

    /**
     * The last event's number among those read.
     *
     * @return from 1; 0 where no event has been read.
     */
    public long lastGlobalSequence() {
        return Math.max(0, lastGlobalSequence);
    }

    /**
     * How many records have been read.
     *
     * @return events and gaps.
     */
    public long records() {
        return records;
    }

    /**
     * How many excerpts have been read or begun.
     *
     * @return from 0.
     */
    public long excerpts() {
        return entries.excerpts();
    }

    /**
     * How much has been read from files.
     *
     * @return bytes, what was read again included.
     */
    public long bytesRead() {
        return entries.bytesRead();
    }

    /**
     * In which file the reader is.
     *
     * @return its name, without its directory; empty before the first record.
     */
    public String file() {
        return entries.fileName();
    }

    /**
     * Where the current record starts in its file.
     *
     * @return bytes.
     */
    public long position() {
        return entries.position();
    }

    /**
     * Where the reader is.
     *
     * @return file, byte offset in it, excerpt, and offset in the excerpt.
     */
    public String place() {
        return entries.place();
    }

    @Override
    public void close() {
        entries.close();
    }
}
