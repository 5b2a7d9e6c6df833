package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.RetryMode;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Consumers under {@code REPLAY}, and one under {@code BACK_PRESSURE} that makes the ring stand still in the middle of an
 * event, against a model: any order of publishing, of turns and of polls, with retries.
 */
class ReplayModelTest {
    private static final String[] SUBJECTS = {"a.1", "a.2", "b.1", "b.2", "c"};
    /** Of the consumers; the one that stalls the ring stands between the others. */
    private static final String[] PATTERNS = {">", "a.*", "b.>", "*.1", "c"};

    private static final int STALLS = 2;
    private static final int TURNS = 60_000;

    @TempDir
    Path temp;

    private final EventDraft draft = new EventDraft();
    private final List<String> subjects = new ArrayList<>();
    private final List<List<Long>> got = lists();
    private final List<List<Long>> expected = lists();

    private static List<List<Long>> lists() {
        final List<List<Long>> lists = new ArrayList<>();
        for (int i = 0; i < PATTERNS.length; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private RouterContext context(final Random random, final RetryMode mode) {
        final RouterContext context = new RouterContext()
                .topology(Topology.INLINE)
                .ringSize(64)
                .maxHeld(64)
                .journal(ChronicleJournal.open(temp.toFile(), new JournalSettings().batchBytes(1 << 10)));
        for (int i = 0; i < PATTERNS.length; i++) {
            context.addConsumer(new ConsumerConfig("c" + i)
                    .patterns(PATTERNS[i])
                    .channelCapacity(i == STALLS ? 1 : 1 + random.nextInt(20))
                    .maxRetries(1_000)
                    .retryBackoffNs(0, 0)
                    .retryMode(mode)
                    .parking(4, 1_024)
                    .overflow(i == STALLS ? OverflowPolicy.BACK_PRESSURE : OverflowPolicy.REPLAY));
        }
        return context;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void eachGetsWhatItMatchesOnceInOrder(final int round) {
        final long seed = Long.getLong("ringline.seed", System.nanoTime()) + round;
        System.out.println("ReplayModelTest seed " + seed);
        final Random random = new Random(seed);
        final RetryMode mode = round % 2 == 0 ? RetryMode.HEAD_OF_LINE : RetryMode.PARK;
        try (Ringline router = Ringline.start(context(random, mode))) {
            run(router, random);
            assertThat(router.failure()).isNull();
            final DrainReport report = router.drain(0);
            assertThat(report.complete()).as("seed %d", seed).isTrue();
            assertThat(report.inRing() + report.held() + report.inChannels())
                    .as("seed %d", seed)
                    .isZero();
            if (mode == RetryMode.PARK) {
                got.forEach(this::sortAcrossAggregates);
            }
            assertThat(got).as("seed %d", seed).isEqualTo(expected);
            assertThat(router.consumer("c0").timesDetached())
                    .as("seed %d", seed)
                    .isGreaterThan(10);
        }
    }

    /** Sorts, after a look whether the events of each aggregate are in order: of those others there is none under PARK. */
    private void sortAcrossAggregates(final List<Long> numbers) {
        for (final String subject : SUBJECTS) {
            assertThat(numbers.stream()
                            .filter(number -> subjects.get((int) (number - 1)).equals(subject)))
                    .as(subject)
                    .isSorted();
        }
        numbers.sort(null);
    }

    private void run(final Ringline router, final Random random) {
        final Publisher publisher = router.publisher();
        final int[] pace = new int[PATTERNS.length];
        for (int turn = 0; turn < TURNS; turn++) {
            if (turn % 500 == 0) { // now quick, now slow
                Arrays.setAll(pace, i -> random.nextInt(3) > 0 ? 1 + random.nextInt(3) : i == STALLS ? 6 : 60);
            }
            final boolean ending = turn > TURNS - 10_000;
            if (!ending && random.nextBoolean()) {
                publish(publisher, SUBJECTS[random.nextInt(SUBJECTS.length)], random);
            } else if (random.nextInt(3) == 0) {
                router.doWork();
            }
            for (int i = 0; i < PATTERNS.length; i++) {
                if (ending || random.nextInt(pace[i]) == 0) {
                    poll(router.consumers().get(i), got.get(i), random);
                }
            }
        }
    }

    private void publish(final Publisher publisher, final String subject, final Random random) {
        final UnsafeBuffer name = new UnsafeBuffer(subject.getBytes(StandardCharsets.US_ASCII));
        draft.reset().subject(name, 0, name.capacity()).payload(name, 0, random.nextInt(1 + name.capacity()));
        if (publisher.tryPublish(draft) < 0) {
            return;
        }
        subjects.add(subject);
        final long number = subjects.size();
        final boolean[] matches = {
            true, subject.startsWith("a."), subject.startsWith("b."), subject.endsWith(".1"), subject.equals("c")
        };
        for (int i = 0; i < matches.length; i++) {
            if (matches[i]) {
                expected.get(i).add(number);
            }
        }
    }

    private static void poll(final SubjectConsumer consumer, final List<Long> got, final Random random) {
        consumer.poll(
                event -> {
                    if (random.nextInt(20) == 0) {
                        return Outcome.RETRY;
                    }
                    got.add(event.globalSequence());
                    return Outcome.ACK;
                },
                1 + random.nextInt(12));
    }
}
