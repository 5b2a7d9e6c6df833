package io.ringline.cli;

import io.ringline.router.journal.DeadLetter;
import io.ringline.router.journal.DeadLetterReader;
import io.ringline.router.journal.JournalDamagedException;
import io.ringline.router.record.Event;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the commands on dead letters share. */
final class DeadLetters {
    private DeadLetters() {}

    /** Takes dead letters. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes one.
         *
         * @return whether to go on.
         */
        boolean onDeadLetter(DeadLetter letter);
    }

    /** The directory, given in one of two ways. */
    static File directory(final @Nullable File given, final @Nullable File option) {
        final File dir = given == null ? option : given;
        if (dir == null || given != null && option != null) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "give the dead letters' directory, once: DIR or --dead-letters DIR");
        }
        return dir;
    }

    /** The same, gathered with what else is wrong. */
    static File directory(final UsageProblems problems, final @Nullable File given, final @Nullable File option) {
        try {
            return directory(given, option);
        } catch (final CommandFailure wrong) {
            problems.add(String.valueOf(wrong.getMessage()));
            return new File("");
        }
    }

    /**
     * Hands out dead letters from the first to the last, or to the first damage.
     *
     * @return the damage as a message, or null where there is none.
     */
    static @Nullable String visit(final File dir, final Visitor visitor) {
        final DeadLetter letter = new DeadLetter();
        try (DeadLetterReader reader = DeadLetterReader.open(dir)) {
            boolean more = true;
            while (more && reader.next(letter)) {
                more = visitor.onDeadLetter(letter);
            }
            return null;
        } catch (final JournalDamagedException damaged) {
            return damaged.getMessage();
        }
    }

    /**
     * Hands out the dead letters that are wanted, up to as many, or up to the first damage.
     *
     * @param bar shows how many were looked at.
     * @return the damage as a message, or null where there is none.
     */
    static @Nullable String visit(
            final File dir, final LetterFilter filter, final ProgressBar bar, final Visitor visitor) {
        if (bar.isShown()) {
            bar.total(lastId(dir));
        }
        final long[] counts = new long[2]; // looked at, wanted
        try {
            return visit(dir, letter -> {
                bar.at(++counts[0]);
                return !filter.isWanted(letter)
                        || visitor.onDeadLetter(letter)
                                && ++counts[1] < filter.records().limit();
            });
        } finally {
            bar.done();
        }
    }

    private static long lastId(final File dir) {
        try {
            return DeadLetterReader.lastId(dir);
        } catch (final JournalDamagedException toldLater) {
            return 0; // by the reader that comes to it
        }
    }

    /** The exit status, after having reported what damage there is. */
    static int status(final Streams streams, final @Nullable String damage) {
        if (damage != null) {
            streams.err().println("ringline: " + damage);
            return ExitStatus.FOUND;
        }
        return ExitStatus.OK;
    }

    static boolean isRaw(final Event event) {
        return event.type() == RecordType.RAW;
    }

    static Instant time(final long nanos) {
        return LogTime.instant(nanos);
    }

    /** One dead letter as a line, without its end. */
    static void line(final JsonBytes to, final EventJson json, final DeadLetter letter, final Format format) {
        if (format == Format.json) {
            json(to, json, letter);
        } else {
            to.raw(text(letter).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String text(final DeadLetter letter) {
        final Event event = letter.record();
        final boolean raw = isRaw(event);
        return String.format(
                        "%-6d %-30s %-17s %-12s %d  %s  %s  %s",
                        letter.id(),
                        time(letter.timeNanos()),
                        letter.reason(),
                        letter.consumer().isEmpty() ? "-" : Json.printable(letter.consumer(), 60),
                        letter.attempts(),
                        raw ? "(" + event.payloadLength() + " bytes)" : Json.printable(event.subject(), 200),
                        raw ? "-" : Json.printable(event.aggregate(), 100) + "#" + event.aggregateSequence(),
                        Json.printable(letter.error().lines().findFirst().orElse(""), 200))
                .stripTrailing();
    }

    /** One dead letter as a JSON object: its own fields, and the event in the form that route reads. */
    static void json(final JsonBytes to, final EventJson json, final DeadLetter letter) {
        to.raw('{').string("id").raw(':').number(letter.id());
        text(to, "time", time(letter.timeNanos()).toString());
        text(to, "firstFailure", time(letter.firstFailureNanos()).toString());
        text(to, "reason", letter.reason().name());
        text(to, "consumer", letter.consumer());
        to.raw(',').string("attempts").raw(':').number(letter.attempts());
        final String firstError = letter.firstError();
        if (!firstError.isEmpty()) {
            text(to, "firstError", firstError);
        }
        text(to, "error", letter.error());
        final Event event = letter.record();
        if (isRaw(event)) {
            to.raw(',').string("rawBase64").raw(':');
            to.base64(event.buffer(), event.payloadOffset(), event.payloadLength());
        } else {
            to.raw(',').string("aggregateSequence").raw(':').number(event.aggregateSequence());
            to.raw(',').string("globalSequence").raw(':').number(event.globalSequence());
            to.raw(',').string("event").raw(':');
            json.input(to, event, true);
        }
        to.raw('}');
    }

    private static void text(final JsonBytes to, final String name, final String value) {
        to.raw(',').string(name).raw(':').string(value);
    }
}
