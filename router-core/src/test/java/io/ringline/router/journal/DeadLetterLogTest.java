package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.nio.file.Path;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private final Records records = new Records();

    private File dir() {
        return temp.resolve("dead").toFile();
    }

    private void append(final DeadLetterLog log, final long sequence, final String consumer, final String error) {
        final int length = records.event(sequence, 50);
        log.append(DeadLetterReason.RETRIES_EXHAUSTED, consumer, 4, 100, 200, error, records.buffer(), 0, length);
    }

    @Test
    void shouldReadBackWhatWasAppended() {
        final byte[] garbage = "{not json".getBytes(UTF_8);
        try (DeadLetterLog log = DeadLetterLog.open(dir(), new JournalSettings())) {
            append(log, 9, "billing", "no such account: zażółć");
            log.append(DeadLetterReason.MALFORMED, "", 0, 5, 5, null, records.buffer(), 0, records.raw(garbage));
            log.flush();
            assertThat(log.lastId()).isEqualTo(2);
        }
        final DeadLetter letter = new DeadLetter();
        try (DeadLetterReader reader = DeadLetterReader.open(dir())) {
            assertThat(reader.next(letter)).isTrue();
            assertThat(letter.id()).isEqualTo(1);
            assertThat(letter.reason()).isEqualTo(DeadLetterReason.RETRIES_EXHAUSTED);
            assertThat(letter.consumer()).isEqualTo("billing");
            assertThat(letter.attempts()).isEqualTo(4);
            assertThat(letter.error()).isEqualTo("no such account: zażółć");
            assertThat(letter.firstFailureNanos()).isEqualTo(100);
            assertThat(letter.timeNanos()).isEqualTo(200);
            assertThat(records.isEvent(letter.record(), 9)).isTrue();

            assertThat(reader.next(letter)).isTrue();
            assertThat(letter.id()).isEqualTo(2);
            assertThat(letter.reason()).isEqualTo(DeadLetterReason.MALFORMED);
            assertThat(letter.consumer()).isEmpty();
            assertThat(letter.error()).isEmpty();
            assertThat(letter.record().type()).isEqualTo(RecordType.RAW);
            assertThat(letter.record().payload()).isEqualTo(garbage);

            assertThat(reader.next(letter)).isFalse();
            assertThat(reader.place()).contains(".cq4 at byte");
        }
    }

    @Test
    void shouldKeepTheFirstErrorBesideTheLast() {
        try (DeadLetterLog log = DeadLetterLog.open(dir(), new JournalSettings())) {
            final int length = records.event(9, 50);
            log.append(
                    DeadLetterReason.RETRIES_EXHAUSTED,
                    "c",
                    4,
                    100,
                    200,
                    "first ż" + "x".repeat(9_000),
                    "last ź",
                    records.buffer(),
                    0,
                    length);
        }
        final DeadLetter letter = new DeadLetter();
        try (DeadLetterReader reader = DeadLetterReader.open(dir())) {
            assertThat(reader.next(letter)).isTrue();
            assertThat(letter.consumer()).isEqualTo("c");
            assertThat(letter.firstError()).startsWith("first żx").hasSize(8_191);
            assertThat(letter.error()).isEqualTo("last ź");
            assertThat(records.isEvent(letter.record(), 9)).isTrue();
        }
    }

    private void writeVersion1() {
        final byte[] name = "billing".getBytes(UTF_8);
        final byte[] error = "no such account".getBytes(UTF_8);
        final LogDirectory directory = LogDirectory.openForWriting(dir(), Frame.KIND_DEAD_LETTERS);
        try (ExcerptWriter writer =
                ExcerptWriter.open(dir(), Frame.KIND_DEAD_LETTERS, new JournalSettings(), directory)) {
            final int length = records.event(9, 50);
            final int total = 48 + name.length + error.length + length;
            final int at = writer.claim(total);
            final MutableDirectBuffer to = writer.buffer();
            to.setMemory(at + 4, 44, (byte) 0);
            to.putInt(at, total, LITTLE_ENDIAN);
            to.putByte(at + 8, (byte) 1);
            to.putByte(at + 9, (byte) DeadLetterReason.RETRIES_EXHAUSTED.code());
            to.putShort(at + 10, (short) name.length, LITTLE_ENDIAN);
            to.putInt(at + 12, 4, LITTLE_ENDIAN);
            to.putLong(at + 16, 1, LITTLE_ENDIAN);
            to.putInt(at + 40, error.length, LITTLE_ENDIAN);
            to.putInt(at + 44, length, LITTLE_ENDIAN);
            to.putBytes(at + 48, name);
            to.putBytes(at + 48 + name.length, error);
            to.putBytes(at + total - length, records.buffer(), 0, length);
            writer.commit(total, 1);
            writer.flush();
        }
    }

    @Test
    void shouldReadWhatVersion1Wrote() {
        writeVersion1();
        try (DeadLetterLog log = DeadLetterLog.open(dir(), new JournalSettings())) {
            append(log, 10, "c", "e");
        }
        final DeadLetter letter = new DeadLetter();
        try (DeadLetterReader reader = DeadLetterReader.open(dir())) {
            assertThat(reader.next(letter)).isTrue();
            assertThat(letter.consumer()).isEqualTo("billing");
            assertThat(letter.firstError()).isEmpty();
            assertThat(letter.error()).isEqualTo("no such account");
            assertThat(letter.attempts()).isEqualTo(4);
            assertThat(records.isEvent(letter.record(), 9)).isTrue();
            assertThat(reader.next(letter)).isTrue();
            assertThat(letter.id()).isEqualTo(2);
            assertThat(letter.error()).isEqualTo("e");
        }
    }

    @Test
    void shouldNumberOnAfterReopening() {
        for (int i = 1; i <= 4; i++) {
            try (DeadLetterLog log = DeadLetterLog.open(dir(), new JournalSettings())) {
                assertThat(log.lastId()).isEqualTo((i - 1) * 3L);
                for (int j = 0; j < 3; j++) {
                    append(log, i, "c", "e");
                }
            }
        }
        final DeadLetter letter = new DeadLetter();
        try (DeadLetterReader reader = DeadLetterReader.open(dir())) {
            for (long id = 1; id <= 12; id++) {
                assertThat(reader.next(letter)).isTrue();
                assertThat(letter.id()).isEqualTo(id);
            }
            assertThat(reader.next(letter)).isFalse();
        }
    }

    @Test
    void shouldKeepLongErrorsShortAndLargeRecordsWhole() {
        try (DeadLetterLog log = DeadLetterLog.open(dir(), new JournalSettings())) {
            append(log, 1, "ź".repeat(5_000), "x" + "ź".repeat(10_000));
            log.append(DeadLetterReason.OVERSIZE, "c", 1, 1, 1, "e", records.buffer(), 0, records.event(2, 1 << 20));
        }
        final DeadLetter letter = new DeadLetter();
        try (DeadLetterReader reader = DeadLetterReader.open(dir())) {
            assertThat(reader.next(letter)).isTrue();
            assertThat(letter.consumer()).isEqualTo("ź".repeat(512));
            assertThat(letter.error()).isEqualTo("x" + "ź".repeat(4_095));
            assertThat(reader.next(letter)).isTrue();
            assertThat(records.isEvent(letter.record(), 2)).isTrue();
        }
    }

    @Test
    void shouldSealRatherThanKeepAnythingButRecords() {
        try (DeadLetterLog log = DeadLetterLog.open(dir(), new JournalSettings())) {
            final UnsafeBuffer junk = new UnsafeBuffer(new byte[100]);
            assertThatThrownBy(() -> log.append(DeadLetterReason.LATE, "c", 0, 0, 0, "", junk, 0, 100))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("no record");
            assertThatThrownBy(log::flush).isInstanceOf(JournalException.class);
        }
    }

    @Test
    void shouldRefuseAJournalAndWhatIsMissing() {
        assertThatThrownBy(() -> DeadLetterReader.open(dir()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("does not exist");
        Records.write(dir(), 1, 3);
        assertThatThrownBy(() -> DeadLetterReader.open(dir())).hasMessageContaining("\"ringline journal 1\"");
        assertThatThrownBy(() -> DeadLetterLog.open(dir(), new JournalSettings()))
                .hasMessageContaining("\"ringline journal 1\"");
    }
}
