package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SubjectTrieTest {
    private static Pattern pattern(final String text) {
        return new Pattern(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long[] match(final SubjectTrie trie, final String subject, final int words) {
        final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        final long[] result = new long[words];
        Arrays.fill(result, -1);
        trie.match(new UnsafeBuffer(bytes), 0, bytes.length, result, new SubjectTrie.Scratch(trie));
        return result;
    }

    @Test
    void agreesWithPatternsOneByOne() {
        final long seed = System.nanoTime();
        System.out.println("SubjectTrieTest seed " + seed);
        final Random random = new Random(seed);
        final int[] consumerCounts = {1, 2, 5, 63, 64, 65, 130, 200};
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        long pairs = 0;
        long matched = 0;
        for (int round = 0; round < 80; round++) {
            final RandomPatterns patterns = new RandomPatterns(random, consumerCounts[round % consumerCounts.length]);
            final SubjectTrie trie = patterns.trie();
            final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch(trie);
            final long[] result = new long[patterns.words];
            for (int i = 0; i < 100; i++) {
                final byte[] subject = RandomPatterns.subject(random);
                final int offset = random.nextInt(20);
                buffer.putBytes(offset, subject);
                trie.match(buffer, offset, subject.length, result, scratch);
                assertThat(result)
                        .as("seed %d round %d subject %s", seed, round, SubjectRules.show(subject))
                        .containsExactly(patterns.naive(subject));
                pairs += patterns.size();
                matched += Arrays.stream(result).map(Long::bitCount).sum();
            }
        }
        assertThat(pairs).isGreaterThan(200_000);
        assertThat(matched).as("enough of them match").isGreaterThan(pairs / 100);
    }

    @Test
    void withoutPatternsNothingMatches() {
        assertThat(match(SubjectTrie.builder().build(), "a.b", 1)).containsExactly(0);
    }

    @Test
    void aConsumerMayHaveSeveralPatternsAndAPatternSeveralConsumers() {
        final SubjectTrie trie = SubjectTrie.builder()
                .add(pattern("a.b"), 0)
                .add(pattern("a.*"), 0)
                .add(pattern("c"), 0)
                .add(pattern("a.b"), 1)
                .add(pattern("a.>"), 70)
                .build();
        assertThat(match(trie, "a.b", 2)).containsExactly(3, 1L << 6);
        assertThat(match(trie, "a.x", 2)).containsExactly(1, 1L << 6);
        assertThat(match(trie, "a.x.y", 2)).containsExactly(0, 1L << 6);
        assertThat(match(trie, "c", 2)).containsExactly(1, 0);
        assertThat(match(trie, "a", 2)).containsExactly(0, 0);
    }

    @Test
    void tokensOfEqualHashAreToldApart() {
        // "Aa" and "BB" collide under the polynomial by 31.
        final SubjectTrie trie = SubjectTrie.builder()
                .add(pattern("x.Aa"), 0)
                .add(pattern("x.BB"), 1)
                .add(pattern("x.AaBB.Aa"), 2)
                .build();
        assertThat(match(trie, "x.Aa", 1)).containsExactly(1);
        assertThat(match(trie, "x.BB", 1)).containsExactly(2);
        assertThat(match(trie, "x.AaBB.Aa", 1)).containsExactly(4);
        assertThat(match(trie, "x.BBAa.Aa", 1)).containsExactly(0);
    }

    @Test
    void aLongSubjectAgainstManyStarsStaysQuick() {
        final SubjectTrie.Builder builder = SubjectTrie.builder();
        final Random random = new Random(1);
        for (int consumer = 0; consumer < 200; consumer++) {
            final StringBuilder text = new StringBuilder();
            for (int token = 0; token < 40; token++) {
                text.append(random.nextBoolean() ? "*." : "a.");
            }
            builder.add(pattern(text + ">"), consumer);
        }
        builder.add(pattern("*" + ".*".repeat(1_999)), 200);
        builder.add(pattern("a" + ".*.a".repeat(999) + ".b"), 201);
        final SubjectTrie trie = builder.build();
        final String subject = "a" + ".a".repeat(1_999);
        final long started = System.nanoTime();
        final long[] result = match(trie, subject, 4);
        final long took = System.nanoTime() - started;
        assertThat(Arrays.stream(result).map(Long::bitCount).sum()).isEqualTo(201);
        assertThat(result[201 / 64] >>> 201 % 64)
                .as("consumer 201 wants another end")
                .isZero();
        assertThat(took).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void manyPatternsAreBuiltInTime() {
        final SubjectTrie.Builder builder = SubjectTrie.builder();
        final long started = System.nanoTime();
        for (int i = 0; i < 20_000; i++) {
            builder.add(pattern("tenant." + i + ".orders.*"), i % 3);
        }
        final SubjectTrie trie = builder.build();
        assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(match(trie, "tenant.19999.orders.x", 1)).containsExactly(1L << 19_999 % 3);
        assertThat(match(trie, "tenant.20000.orders.x", 1)).containsExactly(0);
    }
}
