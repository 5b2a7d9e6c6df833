package io.ringline.bench;

import io.ringline.bench.damage.DamageProof;
import io.ringline.bench.soak.SoakProof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command behind {@code scripts/prove KIND [SECONDS] [--short] [--seed N] [--rounds N] [--steps N]}. */
public final class ProveMain {
    private static final int USAGE = 2;
    private static final int SHORT_ROUNDS = 12;
    private static final int LONG_ROUNDS = 1_000;
    private static final String KINDS = "model, soak, damage, fuzz, jcstress, mutation";

    /** What the command line asks for; seconds and rounds are 0 and steps below 0 where it does not say how many. */
    record Request(String kind, boolean brief, long seed, int rounds, long steps, long seconds) {
        int roundsOr(final int shortRounds, final int longRounds) {
            return rounds > 0 ? rounds : brief ? shortRounds : longRounds;
        }

        long soakSeconds() {
            return seconds > 0 ? seconds : brief ? SoakProof.SHORT_SECONDS : SoakProof.LONG_SECONDS;
        }
    }

    private ProveMain() {}

    /**
     * Runs a proof; exit status 0 where it holds, 1 where it fails, 2 for wrong usage.
     *
     * @param args see the class.
     * @throws Exception where a file or another JVM fails.
     */
    public static void main(final String[] args) throws Exception {
        final Request request;
        try {
            request = parse(args);
        } catch (final IllegalArgumentException wrong) {
            System.err.println("prove: " + wrong.getMessage());
            System.err.println(
                    "usage: prove KIND [SECONDS] [--short] [--seed N] [--rounds N] [--steps N]; kinds: " + KINDS);
            System.exit(USAGE);
            return;
        }
        System.exit(
                switch (request.kind) {
                    case "model" -> model(request);
                    case "soak" -> SoakProof.run(request.seed, request.rounds, request.soakSeconds());
                    case "damage" ->
                        DamageProof.run(
                                request.seed,
                                request.roundsOr(DamageProof.SHORT_ROUNDS, DamageProof.LONG_ROUNDS),
                                request.brief);
                    case "fuzz" ->
                        FuzzProof.run(
                                request.seed,
                                request.roundsOr(FuzzProof.SHORT_ROUNDS, FuzzProof.LONG_ROUNDS),
                                request.brief);
                    case "mutation" ->
                        MutationProof.run(
                                request.seed,
                                request.roundsOr(MutationProof.SHORT_ROUNDS, MutationProof.LONG_ROUNDS),
                                request.brief);
                    default ->
                        StressProof.run(
                                request.roundsOr(StressProof.SHORT_ROUNDS, StressProof.LONG_ROUNDS), request.brief);
                });
    }

    static Request parse(final String[] args) {
        final List<String> left = new ArrayList<>(Arrays.asList(args));
        final String kind = left.isEmpty() ? "" : left.remove(0);
        if (!List.of(KINDS.split(", ")).contains(kind)) {
            throw new IllegalArgumentException("which proof? There are: " + KINDS);
        }
        boolean brief = false;
        long seed = System.nanoTime();
        int rounds = 0;
        long steps = -1;
        final long seconds = seconds(kind, left);
        while (!left.isEmpty()) {
            final String argument = left.remove(0);
            switch (argument) {
                case "--short" -> brief = true;
                case "--seed" -> {
                    seed = number("--seed", left);
                    if (kind.equals("jcstress")) {
                        throw new IllegalArgumentException("jcstress takes no seed: threads do not follow one");
                    }
                }
                case "--rounds" -> {
                    rounds = (int) Math.min(number("--rounds", left), Integer.MAX_VALUE);
                    if (rounds < 1) {
                        throw new IllegalArgumentException("--rounds needs a number from 1 on");
                    }
                }
                case "--steps" -> {
                    steps = number("--steps", left);
                    if (steps < 0 || !kind.equals("model")) {
                        throw new IllegalArgumentException("--steps is for model, and needs a number from 0 on");
                    }
                }
                default -> throw new IllegalArgumentException("unknown argument '" + argument + "'");
            }
        }
        return new Request(kind, brief, seed, rounds, steps, seconds);
    }

    private static long seconds(final String kind, final List<String> left) {
        if (!kind.equals("soak") || left.isEmpty() || left.get(0).startsWith("-")) {
            return 0;
        }
        final long seconds = number("soak", left);
        if (seconds < 1) {
            throw new IllegalArgumentException("soak needs a number of seconds from 1 on");
        }
        return seconds;
    }

    private static long number(final String argument, final List<String> left) {
        final String value = left.isEmpty() ? "" : left.remove(0);
        try {
            return Long.parseLong(value);
        } catch (final NumberFormatException wrong) {
            throw new IllegalArgumentException(argument + " needs a whole number, not '" + value + "'", wrong);
        }
    }

    private static int model(final Request request) throws ReflectiveOperationException {
        final long steps = request.steps >= 0
                ? request.steps
                : request.brief ? SequencerModelProof.SHORT_STEPS : SequencerModelProof.LONG_STEPS;
        final int status = steps == 0 ? 0 : SequencerModelProof.run(request.seed, steps);
        return status != 0 ? status : model(request.seed, request.roundsOr(SHORT_ROUNDS, LONG_ROUNDS));
    }

    private static int model(final long firstSeed, final int rounds) {
        long events = 0;
        for (int round = 0; round < rounds; round++) {
            final long seed = firstSeed + round;
            try {
                events += PipelineProof.round(seed);
            } catch (final AssertionError | RuntimeException failure) {
                failure.printStackTrace();
                System.err.println(
                        "prove model: failed; again with: scripts/prove model --steps 0 --rounds 1 --seed " + seed);
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
