package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journaled {@code route} in a process of its own, killed at any moment: what it delivered is in the journal, whole. */
@Timeout(120)
class RouteKillSystemTest {
    private static final int ROUNDS = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    void shouldLeaveACleanJournalWhenKilled() throws IOException, InterruptedException {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        final Random random = new Random(seed);
        final String journal = temp.resolve("journal").toString();
        long delivered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            delivered = Math.max(delivered, routeUntilKilled(journal, 1 + random.nextInt(10_000)));
            final Cli.Result verified = Cli.run("", "journal", "verify", journal);
            assertThat(verified.out()).as("seed %d, %s", seed, verified.err()).contains("clean");
            final List<String> lines = Cli.run("", "journal", "read", journal).lines();
            assertThat(lines.size()).as("seed %d", seed).isGreaterThanOrEqualTo((int) delivered);
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).contains("\"globalSequence\":" + (i + 1) + ",")
                        || !lines.get(i).endsWith("9\"}")) {
                    assertThat(lines.get(i)).as("seed %d, line %d", seed, i + 1).isNull();
                }
            }
        }
    }

    /** Answers with the last globalSequence that was delivered before the kill. */
    private long routeUntilKilled(final String journal, final int deliveries) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-Xmx"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.add(RinglineCommand.class.getName());
        command.addAll(List.of(Cli.routeArgs("--journal", journal, "--topology", "fused")));
        final Process child = new ProcessBuilder(command)
                .redirectError(temp.resolve("stderr").toFile())
                .start();
        final Thread feeder = new Thread(() -> feed(child.getOutputStream()), "feeder");
        feeder.start();
        String last = "";
        try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            for (int i = 0; i < deliveries; i++) {
                last = out.readLine();
                assertThat(last)
                        .as("the child ended, see %s", temp.resolve("stderr"))
                        .isNotNull();
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        feeder.join();
        return new ObjectMapper().readTree(last).get("globalSequence").asLong();
    }

    private static void feed(final OutputStream to) {
        try (to) {
            while (true) {
                to.write("{\"subject\":\"a.b\",\"payload\":\"0123456789012345678901234567890123456789\"}\n"
                        .repeat(100)
                        .getBytes(UTF_8));
            }
        } catch (final IOException killed) {
            // the point of it
        }
    }
}
