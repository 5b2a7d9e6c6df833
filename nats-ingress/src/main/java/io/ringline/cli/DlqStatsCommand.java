package io.ringline.cli;

import io.ringline.router.journal.DeadLetter;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringline dlq stats}. */
@Command(
        name = "stats",
        description = {
            "How many dead letters there are, by reason, consumer and subject; the oldest and the newest; how many bytes"
                    + " they take, without framing."
        })
final class DlqStatsCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private LettersDirectory directory;

    @Mixin
    private LetterFilterOptions filter;

    @Mixin
    private StatsOptions options;

    private final Tally reasons = new Tally();
    private final Tally consumers = new Tally();
    private final Tally subjects = new Tally();
    private long count;
    private long bytes;
    private long oldestNanos = Long.MAX_VALUE;
    private long oldestId;
    private long newestNanos = Long.MIN_VALUE;
    private long newestId;

    DlqStatsCommand(final Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        final UsageProblems problems = new UsageProblems();
        final File dir = directory.conclude(problems);
        final LetterFilter wanted = filter.concludeLetters(problems, LogTime.nowNanos());
        final Format format = filter.format(problems, Format.text);
        final int tokens = options.tokens(problems);
        final int top = options.top(problems);
        problems.throwIfAny();
        final ProgressBar bar = ProgressBar.of(streams, "dead letters", false);
        final String damage = DeadLetters.visit(dir, wanted, bar, letter -> {
            add(letter, tokens);
            return true;
        });
        final LineOutput out = new LineOutput(streams.out());
        out.write(format == Format.json ? json(tokens, top).raw('\n') : text(tokens, top));
        out.flush();
        return DeadLetters.status(streams, damage);
    }

    private void add(final DeadLetter letter, final int tokens) {
        count++;
        bytes += letter.length();
        final long nanos = letter.timeNanos();
        if (nanos < oldestNanos) {
            oldestNanos = nanos;
            oldestId = letter.id();
        }
        if (nanos >= newestNanos) {
            newestNanos = nanos;
            newestId = letter.id();
        }
        reasons.add(letter.reason().name());
        consumers.add(letter.consumer());
        if (!DeadLetters.isRaw(letter.record())) {
            subjects.add(Tally.firstTokens(letter.record(), tokens));
        }
    }

    private JsonBytes text(final int tokens, final int top) {
        return JsonBytes.printed(out -> {
            out.printf("%-20s %12d%n", "dead letters", count);
            out.printf("%-20s %12d%n", "bytes", bytes);
            if (count > 0) {
                extreme(out, "oldest", oldestNanos, oldestId);
                extreme(out, "newest", newestNanos, newestId);
                reasons.print(out, "by reason", top);
                consumers.print(out, "by consumer ('' for none)", top);
                subjects.print(out, "by subject, the first " + tokens + " tokens", top);
            }
        });
    }

    private static void extreme(final PrintStream out, final String name, final long nanos, final long id) {
        out.printf("%-20s %s (id %d)%n", name, LogTime.instant(nanos), id);
    }

    private JsonBytes json(final int tokens, final int top) {
        final JsonBytes to = new JsonBytes();
        to.raw("{\"deadLetters\":".getBytes(StandardCharsets.US_ASCII)).number(count);
        to.raw(',').string("bytes").raw(':').number(bytes);
        if (count > 0) {
            extreme(to, "oldest", oldestNanos, oldestId);
            extreme(to, "newest", newestNanos, newestId);
        }
        reasons.json(to, "reasons", top);
        consumers.json(to, "consumers", top);
        to.raw(',').string("tokens").raw(':').number(tokens);
        subjects.json(to, "subjects", top);
        return to.raw('}');
    }

    private static void extreme(final JsonBytes to, final String name, final long nanos, final long id) {
        to.raw(',').string(name).raw(':').raw('{').string("id").raw(':').number(id);
        to.raw(',')
                .string("time")
                .raw(':')
                .string(LogTime.instant(nanos).toString())
                .raw('}');
    }
}
