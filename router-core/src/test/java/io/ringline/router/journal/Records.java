package io.ringline.router.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Records for tests, whose every byte follows from their number. */
final class Records {
    static final String SUBJECT = "event.graph.7.node.added";

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 12]);
    private final EventRecord record = new EventRecord();

    /** Writes an event at 0. @return its length. */
    int event(final long sequence, final int payloadLength) {
        final byte[] subject = SUBJECT.getBytes(UTF_8);
        room(EventRecord.HEADER_BYTES + subject.length + payloadLength);
        final int length = record.wrap(buffer, 0)
                .init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_ID, subject.length, 0, 0, payloadLength);
        record.aggregateId(7)
                .aggregateSequence(sequence)
                .globalSequence(sequence)
                .ingressNanos(sequence * 1_000);
        buffer.putBytes(record.subjectOffset(), subject);
        for (int i = 0; i < payloadLength; i++) {
            buffer.putByte(record.payloadOffset() + i, (byte) (sequence * 31 + i));
        }
        return length;
    }

    private void room(final int bytes) {
        if (buffer.capacity() < bytes) {
            buffer.wrap(new byte[bytes]);
        }
    }

    /** Writes a gap at 0. @return its length. */
    int gap(final long nextGlobalSequence, final int missing) {
        final int length = record.wrap(buffer, 0).init(RecordType.GAP, RecordFlags.AGGREGATE_IS_ID, 0, 0, 0, 0);
        record.aggregateId(7)
                .aggregateSequence(3)
                .globalSequence(nextGlobalSequence)
                .gap(missing);
        return length;
    }

    /** Writes bytes that were no event at 0. @return their record's length. */
    int raw(final byte[] bytes) {
        room(EventRecord.HEADER_BYTES + bytes.length);
        final int length = record.wrap(buffer, 0).init(RecordType.RAW, 0, 0, 0, 0, bytes.length);
        buffer.putBytes(record.payloadOffset(), bytes);
        return length;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    void append(final Journal journal, final long sequence, final int payloadLength) {
        final int length = event(sequence, payloadLength);
        journal.append(buffer, 0, length);
    }

    /** Whether a record is the very event of that number. */
    boolean isEvent(final EventRecord found, final long sequence) {
        final int length = event(sequence, found.payloadLength());
        if (found.length() != length || found.globalSequence() != sequence) {
            return false;
        }
        for (int i = EventRecord.VERSION_OFFSET; i < length; i++) {
            if (found.buffer().getByte(found.offset() + i) != buffer.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    /** Settings with a clock that stands still, so that all is in one file whatever the hour. */
    static JournalSettings settings() {
        return new JournalSettings().clockMillis(() -> 1_700_000_000_000L);
    }

    /** Writes events first to last, each with its payload's length by {@code number * 37 % 300}. */
    static void write(final File dir, final long first, final long last) {
        final Records records = new Records();
        try (ChronicleJournal journal = ChronicleJournal.open(dir, settings())) {
            for (long i = first; i <= last; i++) {
                records.append(journal, i, (int) (i * 37 % 300));
                if (i % 5 == 0) {
                    journal.flush();
                }
            }
        }
    }

    /** Reads from the first and checks each. @return the last number. */
    static long readAll(final File dir) {
        final Records records = new Records();
        final EventRecord into = new EventRecord();
        try (JournalReader reader = JournalReader.open(dir)) {
            long last = 0;
            while (reader.next(into)) {
                if (!records.isEvent(into, ++last)) {
                    throw new AssertionError("a wrong record as event " + last + ": " + into + " at " + reader.place());
                }
            }
            return last;
        }
    }

    static List<File> dataFiles(final File dir) {
        final List<File> files = new ArrayList<>();
        for (final String name : LogDirectory.cycleFiles(dir)) {
            files.add(new File(dir, name));
        }
        return files;
    }

    /** Copies the marker and, of each data file, no more than the start: the rest of them is a hole. */
    static void copy(final File from, final File to, final int bytes) {
        try {
            Files.createDirectories(to.toPath());
            for (final File file : java.util.Objects.requireNonNull(from.listFiles())) {
                try (var in = Files.newInputStream(file.toPath())) {
                    Files.write(to.toPath().resolve(file.getName()), in.readNBytes(bytes));
                }
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
