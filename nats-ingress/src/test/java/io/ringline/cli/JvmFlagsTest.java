package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Maven cannot read the scripts' file of JVM flags, so the POM repeats it: both must say the same on every JDK. */
class JvmFlagsTest {
    @Test
    void testsRunWithTheFlagsThatTheScriptsUse() throws IOException {
        final List<String> expected = new ArrayList<>();
        for (final String line : Files.readAllLines(Path.of("..", "scripts", "jvm-flags"))) {
            final String[] words = line.trim().split("\\s+");
            if (words[0].equals("all") || (words[0].matches("\\d+\\+") && appliesHere(words[0]))) {
                expected.add(words[1]);
            }
        }
        assertThat(expected).hasSizeGreaterThan(4);
        assertThat(ManagementFactory.getRuntimeMXBean().getInputArguments()).containsAll(expected);
    }

    private static boolean appliesHere(final String from) {
        return Runtime.version().feature() >= Integer.parseInt(from.substring(0, from.length() - 1));
    }
}
