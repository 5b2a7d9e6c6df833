package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.QueueGroups;
import io.ringline.router.consumer.RetryMode;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
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
 * Consumers under {@code REPLAY}, members of a queue group among them, and one under {@code BACK_PRESSURE} that makes the ring
 * stand still in the middle of an event, against a model: any order of publishing, of turns, of polls and of changes of the
 * subscriptions, with retries.
 */
class ReplayModelTest {
    private static final String[] SUBJECTS = {"a.1", "a.2", "b.1", "b.2", "c"};
    /** What may be subscribed to; each of the first consumers begins with one. */
    private static final String[] PATTERNS = {">", "a.*", "b.>", "*.1", "c"};

    /** The one that stalls the ring stands between the others. */
    private static final int STALLS = 2;
    /** The last two consumers are members of the group, whose subscriptions come after theirs. */
    private static final int CONSUMERS = 7;

    private static final int FIRST_MEMBER = 5;
    private static final String GROUP = "group";
    private static final QueueGroups MEMBERS = new QueueGroups(CONSUMERS, List.of(new int[] {FIRST_MEMBER, 6}));
    private static final int TURNS = 60_000;

    @TempDir
    Path temp;

    private final EventDraft draft = new EventDraft();
    private final List<String> subjects = new ArrayList<>();
    private final List<List<Long>> got = lists();
    private final List<List<Long>> expected = lists();
    private final boolean[][] wants = new boolean[CONSUMERS + 1][PATTERNS.length];

    private static List<List<Long>> lists() {
        final List<List<Long>> lists = new ArrayList<>();
        for (int i = 0; i < CONSUMERS; i++) {
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
        final QueueGroupConfig group = new QueueGroupConfig(GROUP);
        for (int i = 0; i < CONSUMERS; i++) {
            final ConsumerConfig consumer = new ConsumerConfig("c" + i)
                    .channelCapacity(i == STALLS ? 1 : 1 + random.nextInt(20))
                    .maxRetries(1_000)
                    .retryBackoffNs(0, 0)
                    .retryMode(mode)
                    .parking(4, 1_024)
                    .overflow(i == STALLS ? OverflowPolicy.BACK_PRESSURE : OverflowPolicy.REPLAY);
            if (i < FIRST_MEMBER) {
                wants[i][i] = true;
                context.addConsumer(consumer.patterns(PATTERNS[i]));
            } else {
                group.addMember(consumer);
            }
        }
        wants[CONSUMERS][0] = true;
        return context.addQueueGroup(group.patterns(PATTERNS[0]));
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
        final int[] pace = new int[CONSUMERS];
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
            if (random.nextInt(50) == 0) {
                change(router, random);
            }
            for (int i = 0; i < CONSUMERS; i++) {
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
        final int member = member(name);
        for (int i = 0; i < CONSUMERS; i++) {
            if (matches(i, subject) || (i == member && matches(CONSUMERS, subject))) {
                expected.get(i).add(number);
            }
        }
    }

    private boolean matches(final int who, final String subject) {
        final boolean[] matching = {
            true, subject.startsWith("a."), subject.startsWith("b."), subject.endsWith(".1"), subject.equals("c")
        };
        boolean any = false;
        for (int i = 0; i < matching.length; i++) {
            any |= wants[who][i] && matching[i];
        }
        return any;
    }

    /** The member that the group gives a subject's events to. */
    private static int member(final UnsafeBuffer subject) {
        final EventRecord event = new EventRecord();
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[256]);
        event.wrap(memory, 0).init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_SUBJECT, subject.capacity(), 0, 0, 0);
        memory.putBytes(event.subjectOffset(), subject, 0, subject.capacity());
        return MEMBERS.member(MEMBERS.bit(0), event);
    }

    /** Somebody subscribes to a pattern more, or to one less; all that was published is matched, wherever it is by then. */
    private void change(final Ringline router, final Random random) {
        router.doWork();
        if (router.statistics().released() < subjects.size()) {
            return;
        }
        final int who = 1 + random.nextInt(CONSUMERS);
        final int what = random.nextInt(PATTERNS.length);
        final String name = who == CONSUMERS ? GROUP : "c" + who;
        wants[who][what] = !wants[who][what];
        assertThat(wants[who][what] ? router.subscribe(name, PATTERNS[what]) : router.unsubscribe(name, PATTERNS[what]))
                .isTrue();
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
