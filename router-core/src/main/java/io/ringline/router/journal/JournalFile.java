package io.ringline.router.journal;

import org.jspecify.annotations.Nullable;

/**
 * One of the files that a journal consists of, by a look at the heads of its excerpts and the records of its first and last one.
 *
 * @param name                without its directory.
 * @param cycleMillis         when the hour begins that it is named after, milliseconds since the epoch.
 * @param firstGlobalSequence of its first event; 0 for none.
 * @param lastGlobalSequence  of its last event before the end or the problem; 0 for none.
 * @param firstNanos          when its first event was accepted, nanoseconds since the epoch; 0 for none.
 * @param lastNanos           when its last event was accepted; 0 for none.
 * @param excerpts            excerpts with records.
 * @param dataBytes           from its start to the end of its data.
 * @param fileBytes           its length: room that was set aside included, most of which takes none on disk.
 * @param problem             what stopped the look and where; null where nothing did.
 */
public record JournalFile(
        String name,
        long cycleMillis,
        long firstGlobalSequence,
        long lastGlobalSequence,
        long firstNanos,
        long lastNanos,
        long excerpts,
        long dataBytes,
        long fileBytes,
        @Nullable String problem) {}
