package io.ringline.bench;

import io.ringline.sequencer.Ordering;
import io.ringline.sequencer.SequencerSnapshot;
import java.io.IOException;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How long does a snapshot of a million aggregates stop the events? It is stepped to its end with some events between the steps,
 * of aggregates all over the memory, as these must put aside what is not written yet. Rounds are alike, so that the least of a
 * step's times is its own, as in {@link SequencerGrowth}.
 */
final class SnapshotPauses {
    private static final int AGGREGATES = SequencerGrowth.AGGREGATES;
    private static final int HELD = 10_000;
    private static final int ROUNDS = 6;
    private static final int MOST_STEPS = 1 << 14;
    private static final int EVENTS_A_STEP = 16;
    private static final int PIECE_BYTES = 1 << 17;

    /** Co-prime to the number of aggregates: one after the other lie far apart. */
    private static final int STRIDE = 611_953;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[Orderer.PAYLOAD_BYTES]);
    private final UnsafeBuffer piece = new UnsafeBuffer(new byte[PIECE_BYTES]);
    private final SequencerWorkload workload = new SequencerWorkload(AGGREGATES);
    private final RinglineOrderer orderer =
            new RinglineOrderer(Orderer.Keys.BYTES, Ordering.AGGREGATE, SnapshotPauses::ignore);
    private final SequencerSnapshot snapshot = orderer.snapshot();
    private final SequencerSnapshot.HeldBytes held = orderer.heldBytes();
    private final long[] next = new long[AGGREGATES];
    private final int[] steps = new int[MOST_STEPS];
    private final int[] events = new int[MOST_STEPS * EVENTS_A_STEP];
    private long bytes;
    private int count;

    /**
     * What was found.
     *
     * @param longestStep  nanoseconds, each the least of its rounds; the begin is one.
     * @param longestEvent the same, of the events between steps.
     * @param steps        how many there were.
     * @param bytes        of the whole snapshot.
     */
    record Found(double longestStep, double longestEvent, double steps, double bytes) {}

    private SnapshotPauses() {}

    static Found measure() throws IOException, InterruptedException {
        final double[] values = ChildJvm.found(SequencerGrowth.HEAP, SnapshotPauses.class);
        return new Found(values[0], values[1], values[2], values[3]);
    }

    /**
     * Measures, and prints one line.
     *
     * @param args none.
     */
    public static void main(final String[] args) {
        new SnapshotPauses().run();
    }

    private static void ignore(final long globalSequence, final DirectBuffer payload, final int offset) {
        // what is released is not looked at: others do that
    }

    private void run() {
        for (int i = 0; i < AGGREGATES; i++) {
            event(i, 1);
            next[i] = 2;
        }
        for (int i = 0; i < HELD; i++) {
            event(AGGREGATES - 1 - i, 3); // 2 never comes
        }
        Arrays.fill(steps, Integer.MAX_VALUE);
        Arrays.fill(events, Integer.MAX_VALUE);
        for (int round = 0; round < ROUNDS; round++) {
            System.gc();
            snapshot();
        }
        System.out.printf(
                "found %d %d %d %d%n",
                longest(steps, count), longest(events, (count - 1) * EVENTS_A_STEP), count, bytes);
    }

    private static int longest(final int[] least, final int length) {
        return Arrays.stream(least, 0, length).max().orElseThrow();
    }

    private void snapshot() {
        bytes = 0;
        count = 0;
        long from = System.nanoTime();
        snapshot.begin();
        int written = 0;
        int at = 0;
        do {
            long now = System.nanoTime();
            steps[count] = (int) Math.min(steps[count], now - from);
            count++;
            for (int i = 0; i < EVENTS_A_STEP; i++) {
                final int place = (count - 1) * EVENTS_A_STEP + i;
                at = (at + STRIDE) % (AGGREGATES - HELD);
                from = now;
                event(at, next[at]++);
                now = System.nanoTime();
                events[place] = (int) Math.min(events[place], now - from);
            }
            from = System.nanoTime();
            written = snapshot.step(piece, 0, PIECE_BYTES, held);
            bytes += written;
        } while (written > 0);
    }

    private void event(final int aggregate, final long number) {
        orderer.offer(workload.keys, aggregate * Orderer.KEY_BYTES, number, 0, payload);
    }
}
