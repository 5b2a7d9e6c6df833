package io.ringline.router.journal;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads a whole journal and says whether it is sound. Safe beside a running router. */
public final class JournalVerifier {
    /** A writer that makes a file has given it a length long before that. */
    private static final long EMPTY_FILE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LongConsumer progress;
    private final EventRecord record = new EventRecord();
    private long events;
    private long gaps;
    private long first;
    private long last;
    private long bytes;

    private JournalVerifier(final LongConsumer progress) {
        this.progress = progress;
    }

    /**
     * Walks a journal to its end or to the first damage.
     *
     * @param dir that {@link ChronicleJournal} writes.
     * @return counts and, where there is one, the problem.
     * @throws JournalException where there is no journal.
     */
    public static JournalVerification verify(final File dir) {
        return verify(dir, ignored -> {});
    }

    /**
     * The same, and says how far it is.
     *
     * @param dir      that {@link ChronicleJournal} writes.
     * @param progress is told the number of each event, on the caller's thread.
     * @return counts and, where there is one, the problem.
     * @throws JournalException where there is no journal.
     */
    public static JournalVerification verify(final File dir, final LongConsumer progress) {
        return new JournalVerifier(progress).walk(dir);
    }

    private JournalVerification walk(final File dir) {
        try (JournalReader reader = JournalReader.open(dir)) {
            @Nullable JournalDamagedException damage = null;
            try {
                while (reader.next(record)) {
                    onRecord();
                }
                checkNewestFile(dir);
            } catch (final JournalDamagedException ex) {
                damage = ex;
            }
            return new JournalVerification(
                    events,
                    gaps,
                    first,
                    last,
                    reader.excerpts(),
                    bytes,
                    damage == null ? null : damage.getMessage(),
                    damage == null ? null : damage.file(),
                    damage == null ? -1 : damage.byteOffset());
        }
    }

    private void onRecord() {
        bytes += record.length();
        if (record.type() == RecordType.GAP) {
            gaps++;
            return;
        }
        last = record.globalSequence();
        first = events++ == 0 ? last : first;
        progress.accept(last);
    }

    /** A reader takes an empty newest file for one that is being made; it is that for a moment only. */
    static void checkNewestFile(final File dir) {
        final String[] names = LogDirectory.cycleFiles(dir);
        if (names.length == 0) {
            return;
        }
        final String name = names[names.length - 1];
        final File newest = new File(dir, name);
        final long start = System.nanoTime();
        while (newest.exists() && newest.length() == 0) {
            if (System.nanoTime() - start > EMPTY_FILE_NANOS) {
                throw new JournalDamagedException(
                        name,
                        0,
                        name + " at byte 0",
                        "the file is empty: it was cut off, or its making; if it was its making, remove the file",
                        null);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
