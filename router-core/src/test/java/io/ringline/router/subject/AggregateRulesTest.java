package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregateRulesTest {
    private static final String NO_MATCH = "-";

    private static String find(final AggregateRules rules, final String subject) {
        final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes.length + 20]);
        buffer.setMemory(0, buffer.capacity(), (byte) 'z');
        buffer.putBytes(7, bytes);
        final long found = rules.find(buffer, 7, bytes.length);
        if (found == -1) {
            return NO_MATCH;
        }
        final byte[] token = new byte[AggregateRules.length(found)];
        buffer.getBytes(AggregateRules.offset(found), token);
        return new String(token, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "event.graph.*.>, 3, event.graph.g42.node.added, g42",
        "event.graph.*.>, 3, event.graph.g42, -",
        "event.graph.*.>, 4, event.graph.g42.node.added, node",
        "event.graph.*.>, 1, event.graph.g42.node, event",
        "event.graph.*.>, 3, event.grap.g42.node, -",
        "a.*, 2, a.b, b",
        "a.*, 2, a.b.c, -",
        "a.*, 2, a, -",
        "*, 1, abc, abc",
        ">, 1, abc.d, abc",
        "a.>, 2, a.b.c, b",
        "a.>, 2, a, -",
        "foo*.*, 2, foo*.x, x",
        "foo*.*, 2, foobar.x, -",
        "*.gr\u00fc\u00df, 2, a.gr\u00fc\u00df, gr\u00fc\u00df",
    })
    void findsTheToken(final String pattern, final int token, final String subject, final String expected) {
        assertThat(find(AggregateRules.NONE.and(pattern, token), subject)).isEqualTo(expected);
    }

    @Test
    void theFirstRuleThatMatchesCounts() {
        final AggregateRules rules =
                AggregateRules.NONE.and("a.b.*", 3).and("a.*.*", 2).and(">", 1);
        assertThat(find(rules, "a.b.c")).isEqualTo("c");
        assertThat(find(rules, "a.x.c")).isEqualTo("x");
        assertThat(find(rules, "y.x.c")).isEqualTo("y");
    }

    @ParameterizedTest
    @CsvSource({
        "a.*, 2, a.*, 2",
        "a.*, 1, a.*, 2",
        "a.*, 2, a.b, 2",
        "a.>, 2, a.*.>, 3",
        "event.>, 2, event.graph.*.>, 3",
        ">, 1, a, 1",
    })
    void aRuleThatIsNeverReachedIsRefused(
            final String first, final int firstToken, final String second, final int secondToken) {
        final AggregateRules rules = AggregateRules.NONE.and("x.y", 1).and(first, firstToken);
        assertThatThrownBy(() -> rules.and(second, secondToken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "aggregate rule " + second + " is never reached: the rule " + first
                                + " before it takes every subject that it matches; put the narrower one first, or leave one out");
    }

    @Test
    void rulesThatOverlapAreTakenInTheirOrder() {
        final AggregateRules rules =
                AggregateRules.NONE.and("a.*.c", 2).and("a.b.*", 3).and("a.b.>", 1);
        assertThat(find(rules, "a.b.c")).isEqualTo("b");
        assertThat(find(rules, "a.b.x")).isEqualTo("x");
        assertThat(find(rules, "a.b.x.y")).isEqualTo("a");
    }

    @Test
    void addingARuleLeavesTheOldRulesAsTheyWere() {
        final AggregateRules one = AggregateRules.NONE.and("a", 1);
        final AggregateRules two = one.and("b", 1);
        assertThat(AggregateRules.NONE.isEmpty()).isTrue();
        assertThat(one.isEmpty()).isFalse();
        assertThat(find(AggregateRules.NONE, "a")).isEqualTo(NO_MATCH);
        assertThat(find(one, "b")).isEqualTo(NO_MATCH);
        assertThat(find(two, "b")).isEqualTo("b");
    }

    @Test
    void matchesWhatThePatternMatches() {
        final long seed = System.nanoTime();
        System.out.println("AggregateRulesTest seed " + seed);
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            final String pattern = RandomPatterns.pattern(random);
            final byte[] subject = RandomPatterns.subject(random);
            final boolean matches = new Pattern(pattern.getBytes(StandardCharsets.UTF_8)).matches(subject);
            final int token = 1 + random.nextInt(pattern.split("\\.", -1).length);
            final String text = new String(subject, StandardCharsets.UTF_8);
            assertThat(find(AggregateRules.NONE.and(pattern, token), text))
                    .as("seed %d pattern %s token %d subject %s", seed, pattern, token, text)
                    .isEqualTo(matches ? text.split("\\.", -1)[token - 1] : NO_MATCH);
        }
    }

    @ParameterizedTest
    @CsvSource({"a.*, 0", "a.*, -1", "a.*, 3", "a.>, 3", ">, 2"})
    void aTokenThatASubjectMayNotHaveIsRefused(final String pattern, final int token) {
        assertThatThrownBy(() -> AggregateRules.NONE.and(pattern, token))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("aggregate rule " + pattern + " asks for token " + token)
                .hasMessageContaining("give it 1 to");
    }

    @Test
    void anInvalidPatternIsRefused() {
        assertThatThrownBy(() -> AggregateRules.NONE.and("a..b", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token 2 is empty");
    }
}
