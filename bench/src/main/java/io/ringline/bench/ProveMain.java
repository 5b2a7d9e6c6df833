package io.ringline.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command behind {@code scripts/prove KIND [--short] [--seed N] [--rounds N]}. */
public final class ProveMain {
    private static final int USAGE = 2;
    private static final int SHORT_ROUNDS = 12;
    private static final int LONG_ROUNDS = 1_000;

    private ProveMain() {}

    /**
     * Runs a proof; exit status 0 where it holds, 1 where it fails, 2 for wrong usage.
     *
     * @param args see the class.
     */
    public static void main(final String[] args) {
        long seed = System.nanoTime();
        int rounds = LONG_ROUNDS;
        final List<String> left = new ArrayList<>(Arrays.asList(args));
        try {
            if (left.isEmpty() || !left.remove(0).equals("model")) {
                throw new IllegalArgumentException("which proof? There is: model");
            }
            while (!left.isEmpty()) {
                final String argument = left.remove(0);
                switch (argument) {
                    case "--short" -> rounds = SHORT_ROUNDS;
                    case "--seed" -> seed = number("--seed", left);
                    case "--rounds" -> rounds = Math.toIntExact(number("--rounds", left));
                    default -> throw new IllegalArgumentException("unknown argument '" + argument + "'");
                }
            }
        } catch (final IllegalArgumentException | ArithmeticException wrong) {
            System.err.println("prove: " + wrong.getMessage());
            System.err.println("usage: prove KIND [--short] [--seed N] [--rounds N]; kinds: model");
            System.exit(USAGE);
        }
        System.exit(model(seed, rounds));
    }

    private static long number(final String argument, final List<String> left) {
        final String value = left.isEmpty() ? "" : left.remove(0);
        try {
            return Long.parseLong(value);
        } catch (final NumberFormatException wrong) {
            throw new IllegalArgumentException(argument + " needs a whole number, not '" + value + "'", wrong);
        }
    }

    private static int model(final long firstSeed, final int rounds) {
        long events = 0;
        for (int round = 0; round < rounds; round++) {
            final long seed = firstSeed + round;
            try {
                events += PipelineProof.round(seed);
            } catch (final AssertionError | RuntimeException failure) {
                failure.printStackTrace();
                System.err.println("prove model: failed; again with: scripts/prove model --rounds 1 --seed " + seed);
                return 1;
            }
            if ((round + 1) % 100 == 0) {
                System.err.printf("prove model: %,d of %,d rounds%n", round + 1, rounds);
            }
        }
        System.out.printf(
                "prove model: %,d rounds, %,d events each through INLINE, FUSED and STAGED, agree with the naive model;"
                        + " first seed %d%n",
                rounds, events, firstSeed);
        return 0;
    }
}
