package io.ringline.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The proof {@code jcstress}: what threads see of each other's subscriptions, under every compiler of the JVM's. */
final class StressProof {
    static final int SHORT_ROUNDS = 1;
    static final int LONG_ROUNDS = 5;

    private static final Path RESULTS = Path.of("router-core", "target", "jcstress");
    private static final Path REPORT = RESULTS.resolve("report");
    private static final String A_TEST = "io.ringline.router.subject.SnapshotStress";

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
        final List<String> results = jvm.said("RUN RESULTS");
        final String passed = results.stream()
                .map(line -> line.replaceAll("^ *All remaining tests: ([0-9]+) .*$", "$1"))
                .filter(line -> line.matches("[0-9]+"))
                .findFirst()
                .orElse("0");
        if (status == 0 && !passed.equals("0")) {
            System.out.printf("prove jcstress: %s tests, nothing forbidden seen; report: %s%n", passed, REPORT);
            return 0;
        }
        results.stream().limit(200).forEach(System.err::println);
        System.err.printf("prove jcstress: failed; all it said: %s; report: %s%n", jvm.log(), REPORT);
        return 1;
    }
}
