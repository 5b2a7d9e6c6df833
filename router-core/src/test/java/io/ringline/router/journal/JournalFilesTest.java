package io.ringline.router.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.record.EventRecord;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal of three files: what is said of them, and reading from the middle of them on. */
class JournalFilesTest {
    private static final long HOUR_MS = 3_600_000;
    private static final long START_MS = 1_700_000_000_000L / HOUR_MS * HOUR_MS;
    private static final int EVENTS = 60; // 20 in each file, four in each excerpt

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private File dir = new File("");

    @BeforeEach
    void write() {
        dir = temp.resolve("journal").toFile();
        final Records records = new Records();
        final long[] now = {START_MS};
        try (ChronicleJournal journal = ChronicleJournal.open(dir, new JournalSettings().clockMillis(() -> now[0]))) {
            for (int i = 1; i <= EVENTS; i++) {
                if (i == 30) {
                    journal.append(records.buffer(), 0, records.gap(30, 2));
                }
                records.append(journal, i, i);
                if (i % 4 == 0) {
                    journal.flush();
                }
                now[0] += i % 20 == 0 ? HOUR_MS : 0;
            }
        }
    }

    @Test
    void shouldSayWhatEachFileHolds() {
        final List<JournalFile> files = JournalFiles.list(dir);
        assertThat(files).hasSize(3);
        for (int i = 0; i < 3; i++) {
            final JournalFile file = files.get(i);
            assertThat(file.problem()).isNull();
            assertThat(file.cycleMillis()).isEqualTo(START_MS + i * HOUR_MS);
            assertThat(file.firstGlobalSequence()).isEqualTo(1 + i * 20);
            assertThat(file.lastGlobalSequence()).isEqualTo(20 + i * 20);
            assertThat(file.firstNanos()).isEqualTo((1 + i * 20) * 1_000L);
            assertThat(file.lastNanos()).isEqualTo((20 + i * 20) * 1_000L);
            assertThat(file.excerpts()).isEqualTo(5);
            assertThat(file.fileBytes()).isGreaterThanOrEqualTo(file.dataBytes());
            assertThat(file.dataBytes()).isGreaterThan(1_000);
        }
        assertThat(JournalFiles.lastGlobalSequence(dir)).isEqualTo(EVENTS);
        assertThatThrownBy(() -> JournalFiles.list(temp.toFile())).isInstanceOf(JournalException.class);
    }

    @Test
    void shouldSayWhereTheLookAtAFileStopped() throws IOException {
        final long[] second = excerpt(1, 2);
        try (RandomAccessFile file = new RandomAccessFile(Records.dataFiles(dir).get(1), "rw")) {
            file.seek(second[0] + 20);
            file.write(99);
        }
        final List<JournalFile> files = JournalFiles.list(dir);
        assertThat(files.get(0).problem()).isNull();
        assertThat(files.get(1).problem()).contains(".cq4 at byte ");
        assertThat(files.get(1).firstGlobalSequence()).isEqualTo(21);
        assertThat(files.get(2).problem()).isNull();
    }

    private long[] excerpt(final int fileNumber, final int number) throws IOException {
        final String name = Records.dataFiles(dir).get(fileNumber).getName();
        try (CycleFile file = new CycleFile(dir, name, Frame.KIND_JOURNAL)) {
            for (int i = 0; i < number; i++) {
                assertThat(file.advance()).isEqualTo(CycleFile.Step.FRAME);
            }
            return new long[] {file.framePosition(), file.frameLength()};
        }
    }

    @Test
    void shouldReadFromAnyEventOn() {
        final EventRecord into = new EventRecord();
        for (int from = 1; from <= EVENTS; from++) {
            try (JournalReader reader = JournalReader.openFrom(dir, from)) {
                assertThat(reader.next(into)).isTrue();
                assertThat(into.globalSequence()).as("from %d", from).isBetween(from - 4L, (long) from);
                while (reader.next(into)) {
                    assertThat(reader.file()).endsWith(".cq4");
                }
                assertThat(reader.lastGlobalSequence()).isEqualTo(EVENTS);
            }
        }
    }

    @Test
    void shouldStandAtTheEndWhereTheEventIsNotThereYet() throws IOException {
        final EventRecord into = new EventRecord();
        try (JournalReader reader = JournalReader.openFrom(dir, EVENTS + 100)) {
            assertThat(reader.next(into)).isFalse();
            final long[] now = {START_MS + 3 * HOUR_MS};
            try (ChronicleJournal journal =
                    ChronicleJournal.open(dir, new JournalSettings().clockMillis(() -> now[0]))) {
                new Records().append(journal, EVENTS + 1, 5);
            }
            assertThat(reader.next(into)).isTrue();
            assertThat(into.globalSequence()).isEqualTo(EVENTS + 1);
        }
        Files.delete(Records.dataFiles(dir).get(0).toPath());
        try (JournalReader reader = JournalReader.openFrom(dir, 5)) {
            assertThat(reader.next(into)).isTrue();
            assertThat(into.globalSequence())
                    .as("the first that is still there")
                    .isEqualTo(21);
        }
    }
}
