package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the excerpts of one Chronicle file with plain reads. Chronicle's framing is a 32-bit word before each
 * excerpt, aligned to 4: 0 where none has been published yet, bit 31 for incomplete, bit 30 for Chronicle's own data,
 * the rest is the length; {@code 0xC0000000} closes the file. Everything else of Chronicle's (indexes, write
 * positions) is skipped, so nothing in it can mislead.
 *
 * <p>A writer may be at work on the same file. Bytes that were read ahead may be older than the word that publishes
 * them; so whatever looks wrong or like the end is read once more, word first, before it counts.
 */
final class CycleFile implements AutoCloseable {
    enum Step {
        /** An excerpt of ours: see {@link #frameAt()}. */
        FRAME,
        /** No more for now. */
        END,
        /** No more, ever: the writer went on to the next file. */
        CLOSED
    }

    private static final int WINDOW_BYTES = 256 << 10;
    /** For an excerpt's head, where no more is wanted. */
    private static final int HEAD_BYTES = 512;

    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int META_DATA = 0x4000_0000;
    private static final int CLOSED_FILE = NOT_COMPLETE | META_DATA;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final int WORD_BYTES = 4;
    /** An index of Chronicle's takes 32 KiB with our roll cycle. */
    private static final int MAX_META_BYTES = 1 << 20;
    /** Whatever a changed word hides, the excerpt after it starts within this. */
    private static final int SEARCH_BYTES = JournalSettings.MAX_EXCERPT_BYTES + MAX_META_BYTES;

    private final String name;
    private final int kind;
    private final RandomAccessFile file;
    private final CRC32C crc = new CRC32C();
    private final byte[] word = new byte[WORD_BYTES];
    private final UnsafeBuffer wordBuffer = new UnsafeBuffer(word);
    private final UnsafeBuffer window = new UnsafeBuffer(0, 0);
    private byte[] bytes = new byte[0];
    private long windowPosition;
    private int windowLength;
    private long position; // of the excerpt's word
    private long next;
    private int frameLength;
    private long excerpt;
    private long searchedFrom = -1;
    private long startedAt; // byte of the word before the excerpt that is counted as the first
    private int readAhead = WINDOW_BYTES;
    private boolean headOnly;
    private long bytesRead;

    CycleFile(final File dir, final String name, final int kind) throws IOException {
        this.name = name;
        this.kind = kind;
        file = new RandomAccessFile(new File(dir, name), "r");
    }

    String name() {
        return name;
    }

    /** Where the current excerpt stands in the file. */
    String place() {
        return name + " at byte " + position + " (excerpt " + excerpt
                + (startedAt == 0 ? " of the file)" : " from byte " + startedAt + " on)");
    }

    long framePosition() {
        return position + WORD_BYTES;
    }

    /** Where the current frame starts in {@link #window()}, as long as no other step is taken. */
    int frameAt() {
        return (int) (framePosition() - windowPosition);
    }

    int frameLength() {
        return frameLength;
    }

    UnsafeBuffer window() {
        return window;
    }

    byte[] bytes() {
        return bytes;
    }

    /** How much was read. @return bytes, those that were read again included. */
    long bytesRead() {
        return bytesRead;
    }

    /** Whether there is not one byte in it. */
    boolean isEmpty() throws IOException {
        return file.length() == 0;
    }

    /** How long the file is. @return bytes, room that nothing is written to yet included. */
    long length() throws IOException {
        return file.length();
    }

    /** Where the data ends, as far as was read. @return bytes. */
    long dataEnd() {
        return next;
    }

    /** Has the first step find the excerpt whose frame stands here. */
    void startAt(final long framePosition) {
        next = framePosition - WORD_BYTES;
        startedAt = next;
    }

    /** Goes to the next excerpt of ours. */
    Step advance() throws IOException {
        return advance(false);
    }

    /** Goes to the next excerpt of ours. @param head whether not to read more of it than that: {@link #reload()} reads all. */
    Step advance(final boolean head) throws IOException {
        headOnly = head;
        readAhead = head ? HEAD_BYTES : WINDOW_BYTES;
        position = next;
        boolean fresh = false;
        while (true) {
            final int header = fresh ? freshWord(position) : word(position);
            if (header == CLOSED_FILE) {
                return Step.CLOSED;
            }
            if (header == 0 || (header & NOT_COMPLETE) != 0) {
                if (fresh && isEnd(header)) {
                    return Step.END;
                }
                fresh = true;
                continue;
            }
            final int length = header & LENGTH_MASK;
            final boolean meta = (header & META_DATA) != 0;
            final String problem = meta ? metaProblem(length) : frameProblem(length);
            if (problem == null) {
                next = (position + WORD_BYTES + length + 3) & ~3L;
                if (!meta) {
                    frameLength = length;
                    excerpt++;
                    return Step.FRAME;
                }
                position = next;
                fresh = false;
            } else if (fresh) {
                excerpt++;
                throw damaged(0, problem);
            } else {
                fresh = true;
            }
        }
    }

    /** Has the next step find the excerpt whose frame stands here. */
    void returnTo(final long framePosition) {
        next = framePosition - WORD_BYTES;
        excerpt--;
    }

    /** Reads the current frame again, as it is now. */
    void reload() throws IOException {
        readAhead = WINDOW_BYTES;
        windowLength = 0;
        if (!available(framePosition(), frameLength)) {
            throw damaged(0, "torn: the file ends inside the excerpt");
        }
    }

    JournalDamagedException damaged(final int frameOffset, final String problem) {
        return new JournalDamagedException(
                name,
                framePosition() + frameOffset,
                place() + ", byte " + frameOffset + " of the excerpt",
                problem,
                null);
    }

    private @Nullable String frameProblem(final int length) throws IOException {
        if (length > JournalSettings.MAX_EXCERPT_BYTES || length < Frame.HEADER_BYTES) {
            return "an excerpt of " + length + " bytes that Ringline did not write";
        }
        if (!available(framePosition(), headOnly ? Frame.HEADER_BYTES : length)
                || (headOnly && framePosition() + length > file.length())) {
            return "torn: an excerpt of " + length + " bytes, and the file ends inside it";
        }
        return Frame.problem(window, bytes, frameAt(), length, framePosition(), kind, crc);
    }

    private @Nullable String metaProblem(final int length) throws IOException {
        if (length > MAX_META_BYTES) {
            return "an index of " + length + " bytes, larger than any of Chronicle's";
        }
        if (!available(framePosition(), length)) {
            return "torn: an index of " + length + " bytes, and the file ends inside it";
        }
        final int at = frameAt();
        return findFrame(at, at + length, -1) < 0 ? null : "an excerpt of events that is marked as an index";
    }

    /** Whether nothing was published at or after the current place; a word that changes meanwhile means no. */
    private boolean isEnd(final int header) throws IOException {
        if ((header & LENGTH_MASK) != 0) {
            excerpt++;
            throw damaged(0, "an excerpt that is marked incomplete, though its length is there");
        }
        if (searchedFrom == position) {
            return true;
        }
        final long size = file.length();
        if (size > 0 && size < framePosition()) {
            // Chronicle makes a file larger before it writes there: a whole one has room for the next word.
            excerpt++;
            throw damaged(0, "torn: the file ends here, at byte " + size + ", where more was expected");
        }
        final long found = standing(framePosition(), framePosition() + SEARCH_BYTES, framePosition());
        if (freshWord(position) != header) {
            return false;
        }
        if (found >= 0) {
            excerpt++;
            throw damaged(0, "the data ends here, yet another excerpt stands at byte " + found);
        }
        searchedFrom = position;
        return true;
    }

    /** A frame that stands where it was written, other than one that may be being written; -1 for none. */
    private long standing(final long first, final long limit, final long except) throws IOException {
        final long size = Math.min(file.length(), limit);
        long from = first;
        while (from + Frame.HEADER_BYTES <= size) {
            final int length = (int) Math.min(WINDOW_BYTES, size - from);
            windowLength = 0;
            if (!available(from, length)) {
                return -1;
            }
            final int at = findFrame(0, windowLength, except);
            if (at >= 0) {
                return windowPosition + at;
            }
            from += length - (long) Frame.HEADER_BYTES; // both multiples of 4, so every place is looked at
            if (length < WINDOW_BYTES) {
                return -1;
            }
        }
        return -1;
    }

    /**
     * After damage, or at an end that is none: goes to the next excerpt that stands where it was written, here or further on,
     * whatever the words between say.
     */
    boolean resync() throws IOException {
        headOnly = false;
        readAhead = WINDOW_BYTES;
        final long here = framePosition();
        long found = standing(here, Long.MAX_VALUE, -1);
        while (found >= 0) {
            position = found - WORD_BYTES;
            final int length = available(found, Frame.HEADER_BYTES) ? Frame.length(window, frameAt()) : 0;
            if (frameProblem(length) == null) {
                take(length);
                return true;
            }
            found = standing(found + WORD_BYTES, Long.MAX_VALUE, -1);
        }
        return false;
    }

    /** At the end: whether an excerpt stands further on, as it was written. */
    boolean isFollowed() throws IOException {
        return standing(framePosition(), Long.MAX_VALUE, framePosition()) >= 0;
    }

    /** After damage: whether an excerpt stands here as it was written, whatever the word before it says. */
    boolean standsHere() throws IOException {
        return available(framePosition(), Frame.HEADER_BYTES)
                && Frame.standsAt(window, bytes, frameAt(), framePosition(), crc);
    }

    /** After damage: takes for an excerpt what its word says is one, whatever its header says. @return whether it may be. */
    boolean takeUnheaded() throws IOException {
        headOnly = false;
        readAhead = WINDOW_BYTES;
        final int header = freshWord(position);
        final int length = header & LENGTH_MASK;
        if ((header & CLOSED_FILE) != 0
                || length < Frame.MIN_BYTES
                || length > JournalSettings.MAX_EXCERPT_BYTES
                || !available(framePosition(), length)) {
            return false;
        }
        take(length);
        return true;
    }

    private void take(final int length) {
        frameLength = length;
        next = (framePosition() + length + 3) & ~3L;
        excerpt++;
    }

    private int findFrame(final int from, final int to, final long except) {
        for (int at = from; at + Frame.HEADER_BYTES <= to; at += WORD_BYTES) {
            final long place = windowPosition + at;
            if (bytes[at] != 0 && place != except && Frame.standsAt(window, bytes, at, place, crc)) {
                return at;
            }
        }
        return -1;
    }

    private int word(final long at) throws IOException {
        return available(at, WORD_BYTES) ? window.getInt((int) (at - windowPosition), LITTLE_ENDIAN) : 0;
    }

    private int freshWord(final long at) throws IOException {
        windowLength = 0;
        if (read(at, word, WORD_BYTES) < WORD_BYTES) {
            return 0;
        }
        return wordBuffer.getInt(0, LITTLE_ENDIAN);
    }

    /** Has the window cover a range, which is never longer than {@link JournalSettings#MAX_EXCERPT_BYTES}. */
    private boolean available(final long at, final int length) throws IOException {
        if (at >= windowPosition && at + length <= windowPosition + windowLength) {
            return true;
        }
        if (at + length > file.length()) {
            return false;
        }
        final int wanted = Math.max(WINDOW_BYTES, length);
        if (bytes.length < wanted) {
            bytes = new byte[wanted];
            window.wrap(bytes);
        }
        windowPosition = at;
        windowLength = read(at, bytes, Math.max(readAhead, length));
        return windowLength >= length;
    }

    private int read(final long at, final byte[] into, final int length) throws IOException {
        file.seek(at);
        int done = 0;
        while (done < length) {
            final int n = file.read(into, done, length - done);
            if (n < 0) {
                break;
            }
            done += n;
        }
        bytesRead += done;
        return done;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
