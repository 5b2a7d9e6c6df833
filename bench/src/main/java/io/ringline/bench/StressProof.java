package io.ringline.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The proof {@code jcstress}: what threads see of each other at router-core's own fences, under every compiler of the JVM's. */
final class StressProof {
    static final int SHORT_ROUNDS = 1;
    static final int LONG_ROUNDS = 5;

    private static final Path RESULTS = Path.of("router-core", "target", "jcstress");
    private static final Path REPORT = RESULTS.resolve("report");
    private static final String A_TEST = "io.ringline.router.subject.SnapshotStress";

    private static final Pattern TOTALS =
            Pattern.compile("Results: ([0-9]+) planned; ([0-9]+) passed, 0 failed, 0 soft errs, 0 hard errs");
    private static final List<String> FLAGS_OF_SHORT = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private StressProof() {}

    /** Jcstress gives its forks this JVM's flags by itself. */
    static int run(final int rounds, final boolean brief) throws IOException, InterruptedException {
        ChildJvm.need(A_TEST);
        final ChildJvm jvm = ChildJvm.in(RESULTS);
        final List<String> arguments =
                new ArrayList<>(List.of("-r", "report", "-pth", "false", "-v", "-iters", Integer.toString(rounds)));
        if (brief) {
            // One way to compile, and the same for both actors; most of the time goes into starting JVMs.
            arguments.addAll(List.of("-time", "200", "-sc", "false"));
            arguments.addAll(List.of("-jvmArgs", FLAGS_OF_SHORT.get(0)));
        }
        final int status = jvm.run(brief ? FLAGS_OF_SHORT : List.of(), "org.openjdk.jcstress.Main", arguments);
        final int runs = passed(jvm.said(""));
        if (status == 0 && runs > 0) {
            System.out.printf("prove jcstress: %d runs, nothing forbidden seen; report: %s%n", runs, REPORT);
            return 0;
        }
        final List<String> results = jvm.said("RUN RESULTS");
        results.stream().limit(200).forEach(System.err::println);
        System.err.printf("prove jcstress: failed; all it said: %s; report: %s%n", jvm.log(), REPORT);
        return 1;
    }

    /** How many runs passed, where that is all that were planned: a test that cannot run is skipped, with status 0. */
    private static int passed(final List<String> lines) {
        int passed = 0;
        for (final String line : lines) {
            final Matcher totals = TOTALS.matcher(line);
            if (totals.find()) {
                passed = totals.group(1).equals(totals.group(2)) ? Integer.parseInt(totals.group(1)) : 0;
            }
        }
        return passed;
    }
}
