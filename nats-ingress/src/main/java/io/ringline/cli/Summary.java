package io.ringline.cli;

import io.ringline.router.Ringline;
import io.ringline.router.RouterStatistics;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.DeadLetterReason;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run came to, as text for people or as one line of JSON. */
final class Summary {
    /** How to show it. */
    enum Format {
        /** For people. */
        TEXT,
        /** One line. */
        JSON,
        /** Not at all. */
        NONE
    }

    private Summary() {}

    static String of(final Ringline router, final Format format) {
        return switch (format) {
            case TEXT -> text(router);
            case JSON -> json(router);
            case NONE -> "";
        };
    }

    private static Map<String, Long> totals(final RouterStatistics s) {
        final Map<String, Long> totals = new LinkedHashMap<>();
        totals.put("accepted", s.accepted());
        totals.put("released", s.released());
        totals.put("reordered", s.reordered());
        totals.put("duplicates", s.duplicates());
        totals.put("late", s.late());
        totals.put("gapTooWide", s.gapTooWide());
        totals.put("conflicts", s.conflicts());
        totals.put("gaps", s.gaps());
        totals.put("missing", s.missing());
        totals.put("noMatch", s.noMatch());
        totals.put("malformed", s.malformed());
        return totals;
    }

    private static long delivered(final Ringline router) {
        return router.consumers().stream().mapToLong(SubjectConsumer::delivered).sum();
    }

    private static String text(final Ringline router) {
        final StringBuilder text = new StringBuilder(512);
        totals(router.statistics()).forEach((name, value) -> line(text, name, value));
        line(text, "delivered", delivered(router));
        for (final SubjectConsumer consumer : router.consumers()) {
            line(text, "  to " + consumer.name(), consumer.delivered());
        }
        line(text, "deadLetters", router.statistics().deadLettersTotal());
        router.statistics().deadLetters().forEach((reason, count) -> line(text, "  " + reason, count));
        return text.toString();
    }

    private static void line(final StringBuilder text, final String name, final long value) {
        text.append(String.format("%-20s %,14d%n", name, value));
    }

    private static String json(final Ringline router) {
        final JsonBytes json = new JsonBytes().raw('{');
        totals(router.statistics()).forEach((name, value) -> json.name(name).number(value));
        json.name("delivered").raw('{').name("total").number(delivered(router));
        json.name("byConsumer").raw('{');
        for (final SubjectConsumer consumer : router.consumers()) {
            json.name(consumer.name()).number(consumer.delivered());
        }
        json.raw("}}").name("deadLetters").raw('{');
        for (final Map.Entry<DeadLetterReason, Long> letters :
                router.statistics().deadLetters().entrySet()) {
            json.name(letters.getKey().name()).number(letters.getValue());
        }
        return new String(json.raw("}}\n").toArray(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
