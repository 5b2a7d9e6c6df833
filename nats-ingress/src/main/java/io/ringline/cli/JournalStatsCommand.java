package io.ringline.cli;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringline journal stats}. */
@Command(
        name = "stats",
        description = {
            "How many events and gaps there are, and numbers that were given up; the first and the last event; how many bytes"
                    + " they take, without framing; events by subject."
        })
final class JournalStatsCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private JournalDirectory directory;

    @Mixin
    private FilterOptions filter;

    @Mixin
    private StatsOptions options;

    private final Tally subjects = new Tally();
    private long events;
    private long gaps;
    private long missing;
    private long bytes;
    private long payloadBytes;
    private long largest;
    private long first;
    private long last;
    private long oldestNanos = Long.MAX_VALUE;
    private long newestNanos = Long.MIN_VALUE;

    JournalStatsCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final UsageProblems problems = new UsageProblems();
        final File dir = directory.conclude(problems);
        final RecordFilter wanted = filter.conclude(problems, LogTime.nowNanos());
        final Format format = filter.format(problems, Format.text);
        final int tokens = options.tokens(problems);
        final int top = options.top(problems);
        problems.throwIfAny();
        final ProgressBar bar = ProgressBar.of(streams, "events", false);
        final String damage = Journals.visit(dir, wanted, bar, (record, reader) -> {
            add(record, tokens);
            return true;
        });
        final LineOutput out = new LineOutput(streams.out());
        out.write(format == Format.json ? json(tokens, top) : text(tokens, top));
        out.flush();
        return DeadLetters.status(streams, damage);
    }

    private void add(final EventRecord record, final int tokens) {
        bytes += record.length();
        if (record.type() == RecordType.GAP) {
            gaps++;
            missing += record.gap();
            return;
        }
        last = record.globalSequence();
        first = events++ == 0 ? last : first;
        payloadBytes += record.payloadLength();
        largest = Math.max(largest, record.payloadLength());
        oldestNanos = Math.min(oldestNanos, record.ingressNanos());
        newestNanos = Math.max(newestNanos, record.ingressNanos());
        subjects.add(Tally.firstTokens(record, tokens));
    }

    private Map<String, Long> numbers() {
        final Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("events", events);
        numbers.put("gaps", gaps);
        numbers.put("givenUp", missing);
        numbers.put("firstGlobalSequence", first);
        numbers.put("lastGlobalSequence", last);
        numbers.put("bytes", bytes);
        numbers.put("payloadBytes", payloadBytes);
        numbers.put("largestPayload", largest);
        return numbers;
    }

    private JsonBytes text(final int tokens, final int top) {
        return JsonBytes.printed(out -> {
            numbers().forEach((name, value) -> out.printf("%-20s %12d%n", name, value));
            if (events > 0) {
                times(out);
                subjects.print(out, "by subject, the first " + tokens + " tokens", top);
            }
        });
    }

    private void times(final PrintStream out) {
        out.printf("%-20s %s%n", "oldest", LogTime.instant(oldestNanos));
        out.printf("%-20s %s%n", "newest", LogTime.instant(newestNanos));
        final double seconds = (newestNanos - oldestNanos) / 1e9;
        if (seconds > 0) {
            out.printf("%-20s %12.1f%n", "eventsPerSecond", events / seconds);
        }
    }

    private JsonBytes json(final int tokens, final int top) {
        final JsonBytes to = new JsonBytes().raw('{');
        numbers().forEach((name, value) -> {
            if (to.length() > 1) {
                to.raw(',');
            }
            to.string(name).raw(':').number(value);
        });
        if (events > 0) {
            to.raw(',')
                    .string("oldest")
                    .raw(':')
                    .string(LogTime.instant(oldestNanos).toString());
            to.raw(',')
                    .string("newest")
                    .raw(':')
                    .string(LogTime.instant(newestNanos).toString());
        }
        to.raw(',').string("tokens").raw(':').number(tokens);
        subjects.json(to, "subjects", top);
        return to.raw('}').raw('\n');
    }
}
