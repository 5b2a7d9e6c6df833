package io.ringline.router.journal;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordCheck;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what files a journal has, without reading them through. Safe beside a running router. */
public final class JournalFiles {
    private JournalFiles() {}

    /**
     * Looks at each file.
     *
     * @param dir that {@link ChronicleJournal} writes.
     * @return oldest first.
     * @throws JournalException where there is no journal, or it cannot be read.
     */
    public static List<JournalFile> list(final File dir) {
        LogDirectory.checkForReading(dir, Frame.KIND_JOURNAL);
        final List<JournalFile> files = new ArrayList<>();
        for (final String name : LogDirectory.cycleFiles(dir)) {
            try (CycleFile file = new CycleFile(dir, name, Frame.KIND_JOURNAL)) {
                files.add(new Look().at(file));
            } catch (final FileNotFoundException gone) {
                if (new File(dir, name).exists()) {
                    throw unreadable(dir, name, gone);
                }
            } catch (final IOException failure) {
                throw unreadable(dir, name, failure);
            }
        }
        return files;
    }

    /**
     * The last event's number in the journal, by a look at its newest file.
     *
     * @param dir that {@link ChronicleJournal} writes.
     * @return from 1; 0 for an empty journal.
     * @throws JournalDamagedException where the end of the journal is not sound.
     * @throws JournalException        where there is no journal.
     */
    public static long lastGlobalSequence(final File dir) {
        return ChronicleJournal.lastEvent(dir);
    }

    private static JournalException unreadable(final File dir, final String name, final IOException failure) {
        return new JournalException(
                "cannot read " + new File(dir, name) + " (" + failure + "): check that this user may", failure);
    }

    /** One file's figures while they are gathered. */
    private static final class Look {
        private final FrameEntries entries = new FrameEntries();
        private final EventRecord record = new EventRecord();
        private long first;
        private long last;
        private long firstNanos;
        private long lastNanos;
        private long excerpts;

        JournalFile at(final CycleFile file) throws IOException {
            @Nullable String problem = null;
            try {
                long before = -1;
                while (file.advance(excerpts > 0) == CycleFile.Step.FRAME) {
                    if (excerpts++ == 0) {
                        records(file);
                    }
                    before = file.framePosition();
                }
                if (excerpts > 1) {
                    file.returnTo(before);
                    file.advance();
                    records(file);
                }
            } catch (final JournalDamagedException damage) {
                problem = damage.getMessage();
            }
            return new JournalFile(
                    file.name(),
                    LogDirectory.hourMillis(file.name()),
                    first,
                    last,
                    firstNanos,
                    lastNanos,
                    excerpts,
                    file.dataEnd(),
                    file.length(),
                    problem);
        }

        private void records(final CycleFile file) throws IOException {
            entries.begin(file);
            while (entries.hasNext()) {
                entries.take();
                final int at = file.frameAt() + entries.entryOffset();
                final String problem = RecordCheck.problem(file.window(), at, entries.entryLength());
                if (problem != null) {
                    throw file.damaged(entries.entryOffset(), problem);
                }
                record.wrap(file.window(), at);
                if (record.type() == RecordType.EVENT) {
                    last = record.globalSequence();
                    lastNanos = record.ingressNanos();
                    if (first == 0) {
                        first = last;
                        firstNanos = lastNanos;
                    }
                }
            }
        }
    }
}
