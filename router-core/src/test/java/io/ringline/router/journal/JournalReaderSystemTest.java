package io.ringline.router.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.record.EventRecord;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader beside a writer never takes what is being written for damage: not at the files' ends, nor while they are made. */
class JournalReaderSystemTest {
    private static final long HOUR_MS = 3_600_000;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(100);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    @Timeout(120)
    void shouldReadAFileThatGrowsPastItsBlocks() throws InterruptedException {
        readBeside(160_000, 1_200, 0); // 64 MiB a block: three of them
    }

    @Test
    @Timeout(120)
    void shouldReadFilesThatAreBeingMade() throws InterruptedException {
        readBeside(3_000, 40, 10); // a file for each ten events
    }

    private void readBeside(final int events, final int payload, final int eventsAFile) throws InterruptedException {
        final File dir = temp.resolve("journal").toFile();
        final AtomicLong now = new AtomicLong(1_700_000_000_000L);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Records records = new Records();
        try (ChronicleJournal journal = ChronicleJournal.open(dir, new JournalSettings().clockMillis(now::get))) {
            final Thread writer = new Thread(() -> {
                try {
                    final Records own = new Records();
                    for (int i = 1; i <= events; i++) {
                        own.append(journal, i, payload);
                        if (eventsAFile > 0 && i % eventsAFile == 0) {
                            journal.flush();
                            now.addAndGet(HOUR_MS);
                        }
                    }
                    journal.flush();
                } catch (final RuntimeException | Error failed) {
                    failure.set(failed);
                }
            });
            writer.start();
            final EventRecord into = new EventRecord();
            long last = 0;
            final long startNs = System.nanoTime();
            try (JournalReader reader = JournalReader.open(dir)) {
                while (last < events && failure.get() == null) {
                    if (reader.next(into)) {
                        last++;
                        assertThat(records.isEvent(into, last))
                                .as("event %d", last)
                                .isTrue();
                    } else if (last % 97 == 0) {
                        JournalFiles.list(dir)
                                .forEach(file -> assertThat(file.problem()).isNull());
                    } else {
                        assertThat(System.nanoTime() - startNs).isLessThan(LIMIT_NS);
                        Thread.onSpinWait();
                    }
                }
            }
            writer.join();
            assertThat(failure.get()).isNull();
            assertThat(JournalVerifier.verify(dir).isClean()).isTrue();
        }
    }
}
