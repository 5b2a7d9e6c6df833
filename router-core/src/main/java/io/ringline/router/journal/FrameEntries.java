package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Walks the entries of one excerpt, see {@link Frame}, and checks each. Reusable. Not thread-safe. */
final class FrameEntries {
    private final CRC32C crc = new CRC32C();
    private @Nullable CycleFile file;
    private int entries; // read so far
    private int count;
    private int words; // of marks behind each
    private int nextOffset = Frame.HEADER_BYTES;
    private int entryOffset;
    private int entryLength;
    private int marksLength; // of the current entry
    private boolean whole; // the current entry's bytes, whatever stands behind them

    /** Starts with the excerpt that a file stands at. */
    void begin(final CycleFile in) {
        begin(in, Frame.count(in.window(), in.frameAt()), Frame.marks(in.window(), in.frameAt()));
    }

    /** Starts with an excerpt whose header is not to be believed. */
    void begin(final CycleFile in, final int entryCount, final int marksWords) {
        clear();
        file = in;
        count = entryCount;
        words = marksWords;
    }

    /** Starts with nothing. */
    void clear() {
        file = null;
        entries = 0;
        count = 0;
        words = 0;
        entryOffset = 0;
        nextOffset = Frame.HEADER_BYTES;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    boolean hasNext() {
        return entries < count;
    }

    /** How many were taken. */
    int taken() {
        return entries;
    }

    /** Where the current one starts in the excerpt. */
    int entryOffset() {
        return entryOffset;
    }

    int entryLength() {
        return entryLength;
    }

    /** Words of marks behind the current one. */
    int words() {
        return words;
    }

    /** A word of the current one's marks; 0 where it has none. */
    long marks(final int word) {
        final CycleFile in = current();
        return Marks.word(in.window(), in.frameAt() + entryOffset + Frame.padded(entryLength), words, word);
    }

    /** Goes to the next one. */
    void take() throws IOException {
        final CycleFile in = current();
        entryOffset = nextOffset;
        String problem = problem(in);
        if (problem != null) {
            in.reload(); // read ahead of its publication, perhaps: see CycleFile
            problem = problem(in);
        }
        if (problem != null) {
            throw in.damaged(entryOffset, problem);
        }
        accept();
    }

    /**
     * After {@link #take} has thrown: takes the entry all the same, where its own bytes match their checksum.
     *
     * @return whether they do.
     */
    boolean takeWhole() {
        if (whole) {
            accept();
        }
        return whole;
    }

    private void accept() {
        nextOffset = entryOffset + Frame.padded(entryLength) + marksLength;
        entries++;
    }

    private @Nullable String problem(final CycleFile in) {
        whole = false;
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
        marksLength = Marks.length(in.window(), at + padded, left - padded, words);
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
        whole = true;
        return isZero(in, entryOffset + length, entryOffset + padded) ? null : "padding is not 0";
    }

    /** Checks what stands behind the last one. */
    void end() throws IOException {
        final CycleFile in = file;
        if (count == 0 || in == null) {
            return;
        }
        if (!isZero(in, nextOffset, in.frameLength())) {
            in.reload();
            if (!isZero(in, nextOffset, in.frameLength())) {
                throw in.damaged(nextOffset, "bytes after the last of " + count + " entries");
            }
        }
    }

    /** Whether there is nothing but zeros behind the current one. */
    boolean isAtEnd() {
        return isZero(current(), nextOffset, current().frameLength());
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

    private CycleFile current() {
        if (file == null) {
            throw new IllegalStateException("no excerpt has been begun");
        }
        return file;
    }
}
