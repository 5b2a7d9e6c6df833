package io.ringline.router.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleJournalTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private final Records records = new Records();

    private File dir() {
        return temp.resolve("new/journal").toFile();
    }

    @Test
    void shouldReadBackWhatWasAppended() {
        Records.write(dir(), 1, 1_003);

        assertThat(Records.readAll(dir())).isEqualTo(1_003);
        final JournalVerification found = JournalVerifier.verify(dir());
        assertThat(found.problem()).isNull();
        assertThat(found.events()).isEqualTo(1_003);
        assertThat(found.firstGlobalSequence()).isEqualTo(1);
        assertThat(found.lastGlobalSequence()).isEqualTo(1_003);
        assertThat(found.excerpts()).isEqualTo(201);
        assertThat(found.gaps()).isZero();
    }

    @Test
    void shouldWriteABatchAsOneExcerpt() {
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings().batchBytes(1 << 20))) {
            for (int i = 1; i <= 1_000; i++) {
                records.append(journal, i, 64);
            }
            assertThat(journal.lastGlobalSequence()).isZero();
            assertThat(JournalVerifier.verify(dir()).events()).isZero();
            journal.flush();
            journal.flush();
            assertThat(journal.lastGlobalSequence()).isEqualTo(1_000);
            assertThat(JournalVerifier.verify(dir()).excerpts()).isEqualTo(1);
        }
    }

    @Test
    void shouldWriteAFullBatchUnasked() {
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings().batchBytes(1 << 10))) {
            for (int i = 1; i <= 100; i++) {
                records.append(journal, i, 200);
            }
        }
        assertThat(JournalVerifier.verify(dir()).excerpts()).isEqualTo(34);
        assertThat(Records.readAll(dir())).isEqualTo(100);
    }

    @Test
    void shouldTakeLargeRecordsBetweenSmallOnes() {
        final int[] payloads = {1, 1 << 20, 2, (1 << 20) + (64 << 10), 14 << 20, 3, 0, 70_000};
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < payloads.length; i++) {
                    records.append(journal, round * 8L + i + 1, payloads[i]);
                }
            }
        }
        assertThat(Records.readAll(dir())).isEqualTo(32);
    }

    @Test
    void shouldGoOnAfterReopening() {
        long last = 0;
        for (int i = 1; i <= 5; i++) {
            try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
                assertThat(journal.lastGlobalSequence()).isEqualTo(last);
                for (int j = 0; j < i; j++) {
                    records.append(journal, ++last, 10);
                    journal.flush();
                }
            }
        }
        assertThat(Records.readAll(dir())).isEqualTo(15);
    }

    @Test
    void shouldNotCountAGapWhoseEventIsMissing() {
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            records.append(journal, 1, 10);
            journal.flush();
            journal.append(records.buffer(), 0, records.gap(2, 5));
            journal.append(records.buffer(), 0, records.gap(2, 1));
        }
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            assertThat(journal.lastGlobalSequence()).isEqualTo(1);
            journal.append(records.buffer(), 0, records.gap(2, 9));
            records.append(journal, 2, 10);
        }
        final JournalVerification found = JournalVerifier.verify(dir());
        assertThat(found.problem()).isNull();
        assertThat(found.events()).isEqualTo(2);
        assertThat(found.gaps()).isEqualTo(3);
    }

    @Test
    void shouldRollByTheClockAndNeverBack() {
        final AtomicLong now = new AtomicLong(1_700_000_000_000L);
        final JournalSettings settings = new JournalSettings().clockMillis(now::get);
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), settings);
                JournalReader reader = JournalReader.open(dir())) {
            for (int i = 1; i <= 6; i++) {
                records.append(journal, i, 10);
                journal.flush();
                assertThat(reader.next(new EventRecord())).isTrue();
                assertThat(reader.next(new EventRecord())).isFalse();
                now.addAndGet(i == 3 ? -10_000_000 : 3_700_000);
            }
        }
        now.addAndGet(-100_000_000);
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), settings)) {
            assertThat(journal.lastGlobalSequence()).isEqualTo(6);
            records.append(journal, 7, 10);
        }
        assertThat(Records.readAll(dir())).isEqualTo(7);
        assertThat(Records.dataFiles(dir())).hasSize(3);
    }

    @Test
    void shouldBeReadBesideItsWriter() throws Exception {
        final long count = 200_000;
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            final Thread writing = new Thread(() -> {
                final Records own = new Records();
                for (long i = 1; i <= count; i++) {
                    own.append(journal, i, (int) (i % 200));
                    if (i % 7 == 0) {
                        journal.flush();
                    }
                }
                journal.flush();
            });
            writing.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
            writing.start();
            final EventRecord into = new EventRecord();
            try (JournalReader reader = JournalReader.open(dir())) {
                long last = 0;
                while (last < count && failure.get() == null) {
                    if (reader.next(into)) {
                        assertThat(records.isEvent(into, ++last)).isTrue();
                    }
                }
            }
            writing.join();
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void shouldKeepItsFilesToTheOwner() throws IOException {
        Records.write(dir(), 1, 10);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir().toPath())))
                .isEqualTo("rwx------");
        try (var files = Files.list(dir().toPath())) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void shouldRefuseAFileInPlaceOfTheDirectory() throws IOException {
        final File file = Files.createFile(temp.resolve("file")).toFile();
        assertThatThrownBy(() -> ChronicleJournal.open(file, new JournalSettings()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("cannot write journal in " + file);
        assertThatThrownBy(() -> ChronicleJournal.open(new File(file, "below"), new JournalSettings()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("cannot write journal in");
        assertThatThrownBy(() -> JournalReader.open(file))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("not a directory");
    }

    @Test
    void shouldRefuseADirectoryOfSomeoneElse() throws IOException {
        Files.writeString(temp.resolve("precious.txt"), "mine");
        assertThatThrownBy(() -> ChronicleJournal.open(temp.toFile(), new JournalSettings()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("precious.txt");
        assertThatThrownBy(() -> JournalReader.open(temp.toFile()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("no journal");
        assertThat(temp.toFile().list()).containsExactly("precious.txt");
    }

    @Test
    void shouldNotTakeDeadLettersForAJournal() {
        DeadLetterLog.open(dir(), new JournalSettings()).close();
        assertThatThrownBy(() -> ChronicleJournal.open(dir(), new JournalSettings()))
                .hasMessageContaining("\"ringline dead-letters 1\"");
        assertThatThrownBy(() -> JournalReader.open(dir())).hasMessageContaining("\"ringline dead-letters 1\"");
    }

    @Test
    void shouldCreateNothingWhereThereIsNothingToRead() {
        assertThatThrownBy(() -> JournalReader.open(dir()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("does not exist");
        assertThat(dir()).doesNotExist();
        assertThatThrownBy(() -> JournalVerifier.verify(temp.toFile())).isInstanceOf(JournalException.class);
        assertThat(temp.toFile().list()).isEmpty();
    }

    @Test
    void shouldReadAnEmptyJournal() {
        ChronicleJournal.open(dir(), new JournalSettings()).close();
        final JournalVerification found = JournalVerifier.verify(dir());
        assertThat(found).isEqualTo(new JournalVerification(0, 0, 0, 0, 0, 0, null, null, -1));
    }

    @Test
    void shouldLetOneWriterInAtATime() {
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            assertThatThrownBy(() -> ChronicleJournal.open(dir(), new JournalSettings()))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("another router");
            records.append(journal, 1, 1);
        }
        assertThat(Records.readAll(dir())).isEqualTo(1);
    }

    @Test
    void shouldBeSealedByItsFirstFailure() {
        final ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings().clockMillis(() -> {
                    if (records.buffer().getByte(0) != 0) {
                        throw new InternalError("a fault occurred in a recent unsafe memory access operation");
                    }
                    return 0;
                }));
        records.append(journal, 1, 10);
        final Throwable first = catchThrowable(journal::flush);
        assertThat(first).isInstanceOf(JournalException.class).hasMessageContaining("sealed");
        assertThat(first).hasCauseInstanceOf(InternalError.class);
        assertThat(catchThrowable(journal::flush)).isSameAs(first);
        assertThat(catchThrowable(() -> records.append(journal, 2, 10))).isSameAs(first);
        assertThat(journal.lastGlobalSequence()).isZero();
        journal.close();
        journal.close();
        assertThat(JournalVerifier.verify(dir()).events()).isZero();
    }

    @Test
    void shouldBeSealedByARecordThatBelongsElsewhere() {
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            records.append(journal, 1, 10);
            assertThatThrownBy(() -> records.append(journal, 3, 10)).hasMessageContaining("3 cannot follow 1");
            assertThatThrownBy(() -> records.append(journal, 2, 10)).hasMessageContaining("3 cannot follow 1");
        }
    }

    @Test
    void shouldSealRatherThanWriteAnythingButRecords() {
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            final int length = records.event(1, 10);
            records.buffer().putByte(EventRecord.TYPE_OFFSET, (byte) (RecordType.RAW + 1));
            assertThatThrownBy(() -> journal.append(records.buffer(), 0, length))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("no record");
        }
    }

    @Test
    void shouldSealRatherThanTakeAMonster() {
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            assertThatThrownBy(() -> records.append(journal, 1, 16 << 20)).hasMessageContaining("too large");
        }
        assertThat(Records.readAll(dir())).isZero();
    }

    @Test
    void shouldRefuseCallsAfterClosing() {
        final ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings());
        journal.close();
        assertThatThrownBy(journal::flush).isInstanceOf(JournalException.class).hasMessageContaining("is closed");
    }

    @Test
    void shouldAllocateNothingInSteadyState() {
        try (ChronicleJournal journal = ChronicleJournal.open(dir(), new JournalSettings())) {
            final int length = records.event(1, 100);
            final EventRecord record = new EventRecord().wrap(records.buffer(), 0);
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long sequence = 0;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20 && least > 0; round++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 20_000; i++) {
                    record.globalSequence(++sequence);
                    journal.append(records.buffer(), 0, length);
                    if (i % 16 == 0) {
                        journal.flush();
                    }
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).as("bytes allocated by 20,000 appends").isLessThan(1_000);
        }
    }
}
