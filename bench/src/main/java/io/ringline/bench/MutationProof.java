package io.ringline.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The proof {@code mutation}: PIT plants faults in sequencer-core, one at a time, and its tests must notice {@value
 * #LEAST_SCORE}% of them. Random tests take the seed, so a run can be had again. The short form plants a few in each class: a
 * sample of so few can miss the score of all by ten points, so {@value #LEAST_SCORE_OF_SHORT}% are enough there.
 */
final class MutationProof {
    /** Rounds of the random test for each planted fault, each with settings of its own. */
    static final int SHORT_ROUNDS = 12;

    static final int LONG_ROUNDS = 40;

    private static final int STEPS_A_ROUND = 2_500;

    private static final int LEAST_SCORE = 85;
    private static final int LEAST_SCORE_OF_SHORT = 75;
    private static final int SHORT_MUTANTS_A_CLASS = 6;

    /** On top of a quarter more than a test takes by itself: a busy machine must not pass for a fault that was noticed. */
    private static final int TIMEOUT_MS = 2_000;

    private static final String CLASSES = "io.ringline.sequencer.*";
    private static final Path MODULE = Path.of("sequencer-core");
    private static final Path CLASS_PATH = MODULE.resolve("target/proofs.classpath");
    private static final Path REPORT = MODULE.resolve("target/mutation");

    /** Minions are started for every fault that ends in a loop: compiling well takes longer than most of them live. */
    private static final List<String> FLAGS_OF_MINIONS =
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /** PIT's words for a fault that the tests noticed. */
    private static final Set<String> NOTICED = Set.of("KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR");

    /** A line of PIT's mutations.csv: file, class, mutator, method, line, status, test. */
    record Mutant(String type, String mutator, String method, String line, String status) {
        static Mutant of(final String text) {
            final String[] parts = text.split(",", 7);
            return new Mutant(
                    parts[1].replaceAll(".*\\.", ""),
                    parts[2].replaceAll(".*\\.", "").replaceAll("Mutator$", ""),
                    parts[3],
                    parts[4],
                    parts[5]);
        }

        boolean isNoticed() {
            return NOTICED.contains(status);
        }

        @Override
        public String toString() {
            return type + ":" + line + " " + method + ", " + mutator + ": " + status;
        }
    }

    private MutationProof() {}

    static int run(final long seed, final int rounds, final boolean brief) throws IOException, InterruptedException {
        if (!Files.exists(CLASS_PATH)) {
            throw new IllegalStateException(CLASS_PATH + " is missing: use scripts/prove");
        }
        final ChildJvm jvm = ChildJvm.in(REPORT);
        final Path target = MODULE.resolve("target").toAbsolutePath();
        final String classPath = target.resolve("classes")
                + File.pathSeparator
                + target.resolve("test-classes")
                + File.pathSeparator
                + Files.readString(CLASS_PATH).trim();
        final int status = jvm.run(
                List.of(),
                classPath,
                "org.pitest.mutationtest.commandline.MutationCoverageReport",
                arguments(seed, rounds, brief));
        final Path results = REPORT.resolve("mutations.csv");
        if (status != 0 || !Files.exists(results)) {
            jvm.said("Exception", "ERROR").stream().limit(40).forEach(System.err::println);
            System.err.printf("prove mutation: PIT did not come to its end; all it said: %s%n", jvm.log());
            return 1;
        }
        return judge(Files.readAllLines(results).stream().map(Mutant::of).toList(), seed, rounds, brief);
    }

    private static List<String> arguments(final long seed, final int rounds, final boolean brief) {
        final List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        flags.addAll(FLAGS_OF_MINIONS);
        flags.add("-Dringline.seed=" + seed);
        flags.add("-Dringline.model.steps=" + (long) rounds * STEPS_A_ROUND);
        flags.add("-Dringline.model.unshrunk=true");
        final Stream<String> all = Stream.of(
                "--reportDir",
                REPORT.toAbsolutePath().toString(),
                "--targetClasses",
                CLASSES,
                "--targetTests",
                CLASSES + "Test",
                "--sourceDirs",
                MODULE.resolve("src/main/java").toAbsolutePath().toString(),
                "--outputFormats",
                "CSV,HTML",
                "--timestampedReports",
                "false",
                "--verbosity",
                "NO_SPINNER",
                "--threads",
                Integer.toString(Runtime.getRuntime().availableProcessors()),
                "--timeoutConst",
                Integer.toString(TIMEOUT_MS),
                "--jvmArgs",
                String.join(",", flags));
        final Stream<String> few = Stream.of("--features", "+CLASSLIMIT(limit[" + SHORT_MUTANTS_A_CLASS + "])");
        return (brief ? Stream.concat(all, few) : all).toList();
    }

    private static int judge(final List<Mutant> mutants, final long seed, final int rounds, final boolean brief) {
        final int least = brief ? LEAST_SCORE_OF_SHORT : LEAST_SCORE;
        final List<Mutant> missed =
                mutants.stream().filter(mutant -> !mutant.isNoticed()).toList();
        final double score = mutants.isEmpty() ? 0 : 100.0 * (mutants.size() - missed.size()) / mutants.size();
        final String figure = String.format(
                "%,d faults planted, %,d noticed by the tests: %.1f%%, at least %d%% wanted; seed %d; report: %s",
                mutants.size(), mutants.size() - missed.size(), score, least, seed, REPORT.resolve("index.html"));
        if (score >= least) {
            System.out.println("prove mutation: " + figure);
            return 0;
        }
        missed.forEach(mutant -> System.err.println("  " + mutant));
        System.err.println("prove mutation: failed: " + figure);
        System.err.printf(
                "prove mutation: again with: scripts/prove mutation%s --rounds %d --seed %d%n",
                brief ? " --short" : "", rounds, seed);
        return 1;
    }
}
