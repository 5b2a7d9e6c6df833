package io.ringline.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The proof {@code fuzz}: Jazzer looks for inputs on which parsing and matching disagree with what they should do. Coverage
 * leads it, so the same seed takes the same way, but for what depends on the process's own secret of hashing.
 */
final class FuzzProof {
    static final int SHORT_ROUNDS = 3;
    static final int LONG_ROUNDS = 1_000;

    private static final int INPUTS_A_ROUND = 1_000;
    private static final int MAX_BYTES = 512;
    private static final int TIMEOUT_S = 60;
    private static final String CLASSES = "io.ringline.router.subject.";
    private static final List<String> TARGETS = List.of("SubjectRulesFuzz", "SubscriptionsFuzz", "SubjectTemplateFuzz");
    private static final Path FOUND = Path.of("router-core", "target", "fuzz");
    private static final Path SEEDS = Path.of("router-core", "src", "test", "resources", "fuzz");

    /** Hooks of Jazzer's for databases, shells and the like: none is called here, and to load them takes seconds. */
    private static final String NOT_NEEDED = Stream.of(
                    "BigDecimal ClojureLangHooks Deserialization ExpressionLanguageInjection FilePathTraversal",
                    "LdapInjection NamingContextLookup OsCommandInjection ReflectiveCall RegexInjection",
                    "RegexRoadblocks ScriptEngineInjection ServerSideRequestForgery SqlInjection",
                    "TemplateInjection UnsafeSanitizer XPathInjection XmlParserSsrfGuidance")
            .flatMap(names -> Stream.of(names.split(" ")))
            .map("com.code_intelligence.jazzer.sanitizers."::concat)
            .collect(Collectors.joining(File.pathSeparator));

    /** Compiling well takes longer than a few thousand inputs. */
    private static final List<String> FLAGS_OF_SHORT = List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final List<String> FLAGS = List.of("-Xmx1g", "-XX:+UseSerialGC");

    private FuzzProof() {}

    static int run(final long anySeed, final int rounds, final boolean brief) throws IOException, InterruptedException {
        final long seed = Math.max(1, anySeed & Integer.MAX_VALUE); // all that libFuzzer takes; 0 is none
        int status = 0;
        for (final String target : TARGETS) {
            ChildJvm.need(CLASSES + target);
            final ChildJvm jvm = ChildJvm.in(FOUND.resolve(target));
            final long inputs = (long) rounds * INPUTS_A_ROUND;
            if (jvm.run(
                            brief ? FLAGS_OF_SHORT : FLAGS,
                            "com.code_intelligence.jazzer.Jazzer",
                            arguments(target, seed, inputs))
                    == 0) {
                final String done = jvm.said("\tDONE").get(0).replaceAll("\\s+", " ");
                System.out.printf(
                        "prove fuzz: %s, %,d inputs, nothing found; seed %d; %s%n", target, inputs, seed, done);
            } else {
                status = 1;
                failed(target, jvm, seed, rounds);
            }
        }
        return status;
    }

    private static List<String> arguments(final String target, final long seed, final long inputs) throws IOException {
        final Path folder = FOUND.resolve(target).toAbsolutePath();
        return List.of(
                "--target_class=" + CLASSES + target,
                "--instrumentation_includes=io.ringline.router.**",
                "--custom_hook_includes=io.ringline.router.**",
                "--disabled_hooks=" + NOT_NEEDED,
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-seed=" + seed,
                "-runs=" + inputs,
                "-max_len=" + MAX_BYTES,
                "-timeout=" + TIMEOUT_S,
                "-rss_limit_mb=0",
                Files.createDirectory(folder.resolve("corpus")).toString(),
                SEEDS.resolve(target).toAbsolutePath().toString());
    }

    private static void failed(final String target, final ChildJvm jvm, final long seed, final int rounds)
            throws IOException {
        jvm.said("== Java Exception", "ERROR: ", "Exception in thread").stream()
                .limit(40)
                .forEach(System.err::println);
        final List<Path> inputs;
        try (Stream<Path> files = Files.list(jvm.folder())) {
            inputs = files.filter(file -> Objects.toString(file.getFileName()).matches("(crash|timeout|oom)-.*"))
                    .toList();
        }
        System.err.printf("prove fuzz: %s failed; all it said: %s%n", target, jvm.log());
        for (final Path input : inputs) {
            System.err.printf(
                    "prove fuzz: the input: %s; a copy in %s makes FuzzSeedsTest run it%n",
                    input, SEEDS.resolve(target));
        }
        System.err.printf("prove fuzz: again with: scripts/prove fuzz --rounds %d --seed %d%n", rounds, seed);
    }
}
