package io.ringline.router.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a writer with SIGKILL at random moments, starts it again, and looks at what it left. */
class JournalKillSystemTest {
    private static final int ROUNDS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    void shouldKeepWhatWasFlushedBeforeAKill() throws IOException, InterruptedException {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        final Random random = new Random(seed);
        final File dir = temp.resolve("journal").toFile();
        long confirmed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            confirmed = Math.max(confirmed, writeUntilKilled(dir, 1 + random.nextInt(2_000)));
            final JournalVerification found = JournalVerifier.verify(dir);
            assertThat(found.problem()).as("seed %d, round %d", seed, round).isNull();
            assertThat(found.lastGlobalSequence()).as("seed %d", seed).isGreaterThanOrEqualTo(confirmed);
            assertThat(Records.readAll(dir)).isEqualTo(found.events());
        }
    }

    /** Runs a child until it has confirmed so many flushes. @return the last number that it confirmed. */
    private long writeUntilKilled(final File dir, final int flushes) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-Xmx"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), Writer.class.getName()));
        command.add(dir.getPath());
        final Process child = new ProcessBuilder(command)
                .redirectError(temp.resolve("stderr").toFile())
                .start();
        long confirmed = 0;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            for (int i = 0; i < flushes; i++) {
                final String line = out.readLine();
                assertThat(line)
                        .as("the writer ended, see %s", temp.resolve("stderr"))
                        .isNotNull();
                confirmed = Long.parseLong(line);
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return confirmed;
    }

    /** Appends without end, and says what it has flushed. */
    static final class Writer {
        private Writer() {}

        public static void main(final String[] args) {
            final PrintStream out = new PrintStream(System.out, true, UTF_8);
            final Records records = new Records();
            final Random random = new Random();
            try (ChronicleJournal journal = ChronicleJournal.open(new File(args[0]), new JournalSettings())) {
                long last = journal.lastGlobalSequence();
                while (!out.checkError()) {
                    final int batch = 1 + random.nextInt(50);
                    for (int i = 0; i < batch; i++) {
                        records.append(journal, ++last, random.nextInt(500));
                    }
                    journal.flush();
                    out.println(last);
                }
            }
        }
    }
}
