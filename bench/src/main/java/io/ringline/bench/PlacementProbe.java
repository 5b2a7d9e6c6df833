package io.ringline.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far apart the two cores are at present: the round trip of one cache line between two threads. A host may move virtual
 * cores at any time, and two-thread figures move with them, up to fifteenfold; so each fork says where it ran.
 */
final class PlacementProbe {
    /** Round trips over this many nanoseconds are called far. */
    static final double FAR_NS = 250;

    /** Where a fork's probes are written, a line each; set by {@link BenchMain}. */
    static final String FILE_PROPERTY = "ringline.bench.placement";

    private static final int ROUNDS = 2_000;
    private static final int SAMPLES = 25;

    private PlacementProbe() {}

    static void report(final String when) {
        final String file = System.getProperty(FILE_PROPERTY);
        if (file == null) {
            return;
        }
        final String line = when + " " + roundTripNs() + "\n";
        try {
            Files.writeString(
                    Path.of(file),
                    line,
                    StandardCharsets.US_ASCII,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (final IOException failure) {
            throw new IllegalStateException("cannot write the placement probe to " + file, failure);
        }
    }

    /** The median of a number of samples, nanoseconds. */
    static double roundTripNs() {
        final AtomicLong ball = new AtomicLong();
        final long last = 2L * ROUNDS * SAMPLES;
        final Thread other = new Thread(() -> {
            for (long i = 1; i < last; i += 2) {
                while (ball.get() != i) {
                    Thread.onSpinWait();
                }
                ball.set(i + 1);
            }
        });
        other.setDaemon(true);
        other.start();
        final double[] samples = new double[SAMPLES];
        long i = 0;
        for (int sample = 0; sample < SAMPLES; sample++) {
            final long start = System.nanoTime();
            for (int round = 0; round < ROUNDS; round++) {
                ball.set(i + 1);
                while (ball.get() != i + 2) {
                    Thread.onSpinWait();
                }
                i += 2;
            }
            samples[sample] = (double) (System.nanoTime() - start) / ROUNDS;
        }
        Arrays.sort(samples);
        return samples[SAMPLES / 2];
    }
}
