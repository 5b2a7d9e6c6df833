package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelMemory;
import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.record.EventRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;

/** One thread offers, one polls, several acknowledge, one looks at the figures: each event ends once, each aggregate in order. */
class DeferSystemTest {
    private static final int EVENTS = 100_000;
    private static final int AGGREGATES = 50;
    private static final int WORKERS = 3;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final long deadline = System.nanoTime() + LIMIT_NS;
    private final Channel channel = new Channel(1_000, 1 << 17, 200, new ChannelMemory(0));
    private final SubjectConsumer consumer = new SubjectConsumer(
            0,
            channel,
            new ConsumerSettings(
                    "c",
                    new RetryPolicy(Integer.MAX_VALUE, 0, 0),
                    RetryMode.PARK,
                    OnDeadLetter.CONTINUE,
                    500,
                    1 << 16,
                    100,
                    1,
                    BreakerPolicy.disabled()),
            SystemEpochNanoClock.INSTANCE,
            new HandoverSignal(),
            TestSettings.NO_NOTICES,
            null);
    private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(1_000);
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong wrong = new AtomicLong();
    /** The last event of each aggregate that was acknowledged; written by whoever acknowledges, before that. */
    private final long[] last = new long[AGGREGATES];

    /** A deferred event. */
    private record Job(int aggregate, long sequence, int attempt) {}

    private void offerAll() {
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final Random random = new Random(seed);
        for (int i = 1; i <= EVENTS && System.nanoTime() < deadline; i++) {
            final EventRecord event = ConsumerBench.event(i, random.nextInt(AGGREGATES), 10);
            while (!writer.offer(0, event.buffer(), 0, event.length()) && System.nanoTime() < deadline) {
                Thread.yield();
            }
        }
    }

    private void work(final int number) {
        final Random random = new Random(seed + number);
        try {
            while (!done.get()) {
                final Job job = jobs.poll(1, TimeUnit.MILLISECONDS);
                if (job == null) {
                    continue;
                }
                final boolean retry = random.nextInt(10) == 0;
                if (!retry) {
                    note(job.aggregate, job.sequence);
                }
                while (!consumer.acknowledge(job.sequence, job.attempt, retry ? Outcome.RETRY : Outcome.ACK)
                        && !done.get()) {
                    Thread.yield();
                }
            }
        } catch (final InterruptedException interrupted) {
            wrong.incrementAndGet();
        }
    }

    private void note(final int aggregate, final long sequence) {
        if (last[aggregate] >= sequence) {
            wrong.incrementAndGet();
        }
        last[aggregate] = sequence;
    }

    private void watch() {
        long before = 0;
        while (!done.get()) {
            final long safe = consumer.safeGlobalSequence();
            if (safe < before || safe > EVENTS || consumer.lag() < 0) {
                wrong.incrementAndGet();
            }
            before = safe;
        }
    }

    @Test
    void eachEventEndsOnceAndInOrder() throws Exception {
        System.out.println("DeferSystemTest seed " + seed);
        final List<Thread> threads = new ArrayList<>();
        threads.add(new Thread(this::offerAll));
        threads.add(new Thread(this::watch));
        for (int i = 0; i < WORKERS; i++) {
            final int number = i;
            threads.add(new Thread(() -> work(number)));
        }
        threads.forEach(Thread::start);
        final Random random = new Random(seed);
        while (consumer.delivered() < EVENTS && System.nanoTime() < deadline) {
            final int polled = consumer.poll(
                    event -> {
                        final int fate = random.nextInt(20);
                        final int aggregate = (int) event.aggregateId();
                        if (fate == 0) {
                            return Outcome.RETRY;
                        }
                        if (fate < 10) {
                            note(aggregate, event.globalSequence());
                            return Outcome.ACK;
                        }
                        final Job job = new Job(aggregate, event.globalSequence(), consumer.attempt());
                        return jobs.offer(job) ? Outcome.DEFER : Outcome.RETRY;
                    },
                    1 + random.nextInt(50));
            if (polled == 0) {
                Thread.yield();
            }
        }
        done.set(true);
        for (final Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(consumer.delivered()).as("seed %d", seed).isEqualTo(EVENTS);
        assertThat(wrong).as("seed %d", seed).hasValue(0);
        assertThat(consumer.isEmpty()).isTrue();
        assertThat(consumer.lag()).isZero();
        assertThat(consumer.safeGlobalSequence()).isEqualTo(EVENTS);
        assertThat(consumer.acknowledgementsIgnored()).isZero();
    }
}
