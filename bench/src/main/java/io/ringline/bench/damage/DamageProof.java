package io.ringline.bench.damage;

import io.ringline.router.journal.JournalDamagedException;
import io.ringline.router.journal.JournalException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The proof {@code damage}: every byte of a small journal and of small dead letters is changed, one at a time, and each of their
 * files is cut off at every length. Then either a reader reports that with its place, after nothing but right records, or it
 * reads every record as it was written, which is allowed only where nothing of ours was touched: Chronicle's own head and
 * indexes, and room that is not used.
 *
 * <p>All ways to read are tried: from the first record, from any, verify, list, a repair without writing; now and then one that
 * writes. The short form takes all bytes of our own and a sample of the others.
 */
public final class DamageProof {
    /** Changes of each byte. */
    public static final int SHORT_ROUNDS = 1;
    /** Changes of each byte. */
    public static final int LONG_ROUNDS = 2;

    private static final int SHORT_SAMPLE = 1_000; // of each file, and of the lengths it is cut off at
    private static final int WORD_BYTES = 4;
    private static final String MARKER = "ringline.log";

    private final DamagedLog log;
    private final Path dir;
    private final Random random;
    private final int rounds;
    private final boolean brief;
    private long changes;
    private long cuts;
    private long reported;

    private DamageProof(
            final DamagedLog log, final Path dir, final Random random, final int rounds, final boolean brief) {
        this.log = log;
        this.dir = dir;
        this.random = random;
        this.rounds = rounds;
        this.brief = brief;
    }

    /**
     * Damages both kinds of log.
     *
     * @param seed   decides what bytes are changed to, and what the short form takes.
     * @param rounds changes of each byte, from 1.
     * @param brief  whether only a sample is taken of what is not ours.
     * @return 0 where the proof holds, else 1, after what was damaged and how to have it again.
     * @throws IOException where the temporary directory cannot be written.
     */
    public static int run(final long seed, final int rounds, final boolean brief) throws IOException {
        final Path temp = Files.createTempDirectory("ringline-damage");
        try {
            for (final DamagedLog log : List.of(new DamagedJournal(temp), new DamagedLetters())) {
                final Path dir = temp.resolve("log");
                final DamageProof proof = new DamageProof(log, dir, new Random(seed), rounds, brief);
                proof.run(temp.resolve("whole"));
                System.out.printf(
                        "prove damage: %s: %,d changed bytes, %,d cuts: %,d reported with their place, all else read as it was"
                                + " written; seed %d%n",
                        log.name(), proof.changes, proof.cuts, proof.reported, seed);
                delete(temp.resolve("whole"));
                delete(dir);
            }
            return 0;
        } catch (final AssertionError | RuntimeException failure) {
            failure.printStackTrace();
            System.err.printf(
                    "prove damage: failed; again with: scripts/prove damage%s --rounds %d --seed %d%n",
                    brief ? " --short" : "", rounds, seed);
            return 1;
        } finally {
            delete(temp);
        }
    }

    private void run(final Path whole) throws IOException {
        log.write(whole.toFile());
        Files.createDirectory(dir);
        Files.copy(whole.resolve(MARKER), dir.resolve(MARKER));
        final List<DataFile> files = new ArrayList<>();
        for (final String name : names(whole)) {
            files.add(DataFile.copy(whole.resolve(name), dir.resolve(name)));
        }
        DamagedLog.check(
                log.read(dir.toFile()).equals(new DamagedLog.Outcome(log.entries(), null)), "the copy is not whole");
        for (final DataFile file : files) {
            change(file);
            cut(file, files.indexOf(file) == files.size() - 1);
        }
        marker();
    }

    private static List<String> names(final Path whole) {
        return Stream.of(whole.toFile().list())
                .filter(name -> name.endsWith(".cq4"))
                .sorted()
                .toList();
    }

    private void change(final DataFile file) throws IOException {
        try (RandomAccessFile data = new RandomAccessFile(file.path().toFile(), "rw")) {
            for (final int at : places(file)) {
                for (final int mask : masks(file, at)) {
                    final int changed = file.bytes()[at] ^ mask;
                    write(data, at, changed);
                    final String what =
                            String.format("byte %d of %s changed to 0x%02x", at, file.name(), changed & 0xFF);
                    judge(what, file, file.isOurs(at), at);
                    write(data, at, file.bytes()[at]);
                    changes++;
                }
            }
        }
    }

    private static void write(final RandomAccessFile data, final int at, final int value) throws IOException {
        data.seek(at);
        data.write(value);
    }

    /** What a byte is changed by. Of the words that lead from one excerpt to the next each bit counts for itself. */
    private int[] masks(final DataFile file, final int at) {
        if (file.isWord(at)) {
            return brief
                    ? IntStream.range(0, Byte.SIZE).map(bit -> 1 << bit).toArray()
                    : IntStream.range(1, 256).toArray();
        }
        return random.ints(rounds, 1, 256).toArray();
    }

    /** All places, or in brief the first, those of ours, words, and a sample. Highest first. */
    private List<Integer> places(final DataFile file) {
        final double part = brief ? (double) SHORT_SAMPLE / file.bytes().length : 1;
        final List<Integer> places = new ArrayList<>();
        for (int at = file.bytes().length - 1; at >= 0; at--) {
            if (at == 0 || file.isOurs(at) || file.isWord(at) || random.nextDouble() < part) {
                places.add(at);
            }
        }
        return places;
    }

    private void cut(final DataFile file, final boolean isNewest) throws IOException {
        try (RandomAccessFile data = new RandomAccessFile(file.path().toFile(), "rw")) {
            for (final int length : places(file)) {
                data.setLength(length);
                // Of the newest file nothing can be said while it is empty: a writer may be about to make it.
                final boolean mustTell = length < file.end() + WORD_BYTES && (length > 0 || !isNewest);
                judge(String.format("%s cut off at %d bytes", file.name(), length), file, mustTell, length);
                cuts++;
            }
        }
        Files.write(file.path(), file.bytes());
        DamagedLog.check(log.read(dir.toFile()).failure() == null, "the file was not put back");
    }

    private void judge(final String what, final DataFile file, final boolean mustTell, final int at) {
        final DamagedLog.Outcome outcome = read(what);
        final JournalException failure = outcome.failure();
        if (failure == null) {
            DamagedLog.check(!mustTell, what + ", and nobody noticed: " + outcome.read() + " entries were read");
            DamagedLog.check(
                    outcome.read() == log.entries() || at == 0,
                    what + ", and " + outcome.read() + " entries were read without a word on the others");
            return;
        }
        reported++;
        DamagedLog.check(
                failure instanceof JournalDamagedException damage
                        && damage.file().equals(file.name())
                        && damage.byteOffset() >= 0
                        && damage.byteOffset() <= file.bytes().length + WORD_BYTES
                        && damage.place().startsWith(file.name() + " at byte "),
                what + ", and the report has another place: " + failure);
    }

    private DamagedLog.Outcome read(final String what) {
        try {
            final DamagedLog.Outcome outcome = log.read(dir.toFile());
            log.readOtherwise(dir.toFile(), outcome, random);
            return outcome;
        } catch (final AssertionError | RuntimeException | InternalError failure) {
            throw new AssertionError(what, failure);
        }
    }

    /** The file that says what the directory holds: every change of it is refused. */
    private void marker() throws IOException {
        final Path marker = dir.resolve(MARKER);
        final byte[] bytes = Files.readAllBytes(marker);
        for (int i = 0; i < 2 * bytes.length; i++) {
            final byte[] changed = i < bytes.length ? bytes.clone() : Arrays.copyOf(bytes, i - bytes.length);
            if (i < bytes.length) {
                changed[i] ^= (byte) (1 + random.nextInt(255));
                changes++;
            } else {
                cuts++;
            }
            Files.write(marker, changed);
            final String what = MARKER + " is " + Arrays.toString(changed);
            final JournalException failure = read(what).failure();
            DamagedLog.check(
                    failure != null && String.valueOf(failure.getMessage()).contains(dir.toString()),
                    what + ", and the report is " + failure);
            reported++;
        }
        Files.write(marker, bytes);
    }

    private static void delete(final Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                for (final File file :
                        all.sorted(Comparator.reverseOrder()).map(Path::toFile).toList()) {
                    Files.deleteIfExists(file.toPath());
                }
            }
        }
    }
}
