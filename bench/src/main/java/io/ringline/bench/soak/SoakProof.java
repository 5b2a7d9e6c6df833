package io.ringline.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The proof {@code soak}: rounds with settings drawn from a seed, in which a router of any topology is published to, polled,
 * paused, failed and left by real threads, and at whose end a naive model accounts for every event.
 */
public final class SoakProof {
    /** How long the short form goes on. */
    public static final long SHORT_SECONDS = 20;
    /** How long the long form goes on where nothing else is said. */
    public static final long LONG_SECONDS = 600;

    private SoakProof() {}

    /**
     * Runs rounds.
     *
     * @param firstSeed of the first round; each further one's is one more.
     * @param rounds    how many, or 0: as many as there is time for.
     * @param seconds   after which no round begins, where their number is 0.
     * @return 0 where all is accounted for, else 1, after the seed, the settings and the first difference.
     * @throws IOException where the temporary directory cannot be written.
     */
    public static int run(final long firstSeed, final int rounds, final long seconds) throws IOException {
        final long startNs = System.nanoTime();
        long events = 0;
        int done = 0;
        while (rounds > 0 ? done < rounds : System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(seconds)) {
            final long seed = firstSeed + done;
            final SoakPlan plan = new SoakPlan(seed);
            final Path dir = Files.createTempDirectory("ringline-soak");
            try {
                events += new SoakRound(plan, dir).run();
            } catch (final AssertionError | RuntimeException failure) {
                System.err.println("prove soak: failed: " + plan);
                failure.printStackTrace();
                System.err.println(
                        "prove soak: again, as far as threads let it, with: scripts/prove soak --rounds 1 --seed "
                                + seed);
                return 1;
            } finally {
                delete(dir);
            }
            if (++done % 100 == 0) {
                System.err.printf("prove soak: %,d rounds, %,d events%n", done, events);
            }
        }
        System.out.printf(
                "prove soak: %,d rounds, %,d events: each is acknowledged, a dead letter, a counted drop or pending, for"
                        + " every consumer that it matches, and in its aggregate's order; first seed %d%n",
                done, events, firstSeed);
        return 0;
    }

    private static void delete(final Path dir) throws IOException {
        final List<Path> paths;
        try (Stream<Path> all = Files.walk(dir)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
