package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.subject.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PatternTreeTest {
    private static final String[] TOKENS = {"a", "b", "aa", "*", "*", "a*", ">b", "**", "\u00fc"};

    private static ListedPattern listed(final int number, final String text) {
        return new ListedPattern(number, 1 + number / 3, null, new Pattern(text.getBytes(UTF_8)));
    }

    private static String pattern(final Random random, final int mostTokens) {
        final StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(mostTokens); i > 0; i--) {
            pattern.append(TOKENS[random.nextInt(TOKENS.length)]).append('.');
        }
        return pattern.append(random.nextInt(4) == 0 ? ">" : TOKENS[random.nextInt(TOKENS.length)])
                .toString();
    }

    @Test
    void agreesWithPatternsComparedEachWithEach() {
        final long seed = System.nanoTime();
        System.out.println("PatternTreeTest seed " + seed);
        final Random random = new Random(seed);
        int covered = 0;
        int equal = 0;
        for (int round = 0; round < 60; round++) {
            final PatternTree tree = new PatternTree();
            final List<ListedPattern> all = new ArrayList<>();
            final int size = random.nextInt(120);
            for (int i = 0; i < size; i++) {
                final ListedPattern next = listed(i, pattern(random, 1 + round % 6));
                final String as = "seed " + seed + " round " + round + " " + next.shown();
                assertThat(tree.overlapping(next.pattern()))
                        .as(as)
                        .containsExactlyElementsOf(all.stream()
                                .filter(other -> other.pattern().overlaps(next.pattern()))
                                .toList());
                tree.add(next);
                all.add(next);
            }
            for (final ListedPattern asking : all) {
                final ListedPattern found = tree.firstThatCovers(asking);
                assertThat(found)
                        .as("seed " + seed + " round " + round + " " + asking.shown())
                        .isEqualTo(naiveFirstThatCovers(all, asking));
                covered += found == null ? 0 : 1;
                equal += found != null && found.pattern().equals(asking.pattern()) ? 1 : 0;
            }
        }
        assertThat(equal).isGreaterThan(20);
        assertThat(covered).isGreaterThan(equal + 100);
    }

    private static ListedPattern naiveFirstThatCovers(final List<ListedPattern> all, final ListedPattern asking) {
        for (final ListedPattern other : all) {
            final boolean same = other.pattern().equals(asking.pattern());
            if (same ? other.number() < asking.number() : other.pattern().covers(asking.pattern())) {
                return other;
            }
        }
        return null;
    }

    @Test
    void tenThousandPatternsAreLookedThroughInTime() {
        final Random random = new Random(42);
        final PatternTree tree = new PatternTree();
        final List<ListedPattern> all = new ArrayList<>();
        final long started = System.nanoTime();
        long overlapping = 0;
        for (int i = 0; i < 10_000; i++) {
            final String graph = "g" + random.nextInt(2_500);
            final int kind = random.nextInt(10);
            final ListedPattern next = listed(
                    i,
                    kind < 7
                            ? "event.graph." + graph + ".node.n" + random.nextInt(10)
                            : kind < 9
                                    ? "event.*." + graph + ".*.n" + random.nextInt(10)
                                    : "event.graph." + graph + ".>");
            overlapping += tree.overlapping(next.pattern()).size();
            tree.add(next);
            all.add(next);
        }
        final long covered = all.stream()
                .filter(pattern -> tree.firstThatCovers(pattern) != null)
                .count();
        assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(overlapping).isGreaterThan(2_000);
        assertThat(covered).isBetween(1_000L, 9_000L);
    }

    @Test
    void aPatternOfVeryManyTokensIsNoDeeperThanTheStack() {
        final PatternTree tree = new PatternTree();
        final ListedPattern deep = new ListedPattern(
                0, 1, null, new Pattern("a.".repeat(300_000).concat("*").getBytes(UTF_8), 1 << 20));
        tree.add(deep);
        assertThat(tree.overlapping(deep.pattern())).containsExactly(deep);
        assertThat(tree.overlapping(new Pattern(new byte[] {'>'}))).containsExactly(deep);
        assertThat(tree.firstThatCovers(deep)).isNull();
    }
}
