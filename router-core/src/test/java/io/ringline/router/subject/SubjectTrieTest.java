package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectTrieTest {
    private static Pattern pattern(final String text) {
        return new Pattern(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long[] match(final Subscriptions subscriptions, final String subject) {
        final SubjectTrie trie = subscriptions.snapshot();
        final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        final long[] result = new long[trie.words()];
        Arrays.fill(result, -1);
        trie.match(new UnsafeBuffer(bytes), 0, bytes.length, result, new SubjectTrie.Scratch(16));
        return result;
    }

    private static Subscriptions subscriptions(final String... patterns) {
        final Subscriptions subscriptions = new Subscriptions();
        for (int i = 0; i < patterns.length; i++) {
            subscriptions.add(pattern(patterns[i]), i);
        }
        return subscriptions;
    }

    /** As sublist_test.go has them; a second pattern keeps the first from being a leaf with a tail. */
    @ParameterizedTest
    @CsvSource({
        "foo, foo, true",
        "foo, fo, false",
        "foo, fooo, false",
        "foo, foo.bar, false",
        "foo.bar, foo, false",
        "*, foo, true",
        "*, foo.bar, false",
        "foo.*, foo.bar, true",
        "foo.*, foo, false",
        "foo.*, foo.bar.baz, false",
        "foo.*.baz, foo.bar.baz, true",
        "foo.*.baz, foo.bar.bax, false",
        "*.*, foo.bar, true",
        "*.*, foo, false",
        ">, foo, true",
        ">, foo.bar.baz, true",
        "foo.>, foo, false",
        "foo.>, foo.bar, true",
        "foo.>, foo.bar.baz, true",
        "foo.>, fooo.bar, false",
        "*.>, foo, false",
        "*.>, foo.bar, true",
        "*.*.>, foo.bar, false",
        "foo.*.>, foo.a.b, true",
        "foo*, foo*, true",
        "foo*, foo, false",
        "foo*, foox, false",
        "foo.**, foo.**, true",
        "foo.**, foo.bar, false",
        ">x, >x, true",
        ">x, ax, false",
        "foo.>x.bar, foo.>x.bar, true",
        "foo.>x.bar, foo.a.bar, false",
        "f*o.bar, foo.bar, false",
        "foo.bar>, foo.bar>, true",
        "foo.bar>, foo.bar.x, false"
    })
    void followsTheRulesOfNats(final String wanted, final String subject, final boolean matches) {
        assertThat(match(subscriptions(wanted), subject)).containsExactly(matches ? 1 : 0);
        final long others =
                match(subscriptions("x.y", wanted, wanted + (wanted.endsWith(">") ? "z" : ".z")), subject)[0];
        assertThat(others & 2).isEqualTo(matches ? 2 : 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0x7, 0, 1L << 31, 0xFF_0000_0001L})
    void agreesWithPatternsOneByOne(final long hashMask) {
        final long seed = System.nanoTime();
        System.out.println("SubjectTrieTest seed " + seed + " hash mask " + hashMask);
        final Random random = new Random(seed);
        final int[] consumerCounts = {1, 2, 5, 63, 64, 65, 130, 200};
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch(1);
        long pairs = 0;
        long matched = 0;
        for (int round = 0; round < 160; round++) {
            final RandomPatterns patterns = new RandomPatterns(random, consumerCounts[round % consumerCounts.length]);
            final SubjectTrie trie = patterns.trie(hashMask);
            final long[] result = new long[patterns.words];
            for (int i = 0; i < 100; i++) {
                final byte[] subject = RandomPatterns.subject(random);
                final int offset = random.nextInt(20);
                final int start = random.nextBoolean() ? offset : buffer.capacity() - subject.length;
                buffer.setMemory(0, buffer.capacity(), (byte) random.nextInt());
                buffer.putBytes(start, subject);
                trie.match(buffer, start, subject.length, result, scratch);
                final long[] wanted = patterns.naive(subject);
                if (!Arrays.equals(result, wanted)) {
                    assertThat(result)
                            .as("seed %d round %d subject %s", seed, round, SubjectRules.show(subject))
                            .containsExactly(wanted);
                }
                pairs += patterns.size();
                matched += Arrays.stream(result).map(Long::bitCount).sum();
            }
        }
        assertThat(pairs).isGreaterThan(1_000_000);
        assertThat(matched).as("enough of them match").isGreaterThan(pairs / 100);
    }

    @Test
    void withoutPatternsNothingMatches() {
        assertThat(match(new Subscriptions(), "a.b")).containsExactly(0);
    }

    @Test
    void aConsumerMayHaveSeveralPatternsAndAPatternSeveralConsumers() {
        final Subscriptions subscriptions = new Subscriptions();
        subscriptions.add(pattern("a.b"), 0);
        subscriptions.add(pattern("a.*"), 0);
        subscriptions.add(pattern("c"), 0);
        subscriptions.add(pattern("a.b"), 1);
        subscriptions.add(pattern("a.>"), 70);
        assertThat(match(subscriptions, "a.b")).containsExactly(3, 1L << 6);
        assertThat(match(subscriptions, "a.x")).containsExactly(1, 1L << 6);
        assertThat(match(subscriptions, "a.x.y")).containsExactly(0, 1L << 6);
        assertThat(match(subscriptions, "c")).containsExactly(1, 0);
        assertThat(match(subscriptions, "a")).containsExactly(0, 0);
    }

    @Test
    void subjectsOfAnyLengthAndTokensOfAnyPlaceAreTakenApart() {
        for (int tokens = 1; tokens <= 200; tokens++) {
            for (final String token :
                    new String[] {"a", "abcdefg", "abcdefgh", "abcdefghijklmno", "abcdefghijklmnop"}) {
                final String subject = token + ("." + token).repeat(tokens - 1);
                final Subscriptions subscriptions =
                        subscriptions(subject, "*" + ".*".repeat(tokens - 1), subject + ".>", subject + "x");
                assertThat(match(subscriptions, subject)).containsExactly(3);
            }
        }
    }

    @Test
    void aLongSubjectAgainstManyStarsStaysQuick() {
        final Subscriptions subscriptions = new Subscriptions();
        final Random random = new Random(1);
        for (int consumer = 0; consumer < 200; consumer++) {
            final StringBuilder text = new StringBuilder();
            for (int token = 0; token < 40; token++) {
                text.append(random.nextBoolean() ? "*." : "a.");
            }
            subscriptions.add(pattern(text + ">"), consumer);
        }
        subscriptions.add(pattern("*" + ".*".repeat(1_999)), 200);
        subscriptions.add(pattern("a" + ".*.a".repeat(999) + ".b"), 201);
        final String subject = "a" + ".a".repeat(1_999);
        final long started = System.nanoTime();
        final long[] result = match(subscriptions, subject);
        final long took = System.nanoTime() - started;
        assertThat(Arrays.stream(result).map(Long::bitCount).sum()).isEqualTo(201);
        assertThat(result[201 / 64] >>> 201 % 64)
                .as("consumer 201 wants another end")
                .isZero();
        assertThat(took).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aStarWaitsAtEachLevelOfADeepTree() {
        final Subscriptions subscriptions = new Subscriptions();
        subscriptions.add(pattern("a" + ".a".repeat(299)), 0);
        for (int star = 0; star < 300; star++) {
            subscriptions.add(pattern("a.".repeat(star) + "*" + ".a".repeat(299 - star)), star + 1);
        }
        final long[] result = match(subscriptions, "a" + ".a".repeat(299));
        assertThat(Arrays.stream(result).map(Long::bitCount).sum()).isEqualTo(301);
    }

    @Test
    void atMostOneNodeWaitsAtALevelHoweverManyStarsThereAre() {
        final Subscriptions subscriptions = new Subscriptions();
        final Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            final StringBuilder text = new StringBuilder("a");
            for (int token = 1; token < 40; token++) {
                text.append(random.nextInt(3) > 0 ? ".*" : ".a");
            }
            subscriptions.add(pattern(text.toString()), i % 256);
        }
        final String subject = "a" + ".a".repeat(39);
        final UnsafeBuffer buffer = new UnsafeBuffer(subject.getBytes(StandardCharsets.UTF_8));
        final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch(subject.length());
        final long[] result = new long[4];
        subscriptions.snapshot().match(buffer, 0, buffer.capacity(), result, scratch);
        assertThat(result).containsOnly(-1L);
        assertThat(scratch.waiting)
                .as("did not grow, and is empty again")
                .hasSize(40)
                .containsOnlyNulls();
    }
}
