package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.BreakerPolicy;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.RetryMode;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.record.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members of a group come and go at random, fail at random, defer and answer late; whoever gets an event, it is the next of its
 * aggregate, and none is left out. A deferred event may come again where the member that had it was closed.
 */
class QueueGroupMembersModelTest {
    private static final int AGGREGATES = 24;
    private static final int STEPS = 30_000;

    private record Deferred(SubjectConsumer consumer, int aggregate, long sequence, long global, int attempt) {}

    @TempDir
    Path temp;

    private long now = 1;
    private final Random random = new Random();
    private final long[] published = new long[AGGREGATES];
    private final long[] done = new long[AGGREGATES];
    private final Set<String> answered = new HashSet<>();
    private final List<Deferred> deferred = new ArrayList<>();
    private final List<SubjectConsumer> members = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>(); // what a handler throws is a retry
    private int named;
    private int comings;

    private ConsumerConfig member() {
        final ConsumerConfig config = new ConsumerConfig("m" + named++)
                .channelCapacity(1 + random.nextInt(30))
                .maxRetries(Integer.MAX_VALUE - 1)
                .retryBackoffNs(random.nextInt(2) * 500L, 1_000)
                .retryMode(random.nextInt(4) == 0 ? RetryMode.HEAD_OF_LINE : RetryMode.PARK)
                .parking(1 + random.nextInt(8), 1_024)
                .breaker(BreakerPolicy.defaults()
                        .afterFailuresInRow(1 + random.nextInt(20))
                        .openFor(1_000, 4_000))
                .maxOutstanding(1 + random.nextInt(4));
        return random.nextInt(3) == 0 ? config.overflow(OverflowPolicy.REPLAY) : config;
    }

    private Outcome handle(final SubjectConsumer consumer, final Event event, final boolean calm) {
        final int aggregate = Integer.parseInt(event.subject().substring(1));
        final long sequence = event.aggregateSequence();
        final boolean again = sequence <= done[aggregate] && answered.contains(aggregate + " " + sequence);
        if (!again && sequence != done[aggregate] + 1) {
            wrong.add(consumer.name() + " got " + sequence + " of " + aggregate + " after " + done[aggregate]);
        }
        final int dice = calm ? 0 : random.nextInt(100);
        if (dice < 70) {
            done[aggregate] = Math.max(done[aggregate], sequence);
            return Outcome.ACK;
        }
        if (dice < 92) {
            return Outcome.RETRY;
        }
        deferred.add(new Deferred(consumer, aggregate, sequence, event.globalSequence(), consumer.attempt()));
        return Outcome.DEFER;
    }

    /** Answers a deferred event; one of a member that was closed may come again, or was there already. */
    private void answer(final boolean calm) {
        final Deferred one = deferred.remove(random.nextInt(deferred.size()));
        final boolean acknowledges = calm || random.nextBoolean();
        if (!one.consumer.acknowledge(one.global, one.attempt, acknowledges ? Outcome.ACK : Outcome.RETRY)) {
            deferred.add(one);
        } else if (acknowledges) {
            answered.add(one.aggregate + " " + one.sequence);
            if (one.sequence == done[one.aggregate] + 1) {
                done[one.aggregate] = one.sequence;
            }
        }
    }

    private void step(final InlineRouter inline) {
        final int dice = random.nextInt(1_000);
        if (dice < 400) {
            final int aggregate = random.nextInt(AGGREGATES);
            if (inline.tryPublish("s" + aggregate, 0) >= 0) {
                published[aggregate]++;
            }
        } else if (dice < 600) {
            inline.router.doWork();
        } else if (dice < 900) {
            poll(members.get(random.nextInt(members.size())), false);
        } else if (dice < 980) {
            if (!deferred.isEmpty()) {
                answer(false);
            }
        } else if (dice < 990) {
            now += random.nextInt(2_000);
        } else {
            comeOrGo(inline);
        }
    }

    private void poll(final SubjectConsumer consumer, final boolean calm) {
        consumer.poll(event -> handle(consumer, event, calm), 1 + random.nextInt(6));
    }

    private void comeOrGo(final InlineRouter inline) {
        final boolean comes = members.size() == 1 || (members.size() < 6 && random.nextBoolean());
        if (comes) {
            if (inline.router.consumers().size() < 60) {
                members.add(inline.router.join("group", member()));
                comings++;
            }
        } else {
            members.remove(random.nextInt(members.size())).close();
        }
    }

    private boolean isFinished(final InlineRouter inline) {
        return inline.router.isQuiet()
                && deferred.isEmpty()
                && inline.router.consumers().stream().allMatch(each -> each.isEmpty() && !each.isLeaving());
    }

    static IntStream rounds() {
        return IntStream.range(0, Integer.getInteger("ringline.rounds", 8));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void everyEventIsTheNextOfItsAggregate(final int round) {
        final long seed = Long.getLong("ringline.seed", System.nanoTime()) + round;
        System.out.println("QueueGroupMembersModelTest seed " + seed);
        random.setSeed(seed);
        final QueueGroupConfig group = new QueueGroupConfig("group").patterns(">");
        group.addMember(member()).addMember(member());
        final RouterContext context = new RouterContext()
                .ringSize(32)
                .clock(() -> now)
                .journal(ChronicleJournal.open(temp.toFile(), new JournalSettings().batchBytes(1 << 10)))
                .addQueueGroup(group);
        try (InlineRouter inline = new InlineRouter(context)) {
            members.addAll(inline.router.consumers());
            for (int i = 0; i < STEPS; i++) {
                step(inline);
            }
            for (int i = 0; i < 100_000 && !isFinished(inline); i++) {
                now += 1_000;
                inline.router.doWork();
                members.forEach(each -> poll(each, true));
                if (!deferred.isEmpty()) {
                    answer(true);
                }
            }
            assertThat(inline.router.failure()).isNull();
            assertThat(wrong).as("seed %d", seed).isEmpty();
            assertThat(done).as("seed %d", seed).isEqualTo(published);
            assertThat(isFinished(inline)).as("seed %d", seed).isTrue();
            assertThat(comings).isGreaterThan(20);
            assertThat(inline.router.statistics().eventsHandedOver()).isPositive();
        }
    }
}
