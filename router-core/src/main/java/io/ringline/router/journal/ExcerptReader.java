package io.ringline.router.journal;

import java.io.File;
import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the entries of all files of a directory in order, and checks each. Opens nothing for writing and takes no
 * lock. Whatever goes wrong is a {@link JournalDamagedException}, thrown again by every later call.
 */
final class ExcerptReader implements AutoCloseable {
    private final File dir;
    private final int kind;
    private final FrameEntries entries = new FrameEntries();
    private @Nullable CycleFile file;
    private @Nullable JournalDamagedException damage;
    private long excerpts;
    private long bytesBefore; // read from files before this one

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
        entries.clear();
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
            while (endsBefore(number)) {
                if (bytesRead() >= until) {
                    return false;
                }
                if (!step(true)) {
                    throw damaged("number " + number + " is missing: nothing follows");
                }
            }
            current().reload(); // of which there may be the head only
            return true;
        } catch (final IOException | RuntimeException | InternalError ex) {
            throw damaged(ex);
        }
    }

    /** Leaves out excerpts that end before a number, of which there may be none yet. @return whether one does not. */
    boolean seek(final long number) {
        if (damage != null) {
            throw damage;
        }
        try {
            while (endsBefore(number)) {
                if (!step(true)) {
                    return false;
                }
            }
            current().reload();
            return true;
        } catch (final IOException | RuntimeException | InternalError ex) {
            throw damaged(ex);
        }
    }

    private boolean endsBefore(final long number) {
        // Of its entries, each an event or a gap before one, the last has at most this number less one.
        return entries.isEmpty() || base() + entries.count() <= number;
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
            while (!entries.hasNext()) {
                entries.end();
                if (!step(false)) {
                    return false;
                }
            }
            entries.take();
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
        return current().frameAt() + entries.entryOffset();
    }

    int length() {
        return entries.entryLength();
    }

    /** Number of the current excerpt's first entry. */
    long base() {
        return Frame.base(buffer(), current().frameAt());
    }

    /** A word of the current entry's marks; 0 where it has none. */
    long marks(final int word) {
        return entries.marks(word);
    }

    /** Whether the current entry is the first of its excerpt. */
    boolean atFrameStart() {
        return entries.taken() == 1;
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
        return file == null ? 0 : file.framePosition() + entries.entryOffset();
    }

    /** Name of the file that the reader is in; empty before the first. */
    String fileName() {
        return file == null ? "" : file.name();
    }

    String place() {
        return file == null
                ? "the start of " + dir
                : file.place() + ", byte " + entries.entryOffset() + " of the excerpt";
    }

    /** Stops the reader here. @return what to throw. */
    JournalDamagedException damaged(final String problem) {
        return damaged(damage(problem, null));
    }

    private JournalDamagedException damaged(final Throwable ex) {
        damage = ex instanceof JournalDamagedException known ? known : damage("it cannot be read (" + ex + ")", ex);
        return damage;
    }

    private JournalDamagedException damage(final String problem, final @Nullable Throwable cause) {
        return new JournalDamagedException(fileName(), position(), place(), problem, cause);
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
            if (file != null && file.isEmpty()) {
                throw file.damaged(
                        0, "the file is empty, though " + later + " follows it: it was cut off, or its making");
            }
            close();
            bytesBefore = bytesRead();
            file = new CycleFile(dir, later, kind);
        }
    }

    private boolean isFrame(final CycleFile in, final boolean headOnly) throws IOException {
        entries.clear();
        if (in.advance(headOnly) != CycleFile.Step.FRAME) {
            return false;
        }
        entries.begin(in);
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
