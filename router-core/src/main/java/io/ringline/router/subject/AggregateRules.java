package io.ringline.router.subject;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Which token of a subject is the aggregate, where a publisher names none: a list of patterns, each with the number of a
 * token, of which the first that matches counts ({@code event.graph.*.>} with token 3).
 *
 * <p>Rules may overlap: the narrower one stands before the wider one. A rule behind one that covers it would never be
 * reached, whatever its token, and so is refused: it is out of order, or there twice.
 *
 * <p>Immutable; finding does not allocate.
 */
public final class AggregateRules {
    /** No rules: the subject itself is the aggregate. */
    public static final AggregateRules NONE = new AggregateRules(List.of());

    private final List<Rule> rules;

    private record Rule(Pattern pattern, int token) {}

    private AggregateRules(final List<Rule> rules) {
        this.rules = rules;
    }

    /**
     * These rules and one more behind them.
     *
     * @param pattern which subjects it is for.
     * @param token   the aggregate's, counted from 1; every subject that matches must have it.
     * @return new rules.
     * @throws IllegalArgumentException where the pattern is invalid, does not ask for that many tokens, or is covered by that
     *                                  of a rule before it.
     */
    public AggregateRules and(final String pattern, final int token) {
        final Pattern parsed = new Pattern(pattern.getBytes(StandardCharsets.UTF_8));
        final int tokens = (int) pattern.chars().filter(c -> c == '.').count() + 1;
        if (token < 1 || token > tokens) {
            throw new IllegalArgumentException("aggregate rule " + pattern + " asks for token " + token
                    + ", but a subject that matches has only " + tokens + " for certain: give it 1 to " + tokens);
        }
        for (final Rule before : rules) {
            if (before.pattern.covers(parsed)) {
                throw new IllegalArgumentException("aggregate rule " + pattern + " is never reached: the rule "
                        + before.pattern
                        + " before it takes every subject that it matches; put the narrower one first, or"
                        + " leave one out");
            }
        }
        final List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(parsed, token));
        return new AggregateRules(List.copyOf(more));
    }

    /** Whether there is no rule. @return true for {@link #NONE}. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /**
     * Finds a subject's aggregate.
     *
     * @param subject memory.
     * @param offset  of a valid literal subject.
     * @param length  in bytes.
     * @return the token, see {@link #offset} and {@link #length}; -1 where no rule matches.
     */
    public long find(final DirectBuffer subject, final int offset, final int length) {
        for (int i = 0; i < rules.size(); i++) {
            final Rule rule = rules.get(i);
            if (rule.pattern.matches(subject, offset, length)) {
                return token(rule.token, subject, offset, length);
            }
        }
        return -1;
    }

    /** Where a found token starts. @param found by {@link #find}. @return offset in the subject's memory. */
    public static int offset(final long found) {
        return (int) (found >>> 32);
    }

    /** How long a found token is. @param found by {@link #find}. @return bytes. */
    public static int length(final long found) {
        return (int) found;
    }

    private static long token(final int number, final DirectBuffer subject, final int offset, final int length) {
        int start = 0;
        int token = 1;
        for (int i = 0; i <= length; i++) {
            if (i == length || subject.getByte(offset + i) == '.') {
                if (token == number) {
                    return (long) (offset + start) << 32 | i - start;
                }
                token++;
                start = i + 1;
            }
        }
        return -1;
    }
}
