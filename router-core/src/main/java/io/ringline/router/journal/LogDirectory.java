package io.ringline.router.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a journal or of dead letters: a marker file that says which, a lock file for the one writer, and
 * Chronicle's files. Readers open neither lock nor anything for writing.
 */
final class LogDirectory implements AutoCloseable {
    private static final String MARKER = "ringline.log";
    private static final String NEW_MARKER = "ringline.log.new";
    private static final String LOCK = "ringline.lock";
    private static final int MAX_MARKER_BYTES = 64;
    private static final int MARKER_VERSION = 1;
    private static final Pattern CYCLE_FILE = Pattern.compile("\\d{8}-\\d{2}F\\.cq4");

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuuMMdd-HH", Locale.ROOT);
    private static final int HOUR_CHARS = 11;

    private final FileChannel lockFile;

    private LogDirectory(final FileChannel lockFile) {
        this.lockFile = lockFile;
    }

    /** Creates the directory where it is missing, refuses one that is not ours, and keeps other writers out. */
    static LogDirectory openForWriting(final File dir, final int kind) {
        try {
            create(dir.toPath());
            refuseForeign(dir, kind);
            final FileChannel lockFile = lock(dir);
            try {
                writeMarker(dir.toPath(), kind);
                return new LogDirectory(lockFile);
            } catch (final IOException | RuntimeException ex) {
                lockFile.close();
                throw ex;
            }
        } catch (final IOException | UnsupportedOperationException ex) {
            throw new JournalException(
                    "cannot write " + name(kind) + " in " + dir + " (" + ex + "): give a directory that this user may"
                            + " create and write",
                    ex);
        }
    }

    /** Refuses what is no journal, before a reader looks at its files; changes nothing. */
    static void checkForReading(final File dir, final int kind) {
        if (!dir.isDirectory()) {
            throw new JournalException("there is no " + name(kind) + " in " + dir + ": "
                    + (dir.exists() ? "it is not a directory" : "it does not exist"));
        }
        final String found = readMarker(dir);
        if (found == null) {
            throw new JournalException("there is no " + name(kind) + " in " + dir + ": it has no file " + MARKER
                    + "; give the directory that the router writes");
        }
        checkMarker(dir, kind, found);
    }

    /** Chronicle's data files by time, oldest first. */
    static String[] cycleFiles(final File dir) {
        final String[] names =
                dir.list((parent, name) -> CYCLE_FILE.matcher(name).matches());
        if (names == null) {
            throw new JournalException("cannot list " + dir + ": give a directory that this user may read");
        }
        Arrays.sort(names);
        return names;
    }

    /** When the hour begins that a data file is named after. @return milliseconds since the epoch. */
    static long hourMillis(final String cycleFile) {
        return LocalDateTime.parse(cycleFile.substring(0, HOUR_CHARS), HOUR)
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }

    /** Takes a file's rights from all but its owner, where the file system knows owners. */
    static void ownerOnly(final Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (final IOException | UnsupportedOperationException ignored) {
            // The directory is closed to others already; this is the second lock on the door.
        }
    }

    static String name(final int kind) {
        return kind == Frame.KIND_JOURNAL ? "journal" : "dead-letters";
    }

    private static void create(final Path dir) throws IOException {
        if (Files.isDirectory(dir)) {
            return;
        }
        final Path parent = dir.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        // Asked of the file system: Files.getFileStore fails in a chroot whose root is no mount point.
        if (dir.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(
                    dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(dir);
        }
    }

    private static void refuseForeign(final File dir, final int kind) throws IOException {
        final String found = readMarker(dir);
        if (found != null) {
            checkMarker(dir, kind, found);
            return;
        }
        final Set<String> ours = Set.of(LOCK, NEW_MARKER); // left by a process that died right here
        try (var files = Files.list(dir.toPath())) {
            final List<String> foreign = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !ours.contains(name))
                    .limit(1)
                    .toList();
            if (!foreign.isEmpty()) {
                throw new JournalException("will not write " + name(kind) + " in " + dir + ": it holds "
                        + foreign.get(0) + " and no Ringline data; give an empty or a new directory");
            }
        }
    }

    private static FileChannel lock(final File dir) throws IOException {
        final Path path = dir.toPath().resolve(LOCK);
        final FileChannel channel = FileChannel.open(path, CREATE, WRITE);
        ownerOnly(path);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (final OverlappingFileLockException ignored) {
            // Held by this very process: said below, as for another one.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new JournalException(dir + " is being written by another router: stop it, or give another directory");
        }
        return channel;
    }

    private static void writeMarker(final Path dir, final int kind) throws IOException {
        final Path marker = dir.resolve(MARKER);
        if (Files.exists(marker)) {
            return;
        }
        final Path fresh = dir.resolve(NEW_MARKER);
        Files.writeString(fresh, marker(kind));
        ownerOnly(fresh);
        Files.move(fresh, marker, ATOMIC_MOVE);
    }

    private static String marker(final int kind) {
        return "ringline " + name(kind) + " " + MARKER_VERSION + "\n";
    }

    private static @Nullable String readMarker(final File dir) {
        final Path marker = dir.toPath().resolve(MARKER);
        if (!Files.exists(marker)) {
            return null;
        }
        try (var in = Files.newInputStream(marker)) {
            return new String(in.readNBytes(MAX_MARKER_BYTES), UTF_8);
        } catch (final IOException ex) {
            throw new JournalException("cannot read " + marker + " (" + ex + "): check that this user may", ex);
        }
    }

    private static void checkMarker(final File dir, final int kind, final String found) {
        if (!found.equals(marker(kind))) {
            throw new JournalException(dir + " holds \"" + printable(found) + "\", not \""
                    + marker(kind).strip() + "\": give the directory of the " + name(kind)
                    + ", or use the release that wrote it");
        }
    }

    private static String printable(final String text) {
        return text.strip().replaceAll("[^\\x20-\\x7E]", "?");
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (final IOException ignored) {
            // Nothing was written to it; its end lets go of the lock in any case.
        }
    }
}
