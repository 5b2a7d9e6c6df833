package io.ringline.router.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarksTest {
    private static final int EVENTS = 200;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Records records = new Records();

    private long[] randomMarks(final int words) {
        final long[] marks = new long[words];
        final int some = random.nextInt(4);
        for (int i = 0; i < some && words > 0; i++) {
            marks[random.nextInt(words)] |= 1L << random.nextInt(64);
        }
        if (random.nextInt(10) == 0) {
            for (int i = 0; i < words; i++) {
                marks[i] = random.nextLong();
            }
        }
        return marks;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 63, 64, 65, 130, 300})
    void eachRecordHasThoseThatItWasWrittenWith(final int words) {
        System.out.println("MarksTest seed " + seed);
        final List<long[]> written = new ArrayList<>();
        try (ChronicleJournal journal = ChronicleJournal.open(temp.toFile(), Records.settings())) {
            for (int i = 1; i <= EVENTS; i++) {
                if (i % 20 == 0) {
                    journal.append(records.buffer(), 0, records.gap(i, 2), new long[words]);
                }
                final long[] marks = randomMarks(i % 50 == 0 ? 0 : words); // now and then without
                written.add(marks);
                journal.append(records.buffer(), 0, records.event(i, i * 37 % 300), marks);
            }
        }
        final EventRecord into = new EventRecord();
        try (JournalReader reader = JournalReader.open(temp.toFile())) {
            for (int i = 1; i <= EVENTS; ) {
                assertThat(reader.next(into)).isTrue();
                final boolean gap = into.type() == RecordType.GAP;
                final long[] expected = gap ? new long[0] : written.get(i - 1);
                for (int word = 0; word < words + 2; word++) {
                    assertThat(reader.marks(word))
                            .as("seed %d: event %d, word %d", seed, i, word)
                            .isEqualTo(word < expected.length ? expected[word] : 0);
                }
                if (!gap) {
                    assertThat(records.isEvent(into, i)).isTrue();
                    i++;
                }
            }
            assertThat(reader.next(into)).isFalse();
        }
        assertThat(JournalVerifier.verify(temp.toFile()).problem()).isNull();
        try (ChronicleJournal journal = ChronicleJournal.open(temp.toFile(), Records.settings())) {
            assertThat(journal.lastGlobalSequence()).isEqualTo(EVENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 70})
    void everyChangedByteIsFound(final int words) throws IOException {
        try (ChronicleJournal journal = ChronicleJournal.open(temp.toFile(), Records.settings())) {
            for (int i = 1; i <= 5; i++) {
                journal.append(records.buffer(), 0, records.event(i, 21), randomMarks(words));
            }
        }
        final String name = Records.dataFiles(temp.toFile()).get(0).getName();
        try (RandomAccessFile file = new RandomAccessFile(temp.resolve(name).toFile(), "rw");
                CycleFile excerpts = new CycleFile(temp.toFile(), name, Frame.KIND_JOURNAL)) {
            assertThat(excerpts.advance()).isEqualTo(CycleFile.Step.FRAME);
            final long end = excerpts.framePosition() + excerpts.frameLength();
            for (long at = excerpts.framePosition(); at < end; at++) {
                file.seek(at);
                final int old = file.read();
                file.seek(at);
                file.write(old ^ (1 + random.nextInt(255)));
                assertThatThrownBy(() -> Records.readAll(temp.toFile()))
                        .as("seed %d: byte %d", seed, at)
                        .isInstanceOf(JournalDamagedException.class);
                file.seek(at);
                file.write(old);
            }
        }
        assertThat(Records.readAll(temp.toFile())).isEqualTo(5);
    }

    @Test
    void fewOfVeryManyTakeLittleRoom() {
        final long[] marks = new long[160]; // of 10,240 consumers
        marks[17] = 1;
        marks[159] = 6;
        assertThat(Marks.length(marks)).isEqualTo((3 + 2) * Long.BYTES);
    }
}
