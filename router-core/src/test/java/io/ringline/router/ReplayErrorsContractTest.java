package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.ReplayState;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalDamagedException;
import io.ringline.router.journal.JournalException;
import io.ringline.router.journal.JournalReader;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.journal.ReadableJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer under {@code REPLAY} whose journal cannot be read for a while, and what it keeps open. */
class ReplayErrorsContractTest {
    private static final int EVENTS = 3_000;
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @TempDir
    Path temp;

    private final List<Long> seen = new ArrayList<>();
    private final ConsumerHandler ack = event -> {
        seen.add(event.globalSequence());
        return Outcome.ACK;
    };
    private final UnsafeBuffer subject = new UnsafeBuffer("s".getBytes(StandardCharsets.US_ASCII));
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[300]);
    private long now = TimeUnit.DAYS.toNanos(20_000);

    /** A journal that cannot be opened, or whose readers fail, as the test says. */
    private final class Faulty implements ReadableJournal {
        private final ChronicleJournal journal = ChronicleJournal.open(temp.toFile(), new JournalSettings());
        private @Nullable Throwable fault;
        private @Nullable JournalReader last;
        private int opened;
        private long openFilesAtClose = -1;

        @Override
        public JournalReader readFrom(final long globalSequence) {
            if (fault instanceof Error error) {
                throw error;
            }
            if (fault instanceof RuntimeException exception) {
                throw exception;
            }
            opened++;
            final JournalReader reader = journal.readFrom(globalSequence);
            last = reader;
            return reader;
        }

        @Override
        public void append(final DirectBuffer buffer, final int offset, final int length, final long[] marks) {
            journal.append(buffer, offset, length, marks);
        }

        @Override
        public void append(final DirectBuffer buffer, final int offset, final int length) {
            journal.append(buffer, offset, length);
        }

        @Override
        public void flush() {
            journal.flush();
        }

        @Override
        public long lastGlobalSequence() {
            return journal.lastGlobalSequence();
        }

        @Override
        public void close() {
            openFilesAtClose = openFiles();
            journal.close();
        }
    }

    private Ringline start(final Faulty journal) {
        return Ringline.start(new RouterContext()
                .topology(Topology.INLINE)
                .ringSize(64)
                .maxHeld(64)
                .clock(() -> now)
                .journal(journal)
                .addConsumer(new ConsumerConfig("slow")
                        .patterns(">")
                        .channelCapacity(4)
                        .overflow(OverflowPolicy.REPLAY)));
    }

    private void publish(final Ringline router, final Publisher publisher, final int count) {
        for (int i = 0; i < count; i++) {
            assertThat(publisher.tryPublish(subject, 0, 1, payload, 0, 300)).isNotNegative();
            router.doWork();
        }
    }

    private void poll(final SubjectConsumer consumer, final int times) {
        for (int i = 0; i < times; i++) {
            consumer.poll(ack, 100);
        }
    }

    private long openFiles() {
        try (var files = Files.list(OPEN_FILES)) {
            return files.filter(this::isJournalFile).count();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private boolean isJournalFile(final Path link) {
        try {
            return Files.readSymbolicLink(link).startsWith(temp.toRealPath())
                    && link.toRealPath().toString().endsWith(".cq4");
        } catch (final IOException gone) {
            return false;
        }
    }

    private void assertFailed(final SubjectConsumer slow) {
        assertThat(slow.replayState()).isEqualTo(ReplayState.FAILED);
        assertThat(slow.isLive()).isFalse();
        assertThat(slow.isEmpty()).isFalse();
    }

    private void assertAllOnceInOrder(final SubjectConsumer slow, final int events) {
        assertThat(seen).hasSize(events).isSorted().doesNotHaveDuplicates();
        assertThat(slow.replayFailure()).isNull();
        assertThat(slow.isLive()).isTrue();
    }

    @Test
    void aJournalThatCannotBeOpenedIsTriedAgainLaterAndLater() {
        final Faulty journal = new Faulty();
        try (Ringline router = start(journal)) {
            publish(router, router.publisher(), 100);
            final SubjectConsumer slow = router.consumer("slow");
            for (final Throwable fault : new Throwable[] {
                new JournalException("too many open files", null),
                new OutOfMemoryError("test"),
                new InternalError("test")
            }) {
                journal.fault = fault;
                now += TimeUnit.SECONDS.toNanos(10);
                poll(slow, 5);
                assertFailed(slow);
                assertThat(slow.replayFailure()).hasStackTraceContaining(String.valueOf(fault.getMessage()));
            }
            assertThat(seen).hasSize(4);
            journal.fault = null;
            now += TimeUnit.MILLISECONDS.toNanos(399);
            poll(slow, 5);
            assertFailed(slow);
            assertThat(journal.opened).as("not yet").isZero();
            now += TimeUnit.MILLISECONDS.toNanos(1);
            poll(slow, 5);
            assertAllOnceInOrder(slow, 100);
        }
    }

    @Test
    void outOfMemoryEndsNoPoll() {
        final Faulty journal = new Faulty();
        try (Ringline router = start(journal)) {
            publish(router, router.publisher(), 10);
            journal.fault = new OutOfMemoryError("test");
            poll(router.consumer("slow"), 2);
            assertFailed(router.consumer("slow"));
            assertThat(router.consumer("slow").replayFailure()).hasMessageContaining("after event 4");
            journal.fault = null;
            now -= TimeUnit.DAYS.toNanos(1); // the clock was set
            poll(router.consumer("slow"), 2);
            assertAllOnceInOrder(router.consumer("slow"), 10);
        }
    }

    @Test
    void aFileThatCannotBeReadOnIsOpenedAnewAtTheSameEvent() {
        final Faulty journal = new Faulty();
        try (Ringline router = start(journal)) {
            publish(router, router.publisher(), EVENTS);
            final SubjectConsumer slow = router.consumer("slow");
            poll(slow, 3);
            Objects.requireNonNull(journal.last).close(); // "Stream Closed", an IOException
            poll(slow, 30);
            assertFailed(slow);
            assertThat(slow.replayFailure()).isInstanceOf(JournalDamagedException.class);
            final int before = seen.size();
            assertThat(before).isLessThan(EVENTS);
            now += TimeUnit.MILLISECONDS.toNanos(100);
            poll(slow, 1);
            assertThat(slow.replayState()).isEqualTo(ReplayState.DETACHED);
            poll(slow, 40);
            assertAllOnceInOrder(slow, EVENTS);
            assertThat(journal.opened).isEqualTo(2);
        }
    }

    @Test
    void filesAreOpenWhileItIsAwayOnly() {
        assumeTrue(Files.isDirectory(OPEN_FILES));
        final Faulty journal = new Faulty();
        try (Ringline router = start(journal)) {
            final Publisher publisher = router.publisher();
            final SubjectConsumer slow = router.consumer("slow");
            publish(router, publisher, 1);
            final long writers = openFiles();
            for (int i = 0; i < 3; i++) {
                publish(router, publisher, 50);
                slow.poll(ack, 10);
                slow.poll(ack, 10);
                assertThat(openFiles()).isEqualTo(writers + 1);
                poll(slow, 5);
                publish(router, publisher, 1);
                poll(slow, 5);
                assertThat(slow.replayState()).isEqualTo(ReplayState.LIVE);
                assertThat(openFiles()).isEqualTo(writers);
            }
            publish(router, publisher, 50);
            slow.poll(ack, 10);
            slow.poll(ack, 10);
            assertThat(openFiles()).isEqualTo(writers + 1);
            router.close();
            assertThat(journal.openFilesAtClose).isEqualTo(writers);
            final int before = seen.size();
            poll(slow, 5);
            assertThat(seen).as("nothing more is read").hasSize(before);
            assertThat(slow.isEmpty()).isFalse();
        }
    }

    @Test
    void aPollUnderWayAtTheRoutersEndClosesThemItself() {
        assumeTrue(Files.isDirectory(OPEN_FILES));
        final Faulty journal = new Faulty();
        try (Ringline router = start(journal)) {
            publish(router, router.publisher(), 50);
            final SubjectConsumer slow = router.consumer("slow");
            poll(slow, 1);
            slow.poll(
                    event -> {
                        router.close();
                        return ack.onEvent(event);
                    },
                    100);
            assertThat(seen).hasSize(5);
            assertThat(openFiles()).isZero();
        }
    }
}
