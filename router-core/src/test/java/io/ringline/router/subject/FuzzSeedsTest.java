package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The inputs that {@code scripts/prove fuzz} starts from, and those it found something with, without Jazzer. */
class FuzzSeedsTest {
    private static final Path SEEDS = Path.of("src/test/resources/fuzz");

    @TestFactory
    Stream<DynamicTest> subjectRules() throws IOException {
        return seeds("SubjectRulesFuzz", SubjectRulesFuzz::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> subscriptions() throws IOException {
        return seeds("SubscriptionsFuzz", SubscriptionsFuzz::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> templates() throws IOException {
        return seeds("SubjectTemplateFuzz", SubjectTemplateFuzz::fuzzerTestOneInput);
    }

    private static Stream<DynamicTest> seeds(final String target, final Consumer<byte[]> run) throws IOException {
        try (Stream<Path> files = Files.list(SEEDS.resolve(target))) {
            final List<Path> inputs = files.sorted().toList();
            assertThat(inputs).isNotEmpty();
            return inputs.stream()
                    .map(input -> DynamicTest.dynamicTest(
                            input.getFileName().toString(), () -> run.accept(Files.readAllBytes(input))));
        }
    }
}
