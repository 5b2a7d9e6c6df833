package io.ringline.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * The part of the proof {@code model} that takes the sequencer alone through random steps beside its own naive model. Both
 * stand among sequencer-core's tests, where {@code scripts/prove} finds them.
 */
final class SequencerModelProof {
    static final long SHORT_STEPS = 250_000;
    static final long LONG_STEPS = 10_000_000;

    private static final String PROOF = "io.ringline.sequencer.SequencerProof";
    private static final long PART = 1_000_000;

    private SequencerModelProof() {}

    /** Runs so many steps. @return 0 where the two agree, else 1, after the few steps that show where not. */
    static int run(final long seed, final long steps) throws ReflectiveOperationException {
        ChildJvm.need(PROOF);
        final Method run = Class.forName(PROOF).getMethod("run", long.class, long.class);
        long rounds = 0;
        for (long done = 0; done < steps; done += PART) {
            final long firstSeed = seed + rounds;
            try {
                rounds += (int) run.invoke(null, firstSeed, Math.min(PART, steps - done));
            } catch (final InvocationTargetException failure) {
                final Throwable cause = failure.getCause();
                (cause == null ? failure : cause).printStackTrace();
                System.err.println("prove model: failed; again with: scripts/prove model --steps " + PART + " --seed "
                        + firstSeed);
                return 1;
            }
            if (steps > PART) {
                System.err.printf("prove model: %,d of %,d steps%n", Math.min(steps, done + PART), steps);
            }
        }
        System.out.printf(
                "prove model: %,d steps in %,d rounds, the sequencer agrees with the naive model; first seed %d%n",
                steps, rounds, seed);
        return 0;
    }
}
