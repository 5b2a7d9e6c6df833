package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Pattern#covers} and {@link Pattern#overlaps} against what they are defined by: the subjects that match. */
class PatternRelationsTest {
    /** A token that no pattern holds: it stands for all of those, of which there is no end. */
    private static final String FRESH = "fresh";

    private static Pattern pattern(final String text) {
        return new Pattern(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String[] tokens(final String text) {
        return text.split("\\.", -1);
    }

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource({
        // one, other, one covers other, other covers one, they overlap
        "a, a, true, true, true",
        "a, b, false, false, false",
        "a, aa, false, false, false",
        "a, a.b, false, false, false",
        "*, a, true, false, true",
        "*, *, true, true, true",
        "*, a.b, false, false, false",
        "*, *.*, false, false, false",
        "a.*, *.b, false, false, true",
        "a.*.c, a.b.*, false, false, true",
        "a.*.c, a.b.d, false, false, false",
        "a.*.c, *.*.*, false, true, true",
        ">, a, true, false, true",
        ">, *, true, false, true",
        ">, >, true, true, true",
        ">, a.b.>, true, false, true",
        ">, *.>, true, false, true",
        "a.>, a, false, false, false",
        "a.>, a.b, true, false, true",
        "a.>, a.*, true, false, true",
        "a.>, a.*.>, true, false, true",
        "a.>, *.b, false, false, true",
        "a.>, b.>, false, false, false",
        "a.>, *, false, false, false",
        "a.*, a.*.>, false, false, false",
        "a.b.>, a.*.c, false, false, true",
        "*.>, a.>, true, false, true",
        "*.*, *.>, false, true, true",
        "a.*.>, a.b, false, false, false",
        "foo*, foo*, true, true, true",
        "foo*, foobar, false, false, false",
        "*foo, bar, false, false, false",
        "*foo.*, bar.*, false, false, false",
        ">foo.*, bar.*, false, false, false",
        "*, **, true, false, true",
        "**, >, false, true, true",
        "a.>x, a.b, false, false, false",
        "gr\u00fc\u00df.*, gr\u00fc\u00df.\u4e16, true, false, true",
        "a\u0000b, ab, false, false, false",
    })
    void relate(
            final String one,
            final String other,
            final boolean oneCovers,
            final boolean otherCovers,
            final boolean overlap) {
        assertThat(pattern(one).covers(pattern(other)))
                .as("%s covers %s", one, other)
                .isEqualTo(oneCovers);
        assertThat(pattern(other).covers(pattern(one)))
                .as("%s covers %s", other, one)
                .isEqualTo(otherCovers);
        assertThat(pattern(one).overlaps(pattern(other))).isEqualTo(overlap);
        assertThat(pattern(other).overlaps(pattern(one))).isEqualTo(overlap);
    }

    /** All patterns of up to four tokens over a, b*, * and a last >, each with each. */
    @Test
    void agreeWithTheSubjectsThatMatchForAllSmallPatterns() {
        final List<String> texts = new ArrayList<>(List.of(">"));
        final List<String> stems = new ArrayList<>(List.of(""));
        for (int length = 1; length <= 4; length++) {
            final List<String> longer = new ArrayList<>();
            for (final String stem : stems) {
                for (final String token : new String[] {"a", "b*", "*"}) {
                    longer.add(stem + token + ".");
                    texts.add(stem + token);
                    if (length < 4) {
                        texts.add(stem + token + ".>");
                    }
                }
            }
            stems.clear();
            stems.addAll(longer);
        }
        final List<String[]> subjects = subjects(5, List.of(List.of("a", "b*", FRESH)));
        final List<Pattern> patterns =
                texts.stream().map(PatternRelationsTest::pattern).toList();
        final List<BitSet> matched =
                texts.stream().map(text -> matched(text, subjects)).toList();
        for (int i = 0; i < texts.size(); i++) {
            for (int j = 0; j < texts.size(); j++) {
                check(patterns.get(i), patterns.get(j), matched.get(i), matched.get(j), "all pairs");
            }
        }
        assertThat(texts).doesNotHaveDuplicates().hasSize(1 + 120 + 39);
    }

    @Test
    void agreeWithTheSubjectsThatMatchForRandomPatterns() {
        final long seed = System.nanoTime();
        System.out.println("PatternRelationsTest seed " + seed);
        final Random random = new Random(seed);
        int covered = 0;
        int overlapping = 0;
        int equal = 0;
        for (int i = 0; i < 40_000; i++) {
            final String one = RandomPatterns.pattern(random);
            final String other = random.nextBoolean() ? RandomPatterns.pattern(random) : changed(one, random);
            final List<String[]> subjects =
                    subjects(Math.max(tokens(one).length, tokens(other).length) + 1, choices(one, other));
            final Pattern first = pattern(one);
            final Pattern second = pattern(other);
            check(first, second, matched(one, subjects), matched(other, subjects), "seed " + seed + " pair " + i);
            covered += first.covers(second) ? 1 : 0;
            overlapping += first.overlaps(second) ? 1 : 0;
            equal += first.equals(second) ? 1 : 0;
        }
        assertThat(equal).as("equal").isGreaterThan(200);
        assertThat(covered).as("covered, but not equal").isGreaterThan(equal + 1_000);
        assertThat(overlapping).as("overlapping, but not covered").isGreaterThan(covered + 1_000);
        assertThat(overlapping).as("overlapping").isLessThan(35_000);
    }

    private static void check(
            final Pattern one, final Pattern other, final BitSet ofOne, final BitSet ofOther, final String as) {
        final BitSet missed = (BitSet) ofOther.clone();
        missed.andNot(ofOne);
        final boolean covers = one.covers(other);
        final boolean overlaps = one.overlaps(other);
        if (covers != missed.isEmpty() || overlaps != ofOne.intersects(ofOther)) {
            throw new AssertionError(as + ": " + one + " against " + other + " says covers " + covers + ", overlaps "
                    + overlaps + "; the subjects say " + missed.isEmpty() + ", " + ofOne.intersects(ofOther));
        }
        if (overlaps != other.overlaps(one) || (covers && other.covers(one)) != one.equals(other)) {
            throw new AssertionError(as + ": " + one + " and " + other + " disagree");
        }
    }

    /** A pattern that is like another but for a token. */
    private static String changed(final String text, final Random random) {
        final String[] tokens = tokens(text);
        final int at = random.nextInt(tokens.length);
        final String last = at == tokens.length - 1 ? ">" : "*";
        tokens[at] = random.nextBoolean() ? last : "c";
        return String.join(".", tokens);
    }

    /** For each place the tokens that can make a difference: those of the two patterns there, and a fresh one. */
    private static List<List<String>> choices(final String one, final String other) {
        final String[] ofOne = tokens(one);
        final String[] ofOther = tokens(other);
        final List<List<String>> choices = new ArrayList<>();
        for (int i = 0; i < Math.max(ofOne.length, ofOther.length); i++) {
            final Set<String> here = new LinkedHashSet<>(List.of(FRESH));
            here.add(i < ofOne.length ? ofOne[i] : FRESH);
            here.add(i < ofOther.length ? ofOther[i] : FRESH);
            here.removeAll(Set.of("*", ">"));
            choices.add(List.copyOf(here));
        }
        return choices;
    }

    /** All subjects of one to that many tokens; the last of the choices serves the places behind it, too. */
    private static List<String[]> subjects(final int most, final List<List<String>> choices) {
        final List<String[]> subjects = new ArrayList<>();
        List<String[]> stems = List.<String[]>of(new String[0]);
        for (int length = 1; length <= most; length++) {
            final List<String[]> longer = new ArrayList<>();
            for (final String[] stem : stems) {
                for (final String token : choices.get(Math.min(length, choices.size()) - 1)) {
                    final String[] subject = new String[length];
                    System.arraycopy(stem, 0, subject, 0, length - 1);
                    subject[length - 1] = token;
                    longer.add(subject);
                }
            }
            subjects.addAll(longer);
            stems = longer;
        }
        return subjects;
    }

    private static BitSet matched(final String pattern, final List<String[]> subjects) {
        final String[] tokens = tokens(pattern);
        final BitSet matched = new BitSet();
        for (int i = 0; i < subjects.size(); i++) {
            matched.set(i, matches(tokens, subjects.get(i)));
        }
        return matched;
    }

    /** The naive matcher: token by token. */
    private static boolean matches(final String[] pattern, final String[] subject) {
        final boolean open = pattern[pattern.length - 1].equals(">");
        final int fixed = open ? pattern.length - 1 : pattern.length;
        if (open ? subject.length <= fixed : subject.length != fixed) {
            return false;
        }
        for (int i = 0; i < fixed; i++) {
            if (!pattern[i].equals("*") && !pattern[i].equals(subject[i])) {
                return false;
            }
        }
        return true;
    }
}
