package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordCheck;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.IOException;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal's whole records, beside damage and beyond it, in the order in which they stand. Says what it cannot read and
 * goes on: whether what follows makes sense without that is its user's to decide. Opens nothing for writing. Single-threaded.
 *
 * <p>A record is whole where its checksum holds, which covers all of it. So it is believed where the word before its excerpt or
 * the excerpt's header is damaged: each tells where the records are, not what they are.
 */
final class SalvageReader implements AutoCloseable {
    private final File dir;
    private final Consumer<String> problems;
    private final FrameEntries entries = new FrameEntries();
    private @Nullable CycleFile file;
    private String name = ""; // of the file that was opened last
    private int words; // of marks in the last excerpt whose header is whole
    private boolean unheaded; // the current excerpt's header is not to be believed
    private boolean begun; // an unheaded excerpt's first entry is taken already

    /**
     * A reader before the first record.
     *
     * @param problems is told of each piece of damage, with its place.
     */
    SalvageReader(final File dir, final Consumer<String> problems) {
        LogDirectory.checkForReading(dir, Frame.KIND_JOURNAL);
        this.dir = dir;
        this.problems = problems;
    }

    /** Goes to the next whole record. @return false where there is none. */
    boolean next(final EventRecord into) {
        while (nextEntry()) {
            final CycleFile in = current();
            final int at = in.frameAt() + entries.entryOffset();
            final String problem = recordProblem(in.window(), at, entries.entryLength());
            if (problem == null) {
                into.wrap(in.window(), at);
                return true;
            }
            problems.accept(in.place() + ", byte " + entries.entryOffset() + " of the excerpt: " + problem);
        }
        return false;
    }

    private static @Nullable String recordProblem(final UnsafeBuffer buffer, final int at, final int length) {
        final String problem = RecordCheck.problem(buffer, at, length);
        if (problem != null) {
            return problem;
        }
        final int type = buffer.getByte(at + EventRecord.TYPE_OFFSET);
        if (type != RecordType.EVENT && type != RecordType.GAP) {
            return "a record of type " + type + ", which no journal holds";
        }
        final long sequence = buffer.getLong(at + EventRecord.GLOBAL_SEQUENCE_OFFSET, LITTLE_ENDIAN);
        return sequence < 1 ? "globalSequence " + sequence : null;
    }

    /** The current record's marks, see {@link ReadableJournal#append}. */
    long[] marks() {
        final long[] marks = new long[entries.words()];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = entries.marks(i);
        }
        return marks;
    }

    /** Name of the file that the current record is in. */
    String fileName() {
        return name;
    }

    private boolean nextEntry() {
        while (true) {
            if (begun) {
                begun = false;
                return true;
            }
            try {
                if (unheaded && entries.isAtEnd()) {
                    entries.clear();
                    unheaded = false;
                }
                if (entries.hasNext()) {
                    entries.take();
                    return true;
                }
                entries.end();
                entries.clear();
            } catch (final JournalDamagedException damage) {
                if (onEntryDamage(damage)) {
                    return true;
                }
            } catch (final IOException | RuntimeException | InternalError failure) {
                unreadable(failure);
            }
            if (!entries.hasNext() && !nextExcerpt()) {
                return false;
            }
        }
    }

    /** @return whether the record is whole all the same. */
    private boolean onEntryDamage(final JournalDamagedException damage) {
        note(damage);
        if (entries.hasNext() && entries.takeWhole()) {
            return true;
        }
        final int lost = entries.count() - entries.taken();
        if (lost > 0 && !unheaded) {
            problems.accept(
                    "  with that, " + lost + (lost == 1 ? " record" : " records") + " of the excerpt cannot be read");
        }
        entries.clear();
        unheaded = false;
        return false;
    }

    private boolean nextExcerpt() {
        while (true) {
            if (file == null) {
                LogDirectory.cycleFiles(dir); // a directory that cannot be listed is no damage, and ends this
            }
            try {
                final CycleFile in = file == null ? nextFile() : file;
                if (in == null) {
                    return false;
                }
                if (excerpt(in, false)) {
                    return true;
                }
                if (in.isEmpty() && laterFile() != null) {
                    problems.accept(name + " at byte 0: the file is empty, though another one follows");
                }
                close();
            } catch (final IOException | RuntimeException | InternalError failure) {
                unreadable(failure);
            }
        }
    }

    private boolean excerpt(final CycleFile in, final boolean again) throws IOException {
        try {
            if (in.advance() == CycleFile.Step.FRAME) {
                begin(in);
                return true;
            }
        } catch (final JournalDamagedException damage) {
            note(damage);
            if (!in.standsHere() && in.takeUnheaded() && isUnheaded(in)) {
                return true;
            }
            return resync(in);
        }
        if (!in.isFollowed()) {
            return false;
        }
        if (!again) {
            return excerpt(in, true); // a writer may have gone on meanwhile
        }
        problems.accept(in.place() + ": the data ends here, yet another excerpt follows");
        return resync(in);
    }

    private boolean resync(final CycleFile in) throws IOException {
        if (!in.resync()) {
            return false;
        }
        begin(in);
        return true;
    }

    private void begin(final CycleFile in) {
        entries.begin(in);
        words = entries.words();
        unheaded = false;
    }

    /** Whether the excerpt's first entry is whole, with as many marks as the header says or the excerpt before had. */
    private boolean isUnheaded(final CycleFile in) throws IOException {
        for (final int candidate : new int[] {Frame.marks(in.window(), in.frameAt()), words}) {
            try {
                entries.begin(in, Integer.MAX_VALUE, candidate);
                entries.take();
                unheaded = true;
                begun = true;
                return true;
            } catch (final JournalDamagedException notSo) {
                entries.clear();
            }
        }
        return false;
    }

    private @Nullable CycleFile nextFile() throws IOException {
        final String later = laterFile();
        if (later == null) {
            return null;
        }
        name = later;
        final CycleFile opened = new CycleFile(dir, later, Frame.KIND_JOURNAL);
        file = opened;
        return opened;
    }

    private @Nullable String laterFile() {
        for (final String later : LogDirectory.cycleFiles(dir)) {
            if (later.compareTo(name) > 0) {
                return later;
            }
        }
        return null;
    }

    private void note(final JournalDamagedException damage) {
        problems.accept(damage.place() + ": " + damage.problem());
    }

    private void unreadable(final Throwable failure) {
        problems.accept(
                (file == null ? name : file.place()) + ": the rest of the file cannot be read (" + failure + ")");
        entries.clear();
        unheaded = false;
        close();
    }

    private CycleFile current() {
        if (file == null) {
            throw new IllegalStateException("no record has been read");
        }
        return file;
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (final IOException ignored) {
                // It was open for reading only: nothing is lost.
            }
            file = null;
        }
    }
}
