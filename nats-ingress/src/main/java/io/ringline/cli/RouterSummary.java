package io.ringline.cli;

import io.ringline.router.Ringline;
import io.ringline.router.RouterStatistics;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.DeadLetterReason;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The totals of a run, for people or as one JSON object. */
final class RouterSummary {
    private final RouterStatistics totals;
    private final Map<String, Long> delivered = new LinkedHashMap<>();

    /** The totals of a router now. */
    RouterSummary(final Ringline router) {
        totals = router.statistics();
        for (final SubjectConsumer consumer : router.consumers()) {
            delivered.put(consumer.name(), consumer.delivered());
        }
    }

    void print(final RouterSettings.Summary form, final PrintStream to) {
        switch (form) {
            case TEXT -> to.print(text());
            case JSON -> to.println(json());
            case NONE -> {}
        }
        to.flush();
    }

    private long deliveredTotal() {
        return delivered.values().stream().mapToLong(Long::longValue).sum();
    }

    private Map<String, Long> counts() {
        final Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("duplicates", totals.duplicates());
        counts.put("conflicts", totals.conflicts());
        counts.put("late", totals.late());
        counts.put("gapTooWide", totals.gapTooWide());
        counts.put("gaps", totals.gaps());
        counts.put("missing", totals.missing());
        putIfAny(counts, "forcedByTimeout", totals.forcedByTimeout());
        putIfAny(counts, "forcedByPressure", totals.forcedByPressure());
        putIfAny(counts, "forcedByGap", totals.forcedByGap());
        putIfAny(counts, "forcedByStart", totals.forcedByStart());
        counts.put("epochs", totals.epochs());
        counts.put("baselines", totals.baselines());
        putIfAny(counts, "startsRefused", totals.startsRefused());
        putIfAny(counts, "tooManyAggregates", totals.tooManyAggregates());
        putIfAny(counts, "withoutMemory", totals.withoutMemory());
        counts.put("evicted", totals.evicted());
        counts.put("noMatch", totals.noMatch());
        return counts;
    }

    private static void putIfAny(final Map<String, Long> counts, final String name, final long count) {
        if (count != 0) {
            counts.put(name, count);
        }
    }

    private String text() {
        final StringBuilder text = new StringBuilder();
        line(text, "accepted", totals.accepted());
        line(text, "released", totals.released());
        line(text, "delivered", deliveredTotal());
        delivered.forEach((consumer, count) -> line(text, "  " + Json.printable(consumer, 60), count));
        counts().forEach((name, count) -> line(text, name, count));
        line(text, "deadLetters", totals.deadLettersTotal());
        for (final DeadLetterReason reason : DeadLetterReason.values()) {
            final Long count = totals.deadLetters().get(reason);
            if (count != null) {
                line(text, "  " + reason, count);
            }
        }
        line(text, "malformed", totals.malformed());
        return text.toString();
    }

    private static void line(final StringBuilder text, final String name, final long count) {
        text.append(String.format("%-20s %12d%n", name, count));
    }

    private String json() {
        final JsonBytes json = new JsonBytes();
        json.raw('{').string("accepted").raw(':').number(totals.accepted());
        member(json, "released").number(totals.released());
        member(json, "delivered").raw('{').string("total").raw(':').number(deliveredTotal());
        map(member(json, "byConsumer"), delivered).raw('}');
        counts().forEach((name, count) -> member(json, name).number(count));
        final Map<String, Long> letters = new LinkedHashMap<>();
        for (final DeadLetterReason reason : DeadLetterReason.values()) {
            if (totals.deadLetters().containsKey(reason)) {
                letters.put(reason.name(), totals.deadLetters().get(reason));
            }
        }
        map(member(json, "deadLetters"), letters);
        member(json, "malformed").number(totals.malformed()).raw('}');
        return json.toString();
    }

    private static JsonBytes member(final JsonBytes json, final String name) {
        return json.raw(',').string(name).raw(':');
    }

    private static JsonBytes map(final JsonBytes json, final Map<String, Long> counts) {
        char before = '{';
        for (final Map.Entry<String, Long> entry : counts.entrySet()) {
            json.raw(before).string(entry.getKey()).raw(':').number(entry.getValue());
            before = ',';
        }
        if (before == '{') {
            json.raw('{');
        }
        return json.raw('}');
    }
}
