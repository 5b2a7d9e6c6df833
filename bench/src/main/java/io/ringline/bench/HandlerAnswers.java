package io.ringline.bench;

import io.ringline.router.consumer.Outcome;

/**
 * What a consumer's handler answers in the model proof: a pure function of what it is asked about, so that the model and
 * every topology meet the same failures.
 */
final class HandlerAnswers {
    private static final int POISON = 3;
    private static final int SHAKY = 7;
    private static final int REFUSED = 8;

    private static final Outcome[] ANSWERS = {Outcome.ACK, Outcome.RETRY, Outcome.REJECT}; // none that comes later

    private HandlerAnswers() {}

    /** The answer. A {@code RETRY} is meant as an exception where {@link #throwsInstead} says so. */
    static Outcome of(final long seed, final int consumer, final long globalSequence, final int attempt) {
        final int fate = dice(seed, consumer, globalSequence, 0, 100);
        if (fate < POISON) {
            return Outcome.RETRY;
        }
        if (fate < SHAKY) {
            return ANSWERS[dice(seed, consumer, globalSequence, attempt, ANSWERS.length)];
        }
        return fate < REFUSED ? Outcome.REJECT : Outcome.ACK;
    }

    static boolean throwsInstead(final long seed, final int consumer, final long globalSequence) {
        return dice(seed, consumer, globalSequence, -1, 4) == 0;
    }

    private static int dice(
            final long seed, final int consumer, final long number, final int attempt, final int sides) {
        long mixed = seed;
        for (final long part : new long[] {consumer, number, attempt}) {
            mixed = (mixed + part) * 0x9E37_79B9_7F4A_7C15L;
            mixed ^= mixed >>> 31;
        }
        return (int) Math.floorMod(mixed, (long) sides);
    }
}
