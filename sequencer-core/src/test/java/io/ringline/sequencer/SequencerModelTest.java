package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.sequencer.SequencerHarness.Token;
import io.ringline.sequencer.model.ModelTotals;
import io.ringline.sequencer.model.Result;
import io.ringline.sequencer.model.Result.Fate;
import io.ringline.sequencer.model.SequencerModel;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sequencer against the naive model, on random events, ticks and consumers of any speed. */
class SequencerModelTest {
    private static final int ROUNDS = Integer.getInteger("ringline.model.rounds", 80);
    private static final int STEPS = 2_500;

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void agreesWithTheModel(final Ordering ordering) {
        final long seed = Long.getLong("ringline.seed", new Random().nextLong());
        System.out.println("SequencerModelTest " + ordering + ": -Dringline.seed=" + seed);
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            final long roundSeed = random.nextLong();
            new Round(ordering, roundSeed, "seed " + seed + " round " + round).run();
        }
    }

    private static final class Round {
        private final Random random;
        private final SequencerSettings settings;
        private final RandomStream stream;
        private final SequencerModel<Token> model;
        private final SequencerHarness harness;
        private final int laziness;
        private final boolean guided;
        private final String where;
        private String step = "";
        private long now = 1_000;

        Round(final Ordering ordering, final long seed, final String where) {
            random = new Random(seed);
            settings = new SequencerSettings(
                    ordering,
                    1 + random.nextInt(pick(3, 12, 100)),
                    1 + random.nextInt(pick(2, 10, 1_000)),
                    1 + random.nextInt(pick(2, 20, 500)),
                    1 + random.nextInt(pick(20, 1_000)),
                    random.nextInt(4) == 0 ? OnGapTooWide.DEAD_LETTER : OnGapTooWide.FORCE);
            stream = new RandomStream(random);
            model = new SequencerModel<>(settings, (a, b) -> a.content() == b.content());
            harness = new SequencerHarness(settings, 1 << random.nextInt(7), 1 << 16);
            guided = random.nextInt(3) != 0;
            laziness = random.nextInt(3);
            this.where = where + " " + settings;
        }

        private int pick(final int... choices) {
            return choices[random.nextInt(choices.length)];
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                now += random.nextInt(4) == 0 ? random.nextInt(10) : 0;
                step = where + " step " + i;
                step(i);
                check();
                consume();
            }
            compare(harness.releaseAll(), model.releaseAll());
            check();
            assertThat(harness.sequencer.heldNow()).as(step).isZero();
            harness.consume(Integer.MAX_VALUE);
        }

        private void step(final int i) {
            final int kind = random.nextInt(200);
            if (kind < 10) {
                now += random.nextInt(kind == 0 ? 2_000 : 20);
                compare(harness.tick(now), model.tick(now));
            } else if (kind == 10) {
                compare(harness.forceOldest(), model.forceOldest());
            } else if (kind == 11 && random.nextInt(10) == 0) {
                compare(harness.releaseAll(), model.releaseAll());
            } else {
                nextEvent();
                final Token token = new Token(i, stream.content());
                step += " offer " + stream + " at " + now;
                compare(
                        harness.offer(stream.aggregate(), stream.sequence(), stream.source(), now, token),
                        model.offer(stream.aggregate(), stream.sequence(), stream.source(), now, token));
            }
        }

        private void nextEvent() {
            if (guided && random.nextInt(10) != 0) {
                final int aggregate = stream.anyAggregate();
                stream.near(aggregate, model.next(aggregate), model.nextOfSource(), settings.maxSequenceGap());
            } else {
                stream.next();
            }
        }

        /** At any speed, but never further behind than the ring is long: a ring could not be either. */
        private void consume() {
            harness.consume(laziness == 0 ? harness.behind() : laziness == 1 ? random.nextInt(4) : 0);
            while (harness.selfBehind() >= harness.ringSize) {
                harness.consume(1);
            }
        }

        private void compare(final List<Result<Token>> actual, final List<Result<Token>> expected) {
            assertThat(released(actual)).as(step).isEqualTo(released(expected));
            assertThat(refused(actual)).as(step).isEqualTo(refused(expected));
        }

        private static List<Result<Token>> released(final List<Result<Token>> results) {
            return results.stream().filter(r -> r.fate() == Fate.RELEASED).toList();
        }

        private static List<Result<Token>> refused(final List<Result<Token>> results) {
            return results.stream()
                    .filter(r -> r.fate() != Fate.RELEASED)
                    .sorted(Comparator.comparingLong(r -> r.event().id()))
                    .toList();
        }

        private void check() {
            final ModelTotals expected = model.totals();
            final SequencerStatistics actual = harness.sequencer.statistics();
            final long duplicates = actual.duplicates() + harness.alreadyHeldDuplicates();
            final int held = harness.sequencer.heldNow();
            assertThat(held).as(step).isEqualTo(model.held()).isLessThan(settings.maxHeld());
            assertThat(expected.accepted())
                    .as("conservation, " + step)
                    .isEqualTo(actual.released()
                            + held
                            + duplicates
                            + harness.conflicts()
                            + actual.late()
                            + actual.tooWide()
                            + actual.invalid());
            assertThat(totals(actual, duplicates)).as(step).containsExactly(totals(expected));
        }

        private long[] totals(final SequencerStatistics actual, final long duplicates) {
            return new long[] {
                actual.released(),
                actual.reordered(),
                duplicates,
                harness.conflicts(),
                actual.late(),
                actual.tooWide(),
                actual.gaps(),
                actual.missing(),
                actual.forcedByTimeout(),
                actual.forcedByPressure(),
                actual.forcedByGap(),
                harness.sequencer.lastGlobalSequence()
            };
        }

        private static long[] totals(final ModelTotals expected) {
            return new long[] {
                expected.released(),
                expected.reordered(),
                expected.refused(Fate.DUPLICATE),
                expected.refused(Fate.CONFLICT),
                expected.refused(Fate.LATE),
                expected.refused(Fate.GAP_TOO_WIDE),
                expected.gaps(),
                expected.missing(),
                expected.forcedByTimeout(),
                expected.forcedByPressure(),
                expected.forcedByGap(),
                expected.released()
            };
        }
    }
}
