package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
            final SubjectMatcher matcher = new SubjectMatcher(patterns.subscriptions(-1), patterns.words);
            final long[] result = new long[patterns.words];
            final int asked = 20_000;
            for (int i = 0; i < asked; i++) {
                final byte[] subject = RandomPatterns.subject(random);
                final int offset = random.nextInt(20);
                buffer.putBytes(offset, subject);
                Arrays.fill(result, -1);
                final long hash = SubjectHash.validateAndHash(buffer, offset, subject.length);
                take(matcher, matcher.match(hash, buffer, offset, subject.length), result);
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
        final SubjectMatcher matcher = new SubjectMatcher(subscriptions, 1);
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
        final SubjectMatcher matcher = new SubjectMatcher(subscriptions, 1);
        final long[] result = new long[1];
        for (int i = 0; i < 3; i++) {
            take(matcher, matcher.match(42, new UnsafeBuffer(new byte[] {'a'}), 0, 1), result);
            assertThat(result).containsExactly(1);
            take(matcher, matcher.match(42, new UnsafeBuffer(new byte[] {'b'}), 0, 1), result);
            assertThat(result).containsExactly(2);
        }
        assertThat(matcher.misses()).isEqualTo(2);
    }

    @Test
    void aChangeIsSeenFromTheNextRefreshOnByCacheAndHandles() {
        final Subscriptions subscriptions = new Subscriptions();
        final SubjectMatcher matcher = new SubjectMatcher(subscriptions, 1);
        final Subject handle = new SubjectHandles(100).resolve("a.b");
        final long[] result = new long[1];
        final Pattern pattern = new Pattern(new byte[] {'a', '.', '*'});
        for (int round = 0; round < 3; round++) {
            expect(matcher, handle, result, 0);
            subscriptions.add(pattern, 5);
            expect(matcher, handle, result, 0);
            matcher.refresh();
            expect(matcher, handle, result, 1 << 5);
            subscriptions.remove(pattern, 5);
            expect(matcher, handle, result, 1 << 5);
            matcher.refresh();
        }
        assertThat(matcher.misses()).as("a change throws no subject out").isEqualTo(1);
    }

    private static void expect(
            final SubjectMatcher matcher, final Subject handle, final long[] result, final long wanted) {
        match(matcher, "a.b", result);
        assertThat(result).containsExactly(wanted);
        matchHandle(matcher, handle, result);
        assertThat(result).containsExactly(wanted);
    }

    @Test
    void agreesWithTheNaiveModelWhileSubscriptionsComeAndGo() {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        System.out.println("SubjectMatcherTest seed " + seed);
        final Random random = new Random(seed);
        final Subscriptions subscriptions = new Subscriptions();
        final SubjectMatcher matcher = new SubjectMatcher(subscriptions, 2);
        final Map<Pattern, Set<Integer>> model = new HashMap<>();
        final SubjectHandles makes = new SubjectHandles(4_096);
        final Subject[] handles = new Subject[300];
        Arrays.setAll(handles, i -> makes.resolve(new String(RandomPatterns.subject(random), StandardCharsets.UTF_8)));
        final long[] result = new long[2];
        for (int step = 0; step < 20_000; step++) {
            // Mostly a few changes, now and then very many.
            final int changes = step % 500 == 0 ? 500 : random.nextInt(3);
            for (int i = 0; i < changes; i++) {
                change(random, subscriptions, model);
            }
            matcher.refresh();
            final Subject handle = handles[random.nextInt(random.nextBoolean() ? 10 : handles.length)];
            final byte[] bytes = handle.toString().getBytes(StandardCharsets.UTF_8);
            final long[] wanted = naive(model, bytes);
            matchHandle(matcher, handle, result);
            assertThat(result)
                    .as("seed %d step %d handle %s", seed, step, handle)
                    .containsExactly(wanted);
            Arrays.fill(result, -1);
            take(matcher, matcher.match(handle.hash(), new UnsafeBuffer(bytes), 0, bytes.length), result);
            assertThat(result)
                    .as("seed %d step %d subject %s", seed, step, handle)
                    .containsExactly(wanted);
        }
    }

    @Test
    void aChangeElsewhereMatchesNothingAnew() {
        for (final String prefix : new String[] {"", "a.", "acme.eu.", "acme.eu.prod.x.", "acme.eu.prod.x.y."}) {
            changeElsewhere(prefix);
        }
    }

    private static void changeElsewhere(final String prefix) {
        final Subscriptions subscriptions = new Subscriptions();
        final SubjectMatcher matcher = new SubjectMatcher(subscriptions, 1);
        final SubjectHandles makes = new SubjectHandles(100);
        final long[] result = new long[1];
        final int subjects = 1_000;
        final Subject[] handles = new Subject[subjects];
        for (int i = 0; i < subjects; i++) {
            handles[i] = makes.resolve(prefix + "orders." + i + ".created");
        }
        for (int round = 0; round < 3; round++) {
            final long before = matcher.matches();
            for (int i = 0; i < subjects; i++) {
                match(matcher, handles[i].toString(), result);
                matchHandle(matcher, handles[i], result);
            }
            // By chance a subject may share its buckets with a change: one in some thousand.
            assertThat(matcher.matches() - before)
                    .as("prefix %s, round %d", prefix, round)
                    .isBetween(round == 0 ? 2L * subjects : 2, round == 0 ? 2L * subjects : 30);
            subscriptions.add(pattern(prefix + "orders." + round + ".created"), 0);
            subscriptions.add(pattern(prefix + "trades.*.created"), round);
            subscriptions.add(pattern(prefix + "trades.>"), round);
            subscriptions.add(pattern(prefix + "orders." + (subjects + round) + ".*"), round);
            subscriptions.add(pattern(prefix + "orders.*.deleted." + round), round);
            matcher.refresh();
        }
    }

    @Test
    void aMatchThatFailsLeavesNothingBehind() {
        final Subscriptions subscriptions = new Subscriptions();
        subscriptions.add(pattern("a"), 0);
        final SubjectMatcher matcher = new SubjectMatcher(subscriptions, 1);
        final long[] result = new long[1];
        for (final String subject : new String[] {"a", "c", "d", "e"}) {
            take(matcher, matcher.match(42, bytes(subject), 0, 1), result);
        }
        subscriptions.add(pattern("b"), 64); // a consumer that this matcher's results have no room for
        matcher.refresh();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> matcher.match(42, bytes("b"), 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        take(matcher, matcher.match(42, bytes("a"), 0, 1), result);
        assertThat(result).containsExactly(1);
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Pattern pattern(final String text) {
        return new Pattern(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void change(
            final Random random, final Subscriptions subscriptions, final Map<Pattern, Set<Integer>> model) {
        final int consumer = random.nextInt(100);
        if (model.size() > 50 || random.nextInt(4) == 0 && !model.isEmpty()) {
            final Pattern pattern = model.keySet().iterator().next();
            for (final int known : model.remove(pattern)) {
                assertThat(subscriptions.remove(pattern, known)).isTrue();
            }
        } else {
            final Pattern pattern = new Pattern(RandomPatterns.pattern(random).getBytes(StandardCharsets.UTF_8));
            assertThat(subscriptions.add(pattern, consumer))
                    .isEqualTo(
                            model.computeIfAbsent(pattern, p -> new HashSet<>()).add(consumer));
        }
    }

    private static long[] naive(final Map<Pattern, Set<Integer>> model, final byte[] subject) {
        final long[] result = new long[2];
        model.forEach((pattern, consumers) -> {
            if (pattern.matches(subject)) {
                consumers.forEach(consumer -> result[consumer / 64] |= 1L << consumer % 64);
            }
        });
        return result;
    }

    private static void match(final SubjectMatcher matcher, final String subject, final long[] result) {
        final UnsafeBuffer buffer = new UnsafeBuffer(subject.getBytes(StandardCharsets.US_ASCII));
        final long hash = SubjectHash.hash(buffer, 0, buffer.capacity());
        take(matcher, matcher.match(hash, buffer, 0, buffer.capacity()), result);
    }

    private static void matchHandle(final SubjectMatcher matcher, final Subject handle, final long[] result) {
        matcher.matchHandle(handle.token(), handle.buffer(), handle.offset(), handle.length());
        take(matcher, handle.token(), result);
    }

    private static void take(final SubjectMatcher matcher, final int token, final long[] result) {
        System.arraycopy(matcher.results(), matcher.bits(token), result, 0, result.length);
    }
}
