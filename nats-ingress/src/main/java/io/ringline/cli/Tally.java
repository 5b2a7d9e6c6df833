package io.ringline.cli;

import io.ringline.router.record.Event;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts by name, most first. Of more names than can be told apart in bounded memory the rest are one. Not thread-safe. */
final class Tally {
    /** Names that are told apart. */
    static final int MAX_NAMES = 10_000;

    private static final Comparator<Map.Entry<String, long[]>> MOST_FIRST = Comparator.comparingLong(
                    (Map.Entry<String, long[]> entry) -> -entry.getValue()[0])
            .thenComparing(Map.Entry::getKey);

    private final Map<String, long[]> counts = new HashMap<>();
    private long others;

    void add(final String name) {
        long[] count = counts.get(name);
        if (count == null) {
            if (counts.size() == MAX_NAMES) {
                others++;
                return;
            }
            count = new long[1];
            counts.put(name, count);
        }
        count[0]++;
    }

    /** The first tokens of a subject, which may have fewer. */
    static String firstTokens(final Event event, final int tokens) {
        final int start = event.subjectOffset();
        int left = tokens;
        int end = start;
        while (end < start + event.subjectLength() && (event.buffer().getByte(end) != '.' || --left > 0)) {
            end++;
        }
        return event.buffer().getStringWithoutLengthUtf8(start, end - start);
    }

    private List<Map.Entry<String, long[]>> sorted() {
        return counts.entrySet().stream().sorted(MOST_FIRST).toList();
    }

    /** Writes a heading and a line for each of the first names. */
    void print(final PrintStream out, final String heading, final int top) {
        out.printf("%n%s%n", heading);
        long rest = others;
        int number = 0;
        for (final Map.Entry<String, long[]> entry : sorted()) {
            if (number++ < top) {
                out.printf("  %-32s %12d%n", Json.printable(entry.getKey(), 200), entry.getValue()[0]);
            } else {
                rest += entry.getValue()[0];
            }
        }
        if (rest > 0) {
            out.printf("  %-32s %12d%n", "(others)", rest);
        }
    }

    /** Adds {@code ,"NAME":{"a":1,...}}. */
    void json(final JsonBytes to, final String name, final int top) {
        to.raw(',').string(name).raw(':').raw('{');
        long rest = others;
        int number = 0;
        for (final Map.Entry<String, long[]> entry : sorted()) {
            if (number++ < top) {
                to.string(entry.getKey()).raw(':').number(entry.getValue()[0]).raw(',');
            } else {
                rest += entry.getValue()[0];
            }
        }
        if (to.array()[to.length() - 1] == ',') {
            to.remove(to.length() - 1);
        }
        to.raw('}');
        if (rest > 0) {
            to.raw(',')
                    .string("other" + Character.toUpperCase(name.charAt(0)) + name.substring(1))
                    .raw(':')
                    .number(rest);
        }
    }
}
