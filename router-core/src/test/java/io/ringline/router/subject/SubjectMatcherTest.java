package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SubjectMatcherTest {
    @Test
    void agreesWithTheNaiveModelOverRepeatedSubjects() {
        final long seed = System.nanoTime();
        System.out.println("SubjectMatcherTest seed " + seed);
        final Random random = new Random(seed);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        for (final int consumers : new int[] {1, 10, 64, 100}) {
            final RandomPatterns patterns = new RandomPatterns(random, consumers);
            final SubjectMatcher matcher = new SubjectMatcher(patterns.trie(), patterns.words);
            final long[] result = new long[patterns.words];
            final int asked = 20_000;
            for (int i = 0; i < asked; i++) {
                final byte[] subject = RandomPatterns.subject(random);
                final int offset = random.nextInt(20);
                buffer.putBytes(offset, subject);
                Arrays.fill(result, -1);
                final long hash = SubjectHash.validateAndHash(buffer, offset, subject.length);
                matcher.match(hash, buffer, offset, subject.length, result);
                assertThat(result)
                        .as("seed %d consumers %d subject %s", seed, consumers, SubjectRules.show(subject))
                        .containsExactly(patterns.naive(subject));
            }
            assertThat(matcher.misses()).isBetween(1L, asked - 1L);
        }
    }

    @Test
    void aRepeatedSubjectMissesOnceAndATooLongOneAlways() {
        final Subscriptions subscriptions = new Subscriptions();
        subscriptions.add(new Pattern(new byte[] {'a', '.', '>'}), 0);
        final SubjectMatcher matcher = new SubjectMatcher(subscriptions.snapshot(), 1);
        final long[] result = new long[1];
        for (int i = 0; i < 10; i++) {
            match(matcher, "a.b", result);
            assertThat(result).containsExactly(1);
            match(matcher, "b.a", result);
            assertThat(result).containsExactly(0);
        }
        assertThat(matcher.misses()).isEqualTo(2);
        for (int i = 0; i < 10; i++) {
            match(matcher, "a." + "x".repeat(MatchCache.MAX_KEY_BYTES), result);
            assertThat(result).containsExactly(1);
        }
        assertThat(matcher.misses()).isEqualTo(12);
    }

    @Test
    void equalHashesOfDifferentSubjectsDoNotMixUp() {
        final Subscriptions subscriptions = new Subscriptions();
        subscriptions.add(new Pattern(new byte[] {'a'}), 0);
        subscriptions.add(new Pattern(new byte[] {'b'}), 1);
        final SubjectMatcher matcher = new SubjectMatcher(subscriptions.snapshot(), 1);
        final long[] result = new long[1];
        for (int i = 0; i < 3; i++) {
            matcher.match(42, new UnsafeBuffer(new byte[] {'a'}), 0, 1, result);
            assertThat(result).containsExactly(1);
            matcher.match(42, new UnsafeBuffer(new byte[] {'b'}), 0, 1, result);
            assertThat(result).containsExactly(2);
        }
        assertThat(matcher.misses()).isEqualTo(2);
    }

    private static void match(final SubjectMatcher matcher, final String subject, final long[] result) {
        final UnsafeBuffer buffer = new UnsafeBuffer(subject.getBytes(StandardCharsets.US_ASCII));
        matcher.match(SubjectHash.hash(buffer, 0, buffer.capacity()), buffer, 0, buffer.capacity(), result);
    }
}
