package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.ConsumerPoller;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.record.Event;
import io.ringline.router.subject.Subject;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thousand consumers come and go while events flow: nobody loses any, and nothing is left behind. */
class ComeAndGoSystemTest {
    private static final int COMINGS = 1_000;
    private static final int AGGREGATES = 64;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path temp;

    private final AtomicLong published = new AtomicLong();
    private final AtomicLongArray lastInGroup = new AtomicLongArray(AGGREGATES);
    private final AtomicLong doneInGroup = new AtomicLong();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private long audited;
    private volatile boolean noMore; // events
    private volatile boolean stop;

    private RouterContext context(final Topology topology) {
        return new RouterContext()
                .topology(topology)
                .ringSize(256)
                .maxPayloadBytes(64)
                .maxHeadersBytes(0)
                .maxSubjectBytes(16)
                .idleStrategy(IdleStrategyFactory.BACKOFF)
                .journal(ChronicleJournal.open(temp.toFile(), new JournalSettings().batchBytes(1 << 12)))
                .addConsumer(new ConsumerConfig("resident").patterns(">"))
                .addConsumer(new ConsumerConfig("audit").patterns("s.*").overflow(OverflowPolicy.REPLAY))
                .addQueueGroup(new QueueGroupConfig("group")
                        .patterns("s.*")
                        .addMember(new ConsumerConfig("one"))
                        .addMember(new ConsumerConfig("two").overflow(OverflowPolicy.REPLAY)));
    }

    private void publish(final Ringline router) {
        final Publisher publisher = router.publisher();
        final Subject[] subjects = new Subject[AGGREGATES];
        for (int i = 0; i < AGGREGATES; i++) {
            subjects[i] = router.subject("s." + i);
        }
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES]);
        final EventDraft draft = new EventDraft();
        while (!noMore) {
            final long number = published.get() + 1;
            payload.putLong(0, number);
            draft.reset().subject(subjects[(int) (number % AGGREGATES)]).payload(payload, 0, Long.BYTES);
            if (publisher.tryPublish(draft) >= 0) {
                published.lazySet(number);
            } else {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    /** Exactly the next of its aggregate, whichever member gets it. */
    private Outcome inGroup(final Event event) {
        final int aggregate = Integer.parseInt(event.subject().substring(2));
        final long before = lastInGroup.get(aggregate);
        if (event.aggregateSequence() != before + 1) {
            wrong.add("group got " + event.aggregateSequence() + " of " + aggregate + " after " + before);
        }
        lastInGroup.set(aggregate, event.aggregateSequence());
        doneInGroup.incrementAndGet();
        return Outcome.ACK;
    }

    private Thread poller(final String name, final ConsumerHandler handler, final SubjectConsumer... consumers) {
        final Thread thread = new Thread(
                () -> {
                    while (!stop || !allEmpty(consumers)) {
                        int done = 0;
                        for (final SubjectConsumer each : consumers) {
                            done += each.poll(handler, 100);
                        }
                        if (done == 0) {
                            LockSupport.parkNanos(20_000);
                        }
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private static boolean allEmpty(final SubjectConsumer... consumers) {
        boolean empty = true;
        for (final SubjectConsumer each : consumers) {
            empty &= each.isEmpty();
        }
        return empty;
    }

    /** One consumer that comes, gets some events, and goes; without a gap in what it got. */
    private final class Guest {
        private final List<Long> got = new ArrayList<>();

        Outcome onEvent(final Event event) {
            got.add(event.buffer().getLong(event.payloadOffset()));
            return Outcome.ACK;
        }

        void visit(final Ringline router, final Random random, final int number) {
            final ConsumerConfig config =
                    new ConsumerConfig("guest").patterns("s.>").channelCapacity(1 + random.nextInt(200));
            if (random.nextInt(3) == 0) {
                config.overflow(OverflowPolicy.REPLAY);
            }
            final SubjectConsumer guest = router.add(config);
            final long first = published.get() + 2; // one may be on its way
            final int polls = random.nextInt(20);
            for (int i = 0; i < polls; i++) {
                guest.poll(this::onEvent, 50);
            }
            final long last = router.fannedOutSequence(); // as each event has its number of release
            final boolean closes = random.nextInt(4) == 0;
            if (closes) {
                guest.close();
            } else {
                router.remove(guest);
                await(() -> {
                    guest.poll(this::onEvent, 50);
                    return guest.hasEnded();
                });
            }
            for (int i = 1; i < got.size(); i++) {
                if (got.get(i) != got.get(i - 1) + 1) {
                    wrong.add("guest " + number + " got " + got.get(i) + " after " + got.get(i - 1));
                }
            }
            final boolean all =
                    last < first || (!got.isEmpty() && got.get(0) <= first && got.get(got.size() - 1) >= last);
            if (!closes && !all) {
                wrong.add("guest " + number + " was to get " + first + " to " + last + " and got " + got);
            }
        }
    }

    /** Each event once and in order, though its poller polls members that come and go as well. */
    private Outcome onAudit(final Event event) {
        final long number = event.buffer().getLong(event.payloadOffset());
        if (number != audited + 1) {
            wrong.add("audit got " + number + " after " + audited);
        }
        audited = number;
        return Outcome.ACK;
    }

    private void visitGroup(final Ringline router, final Random random, final ConsumerPoller poller) {
        final ConsumerConfig config = new ConsumerConfig("member").channelCapacity(1 + random.nextInt(200));
        if (random.nextInt(3) == 0) {
            config.overflow(OverflowPolicy.REPLAY);
        }
        final SubjectConsumer member = router.join("group", config);
        poller.add(member, this::inGroup);
        final int polls = random.nextInt(40);
        for (int i = 0; i < polls; i++) {
            if (poller.poll(10) == 0) {
                LockSupport.parkNanos(20_000);
            }
        }
        member.close();
        for (int i = 0; i < 2_000 && !member.hasEnded(); i++) { // its heir reads at the same time
            poller.poll(10);
        }
    }

    private static void await(final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @ParameterizedTest
    @EnumSource(
            value = Topology.class,
            names = {"FUSED", "STAGED"})
    void aThousandComeAndGo(final Topology topology) throws InterruptedException {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        System.out.println("ComeAndGoSystemTest seed " + seed);
        final Random random = new Random(seed);
        try (Ringline router = Ringline.start(context(topology))) {
            final AtomicLong residents = new AtomicLong();
            final List<Thread> threads = new ArrayList<>();
            threads.add(poller("resident", event -> count(residents), router.consumer("resident")));
            threads.add(poller("members", this::inGroup, router.consumer("one"), router.consumer("two")));
            threads.add(new Thread(() -> publish(router), "publisher"));
            threads.get(2).start();
            System.gc();
            final long directBefore = directBytes();
            final List<WeakReference<SubjectConsumer>> gone = new ArrayList<>();
            final ConsumerPoller poller = router.poller(List.of(router.consumer("audit")), this::onAudit);
            for (int i = 0; i < COMINGS; i++) {
                await(() -> router.consumers().size() < 32);
                if (i % 2 == 0) {
                    new Guest().visit(router, random, i);
                } else {
                    visitGroup(router, random, poller);
                }
                router.consumers().stream()
                        .filter(SubjectConsumer::isLeaving)
                        .forEach(each -> gone.add(new WeakReference<>(each)));
            }
            await(() -> router.consumers().size() == 4);
            noMore = true;
            threads.get(2).join();
            await(router::isQuiet);
            await(() -> poller.poll(1_000) == 0 && router.consumer("audit").isEmpty());
            poller.close();
            stop = true;
            for (final Thread thread : threads) {
                thread.join();
            }
            check(router, residents.get(), gone, directBefore);
        }
    }

    private static Outcome count(final AtomicLong events) {
        events.incrementAndGet();
        return Outcome.ACK;
    }

    private void check(
            final Ringline router,
            final long residents,
            final List<WeakReference<SubjectConsumer>> gone,
            final long directBefore) {
        assertThat(router.failure()).isNull();
        assertThat(wrong).isEmpty();
        assertThat(residents).isEqualTo(published.get());
        assertThat(audited).isEqualTo(published.get());
        assertThat(doneInGroup.get()).isEqualTo(published.get());
        final RouterStatistics totals = router.statistics();
        assertThat(totals.consumersEnded()).isEqualTo(COMINGS);
        assertThat(totals.accepted()).isEqualTo(published.get());
        assertThat(totals.noMatch()).isZero();
        assertThat(router.report().complete()).isTrue();
        assertThat(gone).isNotEmpty();
        await(() -> {
            System.gc();
            return gone.stream().allMatch(each -> each.get() == null) && directBytes() <= directBefore + (1 << 20);
        });
    }
}
