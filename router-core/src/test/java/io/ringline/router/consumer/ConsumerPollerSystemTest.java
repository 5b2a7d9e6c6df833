package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelMemory;
import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** One thread offers and marks, two poll: nothing that was offered is forgotten, whatever the handlers answer. */
class ConsumerPollerSystemTest {
    private static final int CONSUMERS = 70;
    private static final int EVENTS = 500_000;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);

    private final long seed = Long.getLong("ringline.seed", System.nanoTime());
    private final long deadline = System.nanoTime() + LIMIT_NS;
    private final DirtyChannels dirty = new DirtyChannels(CONSUMERS);
    private final List<SubjectConsumer> consumers = new ArrayList<>();
    private final ChannelWriter writer;

    ConsumerPollerSystemTest() {
        final ChannelMemory memory = new ChannelMemory(CONSUMERS * (long) Channel.bytes(4_096));
        for (int i = 0; i < CONSUMERS; i++) {
            consumers.add(new SubjectConsumer(
                    i,
                    new Channel(30, 4_096, 100, memory),
                    TestSettings.of("c" + i, new RetryPolicy(Integer.MAX_VALUE, 0, 0)),
                    SystemEpochNanoClock.INSTANCE,
                    new HandoverSignal(),
                    TestSettings.NO_NOTICES,
                    null));
        }
        writer = new ChannelWriter(
                consumers.stream().map(SubjectConsumer::channel).toList());
    }

    /** Offers each consumer its own numbers, from 1, in batches with one mark each. */
    private long[] offerAll() {
        final Random random = new Random(seed);
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[EventRecord.HEADER_BYTES]);
        final EventRecord record = new EventRecord().wrap(memory, 0);
        final int length = record.init(RecordType.EVENT, 0, 0, 0, 0, 0);
        final long[] offered = new long[CONSUMERS];
        final long[] bits = new long[dirty.words()];
        for (int event = 0; event < EVENTS; event++) {
            final int to = random.nextInt(CONSUMERS);
            record.globalSequence(offered[to] + 1);
            while (!writer.offer(to, memory, 0, length)) {
                dirty.mark(bits);
                Arrays.fill(bits, 0);
                assertThat(System.nanoTime())
                        .as("seed %d: stuck at c%d", seed, to)
                        .isLessThan(deadline);
                Thread.yield();
            }
            offered[to]++;
            bits[to >>> 6] |= 1L << to;
            if (random.nextInt(8) == 0) {
                dirty.mark(bits);
                Arrays.fill(bits, 0);
            }
        }
        dirty.mark(bits);
        return offered;
    }

    private void pollAll(final List<SubjectConsumer> mine, final CompletableFuture<long[]> offering) {
        final Random random = new Random(seed ^ mine.get(0).index());
        final List<ConsumerHandler> handlers = new ArrayList<>();
        for (final SubjectConsumer consumer : mine) {
            final long[] expected = {1};
            handlers.add(event -> {
                if (random.nextInt(50) == 0) {
                    return Outcome.RETRY;
                }
                if (event.globalSequence() != expected[0]) {
                    throw new IllegalStateException(consumer.name() + " got " + event.globalSequence());
                }
                expected[0]++;
                return Outcome.ACK;
            });
        }
        final ConsumerPoller poller = new ConsumerPoller(dirty, mine, handlers); // while events flow already
        long idlePolls = 0;
        while (System.nanoTime() < deadline && !(offering.isDone() && idlePolls > 2_000)) {
            idlePolls = poller.poll(1 + random.nextInt(4)) == 0 ? idlePolls + 1 : 0;
            if (idlePolls > 0) {
                Thread.yield();
            }
        }
    }

    @Test
    void nothingIsForgotten() throws Exception {
        System.out.println("ConsumerPollerSystemTest seed " + seed);
        final List<SubjectConsumer> mixed = new ArrayList<>(consumers);
        Collections.shuffle(mixed, new Random(seed));
        final CompletableFuture<long[]> offering = CompletableFuture.supplyAsync(this::offerAll);
        final List<CompletableFuture<Void>> polling = new ArrayList<>();
        for (final List<SubjectConsumer> mine : List.of(mixed.subList(0, 30), mixed.subList(30, CONSUMERS))) {
            polling.add(CompletableFuture.runAsync(() -> pollAll(mine, offering), task -> new Thread(task).start()));
        }
        for (final CompletableFuture<Void> poller : polling) {
            poller.get(2 * LIMIT_NS, TimeUnit.NANOSECONDS);
        }
        final long[] offered = offering.get(1, TimeUnit.SECONDS);
        for (final SubjectConsumer consumer : consumers) {
            assertThat(consumer.delivered())
                    .as("seed %d: %s", seed, consumer.name())
                    .isEqualTo(offered[consumer.index()]);
            assertThat(consumer.isEmpty())
                    .as("seed %d: %s", seed, consumer.name())
                    .isTrue();
            assertThat(consumer.lastGlobalSequence()).isEqualTo(offered[consumer.index()]);
        }
    }
}
