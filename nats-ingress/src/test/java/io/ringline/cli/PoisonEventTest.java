package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.EventDraft;
import io.ringline.router.Publisher;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.JournalSettings;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event that its handler can never handle, from the router to {@code ringline dlq show}. */
class PoisonEventTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    private static final UnsafeBuffer TEXT = new UnsafeBuffer("a.b{}".getBytes(StandardCharsets.UTF_8));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private int tries;

    private String letters() {
        return temp.resolve("letters").toString();
    }

    @BeforeEach
    void run() {
        final RouterContext context = new RouterContext()
                .topology(Topology.INLINE)
                .deadLetters(DeadLetterLog.open(new File(letters()), new JournalSettings()))
                .addConsumer(new ConsumerConfig("billing")
                        .patterns(">")
                        .maxRetries(3)
                        .retryBackoffNs(0, 0));
        try (Ringline router = Ringline.start(context)) {
            final Publisher publisher = router.publisher();
            final EventDraft event = new EventDraft().subject(TEXT, 0, 3).aggregateId(7).payload(TEXT, 3, 2);
            assertThat(publisher.tryPublish(event)).isNotNegative();
            final SubjectConsumer consumer = router.consumer("billing");
            final long deadline = System.nanoTime() + LIMIT_NS;
            while (consumer.eventsProcessed() == 0 && System.nanoTime() < deadline) {
                router.doWork();
                consumer.poll(
                        delivered -> {
                            throw new IllegalStateException(++tries == 1 ? "no tariff" : "still no tariff " + tries);
                        },
                        10);
            }
            assertThat(consumer.delivered()).isZero();
            assertThat(consumer.deadLettered()).isEqualTo(1);
            assertThat(consumer.isEmpty()).isTrue();
            assertThat(router.drain(0).complete()).isTrue();
        }
        assertThat(tries).isEqualTo(4);
    }

    @Test
    void showTellsItsWholeStory() {
        final Cli.Result shown = Cli.run("", "dlq", "show", letters(), "1");
        assertThat(shown.status()).isZero();
        assertThat(shown.lines())
                .contains(
                        "reason           RETRIES_EXHAUSTED",
                        "consumer         billing",
                        "attempts         4",
                        "first error      java.lang.IllegalStateException: no tariff",
                        "last error       java.lang.IllegalStateException: still no tariff 4");
        assertThat(shown.out()).contains("at io.ringline.cli.PoisonEventTest");
    }

    @Test
    void soItDoesAsJson() {
        final Cli.Result shown = Cli.run("", "dlq", "show", letters(), "1", "--format", "json");
        assertThat(shown.status()).isZero();
        assertThat(shown.lines()).hasSize(1);
        assertThat(shown.out())
                .contains(
                        "\"reason\":\"RETRIES_EXHAUSTED\"",
                        "\"attempts\":4",
                        "\"firstError\":\"java.lang.IllegalStateException: no tariff\\n",
                        "\"error\":\"java.lang.IllegalStateException: still no tariff 4\\n",
                        "\"event\":{\"subject\":\"a.b\"");
        assertThat(Cli.run("", "dlq", "list", letters(), "--format", "json").lines())
                .isEqualTo(shown.lines());
        assertThat(Cli.run("", "dlq", "show", letters(), "2", "--format", "json").status())
                .isEqualTo(ExitStatus.FOUND);
    }
}
