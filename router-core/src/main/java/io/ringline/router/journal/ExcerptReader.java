package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.File;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the entries of all files of a directory in order, and checks each. Opens nothing for writing and takes no
 * lock. Whatever goes wrong is a {@link JournalDamagedException}, thrown again by every later call.
 */
final class ExcerptReader implements AutoCloseable {
    private final File dir;
    private final int kind;
    private final CRC32C crc = new CRC32C();
    private @Nullable CycleFile file;
    private @Nullable JournalDamagedException damage;
    private long excerpts;
    private long bytesBefore; // read from files before this one
    private int entries; // of the current frame, read so far
    private int count; // of the current frame
    private int nextOffset = Frame.HEADER_BYTES; // within the current frame
    private int entryOffset;
    private int entryLength;
    private int marksLength; // of the current entry

    private ExcerptReader(final File dir, final int kind) {
        this.dir = dir;
        this.kind = kind;
    }

    static ExcerptReader open(final File dir, final int kind) {
        LogDirectory.checkForReading(dir, kind);
        return new ExcerptReader(dir, kind);
    }

    /**
     * A reader whose next entry is the first of the last excerpt; before the end where there is none. Looks at the
     * headers of the newest file that has an excerpt, not at all the data.
     */
    static ExcerptReader openLast(final File dir, final int kind) {
        final ExcerptReader reader = open(dir, kind);
        final String[] names = LogDirectory.cycleFiles(dir);
        for (int i = names.length - 1; i >= 0; i--) {
            if (reader.goToLast(names[i])) {
                break;
            }
        }
        return reader;
    }

    /**
     * A reader at a place that is known, where it still is one; else at the first excerpt of the newest file that starts with a
     * number or an earlier one, or of the first.
     */
    static ExcerptReader openAt(
            final File dir, final int kind, final long number, final ExcerptIndex.@Nullable Place place) {
        final ExcerptReader reader = open(dir, kind);
        if (place != null && reader.startsBefore(place.file(), place.framePosition(), number)) {
            return reader;
        }
        final String[] names = LogDirectory.cycleFiles(dir);
        for (int i = names.length - 1; i > 0; i--) {
            if (reader.startsBefore(names[i], 0, number)) {
                return reader;
            }
        }
        reader.file = null;
        return reader;
    }

    private boolean startsBefore(final String name, final long framePosition, final long number) {
        try {
            final CycleFile in = new CycleFile(dir, name, kind);
            file = in;
            if (framePosition > 0) {
                in.startAt(framePosition);
            }
            if (isFrame(in, false) && base() <= number) {
                return true;
            }
        } catch (final IOException | RuntimeException | InternalError toldLater) {
            // What is wrong with it is told when the reader comes to it.
        }
        close();
        count = 0;
        return false;
    }

    /**
     * Leaves out excerpts that end before a number, until so many bytes are read.
     *
     * @return whether the current excerpt is the one that has it, or would.
     */
    boolean skipTo(final long number, final int maxBytes) {
        if (damage != null) {
            throw damage;
        }
        try {
            final long until = bytesRead() + maxBytes;
            // Of its entries, each an event or a gap before one, the last has at most this number less one.
            while (count == 0 || base() + count <= number) {
                if (bytesRead() >= until) {
                    return false;
                }
                if (!step(true)) {
                    throw new JournalDamagedException(
                            place(), "number " + number + " is missing: nothing follows", null);
                }
            }
            current().reload(); // of which there may be the head only
            return true;
        } catch (final IOException | RuntimeException | InternalError ex) {
            throw damaged(ex);
        }
    }

    private boolean goToLast(final String name) {
        try {
            close();
            file = new CycleFile(dir, name, kind);
            long last = -1;
            while (isFrame(file, false)) {
                last = file.framePosition();
            }
            if (last >= 0) {
                file.returnTo(last);
            }
            return last >= 0 && isFrame(file, false);
        } catch (final IOException | RuntimeException | InternalError ex) {
            close();
            throw damaged(ex);
        }
    }

    /** Goes to the next entry. @return false where there is none now. */
    boolean next() {
        if (damage != null) {
            throw damage;
        }
        try {
            while (entries == count) {
                endFrame();
                if (!step(false)) {
                    return false;
                }
            }
            takeEntry();
            return true;
        } catch (final IOException | RuntimeException | InternalError ex) {
            throw damaged(ex);
        }
    }

    /** Memory that holds the entry, good until the next call. */
    UnsafeBuffer buffer() {
        return current().window();
    }

    int offset() {
        return current().frameAt() + entryOffset;
    }

    int length() {
        return entryLength;
    }

    /** Number of the current excerpt's first entry. */
    long base() {
        return Frame.base(buffer(), current().frameAt());
    }

    /** A word of the current entry's marks; 0 where it has none. */
    long marks(final int word) {
        final CycleFile in = current();
        return Marks.word(in.window(), in.frameAt() + entryOffset + Frame.padded(entryLength), marks(in), word);
    }

    private static int marks(final CycleFile in) {
        return Frame.marks(in.window(), in.frameAt());
    }

    /** Whether the current entry is the first of its excerpt. */
    boolean atFrameStart() {
        return entries == 1;
    }

    long excerpts() {
        return excerpts;
    }

    /** Bytes that were read from files. */
    long bytesRead() {
        return bytesBefore + (file == null ? 0 : file.bytesRead());
    }

    /** File offset of the current entry. */
    long position() {
        return file == null ? 0 : file.framePosition() + entryOffset;
    }

    String place() {
        return file == null ? "the start of " + dir : file.place() + ", byte " + entryOffset + " of the excerpt";
    }

    /** Stops the reader here. @return what to throw. */
    JournalDamagedException damaged(final String problem) {
        return damaged(new JournalDamagedException(place(), problem, null));
    }

    private JournalDamagedException damaged(final Throwable ex) {
        damage = ex instanceof JournalDamagedException known
                ? known
                : new JournalDamagedException(place(), "it cannot be read (" + ex + ")", ex);
        return damage;
    }

    private CycleFile current() {
        if (file == null) {
            throw new IllegalStateException("no entry has been read");
        }
        return file;
    }

    private boolean step(final boolean headOnly) throws IOException {
        while (true) {
            if (file != null && isFrame(file, headOnly)) {
                return true;
            }
            final String later = laterFile();
            if (later == null) {
                return false;
            }
            // The list is younger than the look at the current file: its writer may have added to it before it went on.
            if (file != null && isFrame(file, headOnly)) {
                return true;
            }
            close();
            bytesBefore = bytesRead();
            file = new CycleFile(dir, later, kind);
        }
    }

    private boolean isFrame(final CycleFile in, final boolean headOnly) throws IOException {
        entries = 0;
        count = 0;
        entryOffset = 0;
        nextOffset = Frame.HEADER_BYTES;
        if (in.advance(headOnly) != CycleFile.Step.FRAME) {
            return false;
        }
        count = Frame.count(in.window(), in.frameAt());
        excerpts++;
        return true;
    }

    private @Nullable String laterFile() {
        for (final String name : LogDirectory.cycleFiles(dir)) {
            if (file == null || name.compareTo(file.name()) > 0) {
                return name;
            }
        }
        return null;
    }

    private void takeEntry() throws IOException {
        final CycleFile in = current();
        entryOffset = nextOffset;
        String problem = entryProblem(in);
        if (problem != null) {
            in.reload(); // read ahead of its publication, perhaps: see CycleFile
            problem = entryProblem(in);
        }
        if (problem != null) {
            throw in.damaged(entryOffset, problem);
        }
        nextOffset = entryOffset + Frame.padded(entryLength) + marksLength;
        entries++;
    }

    private @Nullable String entryProblem(final CycleFile in) {
        final int left = in.frameLength() - entryOffset;
        if (left < Frame.ENTRY_PREFIX_BYTES) {
            return "torn: entry " + (entries + 1) + " of " + count + " is missing";
        }
        final int at = in.frameAt() + entryOffset;
        final int length = in.window().getInt(at, LITTLE_ENDIAN);
        if (length < Frame.ENTRY_PREFIX_BYTES || length > left || Frame.padded(length) > left) {
            return "torn: an entry of " + length + " bytes where " + left + " are left";
        }
        final int padded = Frame.padded(length);
        marksLength = Marks.length(in.window(), at + padded, left - padded, marks(in));
        if (marksLength < 0) {
            return "torn: marks behind an entry of " + length + " bytes where " + left + " are left";
        }
        final int stored = in.window().getInt(at + Integer.BYTES, LITTLE_ENDIAN);
        final int computed = Frame.entryCrc(in.bytes(), at, Frame.covered(length, marksLength), crc);
        if (stored != computed) {
            return "an entry of " + length + " bytes does not match its checksum (" + Integer.toHexString(stored)
                    + " stored, " + Integer.toHexString(computed) + " computed)";
        }
        entryLength = length;
        return isZero(in, entryOffset + length, entryOffset + padded) ? null : "padding is not 0";
    }

    private void endFrame() throws IOException {
        if (count == 0 || file == null) {
            return;
        }
        if (!isZero(file, nextOffset, file.frameLength())) {
            file.reload();
            if (!isZero(file, nextOffset, file.frameLength())) {
                throw file.damaged(nextOffset, "bytes after the last of " + count + " entries");
            }
        }
    }

    private static boolean isZero(final CycleFile in, final int from, final int to) {
        final int at = in.frameAt();
        for (int i = at + from; i < at + to; i++) {
            if (in.bytes()[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (final IOException ignored) {
                // It was open for reading only: nothing is lost.
            }
        }
    }
}
