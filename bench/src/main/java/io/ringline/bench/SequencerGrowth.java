package io.ringline.bench;

import com.sun.management.GarbageCollectorMXBean;
import io.ringline.sequencer.Ordering;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How long does the longest single offer take while a million aggregates are added, and what do they take in memory? In a JVM of
 * its own, whose young generation is large enough that the collector does not run meanwhile. Each round adds the same ones again
 * to a new orderer: growth comes at the same offers, the host's pauses do not, so the least of an offer's times is its own.
 */
final class SequencerGrowth {
    static final int AGGREGATES = 1_000_000;

    private static final int WARMUPS = 3;
    private static final int ROUNDS = 5;
    private static final int COLLECTIONS = 4;

    /** What a thread sets aside to allocate from counts as used: tens of megabytes in such a heap, where it is not told less. */
    static final List<String> HEAP =
            List.of("-XX:+UseSerialGC", "-Xms3g", "-Xmx3g", "-Xmn2g", "-XX:TLABSize=256k", "-XX:-ResizeTLAB");

    /**
     * What was found, nanoseconds.
     *
     * @param longest of all offers, each the least of its rounds.
     * @param seen    the longest offer in the middle one of all rounds.
     * @param spread  half of what that differed by.
     * @param host    the longest step of a loop that only reads the clock, as long, in the middle one of all rounds.
     * @param mean    of an offer.
     * @param bytes   for each aggregate, all told.
     */
    record Found(double longest, double seen, double spread, double host, double mean, double bytes) {}

    private SequencerGrowth() {}

    static Found measure(final Orderer.Kind kind) throws IOException, InterruptedException {
        final double[] values = ChildJvm.found(HEAP, SequencerGrowth.class, kind.name());
        return new Found(values[0], values[1], values[2], values[3], values[4], values[5]);
    }

    /**
     * Measures, and prints one line.
     *
     * @param args the constant of {@link Orderer.Kind}.
     */
    public static void main(final String[] args) {
        final Orderer.Kind kind = Orderer.Kind.valueOf(args[0]);
        final SequencerWorkload workload = new SequencerWorkload(AGGREGATES);
        final double bytes = bytes(kind, workload); // first, as memory outside the heap is given back late
        final int[] least = new int[AGGREGATES];
        for (int i = 0; i < WARMUPS; i++) {
            add(make(kind), workload, least);
        }
        Arrays.fill(least, Integer.MAX_VALUE);
        final double[] seen = new double[ROUNDS];
        final double[] host = new double[ROUNDS];
        long total = 0;
        final int collections = collections();
        for (int round = 0; round < ROUNDS; round++) {
            System.gc(); // outside of what is measured; counted, and taken off again
            final long from = System.nanoTime();
            seen[round] = add(make(kind), workload, least);
            final long took = System.nanoTime() - from;
            total += took;
            host[round] = longestStep(took);
        }
        if (collections() != collections + ROUNDS) {
            throw new IllegalStateException("the collector ran while aggregates were added: give it more room");
        }
        Arrays.sort(seen);
        Arrays.sort(host);
        System.out.printf(
                "found %d %.0f %.0f %.0f %.1f %.2f%n",
                Arrays.stream(least).max().orElseThrow(),
                seen[ROUNDS / 2],
                (seen[ROUNDS - 1] - seen[0]) / 2,
                host[ROUNDS / 2],
                (double) total / ROUNDS / AGGREGATES,
                bytes);
    }

    private static Orderer make(final Orderer.Kind kind) {
        return kind.make(Orderer.Keys.BYTES, Ordering.AGGREGATE, SequencerGrowth::ignore);
    }

    private static void ignore(final long globalSequence, final DirectBuffer payload, final int offset) {
        // what is released is not looked at: others do that
    }

    /** Adds all. @return the longest offer. */
    private static long add(final Orderer orderer, final SequencerWorkload workload, final int[] least) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Orderer.PAYLOAD_BYTES]);
        long longest = 0;
        long before = System.nanoTime();
        for (int i = 0; i < AGGREGATES; i++) {
            orderer.offer(workload.keys, i * Orderer.KEY_BYTES, 1, i + 1L, payload);
            final long after = System.nanoTime();
            least[i] = (int) Math.min(least[i], after - before);
            longest = Math.max(longest, after - before);
            before = after;
        }
        return longest;
    }

    private static long longestStep(final long forNs) {
        long longest = 0;
        final long from = System.nanoTime();
        long before = from;
        while (before - from < forNs) {
            final long after = System.nanoTime();
            longest = Math.max(longest, after - before);
            before = after;
        }
        return longest;
    }

    private static int collections() {
        return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .mapToInt(collector -> (int) collector.getCollectionCount())
                .sum();
    }

    private static double bytes(final Orderer.Kind kind, final SequencerWorkload workload) {
        final int[] times = new int[AGGREGATES];
        final Orderer orderer = make(kind);
        final long before = used();
        add(orderer, workload, times);
        try {
            return (double) (used() - before) / AGGREGATES;
        } finally {
            Reference.reachabilityFence(orderer);
            Reference.reachabilityFence(times);
        }
    }

    /** On the heap and outside of it. */
    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        final Runtime runtime = Runtime.getRuntime();
        // At once: what a thread has taken to allocate from counts as used, and is tens of megabytes in a heap like
        // this.
        final long heap = runtime.totalMemory() - runtime.freeMemory();
        final long outside = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return heap + outside;
    }
}
