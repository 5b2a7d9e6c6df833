package io.ringline.router.journal;

import org.jspecify.annotations.Nullable;

/**
 * What a walk through a journal found.
 *
 * @param events              events read.
 * @param gaps                gap records read.
 * @param firstGlobalSequence of the first event; 0 for none.
 * @param lastGlobalSequence  of the last event before the end or the problem; 0 for none.
 * @param excerpts            excerpts read or begun.
 * @param bytes               of the records, without framing.
 * @param problem             what stopped the walk and where; null where the journal is whole.
 * @param damagedFile         name of the file that the problem is in, without its directory; null where the journal is whole.
 * @param damagedAt           from which byte of that file on; -1 where the journal is whole.
 */
public record JournalVerification(
        long events,
        long gaps,
        long firstGlobalSequence,
        long lastGlobalSequence,
        long excerpts,
        long bytes,
        @Nullable String problem,
        @Nullable String damagedFile,
        long damagedAt) {
    /**
     * Whether nothing is wrong.
     *
     * @return true where {@link #problem()} is null.
     */
    public boolean isClean() {
        return problem == null;
    }
}
