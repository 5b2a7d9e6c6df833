package io.ringline.router.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.record.EventRecord;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalRepairTest {
    private static final int EVENTS = 23; // excerpts of five, see Records
    private static final int WORD_BYTES = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> said = new ArrayList<>();
    private final List<long[]> excerpts = new ArrayList<>(); // position of the frame, length
    private File dir = new File("");
    private int outs;

    @BeforeEach
    void writeSmallJournal() throws IOException {
        final File whole = temp.resolve("whole").toFile();
        dir = temp.resolve("damaged").toFile();
        Records.write(whole, 1, EVENTS);
        try (CycleFile file =
                new CycleFile(whole, Records.dataFiles(whole).get(0).getName(), Frame.KIND_JOURNAL)) {
            while (file.advance() == CycleFile.Step.FRAME) {
                excerpts.add(new long[] {file.framePosition(), file.frameLength()});
            }
            Records.copy(whole, dir, (int) file.dataEnd() + 8_192);
        }
        assertThat(excerpts).hasSize(5);
    }

    private File out() {
        return temp.resolve("out" + outs).toFile();
    }

    private JournalRepair.Result repair(final long from) {
        said.clear();
        outs++;
        return JournalRepair.repair(dir, out(), from, said::add);
    }

    private void flip(final long at) {
        try (RandomAccessFile file = new RandomAccessFile(Records.dataFiles(dir).get(0), "rw")) {
            file.seek(at);
            final int old = file.read();
            file.seek(at);
            file.write(old ^ (1 + random.nextInt(255)));
        } catch (final IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, byte[]> contents(final File of) throws IOException {
        final Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(of.toPath())) {
            for (final Path file : files.toList()) {
                contents.put(file.toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void shouldCopyAWholeJournal() {
        final JournalRepair.Result found = repair(1);
        assertThat(said).isEmpty();
        assertThat(found).isEqualTo(new JournalRepair.Result(EVENTS, 0, 1, EVENTS, 0, 0, 0, 0));
        assertThat(Records.readAll(out())).isEqualTo(EVENTS);
        assertThat(Records.dataFiles(out()).get(0).getName())
                .as("the hour that it was written in")
                .isEqualTo(Records.dataFiles(dir).get(0).getName());
    }

    @Test
    void shouldLoseNothingToADamagedWordOrHeader() {
        for (final long[] excerpt : excerpts) {
            for (final int offset : new int[] {-4, -3, -2, -1, 0, 4, 5, 6, 7, 8, 12, 16, 24, 32, 35}) {
                Records.copy(temp.resolve("whole").toFile(), dir, (int) dataEnd() + 8_192);
                flip(excerpt[0] + offset);
                final JournalRepair.Result found = repair(1);
                assertThat(found.events()).as("seed %d: %s", seed, said).isEqualTo(EVENTS);
                assertThat(found.problems()).isPositive();
                assertThat(said.get(0)).contains(".cq4 at byte ");
                assertThat(Records.readAll(out())).isEqualTo(EVENTS);
                assertThat(JournalVerifier.verify(out()).isClean()).isTrue();
            }
        }
    }

    private long dataEnd() {
        final long[] last = excerpts.get(excerpts.size() - 1);
        return last[0] + last[1];
    }

    @Test
    void shouldEndBeforeALostEventAndSayWhatIsLeftOut() throws IOException {
        flip(excerpts.get(1)[0] + Frame.HEADER_BYTES + EventRecord.AGGREGATE_ID_OFFSET); // of event 6
        final Map<String, byte[]> before = contents(dir);
        final JournalRepair.Result found = repair(1);
        assertThat(found).isEqualTo(new JournalRepair.Result(5, 0, 1, 5, 13, 11, EVENTS, 3));
        assertThat(said).hasSize(3);
        assertThat(said.get(0)).contains(".cq4 at byte ").contains("does not match its checksum");
        assertThat(said.get(1)).contains("5 records of the excerpt cannot be read");
        assertThat(said.get(2)).contains("events 6 to 10 are lost");
        assertThat(Records.readAll(out())).isEqualTo(5);
        final Map<String, byte[]> after = contents(dir);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, bytes) -> assertThat(after.get(name)).isEqualTo(bytes));
        try (ChronicleJournal journal = ChronicleJournal.open(out(), Records.settings())) {
            new Records().append(journal, 6, 100);
        }
        assertThat(Records.readAll(out())).isEqualTo(6);
    }

    @Test
    void shouldTakeOverWhatFollowsLostEventsWhereAsked() {
        flip(excerpts.get(1)[0] + Frame.HEADER_BYTES + EventRecord.AGGREGATE_ID_OFFSET);
        final JournalRepair.Result found = repair(11);
        assertThat(found.events()).isEqualTo(13);
        assertThat(found.firstGlobalSequence()).isEqualTo(11);
        assertThat(found.lastGlobalSequence()).isEqualTo(EVENTS);
        final JournalVerification rest = JournalVerifier.verify(out());
        assertThat(rest.isClean()).as(String.valueOf(rest.problem())).isTrue();
        assertThat(rest.firstGlobalSequence()).isEqualTo(11);
        try (ChronicleJournal journal = ChronicleJournal.open(out(), Records.settings())) {
            assertThat(journal.lastGlobalSequence()).isEqualTo(EVENTS);
        }
    }

    @Test
    void shouldTellWhatIsLostOfWhatIsAskedFor() {
        flip(excerpts.get(1)[0] + Frame.HEADER_BYTES + EventRecord.AGGREGATE_ID_OFFSET); // events 6 to 10
        assertThat(JournalRepair.repair(dir, null, 8, said::add).firstGlobalSequence())
                .isEqualTo(11);
        assertThat(said).last().asString().contains("events 8 to 10 are lost");
        said.clear();
        assertThat(JournalRepair.repair(dir, null, EVENTS + 5, said::add).events())
                .isZero();
        assertThat(said).last().asString().contains("no event from " + (EVENTS + 5) + " on is there");
    }

    @Test
    void shouldOnlyTellWhereNothingIsToBeWritten() {
        flip(excerpts.get(0)[0]);
        final JournalRepair.Result found = JournalRepair.repair(dir, null, 1, said::add);
        assertThat(found.events()).isEqualTo(EVENTS);
        assertThat(said).hasSize(1);
        assertThat(temp.toFile().list()).containsExactlyInAnyOrder("whole", "damaged");
    }

    @Test
    void shouldKeepMarksAndGaps() {
        final File marked = temp.resolve("marked").toFile();
        final Records records = new Records();
        final long[] many = new long[70];
        many[3] = 5;
        many[69] = 7;
        try (ChronicleJournal journal = ChronicleJournal.open(marked, Records.settings())) {
            journal.append(records.buffer(), 0, records.event(1, 10), many);
            journal.append(records.buffer(), 0, records.gap(2, 4), many);
            journal.append(records.buffer(), 0, records.event(2, 10), new long[] {9});
            records.append(journal, 3, 10);
        }
        final JournalRepair.Result found =
                JournalRepair.repair(marked, temp.resolve("again").toFile(), 1, said::add);
        assertThat(said).isEmpty();
        assertThat(found.gaps()).isEqualTo(1);
        final EventRecord into = new EventRecord();
        try (JournalReader reader = JournalReader.open(temp.resolve("again").toFile())) {
            assertThat(reader.next(into)).isTrue();
            assertThat(reader.marks(3)).isEqualTo(5);
            assertThat(reader.marks(69)).isEqualTo(7);
            assertThat(reader.next(into)).isTrue();
            assertThat(into.gap()).isEqualTo(4);
            assertThat(reader.next(into)).isTrue();
            assertThat(reader.marks(0)).isEqualTo(9);
            assertThat(reader.next(into)).isTrue();
            assertThat(reader.marks(0)).isZero();
            assertThat(reader.next(into)).isFalse();
        }
    }

    @Test
    void shouldRefuseWhatExistsAndWhatLiesInTheJournal() throws IOException {
        Files.createDirectory(temp.resolve("there"));
        assertThatThrownBy(() -> JournalRepair.repair(dir, temp.resolve("there").toFile(), 1, said::add))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("it exists");
        assertThatThrownBy(() -> JournalRepair.repair(dir, new File(dir, "new"), 1, said::add))
                .hasMessageContaining("stays as it is");
        Files.createDirectory(temp.resolve("half.unfinished"));
        assertThatThrownBy(() -> JournalRepair.repair(dir, temp.resolve("half").toFile(), 1, said::add))
                .hasMessageContaining("half.unfinished");
        assertThat(dir.list()).doesNotContain("new");
    }

    @Test
    void shouldTellAnEmptyFileBeforeAnotherOne() throws IOException {
        Files.createFile(dir.toPath().resolve("20200101-00F.cq4"));
        assertThat(repair(1).events()).isEqualTo(EVENTS);
        assertThat(said).containsExactly("20200101-00F.cq4 at byte 0: the file is empty, though another one follows");
        Files.createFile(dir.toPath().resolve("20991231-00F.cq4"));
        assertThat(repair(1).problems()).isEqualTo(2);
        assertThat(said).last().asString().contains("20991231-00F.cq4 at byte 0: the file is empty");
    }

    @Test
    void shouldRefuseAJournalOfANewerVersion() throws IOException {
        Files.writeString(dir.toPath().resolve("ringline.log"), "ringline journal 2\n");
        assertThatThrownBy(() -> repair(1)).isInstanceOf(JournalException.class).hasMessageContaining("journal 2");
        assertThat(out()).doesNotExist();
    }

    @Test
    void shouldWriteASoundJournalWhateverTheBytesAre() throws IOException {
        final File data = Records.dataFiles(dir).get(0);
        final byte[] start = Files.readAllBytes(data.toPath());
        for (int i = 0; i < 40; i++) {
            final byte[] bytes = start.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                final int from = (int) (excerpts.get(0)[0] - WORD_BYTES)
                        + random.nextInt((int) (dataEnd() - excerpts.get(0)[0]));
                final int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 4 : 800), bytes.length - from);
                for (int j = from; j < from + length; j++) {
                    bytes[j] = (byte) (random.nextBoolean() ? 0 : random.nextInt(256));
                }
            }
            Files.write(data.toPath(), bytes);
            final JournalRepair.Result found = repair(1);
            final JournalVerification verified = JournalVerifier.verify(out());
            assertThat(verified.isClean())
                    .as("seed %d, round %d: %s", seed, i, verified.problem())
                    .isTrue();
            assertThat(verified.events()).isEqualTo(found.events());
            if (found.firstGlobalSequence() == 1) {
                assertThat(Records.readAll(out())).as("seed %d", seed).isEqualTo(found.events());
            }
        }
    }
}
