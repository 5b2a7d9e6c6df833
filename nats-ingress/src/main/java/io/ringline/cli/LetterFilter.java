package io.ringline.cli;

import io.ringline.router.journal.DeadLetter;
import io.ringline.router.record.DeadLetterReason;
import java.util.Set;

/**
 * Which dead letters are wanted.
 *
 * @param records   what their events must be; their times are those at which they were given up.
 * @param consumers one of which they failed for; empty for any.
 * @param reasons   one of which they have.
 * @param anyReason whether the reason does not matter.
 */
record LetterFilter(RecordFilter records, Set<String> consumers, Set<DeadLetterReason> reasons, boolean anyReason) {
    boolean isWanted(final DeadLetter letter) {
        return (anyReason || reasons.contains(letter.reason()))
                && (consumers.isEmpty() || consumers.contains(letter.consumer()))
                && records.isWanted(letter.record(), letter.timeNanos());
    }
}
