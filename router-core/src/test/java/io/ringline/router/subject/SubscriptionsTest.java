package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionsTest {
    private static final int CONSUMERS = 150;
    private static final int WORDS = 3;

    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();

    private static Pattern pattern(final String text) {
        return new Pattern(text.getBytes(StandardCharsets.UTF_8));
    }

    private long[] match(final SubjectTrie trie, final byte[] subject) {
        final long[] result = new long[WORDS];
        trie.match(new UnsafeBuffer(subject), 0, subject.length, result, scratch);
        return result;
    }

    private static long[] naive(final Map<String, Set<Integer>> model, final byte[] subject) {
        final long[] result = new long[WORDS];
        model.forEach((text, consumers) -> {
            if (pattern(text).matches(subject)) {
                consumers.forEach(consumer -> result[consumer >>> 6] |= 1L << consumer);
            }
        });
        return result;
    }

    private record Old(SubjectTrie trie, byte[] subject, long[] matches) {}

    @ParameterizedTest
    @ValueSource(longs = {-1, 0x7, 0, 1L << 31})
    void agreesWithAModelWhileItChangesAndSoDoOldSnapshots(final long hashMask) {
        final long seed = System.nanoTime();
        System.out.println("SubscriptionsTest seed " + seed + " hash mask " + hashMask);
        final Random random = new Random(seed);
        final Subscriptions subscriptions = new Subscriptions(hashMask);
        final Map<String, Set<Integer>> model = new HashMap<>();
        final List<Old> old = new ArrayList<>();
        for (int change = 0; change < 6_000; change++) {
            // Swells and dwindles, so that nodes split and join at all sizes.
            final boolean growing = change / 500 % 2 == 0;
            final List<String> known = List.copyOf(model.keySet());
            final boolean add = random.nextInt(10) < (growing ? 8 : 2) || known.isEmpty();
            final String text = add || random.nextInt(10) == 0
                    ? RandomPatterns.pattern(random)
                    : known.get(random.nextInt(known.size()));
            final Set<Integer> consumers = model.computeIfAbsent(text, key -> new HashSet<>());
            final int consumer = random.nextInt(random.nextBoolean() ? 2 : CONSUMERS);
            final int someone = consumers.isEmpty() || random.nextInt(10) == 0
                    ? consumer
                    : consumers.iterator().next();
            final long version = subscriptions.snapshot().version();
            final boolean expected = add ? consumers.add(consumer) : consumers.remove(someone);
            final boolean done =
                    add ? subscriptions.add(pattern(text), consumer) : subscriptions.remove(pattern(text), someone);
            assertThat(done).as("seed %d change %d %s", seed, change, text).isEqualTo(expected);
            assertThat(subscriptions.snapshot().version()).isEqualTo(version + (done ? 1 : 0));
            model.values().removeIf(Set::isEmpty);
            old.add(checked(subscriptions.snapshot(), model, RandomPatterns.subject(random), seed));
            old.add(checked(subscriptions.snapshot(), model, RandomPatterns.subject(random), seed));
            final Old before = old.get(random.nextInt(old.size()));
            assertThat(match(before.trie, before.subject)).containsExactly(before.matches);
        }
        model.forEach((text, consumers) -> consumers.forEach(consumer ->
                assertThat(subscriptions.remove(pattern(text), consumer)).isTrue()));
        assertThat(subscriptions.snapshot().root()).isSameAs(TrieNode.EMPTY);
    }

    private Old checked(
            final SubjectTrie trie, final Map<String, Set<Integer>> model, final byte[] subject, final long seed) {
        final long[] matches = match(trie, subject);
        assertThat(matches)
                .as("seed %d version %d %s", seed, trie.version(), SubjectRules.show(subject))
                .containsExactly(naive(model, subject));
        return new Old(trie, subject, matches);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0x3FF, 0xFFF, 1L << 31, 5})
    void aWideNodeGrowsAndShrinksBackToNothing(final long hashMask) {
        final int size = hashMask == 5 ? 200 : hashMask == 1L << 31 ? 1_000 : 5_000;
        final Subscriptions subscriptions = new Subscriptions(hashMask);
        final Random random = new Random(7);
        final List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            assertThat(subscriptions.add(pattern("a." + i), i % CONSUMERS)).isTrue();
            numbers.add(i);
        }
        Collections.shuffle(numbers, random);
        int left = size;
        for (final int number : numbers) {
            final byte[] subject = ("a." + number).getBytes(StandardCharsets.UTF_8);
            final long[] wanted = new long[WORDS];
            wanted[number % CONSUMERS >>> 6] = 1L << number % CONSUMERS;
            assertThat(match(subscriptions.snapshot(), subject)).containsExactly(wanted);
            assertThat(subscriptions.remove(pattern("a." + number), number % CONSUMERS))
                    .isTrue();
            assertThat(match(subscriptions.snapshot(), subject)).containsExactly(new long[WORDS]);
            left--;
            if (left > 1 && left % 100 == 0 && hashMask == -1) {
                assertThat(slots(subscriptions)).as("%d left", left).isLessThan(40 * left + 100);
            }
        }
        assertThat(subscriptions.snapshot().root()).isSameAs(TrieNode.EMPTY);
    }

    private static int slots(final Subscriptions subscriptions) {
        final Object[] many = subscriptions.snapshot().root().few[0].many;
        return many == null ? 0 : slots(many);
    }

    private static int slots(final Object[] table) {
        int slots = table.length;
        for (final Object slot : table) {
            slots += slot instanceof Object[] more && !(slot instanceof TrieNode[]) ? slots(more) : 0;
        }
        return slots;
    }

    @Test
    void theTreesShapeDoesNotDependOnTheOrder() {
        final Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            final Set<String> kept = new HashSet<>();
            final Set<String> passing = new HashSet<>();
            for (int i = 0; i < 12; i++) {
                (random.nextBoolean() ? kept : passing).add(RandomPatterns.pattern(random));
            }
            passing.removeAll(kept);
            final Subscriptions plain = new Subscriptions();
            kept.forEach(text -> plain.add(pattern(text), 0));
            final Subscriptions churned = new Subscriptions();
            passing.forEach(text -> churned.add(pattern(text), 0));
            kept.forEach(text -> churned.add(pattern(text), 0));
            passing.forEach(text -> churned.remove(pattern(text), 0));
            assertThat(nodes(churned.snapshot().root()))
                    .isEqualTo(nodes(plain.snapshot().root()));
        }
    }

    private static int nodes(final TrieNode node) {
        int nodes = 1 + (node.star == null ? 0 : nodes(node.star));
        for (int i = 0; node.few != null && i < node.few.length; i++) {
            nodes += nodes(node.few[i]);
        }
        if (node.many != null) {
            final TrieNode[] all = new TrieNode[(int) node.tags];
            assertThat(TrieTable.collect(node.many, all, 0)).isEqualTo(all.length);
            nodes += Arrays.stream(all).mapToInt(SubscriptionsTest::nodes).sum();
        }
        return nodes;
    }

    @Test
    void addingTwiceAndRemovingWhatIsNotThereChangesNothing() {
        final Subscriptions subscriptions = new Subscriptions();
        assertThat(subscriptions.remove(pattern("a"), 0)).isFalse();
        assertThat(subscriptions.add(pattern("a.b"), 0)).isTrue();
        final SubjectTrie once = subscriptions.snapshot();
        assertThat(subscriptions.add(pattern("a.b"), 0)).isFalse();
        for (final String other : new String[] {"a", "a.b.c", "a.*", "a.>", ">", "*", "b"}) {
            assertThat(subscriptions.remove(pattern(other), 0)).as(other).isFalse();
        }
        assertThat(subscriptions.remove(pattern("a.b"), 1)).isFalse();
        assertThat(subscriptions.snapshot()).isSameAs(once);
        assertThat(subscriptions.remove(pattern("a.b"), 0)).isTrue();
        assertThat(subscriptions.snapshot().root()).isSameAs(TrieNode.EMPTY);
        assertThat(once.version()).isEqualTo(1);
    }

    @Test
    void aResultGrowsWithTheHighestConsumer() {
        final Subscriptions subscriptions = new Subscriptions();
        assertThat(subscriptions.snapshot().words()).isEqualTo(1);
        subscriptions.add(pattern("a"), 1_000);
        assertThat(subscriptions.snapshot().words()).isEqualTo(16);
        subscriptions.remove(pattern("a"), 1_000);
        assertThat(subscriptions.snapshot().words()).isEqualTo(16);
    }

    @Test
    void neverTakesASubjectThatChangesTouchForUntouched() {
        final Random random = new Random(5);
        final Subscriptions subscriptions = new Subscriptions();
        final List<Pattern> changed = new ArrayList<>();
        int untouched = 0;
        int takenForTouched = 0;
        for (int change = 0; change < 20_000; change++) {
            final Pattern pattern = pattern(RandomPatterns.pattern(random));
            if (!subscriptions.add(pattern, 0)) {
                subscriptions.remove(pattern, 0);
            }
            changed.add(pattern);
            final SubjectTrie trie = subscriptions.snapshot();
            final int since = Math.max(0, changed.size() - random.nextInt(random.nextBoolean() ? 4 : 500));
            final byte[] subject = RandomPatterns.subject(random);
            final boolean expected =
                    changed.subList(since, changed.size()).stream().anyMatch(p -> p.matches(subject));
            final boolean touched = touchedSince(trie, since, subject);
            assertThat(touched || !expected).as("change %d", change).isTrue();
            untouched += expected ? 0 : 1;
            takenForTouched += touched && !expected ? 1 : 0;
        }
        assertThat(untouched).as("both happen").isBetween(1_000, 19_000);
        assertThat(takenForTouched).as("seldom").isLessThan(untouched / 4);
    }

    @Test
    void aSubjectIsTouchedByItsOwnChangesOnlyAndNotByPartsOfSeveral() {
        final Subscriptions subscriptions = new Subscriptions();
        final long since = subscriptions.snapshot().version();
        for (final String pattern : new String[] {"a.b.c", "x.*.z", "m.>", "a.*.q", "k.b.*", "one"}) {
            subscriptions.add(pattern(pattern), 0);
        }
        final SubjectTrie trie = subscriptions.snapshot();
        for (final String subject : new String[] {"a.b.c", "x.1.z", "m.1", "m.1.2.3.4.5", "a.1.q", "k.b.1", "one"}) {
            assertThat(touchedSince(trie, since, subject.getBytes(StandardCharsets.UTF_8)))
                    .as(subject)
                    .isTrue();
            assertThat(touchedSince(trie, trie.version(), subject.getBytes(StandardCharsets.UTF_8)))
                    .as("%s, since then", subject)
                    .isFalse();
        }
        int wrong = 0;
        for (final String subject :
                new String[] {"q", "a", "m", "a.b", "a.b.d", "x.1.y", "k.c.z", "b.a.c", "one.two"}) {
            wrong += touchedSince(trie, since, subject.getBytes(StandardCharsets.UTF_8)) ? 1 : 0;
        }
        assertThat(wrong).as("by chance").isLessThan(3);
    }

    private boolean touchedSince(final SubjectTrie trie, final long since, final byte[] subject) {
        trie.match(new UnsafeBuffer(subject), 0, subject.length, new long[trie.words()], scratch);
        return trie.touchedSince(since, scratch.changesFront(), scratch.changesBack());
    }

    @Test
    void aChangeCostsTheSameWithManyPatterns() {
        final Subscriptions subscriptions = new Subscriptions();
        final long started = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            subscriptions.add(pattern("tenant." + i + ".orders.*"), i % 3);
        }
        assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(match(subscriptions.snapshot(), "tenant.99999.orders.x".getBytes(StandardCharsets.UTF_8)))
                .containsExactly(1L << 99_999 % 3, 0, 0);
    }
}
