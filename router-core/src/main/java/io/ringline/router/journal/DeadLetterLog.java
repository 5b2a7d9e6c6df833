package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringline.router.record.DeadLetterReason;
import java.io.File;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters in a Chronicle Queue, written as {@link DeadLetter} describes. One writer at a time. Each call
 * allocates the bytes of its texts: a dead letter is the exception, not the path.
 */
public final class DeadLetterLog implements DeadLetterSink, AutoCloseable {
    private static final int MAX_CONSUMER_BYTES = 1 << 10;
    private static final int MAX_ERROR_BYTES = 8 << 10;

    private final ExcerptWriter writer;
    private long lastId;

    private DeadLetterLog(final ExcerptWriter writer, final long lastId) {
        this.writer = writer;
        this.lastId = lastId;
    }

    /**
     * Opens dead letters for writing, and creates them where they are missing (a new directory is its owner's only).
     *
     * @param dir      empty, new, or dead letters.
     * @param settings how to write.
     * @return the log, after the last dead letter in it.
     * @throws JournalDamagedException where the end of the log is not sound.
     * @throws JournalException        where it cannot be written, is being written by another, or holds other things.
     */
    public static DeadLetterLog open(final File dir, final JournalSettings settings) {
        final LogDirectory directory = LogDirectory.openForWriting(dir, Frame.KIND_DEAD_LETTERS);
        try {
            final long last = lastLetter(dir);
            return new DeadLetterLog(ExcerptWriter.open(dir, Frame.KIND_DEAD_LETTERS, settings, directory), last);
        } catch (final JournalException ex) {
            directory.close();
            throw ex;
        }
    }

    static long lastLetter(final File dir) {
        try (ExcerptReader reader = ExcerptReader.openLast(dir, Frame.KIND_DEAD_LETTERS)) {
            long last = 0;
            while (reader.next()) {
                final String problem = DeadLetter.problem(reader.buffer(), reader.offset(), reader.length());
                if (problem != null) {
                    throw reader.damaged(problem);
                }
                last = reader.buffer().getLong(reader.offset() + DeadLetter.ID_OFFSET, LITTLE_ENDIAN);
            }
            return last;
        }
    }

    @Override
    public void append(
            final DeadLetterReason reason,
            final String consumer,
            final int attempts,
            final long firstFailureNanos,
            final long timeNanos,
            final @Nullable String firstError,
            final @Nullable String error,
            final DirectBuffer record,
            final int offset,
            final int length) {
        final byte[] name = bounded(consumer, MAX_CONSUMER_BYTES);
        final byte[] first = bounded(firstError == null ? "" : firstError, MAX_ERROR_BYTES);
        final byte[] last = bounded(error == null ? "" : error, MAX_ERROR_BYTES);
        final int total = DeadLetter.HEADER_BYTES + name.length + first.length + last.length + length;
        final int at = writer.claim(total);
        final MutableDirectBuffer to = writer.buffer();
        final int body = at + DeadLetter.HEADER_BYTES;
        to.putInt(at, total, LITTLE_ENDIAN);
        to.putByte(at + DeadLetter.VERSION_OFFSET, (byte) DeadLetter.VERSION);
        to.putByte(at + DeadLetter.REASON_OFFSET, (byte) reason.code());
        to.putShort(at + DeadLetter.CONSUMER_LENGTH_OFFSET, (short) name.length, LITTLE_ENDIAN);
        to.putInt(at + DeadLetter.ATTEMPTS_OFFSET, attempts, LITTLE_ENDIAN);
        to.putLong(at + DeadLetter.ID_OFFSET, lastId + 1, LITTLE_ENDIAN);
        to.putLong(at + DeadLetter.FIRST_FAILURE_OFFSET, firstFailureNanos, LITTLE_ENDIAN);
        to.putLong(at + DeadLetter.TIME_OFFSET, timeNanos, LITTLE_ENDIAN);
        to.putInt(at + DeadLetter.ERROR_LENGTH_OFFSET, last.length, LITTLE_ENDIAN);
        to.putInt(at + DeadLetter.RECORD_LENGTH_OFFSET, length, LITTLE_ENDIAN);
        to.putInt(at + DeadLetter.FIRST_ERROR_LENGTH_OFFSET, first.length, LITTLE_ENDIAN);
        to.putInt(at + DeadLetter.RESERVED_OFFSET, 0);
        to.putBytes(body, name);
        to.putBytes(body + name.length, first);
        to.putBytes(body + name.length + first.length, last);
        to.putBytes(at + total - length, record, offset, length);
        final String problem = DeadLetter.problem(to, at, total);
        if (problem != null) {
            throw writer.seal("bytes that are no record: " + problem, null);
        }
        writer.commit(total, ++lastId);
    }

    /** UTF-8, cut between two characters where it is too long. */
    private static byte[] bounded(final String text, final int limit) {
        final byte[] bytes = text.length() > limit ? text.substring(0, limit).getBytes(UTF_8) : text.getBytes(UTF_8);
        if (bytes.length <= limit) {
            return bytes;
        }
        int end = limit;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    @Override
    public void flush() {
        writer.flush();
    }

    /**
     * The last dead letter's number, flushed or not.
     *
     * @return from 1; 0 for none.
     */
    public long lastId() {
        return lastId;
    }

    @Override
    public void close() {
        writer.close();
    }
}
