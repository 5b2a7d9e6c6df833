package io.ringline.sequencer;

import io.ringline.sequencer.SequencerHarness.Token;
import io.ringline.sequencer.model.ModelTotals;
import io.ringline.sequencer.model.Result;
import io.ringline.sequencer.model.Result.Fate;
import io.ringline.sequencer.model.SequencerModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The sequencer and the naive model, taken through the same steps: after each, all that can be seen of both is the same. */
final class ProofRun {
    final SequencerModel<Token> model;
    private final SequencerSettings settings;
    private final UnaryOperator<List<Result<Token>>> fault;
    private final int ringSize;
    private final AggregateState state = new AggregateState();
    private final ProofSnapshot snapshot = new ProofSnapshot();
    private SequencerHarness harness;
    private long steps;
    private int restored;

    /**
     * Nothing seen.
     *
     * @param fault what to make of the sequencer's results: the identity, or a fault that is planted to be found.
     */
    ProofRun(final SequencerSettings settings, final int ringSize, final UnaryOperator<List<Result<Token>>> fault) {
        this.settings = settings;
        this.ringSize = ringSize;
        this.fault = fault;
        this.model = new SequencerModel<>(settings, (a, b) -> a.content() == b.content());
        this.harness = newHarness(new SequencerHarness(settings, ringSize));
    }

    private SequencerHarness newHarness(final SequencerHarness made) {
        // Entries that a snapshot has not written yet come back only when it has.
        made.whenStuck = this::writePiece;
        return made;
    }

    /** Takes a step. @throws AssertionError where the two differ by it. */
    void step(final ProofStep step) {
        steps++;
        final Token token = new Token(steps, step.content());
        switch (step.kind()) {
            case OFFER ->
                compare(
                        step,
                        play(harness, step, token),
                        model.offer(step.aggregate(), step.sequence(), step.source(), step.now(), token));
            case TICK -> compare(step, play(harness, step, token), model.tick(step.now()));
            case FORCE_OLDEST -> compare(step, play(harness, step, token), model.forceOldest());
            case RELEASE_ALL -> compare(step, play(harness, step, token), model.releaseAll());
            case START ->
                compare(
                        step,
                        play(harness, step, token),
                        model.start(step.aggregate() < 0 ? null : step.aggregate(), step.sequence(), step.now()));
            case CONSUME -> harness.consume((int) step.content());
            case SNAPSHOT -> snapshot.begin(harness);
            case PIECE -> writePiece();
        }
        check(step);
        while (harness.selfBehind() >= harness.ringSize) { // a ring could not be further behind either
            harness.consume(1);
        }
    }

    private void writePiece() {
        if (snapshot.writePiece(harness)) {
            harness = newHarness(snapshot.restore(settings, ringSize));
            restored++;
        }
    }

    /** What a harness makes of a step; noted where a snapshot is under way, to be played to what is restored from it. */
    private @Nullable List<Result<Token>> play(final SequencerHarness to, final ProofStep step, final Token token) {
        final List<Result<Token>> results = playOnce(to, step, token);
        snapshot.note(step, token, results);
        return results == null ? null : fault.apply(results);
    }

    static @Nullable List<Result<Token>> playOnce(final SequencerHarness to, final ProofStep step, final Token token) {
        return switch (step.kind()) {
            case OFFER -> to.offer(step.aggregate(), step.sequence(), step.source(), step.now(), token);
            case TICK -> to.tick(step.now());
            case FORCE_OLDEST -> to.forceOldest();
            case RELEASE_ALL -> to.releaseAll();
            case START -> to.start(step.aggregate(), step.sequence(), step.now());
            default -> List.of();
        };
    }

    private static void compare(
            final ProofStep step,
            final @Nullable List<Result<Token>> actual,
            final @Nullable List<Result<Token>> expected) {
        if (actual == null || expected == null) {
            equal(step, "whether there is room", expected == null, actual == null);
            return;
        }
        equal(step, "what is released", released(expected), released(actual));
        equal(step, "what is refused", refused(expected), refused(actual));
    }

    private static void equal(final ProofStep step, final String what, final Object wanted, final Object found) {
        if (!Objects.equals(wanted, found)) {
            throw new AssertionError(
                    step + ": " + what + ": the model has\n  " + wanted + "\nthe sequencer\n  " + found);
        }
    }

    private static boolean isReleased(final Result<Token> result) {
        return result.fate() == Fate.RELEASED || result.fate() == Fate.SOURCE_GAP;
    }

    private static List<Result<Token>> released(final List<Result<Token>> results) {
        return results.stream().filter(ProofRun::isReleased).toList();
    }

    private static List<Result<Token>> refused(final List<Result<Token>> results) {
        return results.stream()
                .filter(r -> !isReleased(r))
                .sorted(Comparator.comparingLong(
                        r -> Objects.requireNonNull(r.event()).id()))
                .toList();
    }

    private void check(final ProofStep step) {
        final Sequencer sequencer = harness.sequencer;
        final int held = sequencer.heldNow();
        equal(step, "held", model.held(), held);
        equal(step, "unaccounted for", 0L, sequencer.statistics().unaccounted(held));
        final String wanted = Arrays.toString(totals(model.totals()));
        final String found = Arrays.toString(totals(sequencer.statistics(), sequencer));
        equal(step, "totals", wanted, found);
        if (step.kind() == ProofStep.Kind.OFFER || step.kind() == ProofStep.Kind.START && step.aggregate() >= 0) {
            final boolean known = harness.describe(step.aggregate(), state);
            equal(step, "known", model.knows(step.aggregate()), known);
            if (known) {
                equal(step, "next", model.next(step.aggregate()), state.next());
                equal(step, "held of it", model.heldOf(step.aggregate()), (long) state.held());
                equal(
                        step,
                        "oldest of it",
                        model.oldestOf(step.aggregate()),
                        state.held() == 0 ? 0 : state.oldestHeldNs());
            }
        }
    }

    long[] totals() {
        return harness.sequencer.statistics().totals();
    }

    /** How often a sequencer went on that was restored from a snapshot. */
    int restored() {
        return restored;
    }

    /** At the end of all: nothing is held any more. */
    void end(final long now) {
        step(ProofStep.of(ProofStep.Kind.RELEASE_ALL, 0, now));
        if (harness.sequencer.heldNow() != 0) {
            throw new AssertionError("still held at the end: " + harness.sequencer.heldNow());
        }
    }

    private static long[] totals(final SequencerStatistics actual, final Sequencer sequencer) {
        return new long[] {
            actual.accepted(),
            actual.released(),
            actual.reordered(),
            actual.duplicates(),
            actual.conflicts(),
            actual.late(),
            actual.tooWide(),
            actual.invalid(),
            actual.tooManyAggregates(),
            actual.gaps(),
            actual.missing(),
            actual.forcedByTimeout(),
            actual.forcedByPressure(),
            actual.forcedByGap(),
            actual.forcedByStart(),
            actual.epochs(),
            actual.baselines(),
            actual.evicted(),
            actual.heldMax(),
            sequencer.lastGlobalSequence()
        };
    }

    private static long[] totals(final ModelTotals expected) {
        return new long[] {
            expected.accepted(),
            expected.released(),
            expected.reordered(),
            expected.refused(Fate.DUPLICATE),
            expected.refused(Fate.CONFLICT),
            expected.refused(Fate.LATE),
            expected.refused(Fate.GAP_TOO_WIDE),
            expected.refused(Fate.INVALID),
            expected.refused(Fate.TOO_MANY_AGGREGATES),
            expected.gaps(),
            expected.missing(),
            expected.forcedByTimeout(),
            expected.forcedByPressure(),
            expected.forcedByGap(),
            expected.forcedByStart(),
            expected.epochs(),
            expected.baselines(),
            expected.evicted(),
            expected.heldMax(),
            expected.released()
        };
    }
}
