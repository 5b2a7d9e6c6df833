package io.ringline.bench;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the pipeline benchmarks route: 1,000 subjects of 28 bytes, 100 patterns with a consumer each, exactly two matches an
 * event, 64 bytes of payload. Subjects are published in a fixed shuffled order; each subject is its own aggregate.
 */
final class Workload {
    static final int SUBJECTS = 1_000;
    static final int PATTERNS = 100;
    static final int MATCHES = 2;
    static final int PAYLOAD_BYTES = 64;
    static final int ORDER_LENGTH = 8_192;

    private static final int GROUPS = PATTERNS / 2;

    final byte[][] subjects = new byte[SUBJECTS][];
    final UnsafeBuffer[] subjectBuffers = new UnsafeBuffer[SUBJECTS];
    final String[] patterns = new String[PATTERNS];
    final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_BYTES]);
    final int[] order = new int[ORDER_LENGTH];

    Workload() {
        for (int i = 0; i < GROUPS; i++) {
            patterns[i] = "event.market." + group(i) + ".>";
            patterns[GROUPS + i] = "event.market.*.*." + verb(i);
        }
        for (int i = 0; i < SUBJECTS; i++) {
            final String text = String.format("event.market.%s.s%04d.%s", group(groupOf(i)), i, verb(verbOf(i)));
            subjects[i] = text.getBytes(StandardCharsets.US_ASCII);
            subjectBuffers[i] = new UnsafeBuffer(subjects[i]);
        }
        final java.util.Random random = new java.util.Random(42);
        for (int i = 0; i < ORDER_LENGTH; i++) {
            order[i] = random.nextInt(SUBJECTS);
        }
        for (int i = 0; i < PAYLOAD_BYTES; i++) {
            payload.putByte(i, (byte) i);
        }
    }

    /** The channels that a subject's events go to: what a hand-written pipeline has worked out beforehand. */
    static int[] channelsOf(final int subject) {
        return new int[] {groupOf(subject), GROUPS + verbOf(subject)};
    }

    private static int groupOf(final int subject) {
        return subject % GROUPS;
    }

    private static int verbOf(final int subject) {
        return (subject / GROUPS + subject) % GROUPS;
    }

    private static String group(final int i) {
        return String.format("g%02d", i);
    }

    private static String verb(final int i) {
        return String.format("verb%02d", i);
    }
}
