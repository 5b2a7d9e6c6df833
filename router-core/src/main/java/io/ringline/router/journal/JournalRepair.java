package io.ringline.router.journal;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a new journal with what is sound in a damaged one, which stays as it is. Sound are whole records that follow each other
 * without a gap or a repeat in {@code globalSequence}: a journal does not go on behind an event that is lost, as what reads it
 * would take that for all there was. Damage that costs no event (the word or the header before an excerpt, an index, padding)
 * leaves nothing out. Single-threaded.
 */
public final class JournalRepair {
    private static final String UNFINISHED = ".unfinished";

    private final File from;
    private final long first;
    private final Consumer<String> said;
    private long expected = -1; // the next event's number; not known yet
    private boolean begun;
    private boolean lost; // an event that is needed is missing: nothing is taken any more
    private long events;
    private long gaps;
    private long firstTaken;
    private long lastTaken;
    private long leftOut;
    private long firstLeftOut;
    private long lastLeftOut;
    private long problems;

    /**
     * What a repair has taken over and left out.
     *
     * @param events               events in the new journal.
     * @param gaps                 gap records in it.
     * @param firstGlobalSequence  its first event; 0 for none.
     * @param lastGlobalSequence   its last event; 0 for none.
     * @param leftOut              whole records that are not in it, since events before them are lost, or they are repeated.
     * @param firstLeftOut         the lowest number of these; 0 for none.
     * @param lastLeftOut          the highest number of these; 0 for none.
     * @param problems             how many pieces of damage were told.
     */
    public record Result(
            long events,
            long gaps,
            long firstGlobalSequence,
            long lastGlobalSequence,
            long leftOut,
            long firstLeftOut,
            long lastLeftOut,
            long problems) {}

    private JournalRepair(final File from, final long first, final Consumer<String> said) {
        this.from = from;
        this.first = first;
        this.said = said;
    }

    /**
     * Reads a journal to its end, whatever is damaged in it, and writes what is sound.
     *
     * @param from           the journal; never changed.
     * @param to             where the new one goes, which must not exist; it appears when it is complete. Null to find out only.
     * @param globalSequence the first event that is wanted, from 1: to take over what follows lost events.
     * @param said           is told of each piece of damage, and what is left out, with its place.
     * @return what was taken over and what was not.
     * @throws JournalException where there is no journal, or the new one cannot be written.
     */
    public static Result repair(
            final File from, final @Nullable File to, final long globalSequence, final Consumer<String> said) {
        final JournalRepair repair = new JournalRepair(from, globalSequence, said);
        if (to == null) {
            repair.copy(null);
        } else {
            repair.into(to);
        }
        return repair.result();
    }

    private Result result() {
        return new Result(events, gaps, firstTaken, lastTaken, leftOut, firstLeftOut, lastLeftOut, problems);
    }

    private void into(final File to) {
        LogDirectory.checkForReading(from, Frame.KIND_JOURNAL);
        final Path target = to.toPath().toAbsolutePath().normalize();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new JournalException("will not write to " + to + ": it exists; give a new directory");
        }
        if (target.startsWith(from.toPath().toAbsolutePath().normalize())) {
            throw new JournalException("will not write to " + to
                    + ": it lies in the journal that is read, which stays as" + " it is; give a directory elsewhere");
        }
        final Path unfinished = Path.of(target + UNFINISHED);
        if (Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS)) {
            throw new JournalException("will not write to " + to + ": " + unfinished
                    + " is left of a repair that was broken off; remove it, or give another directory");
        }
        copy(unfinished.toFile());
        try {
            Files.move(unfinished, target);
        } catch (final IOException failure) {
            throw new JournalException(
                    "the new journal is complete in " + unfinished + ", but cannot be renamed to " + to + " (" + failure
                            + "): rename it yourself",
                    failure);
        }
    }

    private void copy(final @Nullable File to) {
        try (SalvageReader reader = new SalvageReader(from, this::problem);
                Target target = new Target(to, reader)) {
            final EventRecord record = new EventRecord();
            while (reader.next(record)) {
                record(record, target, reader);
            }
            checkEnd();
            target.openEmpty();
        }
    }

    private void checkEnd() {
        try {
            JournalVerifier.checkNewestFile(from);
        } catch (final JournalDamagedException damage) {
            problem(String.valueOf(damage.getMessage()));
        }
        if (events == 0 && expected >= 0) {
            problem("no event from " + first + " on is there: the last one has globalSequence " + (expected - 1));
        }
    }

    private void problem(final String text) {
        problems++;
        said.accept(text);
    }

    private void record(final EventRecord record, final Target target, final SalvageReader reader) {
        final long sequence = record.globalSequence();
        final long after = record.type() == RecordType.EVENT ? sequence + 1 : sequence;
        if (sequence < first) {
            expected = Math.max(expected, after);
            return;
        }
        if (!begun && expected >= 0 && sequence > Math.max(expected, first)) {
            problem(reader.fileName() + ": events " + Math.max(expected, first) + " to " + (sequence - 1)
                    + " are lost");
            expected = sequence; // there is nothing before them that the new journal would go on from
        } else if (!begun && expected >= 0) {
            expected = Math.max(expected, first);
        }
        begun = true;
        if (expected >= 0 && sequence < expected) {
            if (!lost) {
                problem(reader.fileName() + ": record " + sequence + " where " + expected + " was expected: repeated");
            }
            leaveOut(sequence);
            return;
        }
        if (expected >= 0 && sequence > expected) {
            problem(reader.fileName() + ": events " + expected + " to " + (sequence - 1) + " are lost");
            lost = true;
        }
        expected = after;
        if (lost) {
            leaveOut(sequence);
            return;
        }
        target.append(record);
        if (record.type() == RecordType.GAP) {
            gaps++;
            return;
        }
        lastTaken = sequence;
        firstTaken = events++ == 0 ? sequence : firstTaken;
    }

    private void leaveOut(final long sequence) {
        firstLeftOut = leftOut++ == 0 ? sequence : Math.min(firstLeftOut, sequence);
        lastLeftOut = Math.max(lastLeftOut, sequence);
    }

    /** The new journal, opened with its first record: only then it is known where it starts. */
    private static final class Target implements AutoCloseable {
        private final @Nullable File dir;
        private final SalvageReader reader;
        private @Nullable ChronicleJournal journal;
        private String file = ""; // that the records of the current batch are from
        private long hourMillis;

        Target(final @Nullable File dir, final SalvageReader reader) {
            this.dir = dir;
            this.reader = reader;
        }

        void append(final EventRecord record) {
            if (dir == null) {
                return;
            }
            final ChronicleJournal to = open(dir, record.globalSequence() - 1);
            if (!file.equals(reader.fileName())) {
                to.flush(); // what is from one file goes into one of the same hour: retention goes by that
                file = reader.fileName();
                hourMillis = LogDirectory.hourMillis(file);
            }
            to.append(record.buffer(), record.offset(), record.length(), reader.marks());
        }

        void openEmpty() {
            if (dir != null) {
                open(dir, 0).flush();
            }
        }

        private ChronicleJournal open(final File to, final long before) {
            ChronicleJournal opened = journal;
            if (opened == null) {
                opened = ChronicleJournal.open(to, new JournalSettings().clockMillis(() -> hourMillis), before);
                journal = opened;
            }
            return opened;
        }

        @Override
        public void close() {
            if (journal != null) {
                journal.close();
            }
        }
    }
}
