package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.File;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.StoreFileListener;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.CloseHelper;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers entries in memory of its own and writes each batch as one Chronicle excerpt, see {@link Frame}. Seals on the
 * first failure. Single-threaded; the opening thread may be another one.
 */
final class ExcerptWriter implements AutoCloseable {
    private static final RollCycles ROLL_CYCLE = RollCycles.FAST_HOURLY;
    /** Chronicle takes excerpts of up to a quarter of it. Address space, not memory: files are sparse. */
    private static final long BLOCK_BYTES = 64L << 20;
    /** So that the entries, 36 bytes further on, are aligned to 8. */
    private static final int FRAME_AT = 4;

    private static final int ENTRIES_AT = FRAME_AT + Frame.HEADER_BYTES;
    private static final int LARGEST_ENTRY = JournalSettings.MAX_EXCERPT_BYTES - Frame.HEADER_BYTES;

    /** A reader then has a MiB or so to pass over. */
    private static final long INDEX_SPACING = 1 << 20;
    /** Of about 32 bytes each. */
    private static final int MOST_INDEXED = 1 << 16;

    private final File dir;
    private final int kind;
    private final ExcerptIndex index = new ExcerptIndex(INDEX_SPACING, MOST_INDEXED);
    private final int batchBytes;
    private final LogDirectory directory;
    private final SingleChronicleQueue queue;
    private final CRC32C crc = new CRC32C();
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private byte[] bytes;
    private int end = ENTRIES_AT;
    private int count;
    private int marks; // words of them behind each entry of the batch
    private long base;
    private @Nullable ExcerptAppender appender; // made by the writing thread: Chronicle binds it to its maker
    private @Nullable JournalException sealed;
    private boolean closed;
    private int cycle = Integer.MIN_VALUE;
    private String fileName = ""; // of the cycle

    private ExcerptWriter(
            final File dir, final int kind, final JournalSettings settings, final LogDirectory directory) {
        this.dir = dir;
        this.kind = kind;
        this.directory = directory;
        batchBytes = settings.batchBytes();
        bytes = new byte[FRAME_AT + batchBytes];
        buffer.wrap(bytes);
        final RollClock clock = new RollClock(settings.clockMillis());
        queue = SingleChronicleQueueBuilder.binary(dir)
                .rollCycle(ROLL_CYCLE)
                .blockSize(BLOCK_BYTES)
                .timeProvider(clock)
                .checkInterrupts(false) // an interrupt must not undo an excerpt that is complete
                .storeFileListener(new OwnerOnly())
                .build();
        final int newest = queue.lastCycle();
        if (newest != Integer.MIN_VALUE) {
            clock.notBefore(newest * TimeUnit.HOURS.toMillis(1));
        }
    }

    /** Opens for writing; the caller has found out before where the log ends. */
    static ExcerptWriter open(
            final File dir, final int kind, final JournalSettings settings, final LogDirectory directory) {
        try {
            final ExcerptWriter writer = new ExcerptWriter(dir, kind, settings, directory);
            LogDirectory.ownerOnly(dir.toPath().resolve("metadata.cq4t"));
            return writer;
        } catch (final RuntimeException | InternalError | AssertionError | LinkageError ex) {
            throw new JournalException(
                    "cannot write " + LogDirectory.name(kind) + " in " + dir + " (" + ex + "): check that the disk has"
                            + " room, that this user may write there, and that the JVM runs with Ringline's flags",
                    ex);
        }
    }

    /**
     * Makes room for an entry; a batch that it does not fit is written first.
     *
     * @return where in {@link #buffer()} to put it; {@link #commit} or nothing must follow.
     */
    int claim(final int length) {
        return claim(length, 0, 0);
    }

    /** The same with room for marks. @param words of them, as many for each entry of a batch. @param marksLength in bytes. */
    int claim(final int length, final int words, final int marksLength) {
        checkOpen();
        final int padded = Frame.padded(length) + marksLength;
        if (padded > LARGEST_ENTRY || words > Frame.MAX_MARKS) {
            throw seal(
                    "an entry of " + length + " bytes and " + words + " words of marks is too large, the limits are "
                            + LARGEST_ENTRY + " for both and " + Frame.MAX_MARKS + ": lower maxPayloadBytes",
                    null);
        }
        if (count > 0 && (end + padded > FRAME_AT + batchBytes || words != marks)) {
            flush();
        }
        marks = words;
        if (end + padded > bytes.length) {
            bytes = Arrays.copyOf(bytes, end + padded); // once for a larger record than ever before
            buffer.wrap(bytes);
        }
        return end;
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    /** Adds the claimed entry to the batch; its length stands in it already, the checksum is set here. */
    void commit(final int length, final long number) {
        commit(length, 0, number);
    }

    /** The same with marks, which stand behind the entry, padded, already. */
    void commit(final int length, final int marksLength, final long number) {
        final int padded = end + Frame.padded(length);
        Arrays.fill(bytes, end + length, padded, (byte) 0);
        final int covered = Frame.covered(length, marksLength);
        buffer.putInt(end + Integer.BYTES, Frame.entryCrc(bytes, end, covered, crc), LITTLE_ENDIAN);
        final int next = padded + marksLength;
        if (count++ == 0) {
            base = number;
        }
        end = next;
    }

    /** Writes the batch as one excerpt, whole or not at all. */
    void flush() {
        checkOpen();
        if (count == 0) {
            return;
        }
        try {
            write();
        } catch (final RuntimeException | InternalError | AssertionError ex) {
            throw seal("writing failed (" + ex + ")", ex);
        }
        end = ENTRIES_AT;
        count = 0;
    }

    private void write() {
        ExcerptAppender current = appender;
        if (current == null) {
            current = queue.createAppender();
            current.singleThreadedCheckDisabled(true); // closing may be another thread's, after this one has ended
            appender = current;
        }
        int length = end - FRAME_AT;
        if (length < Frame.MIN_BYTES) {
            Arrays.fill(bytes, end, FRAME_AT + Frame.MIN_BYTES, (byte) 0);
            length = Frame.MIN_BYTES;
        }
        final DocumentContext document = current.writingDocument();
        boolean whole = false;
        final long position;
        try {
            final Bytes<?> out = wire(document);
            position = out.writePosition();
            Frame.writeHeader(buffer, bytes, FRAME_AT, kind, length, count, marks, base, position, crc);
            out.write(bytes, FRAME_AT, length);
            whole = true;
        } finally {
            if (!whole) {
                document.rollbackOnClose(); // or closing would publish what there is of it
            }
            document.close();
        }
        note(current, position, length);
    }

    private void note(final ExcerptAppender written, final long position, final int length) {
        if (written.cycle() != cycle) {
            final File file = written.currentFile();
            if (file == null) {
                return;
            }
            cycle = written.cycle();
            fileName = file.getName();
        }
        index.onExcerpt(fileName, base, position, length);
    }

    /** An excerpt at or before an entry. Any thread. @return null where this process has written none. */
    ExcerptIndex.@Nullable Place before(final long number) {
        return index.before(number);
    }

    private static Bytes<?> wire(final DocumentContext document) {
        final var wire = document.wire();
        if (wire == null) {
            throw new IllegalStateException("Chronicle gave no place to write to");
        }
        return wire.bytes();
    }

    private void checkOpen() {
        if (sealed != null) {
            throw sealed;
        }
        if (closed) {
            throw new JournalException("the " + LogDirectory.name(kind) + " in " + dir + " is closed");
        }
    }

    /** Ends writing for good. @return what every later call throws. */
    JournalException seal(final String problem, final @Nullable Throwable cause) {
        final JournalException failure = new JournalException(
                "the " + LogDirectory.name(kind) + " in " + dir + " is sealed: " + problem
                        + ". Nothing more is taken; what was flushed before is kept. See to it, then start again",
                cause);
        sealed = failure;
        return failure;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            if (sealed == null) {
                flush();
            }
        } finally {
            closed = true;
            CloseHelper.closeAll(appender, queue, directory);
        }
    }

    private static final class OwnerOnly implements StoreFileListener {
        @Override
        public void onAcquired(final int cycle, final File file) {
            LogDirectory.ownerOnly(file.toPath());
        }

        @Override
        public void onReleased(final int cycle, final File file) {
            // Nothing to do: files stay.
        }
    }
}
