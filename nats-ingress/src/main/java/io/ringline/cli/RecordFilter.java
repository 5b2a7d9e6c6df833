package io.ringline.cli;

import io.ringline.router.record.Event;
import io.ringline.router.record.RecordType;
import io.ringline.router.subject.Pattern;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted.
 *
 * @param subjects     any of which must match; null for one that was refused.
 * @param anySubject   whether the subject does not matter.
 * @param aggregates   one of which it must be; empty for any.
 * @param sinceNanos   since the epoch, inclusive.
 * @param untilNanos   since the epoch, exclusive; {@code Long.MAX_VALUE} for no end.
 * @param fromSequence lowest globalSequence; 0 for any, and for none.
 * @param limit        how many at most; the one who reads counts.
 */
record RecordFilter(
        List<@Nullable Pattern> subjects,
        boolean anySubject,
        List<Key> aggregates,
        long sinceNanos,
        long untilNanos,
        long fromSequence,
        long limit) {
    /**
     * An aggregate.
     *
     * @param isId whether the text is an id, too.
     * @param id   that.
     * @param keys what else it may stand for.
     */
    record Key(boolean isId, long id, List<byte[]> keys) {
        boolean is(final Event event) {
            if (event.aggregateIsId()) {
                return isId && id == event.aggregateId();
            }
            return keys.stream().anyMatch(key -> isAt(key, event));
        }

        private static boolean isAt(final byte[] key, final Event event) {
            if (key.length == 0 || key.length != event.aggregateLength()) {
                return false;
            }
            final DirectBuffer buffer = event.buffer();
            for (int i = 0; i < key.length; i++) {
                if (buffer.getByte(event.aggregateOffset() + i) != key[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The same, however many there are. */
    RecordFilter unlimited() {
        return new RecordFilter(subjects, anySubject, aggregates, sinceNanos, untilNanos, fromSequence, Long.MAX_VALUE);
    }

    /** Whether subject or aggregate matter, which only the records tell. */
    boolean needsRecords() {
        return !anySubject || !aggregates.isEmpty();
    }

    /** Whether a record of a time is wanted. A gap has no subject, and is wanted where that does not matter. */
    boolean isWanted(final Event event, final long timeNanos) {
        return isWanted(timeNanos)
                && (fromSequence == 0 || event.globalSequence() >= fromSequence)
                && (anySubject || matches(event))
                && (aggregates.isEmpty() || isOneOf(event));
    }

    private boolean isWanted(final long timeNanos) {
        return timeNanos >= sinceNanos && (timeNanos < untilNanos || untilNanos == Long.MAX_VALUE);
    }

    private boolean matches(final Event event) {
        if (event.type() != RecordType.EVENT) {
            return false;
        }
        for (final Pattern pattern : subjects) {
            if (pattern != null && pattern.matches(event.buffer(), event.subjectOffset(), event.subjectLength())) {
                return true;
            }
        }
        return false;
    }

    private boolean isOneOf(final Event event) {
        if (event.type() == RecordType.RAW) {
            return false;
        }
        for (final Key aggregate : aggregates) {
            if (aggregate.is(event)) {
                return true;
            }
        }
        return false;
    }
}
