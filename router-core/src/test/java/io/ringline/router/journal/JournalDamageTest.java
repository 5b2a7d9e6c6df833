package io.ringline.router.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDamageTest {
    private static final int EVENTS = 23;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private File whole = new File("");
    private File dir = new File("");
    private int dataStart;
    private int dataEnd;

    @BeforeEach
    void writeSmallJournal() {
        whole = temp.resolve("whole").toFile();
        dir = temp.resolve("copy").toFile();
        Records.write(whole, 1, EVENTS);
        final EventRecord into = new EventRecord();
        try (JournalReader reader = JournalReader.open(whole)) {
            dataEnd = 0;
            while (reader.next(into)) {
                if (dataStart == 0) {
                    dataStart = (int) reader.position() - Frame.HEADER_BYTES - 4;
                }
                dataEnd = (int) reader.position() + into.length();
            }
        }
        Records.copy(whole, dir, dataEnd + 8_192);
        assertThat(Records.readAll(dir)).isEqualTo(EVENTS);
    }

    @Test
    void shouldReportEveryChangedByte() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(Records.dataFiles(dir).get(0), "rw");
                CycleFile excerpts = new CycleFile(whole, name(), Frame.KIND_JOURNAL)) {
            while (excerpts.advance() == CycleFile.Step.FRAME) {
                // Chronicle's word before the excerpt counts, too.
                final long end = excerpts.framePosition() + excerpts.frameLength();
                for (long at = excerpts.framePosition() - 4; at < end; at++) {
                    file.seek(at);
                    final int old = file.read();
                    file.seek(at);
                    file.write(old ^ (1 + random.nextInt(255)));
                    expectDamage(at);
                    file.seek(at);
                    file.write(old);
                }
            }
        }
        assertThat(Records.readAll(dir)).isEqualTo(EVENTS);
    }

    private void expectDamage(final long at) {
        try {
            final long last = Records.readAll(dir);
            fail("seed " + seed + ": byte " + at + " changed, unnoticed: " + last + " events were read");
        } catch (final JournalDamagedException ex) {
            assertThat(ex.place()).as("seed %d: byte %d", seed, at).contains(".cq4 at byte ");
        } catch (final RuntimeException ex) {
            fail("seed " + seed + ": byte " + at + " changed", ex);
        }
    }

    private String name() {
        return Records.dataFiles(whole).get(0).getName();
    }

    @Test
    void shouldNotLoseEventsToAChangedWordOfTheFilesHead() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(Records.dataFiles(dir).get(0), "rw")) {
            for (int at = 0; at < 1_024; at++) {
                for (final int change : new int[] {1, 0x10, 0x80, 0xFF}) {
                    file.seek(at);
                    final int old = file.read();
                    file.seek(at);
                    file.write(old ^ change);
                    try {
                        assertThat(Records.readAll(dir))
                                .as("byte %d ^ %d", at, change)
                                .isEqualTo(EVENTS);
                    } catch (final JournalDamagedException expected) {
                        assertThat(expected.place()).contains(".cq4 at byte ");
                    }
                    file.seek(at);
                    file.write(old);
                }
            }
        }
    }

    @Test
    void shouldReportEveryTruncationThatLosesAnEvent() throws IOException {
        final long end = excerptEnd();
        try (RandomAccessFile file = new RandomAccessFile(Records.dataFiles(dir).get(0), "rw")) {
            for (int length = dataEnd + 8_192; length > 0; length -= length > dataStart ? 1 : 1 + random.nextInt(200)) {
                file.setLength(length);
                try {
                    assertThat(Records.readAll(dir)).as("cut at %d", length).isEqualTo(EVENTS);
                    assertThat(length)
                            .as("a whole file has room for one more word")
                            .isGreaterThanOrEqualTo((int) end + 4);
                } catch (final JournalDamagedException expected) {
                    assertThat(expected).hasMessageContaining("torn");
                    assertThat(expected.file()).endsWith(".cq4");
                    assertThat(expected.byteOffset()).isBetween(0L, length + 4L);
                }
            }
        }
    }

    private long excerptEnd() throws IOException {
        try (CycleFile excerpts = new CycleFile(whole, name(), Frame.KIND_JOURNAL)) {
            while (excerpts.advance() == CycleFile.Step.FRAME) {
                assertThat(excerpts.frameLength()).isPositive();
            }
            return excerpts.dataEnd();
        }
    }

    @Test
    void shouldReportAnEmptyFile() throws IOException {
        final File only = Records.dataFiles(dir).get(0);
        try (RandomAccessFile file = new RandomAccessFile(only, "rw")) {
            file.setLength(0);
        }
        assertThat(Records.readAll(dir))
                .as("it may be a file that is being made")
                .isZero();
        final JournalVerification found = JournalVerifier.verify(dir);
        assertThat(found.problem()).contains(only.getName() + " at byte 0").contains("the file is empty");
        assertThat(found.damagedFile()).isEqualTo(only.getName());
        assertThat(found.damagedAt()).isZero();
        Files.copy(Records.dataFiles(whole).get(0).toPath(), dir.toPath().resolve("20991231-23F.cq4"));
        assertThatThrownBy(() -> Records.readAll(dir))
                .as("no file is being made where a later one is")
                .isInstanceOf(JournalDamagedException.class)
                .hasMessageContaining("the file is empty, though 20991231-23F.cq4 follows it");
    }

    @Test
    void shouldStopAtDamageForGood() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(Records.dataFiles(dir).get(0), "rw")) {
            file.seek(dataEnd - 1);
            final int old = file.read();
            file.seek(dataEnd - 1);
            file.write(~old);
        }
        final EventRecord into = new EventRecord();
        try (JournalReader reader = JournalReader.open(dir)) {
            for (int i = 1; i < EVENTS; i++) {
                assertThat(reader.next(into)).isTrue();
            }
            assertThatThrownBy(() -> reader.next(into)).hasMessageContaining("checksum");
            assertThatThrownBy(() -> reader.next(into)).isInstanceOf(JournalDamagedException.class);
        }
        assertThat(JournalVerifier.verify(dir).problem()).contains("checksum");
        assertThat(JournalVerifier.verify(dir).events()).isEqualTo(EVENTS - 1);
        assertThatThrownBy(() -> ChronicleJournal.open(dir, new JournalSettings()))
                .isInstanceOf(JournalDamagedException.class);
        assertThatThrownBy(() -> ChronicleJournal.open(dir, new JournalSettings()))
                .as("the lock was let go")
                .isInstanceOf(JournalDamagedException.class);
    }

    @Test
    void shouldReportForeignExcerpts() {
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(whole)
                        .rollCycle(RollCycles.FAST_HOURLY)
                        .build();
                ExcerptAppender appender = queue.createAppender()) {
            appender.writeText("something else altogether");
        }
        final JournalVerification found = JournalVerifier.verify(whole);
        assertThat(found.events()).isEqualTo(EVENTS);
        assertThat(found.problem()).contains("that Ringline did not write").contains(".cq4 at byte");
    }

    @Test
    void shouldReportMissingFiles() throws IOException {
        final long[] now = {1_700_000_000_000L};
        final File rolled = temp.resolve("rolled").toFile();
        final Records records = new Records();
        try (ChronicleJournal journal =
                ChronicleJournal.open(rolled, new JournalSettings().clockMillis(() -> now[0]))) {
            for (int i = 1; i <= 3; i++) {
                records.append(journal, i, 10);
                journal.flush();
                now[0] += 3_600_000;
            }
        }
        Files.delete(Records.dataFiles(rolled).get(1).toPath());
        final JournalVerification found = JournalVerifier.verify(rolled);
        assertThat(found.lastGlobalSequence()).isEqualTo(1);
        assertThat(found.problem()).contains("globalSequence 3 where 2 was expected");
    }

    @Test
    void shouldSurviveRandomFiles() throws IOException {
        final Path file = Records.dataFiles(dir).get(0).toPath();
        final byte[] start = Files.readAllBytes(file);
        for (int i = 0; i < 200; i++) {
            final byte[] bytes = start.clone();
            final int from = random.nextInt(bytes.length);
            final int length = random.nextInt(bytes.length - from);
            for (int j = from; j < from + length; j++) {
                bytes[j] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            try {
                assertThat(Records.readAll(dir)).as("seed %d", seed).isLessThanOrEqualTo(EVENTS);
            } catch (final JournalDamagedException expected) {
                assertThat(expected.place()).contains(".cq4 at byte ");
            }
        }
    }

    @Test
    void shouldReportEveryChangedByteOfADeadLetter() throws IOException {
        final File letters = temp.resolve("letters").toFile();
        final Records records = new Records();
        try (DeadLetterLog log = DeadLetterLog.open(letters, Records.settings())) {
            for (int i = 1; i <= 3; i++) {
                final int length = records.event(i, 20);
                log.append(DeadLetterReason.REJECTED, "consumer", i, 1, 2, "error " + i, records.buffer(), 0, length);
            }
        }
        final String name = Records.dataFiles(letters).get(0).getName();
        final int start;
        final int end;
        try (CycleFile file = new CycleFile(letters, name, Frame.KIND_DEAD_LETTERS)) {
            assertThat(file.advance()).isEqualTo(CycleFile.Step.FRAME);
            start = (int) file.framePosition();
            end = start + file.frameLength();
        }
        try (RandomAccessFile file = new RandomAccessFile(new File(letters, name), "rw")) {
            for (int at = start - 4; at < end; at++) {
                file.seek(at);
                final int old = file.read();
                file.seek(at);
                file.write(old ^ (1 + random.nextInt(255)));
                final int changed = at;
                assertThatThrownBy(() -> readLetters(letters))
                        .as("seed %d: byte %d changed", seed, changed)
                        .isInstanceOf(JournalDamagedException.class);
                file.seek(at);
                file.write(old);
            }
        }
    }

    private static void readLetters(final File dir) {
        final DeadLetter letter = new DeadLetter();
        try (DeadLetterReader reader = DeadLetterReader.open(dir)) {
            long id = 0;
            while (reader.next(letter)) {
                if (letter.id() != ++id || !letter.error().equals("error " + id)) {
                    throw new AssertionError("a wrong dead letter as " + id);
                }
            }
        }
    }
}
