package io.ringline.bench.damage;

import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalException;
import io.ringline.router.journal.JournalFile;
import io.ringline.router.journal.JournalFiles;
import io.ringline.router.journal.JournalReader;
import io.ringline.router.journal.JournalRepair;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.journal.JournalVerification;
import io.ringline.router.journal.JournalVerifier;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A journal of two files, with events, gaps, and marks of both kinds. */
final class DamagedJournal extends DamagedLog {
    private static final int EVENTS = 14;
    private static final int EVENTS_A_FILE = 8;
    private static final int EVENTS_AN_EXCERPT = 3;
    private static final int GAP_BEFORE = 5;
    private static final int MARKED_FROM = 4;
    private static final int MANY_MARKS_FROM = 11;
    private static final int MANY_MARKS = 70;
    /** A repair makes a queue of Chronicle's, which costs more than all else. */
    private static final int REPAIR_ONE_IN = 400;

    private final List<byte[]> records = new ArrayList<>();
    private final List<long[]> marks = new ArrayList<>();
    private final EventRecord record = new EventRecord();
    private final Path repaired;
    private int repairs;

    /** @param repaired where repaired journals go, each under a name of its own. */
    DamagedJournal(final Path repaired) {
        this.repaired = repaired;
    }

    @Override
    String name() {
        return "journal";
    }

    @Override
    int entries() {
        return records.size();
    }

    @Override
    void write(final File dir) {
        final Random random = new Random(1);
        try (ChronicleJournal journal = ChronicleJournal.open(dir, new JournalSettings().clockMillis(clock()))) {
            for (int i = 1; i <= EVENTS; i++) {
                if (i == GAP_BEFORE) {
                    append(journal, gap(i), marksOf(i));
                }
                append(journal, event(i, random), marksOf(i));
                if (i % EVENTS_AN_EXCERPT == 0 || i == EVENTS_A_FILE) {
                    journal.flush();
                }
                if (i == EVENTS_A_FILE) {
                    nextHour();
                }
            }
        }
        try (JournalReader reader = JournalReader.open(dir)) {
            while (reader.next(record)) {
                records.add(copy(record)); // with the checksum that it has on disk
            }
        }
        check(records.size() == EVENTS + 1, "the journal was not written");
    }

    private static long[] marksOf(final int event) {
        final long[] words = new long[event < MARKED_FROM ? 0 : event < MANY_MARKS_FROM ? 1 : MANY_MARKS];
        for (int i = 0; i < words.length; i += 23) {
            words[i] = event * 0x1_0001L + i;
        }
        return words;
    }

    private void append(final ChronicleJournal journal, final int length, final long[] words) {
        journal.append(memory, 0, length, words);
        marks.add(words);
    }

    @Override
    Outcome read(final File dir) {
        int read = 0;
        try (JournalReader reader = JournalReader.open(dir)) {
            try {
                while (reader.next(record)) {
                    expect(read++, reader, "reading from the first");
                }
                return new Outcome(read, null);
            } catch (final JournalException failure) {
                check(isSame(reader, failure), "a reader that stopped did not stay so");
                return new Outcome(read, failure);
            }
        } catch (final JournalException noJournal) {
            return new Outcome(read, noJournal);
        }
    }

    private boolean isSame(final JournalReader reader, final JournalException failure) {
        try {
            reader.next(record);
            return false;
        } catch (final JournalException again) {
            return again.equals(failure);
        }
    }

    private void expect(final int index, final JournalReader reader, final String how) {
        check(index < records.size(), how + ": more records than were written: " + record);
        check(
                Arrays.equals(copy(record), records.get(index)),
                how + ": a wrong record as number " + index + ": " + record);
        final long[] words = marks.get(index);
        for (int i = 0; i <= words.length; i++) {
            final long expected = i < words.length ? words[i] : 0;
            check(reader.marks(i) == expected, how + ": wrong marks with record " + index + ": word " + i);
        }
    }

    @Override
    void readOtherwise(final File dir, final Outcome outcome, final Random random) {
        readFrom(dir, 1 + random.nextInt(EVENTS + 2));
        try {
            verify(dir, outcome);
            list(dir);
            repair(dir, outcome, random.nextInt(REPAIR_ONE_IN) == 0);
        } catch (final JournalException noJournal) {
            check(isNoJournal(outcome, noJournal), "refused by one reader, not by another: " + noJournal);
        }
    }

    private static boolean isNoJournal(final Outcome outcome, final JournalException failure) {
        final JournalException first = outcome.failure();
        return first != null && String.valueOf(first.getMessage()).equals(failure.getMessage());
    }

    private void readFrom(final File dir, final int from) {
        try (JournalReader reader = JournalReader.openFrom(dir, from)) {
            int index = -1;
            while (reader.next(record)) {
                index = index < 0 ? indexOf(record) : index + 1;
                expect(index, reader, "reading from event " + from);
            }
        } catch (final JournalException told) {
            check(told.getMessage() != null, "a failure without a message");
        }
    }

    private int indexOf(final EventRecord found) {
        for (int i = 0; i < records.size(); i++) {
            if (Arrays.equals(copy(found), records.get(i))) {
                return i;
            }
        }
        throw new AssertionError("a record that was never written: " + found);
    }

    private static void verify(final File dir, final Outcome outcome) {
        final JournalVerification found = JournalVerifier.verify(dir);
        final JournalException failure = outcome.failure();
        if (failure != null) {
            check(
                    String.valueOf(failure.getMessage()).equals(found.problem()),
                    "verify says " + found.problem() + ", the reader " + failure.getMessage());
        } else {
            check(
                    found.isClean() || String.valueOf(found.problem()).contains("the file is empty"),
                    "verify says what the reader does not: " + found.problem());
        }
        check(
                found.events() + found.gaps() == outcome.read(),
                "verify counts " + found + ", the reader " + outcome.read());
    }

    private static void list(final File dir) {
        for (final JournalFile file : JournalFiles.list(dir)) {
            final String problem = file.problem();
            check(
                    problem != null ? problem.contains(file.name() + " at byte ") : file.lastGlobalSequence() <= EVENTS,
                    "list says " + file);
        }
    }

    private void repair(final File dir, final Outcome outcome, final boolean write) {
        final File to = write ? repaired.resolve("repaired" + repairs++).toFile() : null;
        final List<String> said = new ArrayList<>();
        final JournalRepair.Result found = JournalRepair.repair(dir, to, 1, said::add);
        check(found.events() <= EVENTS, "a repair makes up events: " + found);
        // What starts later is sound by itself, so a repair that meets a lost start takes what follows.
        check(
                found.firstGlobalSequence() > 1 || found.events() + found.gaps() >= outcome.read(),
                "a repair saves less than a reader reads: " + found + ", " + outcome.read());
        check(found.problems() == said.size(), "a repair miscounts: " + found + ", " + said);
        if (outcome.failure() != null) {
            check(
                    found.problems() > 0,
                    "a repair says nothing, the reader " + outcome.failure().getMessage());
        }
        if (to != null) {
            checkRepaired(to, found);
        }
    }

    private void checkRepaired(final File to, final JournalRepair.Result found) {
        final JournalVerification verified = JournalVerifier.verify(to);
        check(verified.isClean(), "a repaired journal is damaged: " + verified.problem());
        check(verified.events() == found.events(), "a repaired journal has other events: " + verified + ", " + found);
        try (JournalReader reader = JournalReader.open(to)) {
            int index = -1;
            while (reader.next(record)) {
                index = index < 0 ? indexOf(record) : index + 1;
                // A gap that is lost costs no event.
                index += isLostGap(index) ? 1 : 0;
                expect(index, reader, "reading a repaired journal");
            }
        }
    }

    private boolean isLostGap(final int index) {
        return index < records.size()
                && records.get(index)[EventRecord.TYPE_OFFSET] == RecordType.GAP
                && record.type() == RecordType.EVENT;
    }
}
