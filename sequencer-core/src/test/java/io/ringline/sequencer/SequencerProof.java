package io.ringline.sequencer;

import io.ringline.sequencer.ProofStep.Kind;
import io.ringline.sequencer.SequencerHarness.Token;
import io.ringline.sequencer.model.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Random rounds of the sequencer against the naive model; what fails is shrunk to a short list of steps. Behind
 * {@code scripts/prove model}, and among the tests in a short form.
 */
public final class SequencerProof {
    private static final int ROUND_STEPS = 2_500;

    /** To shrink takes a hundred times as long as to fail: not wanted where only the failing matters. */
    private static final boolean SHRINKS = !Boolean.getBoolean("ringline.model.unshrunk");

    private final Random random;
    private final SequencerSettings settings;
    private final int ringSize;
    private final RandomStream stream;
    private final UnaryOperator<List<Result<Token>>> fault;
    private final boolean guided;
    private final int laziness;
    private final boolean starts;
    private final int snapshotIn;
    private final List<ProofStep> steps = new ArrayList<>();
    private final ProofRun run;
    private long now = 1_000;

    SequencerProof(final long seed, final UnaryOperator<List<Result<Token>>> fault) {
        random = new Random(seed);
        settings = new SequencerSettings(
                pick(Ordering.values()),
                1 + random.nextInt(pick(3, 12, 100)),
                1 + random.nextInt(pick(2, 10, 1_000)),
                1 + random.nextInt(pick(2, 20, 500)),
                1 + random.nextInt(pick(20, 1_000)),
                random.nextInt(4) == 0 ? OnGapTooWide.DEAD_LETTER : OnGapTooWide.FORCE,
                random.nextBoolean() ? 0 : 1 + random.nextInt(pick(3, 30)),
                random.nextInt(3) == 0 ? FirstSequence.FIRST_SEEN : FirstSequence.ONE);
        ringSize = 1 << random.nextInt(7);
        stream = new RandomStream(random);
        guided = random.nextInt(3) != 0;
        laziness = random.nextInt(3);
        starts = random.nextInt(3) == 0;
        snapshotIn = pick(100, 1_000, 1_000_000);
        this.fault = fault;
        run = new ProofRun(settings, ringSize, fault);
    }

    @SafeVarargs
    private <E> E pick(final E... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /**
     * Runs rounds.
     *
     * @param firstSeed of the first round; each further one has the next.
     * @param steps     how many at least, all told.
     * @return how many rounds there were.
     * @throws AssertionError where sequencer and model differ: with the seed, and the few steps that show it.
     */
    public static int run(final long firstSeed, final long steps) {
        return cover(firstSeed, steps).rounds;
    }

    /** What was met: all totals added up, and how often a restored sequencer went on. */
    record Covered(int rounds, long[] totals, int restored) {}

    static Covered cover(final long firstSeed, final long steps) {
        final long[] totals = new SequencerStatistics().totals();
        int rounds = 0;
        int restored = 0;
        for (long done = 0; done < steps; done += ROUND_STEPS) {
            final ProofRun run = round(firstSeed + rounds, UnaryOperator.identity(), SHRINKS);
            final long[] more = run.totals();
            for (int i = 0; i < totals.length; i++) {
                totals[i] += more[i];
            }
            restored += run.restored();
            rounds++;
        }
        return new Covered(rounds, totals, restored);
    }

    static ProofRun round(final long seed, final UnaryOperator<List<Result<Token>>> fault) {
        return round(seed, fault, true);
    }

    private static ProofRun round(
            final long seed, final UnaryOperator<List<Result<Token>>> fault, final boolean shrinks) {
        final SequencerProof proof = new SequencerProof(seed, fault);
        try {
            for (int i = 0; i < ROUND_STEPS; i++) {
                proof.step(proof.next());
            }
            proof.run.end(proof.now);
            return proof.run;
        } catch (final AssertionError | RuntimeException failure) {
            throw shrinks ? proof.shrunk(seed, failure) : new AssertionError("seed " + seed, failure);
        }
    }

    private void step(final ProofStep step) {
        steps.add(step);
        run.step(step);
    }

    private ProofStep next() {
        now += random.nextInt(4) == 0 ? random.nextInt(10) : 0;
        final int kind = random.nextInt(400);
        if (kind < 20) {
            now += random.nextInt(kind == 0 ? 2_000 : 20);
            return ProofStep.of(Kind.TICK, 0, now);
        }
        if (kind < 22) {
            return ProofStep.of(kind == 20 && random.nextInt(10) == 0 ? Kind.RELEASE_ALL : Kind.FORCE_OLDEST, 0, now);
        }
        if (kind < 26 && starts) {
            return start();
        }
        if (random.nextInt(snapshotIn) == 0) {
            return ProofStep.of(Kind.SNAPSHOT, 0, now);
        }
        if (kind < 80 && snapshotIn < 1_000_000) {
            return ProofStep.of(Kind.PIECE, 0, now);
        }
        if (kind < 200 && laziness != 2) {
            return ProofStep.of(Kind.CONSUME, laziness == 0 ? 1_000 : random.nextInt(8), now);
        }
        return offer();
    }

    private ProofStep start() {
        final boolean source = random.nextInt(4) == 0;
        final int aggregate = source ? -1 : stream.anyAggregate();
        final long next = source ? run.model.nextOfSource() : run.model.next(aggregate);
        final long first = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 1 + random.nextInt(20);
            default -> Math.max(1, next + random.nextInt(60) - 20);
        };
        return new ProofStep(Kind.START, aggregate, first, 0, 0, now);
    }

    private ProofStep offer() {
        if (guided && random.nextInt(10) != 0) {
            final int aggregate = stream.anyAggregate();
            stream.near(aggregate, run.model.next(aggregate), run.model.nextOfSource(), settings.maxSequenceGap());
        } else {
            stream.next();
        }
        final boolean unnumbered = random.nextInt(20) == 0;
        return new ProofStep(
                Kind.OFFER,
                stream.aggregate(),
                unnumbered ? 0 : stream.sequence(),
                stream.source(),
                stream.content(),
                now);
    }

    private AssertionError shrunk(final long seed, final Throwable failure) {
        final List<ProofStep> few = Shrinker.shrink(steps, candidate -> failureOf(candidate) != null);
        final Throwable reason = failureOf(few);
        final StringBuilder text = new StringBuilder("seed " + seed + ", " + settings + ", ring " + ringSize + ": ");
        text.append(reason == null ? failure : reason)
                .append("\nafter these ")
                .append(few.size())
                .append(" steps:");
        few.forEach(step -> text.append("\n  ").append(step));
        return new AssertionError(text.toString(), reason == null ? failure : reason);
    }

    private @Nullable Throwable failureOf(final List<ProofStep> candidate) {
        final ProofRun again = new ProofRun(settings, ringSize, fault);
        try {
            candidate.forEach(again::step);
            again.end(now);
            return null;
        } catch (final AssertionError | RuntimeException failure) {
            return failure;
        }
    }

    /**
     * Runs by hand.
     *
     * @param args seed, and number of steps.
     */
    public static void main(final String[] args) {
        final long seed = Long.parseLong(args[0]);
        final long steps = Long.parseLong(args[1]);
        System.out.println(
                "the sequencer: seed " + seed + ", steps " + steps + ": " + run(seed, steps) + " rounds agree");
    }
}
