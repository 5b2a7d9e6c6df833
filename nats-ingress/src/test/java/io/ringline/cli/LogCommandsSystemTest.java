package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read, beside a router that writes: they see whole records only, and leave no trace. */
class LogCommandsSystemTest {
    private static final int ROUNDS = 5;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);
    private static final int LINES_A_ROUND = 40_000;
    private static final int MALFORMED_ONE_IN = 100;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private final AtomicInteger rounds = new AtomicInteger();
    private int looks;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    @Timeout(180)
    void shouldReadBesideARunningRouter() throws IOException, InterruptedException {
        final String journal = temp.resolve("journal").toString();
        final String letters = temp.resolve("letters").toString();
        final Process router = new CommandRunner(temp)
                .command("route", "--subscribe", "all=>", "--journal", journal, "--dead-letters", letters)
                .redirectOutput(temp.resolve("deliveries").toFile())
                .redirectError(temp.resolve("err").toFile())
                .start();
        final Thread feeder = new Thread(() -> feed(router));
        feeder.start();
        long before = 0;
        final long startNs = System.nanoTime();
        while (rounds.get() < ROUNDS
                && System.nanoTime() - startNs < LIMIT_NS
                && failure.get() == null
                && router.isAlive()) {
            if (Files.exists(Path.of(letters, "ringline.log"))) {
                final long seen = look(journal, letters, rounds.get());
                assertThat(seen).isGreaterThanOrEqualTo(before);
                rounds.addAndGet(seen > before ? 1 : 0);
                before = seen;
            } else {
                Thread.onSpinWait();
            }
        }
        rounds.addAndGet(
                rounds.get() < ROUNDS ? Short.MAX_VALUE : 0); // then the feeder waits no more, and this fails below
        feeder.join();
        assertThat(failure.get()).isNull();
        assertThat(CommandRunner.status(router)).isEqualTo(ExitStatus.FOUND);
        assertThat(rounds).as("looks at a journal that was being written").hasValue(ROUNDS);
        final int lines = ROUNDS * LINES_A_ROUND;
        assertThat(look(journal, letters, ROUNDS)).isEqualTo(lines - lines / MALFORMED_ONE_IN);
        assertThat(Cli.run("", "dlq", "stats", letters).out())
                .containsPattern("MALFORMED +" + lines / MALFORMED_ONE_IN + "\n");
    }

    /** Writes lines, those of a round before the look of that round is done, so that there is always more to see. */
    private void feed(final Process router) {
        try (BufferedWriter lines = router.outputWriter()) {
            for (int i = 0; i < ROUNDS * LINES_A_ROUND; i++) {
                lines.write(
                        i % MALFORMED_ONE_IN == 0
                                ? "no event " + i + "\n"
                                : "{\"subject\":\"event.n" + i % 7 + "\",\"aggregate\":" + i % 13 + ",\"payload\":" + i
                                        + "}\n");
                if (i % LINES_A_ROUND == LINES_A_ROUND - 1) {
                    lines.flush();
                    while (rounds.get() <= i / LINES_A_ROUND && router.isAlive()) {
                        Thread.onSpinWait();
                    }
                }
            }
        } catch (final IOException | RuntimeException failed) {
            failure.set(failed);
        }
    }

    /** Runs each command once. @return how many events there were for the first. */
    private long look(final String journal, final String letters, final int round) throws IOException {
        final String out = temp.resolve("out" + round + "." + looks++).toString();
        final Cli.Result verified = run("journal", "verify", journal);
        final List<Long> events = new ArrayList<>(List.of(number("events", verified.out())));
        events.add(number("events", run("journal", "stats", journal).out()));
        events.add((long)
                run("journal", "read", journal, "--subject", "event.*").lines().size());
        run("journal", "list", journal);
        events.add(number("events", run("journal", "repair", journal, out).out()));
        assertThat(events).as("a journal only grows").isSorted();
        assertThat(run("journal", "read", journal, "--from-sequence", "100", "--limit", "1")
                        .lines())
                .allMatch(line -> line.contains("\"globalSequence\":100,"));
        run("dlq", "list", letters, "--limit", "5");
        run("dlq", "stats", letters);
        run("dlq", "export", letters, "--output", out + ".jsonl");
        try (Stream<Path> files = Files.list(Path.of(journal))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.matches("ringline\\.(log|lock)|metadata\\.cq4t|\\d{8}-\\d\\dF\\.cq4"));
        }
        return events.get(0);
    }

    private static Cli.Result run(final String... args) {
        final Cli.Result result = Cli.run("", args);
        assertThat(result.status())
                .as("%s: %s", String.join(" ", args), result.err())
                .isZero();
        return result;
    }

    private static long number(final String name, final String text) {
        final Matcher found = Pattern.compile(name + " +(\\d+)").matcher(text);
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }
}
