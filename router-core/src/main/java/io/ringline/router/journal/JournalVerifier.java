package io.ringline.router.journal;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import org.jspecify.annotations.Nullable;

/** Reads a whole journal and says whether it is sound. Safe beside a running router. */
public final class JournalVerifier {
    private JournalVerifier() {}

    /**
     * Walks a journal to its end or to the first damage.
     *
     * @param dir that {@link ChronicleJournal} writes.
     * @return counts and, where there is one, the problem.
     * @throws JournalException where there is no journal.
     */
    public static JournalVerification verify(final File dir) {
        long events = 0;
        long gaps = 0;
        long first = 0;
        long last = 0;
        long bytes = 0;
        @Nullable String problem = null;
        final EventRecord record = new EventRecord();
        try (JournalReader reader = JournalReader.open(dir)) {
            try {
                while (reader.next(record)) {
                    bytes += record.length();
                    if (record.type() == RecordType.GAP) {
                        gaps++;
                        continue;
                    }
                    last = record.globalSequence();
                    first = events++ == 0 ? last : first;
                }
            } catch (final JournalDamagedException ex) {
                problem = ex.getMessage();
            }
            return new JournalVerification(events, gaps, first, last, reader.excerpts(), bytes, problem);
        }
    }
}
