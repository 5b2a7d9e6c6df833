package io.ringline.router.subject;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random pattern sets over a small alphabet, and the naive answer to which consumers a subject matches. */
final class RandomPatterns {
    private static final String[] TOKENS = {
        "a",
        "b",
        "c",
        "aa",
        "ab",
        "a*",
        ">b",
        "**",
        "\u00fc",
        "\u0000",
        "a\u0000",
        "12345678",
        "123456789",
        "123456789012345",
        "1234567890123456",
        "12345678901234567",
        "12345678901234568",
        "123456789012345678901234",
        "123456789012345678901235"
    };

    final int words;
    private final List<List<Pattern>> patterns = new ArrayList<>();

    RandomPatterns(final Random random, final int consumers) {
        words = (consumers + 63) / 64;
        for (int consumer = 0; consumer < consumers; consumer++) {
            final List<Pattern> own = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                own.add(new Pattern(pattern(random).getBytes(StandardCharsets.UTF_8)));
            }
            patterns.add(own);
        }
    }

    SubjectTrie trie() {
        return trie(-1);
    }

    SubjectTrie trie(final long hashMask) {
        return subscriptions(hashMask).snapshot();
    }

    Subscriptions subscriptions(final long hashMask) {
        final Subscriptions subscriptions = new Subscriptions(hashMask);
        for (int consumer = 0; consumer < patterns.size(); consumer++) {
            for (final Pattern pattern : patterns.get(consumer)) {
                subscriptions.add(pattern, consumer);
            }
        }
        return subscriptions;
    }

    int size() {
        return patterns.stream().mapToInt(List::size).sum();
    }

    long[] naive(final byte[] subject) {
        final long[] result = new long[words];
        for (int consumer = 0; consumer < patterns.size(); consumer++) {
            for (final Pattern pattern : patterns.get(consumer)) {
                if (pattern.matches(subject)) {
                    result[consumer / 64] |= 1L << consumer % 64;
                }
            }
        }
        return result;
    }

    static byte[] subject(final Random random) {
        final StringBuilder subject = new StringBuilder(token(random));
        for (int i = random.nextInt(5); i > 0; i--) {
            subject.append('.').append(token(random));
        }
        return subject.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String pattern(final Random random) {
        final StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            pattern.append(random.nextInt(3) == 0 ? "*" : token(random)).append('.');
        }
        final int last = random.nextInt(6);
        return pattern.append(last == 0 ? ">" : last == 1 ? "*" : token(random)).toString();
    }

    private static String token(final Random random) {
        return TOKENS[random.nextInt(random.nextBoolean() ? 3 : TOKENS.length)];
    }
}
