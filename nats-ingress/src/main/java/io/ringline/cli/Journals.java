package io.ringline.cli;

import io.ringline.router.journal.JournalDamagedException;
import io.ringline.router.journal.JournalFiles;
import io.ringline.router.journal.JournalReader;
import io.ringline.router.record.Event;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the commands on a journal share. */
final class Journals {
    private Journals() {}

    /** Takes records. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes one, an event or a gap.
         *
         * @param reader says where it is.
         * @return whether to go on.
         */
        boolean onRecord(EventRecord record, JournalReader reader);
    }

    /**
     * Hands out the records that are wanted, up to as many, or up to the first damage. Events before the first that is wanted
     * are passed over without being read.
     *
     * @param bar shows how many events were looked at.
     * @return the damage as a message, or null where there is none.
     */
    static @Nullable String visit(
            final File dir, final RecordFilter filter, final ProgressBar bar, final Visitor visitor) {
        final EventRecord record = new EventRecord();
        try (JournalReader reader = open(dir, filter.fromSequence())) {
            long wanted = 0;
            long first = -1;
            boolean more = true;
            while (more && reader.next(record)) {
                if (first < 0) {
                    first = record.globalSequence();
                    total(dir, first, bar);
                }
                bar.at(record.globalSequence() - first + 1);
                if (filter.isWanted(record, record.ingressNanos())) {
                    more = visitor.onRecord(record, reader) && ++wanted < filter.limit();
                }
            }
            return null;
        } catch (final JournalDamagedException damaged) {
            return damaged.getMessage();
        } finally {
            bar.done();
        }
    }

    private static JournalReader open(final File dir, final long fromSequence) {
        return fromSequence > 1 ? JournalReader.openFrom(dir, fromSequence) : JournalReader.open(dir);
    }

    /** Tells a bar how many events there are from one on, where it is shown. */
    static void total(final File dir, final long first, final ProgressBar bar) {
        if (bar.isShown()) {
            try {
                bar.total(JournalFiles.lastGlobalSequence(dir) - first + 1);
            } catch (final JournalDamagedException toldLater) {
                bar.total(0); // by the reader that comes to it
            }
        }
    }

    /** One record as a line, without its end. */
    static void line(final JsonBytes to, final EventJson json, final EventRecord record, final Format format) {
        if (format == Format.text) {
            to.raw(text(record).getBytes(StandardCharsets.UTF_8));
        } else if (record.type() == RecordType.GAP) {
            gap(to, json, record);
        } else {
            json.delivery(to, null, record);
        }
    }

    private static String text(final EventRecord record) {
        final String aggregate = isOfSource(record) ? "(source)" : Json.printable(record.aggregate(), 100);
        if (record.type() == RecordType.GAP) {
            return String.format(
                    "%-10d %-30s given up: %s#%d, %d in all",
                    record.globalSequence(),
                    LogTime.instant(record.ingressNanos()),
                    aggregate,
                    firstMissing(record),
                    record.gap());
        }
        return String.format(
                "%-10d %-30s %s  %s#%d  %d bytes%s",
                record.globalSequence(),
                LogTime.instant(record.ingressNanos()),
                Json.printable(record.subject(), 200),
                Json.printable(record.aggregate(), 100),
                record.aggregateSequence(),
                record.payloadLength(),
                record.gap() > 0 ? "  after a gap of " + record.gap() : "");
    }

    private static boolean isOfSource(final Event record) {
        return record.type() == RecordType.GAP && (record.flags() & RecordFlags.SOURCE_GAP) != 0;
    }

    private static long firstMissing(final Event gap) {
        return isOfSource(gap) ? gap.sourceSequence() : gap.aggregateSequence();
    }

    private static void gap(final JsonBytes line, final EventJson json, final EventRecord record) {
        if (isOfSource(record)) {
            line.raw("{\"gapRecord\":{\"of\":\"source\"".getBytes(StandardCharsets.US_ASCII));
        } else {
            line.raw("{\"gapRecord\":{\"aggregate\":".getBytes(StandardCharsets.US_ASCII));
            json.aggregate(line, record);
        }
        line.raw(",\"firstMissing\":".getBytes(StandardCharsets.US_ASCII)).number(firstMissing(record));
        line.raw(",\"missing\":".getBytes(StandardCharsets.US_ASCII)).number(record.gap());
        line.raw(",\"globalSequence\":".getBytes(StandardCharsets.US_ASCII)).number(record.globalSequence());
        line.raw('}').raw('}');
    }
}
