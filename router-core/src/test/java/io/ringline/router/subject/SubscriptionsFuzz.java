package io.ringline.router.subject;

import static io.ringline.router.subject.Fuzz.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Patterns coming and going, and subjects: every snapshot, also an old one, matches as a plain map of patterns does, and
 * {@link SubjectTrie#touchedSince} knows which subjects the changes touch.
 *
 * <p>The first byte of the input says which bits of hashes are left, 0 to 3 for {@link #HASH_MASKS}; behind it is a line for
 * each step. {@code +Cpattern} adds a consumer, {@code -Cpattern} removes it, {@code ~Cpattern} does both so often that the log
 * of changes is overwritten; C is one byte, {@code 0} the first consumer. Any other line is a subject, asked after each step.
 */
public final class SubscriptionsFuzz {
    private static final long[] HASH_MASKS = {-1, 7, 0, 1L << 31};
    private static final int WORDS = 4;
    private static final int MAX_STEPS = 60;
    private static final int MAX_SUBJECTS = 6;
    private static final int MANY = 129;
    private static final int MARGIN = 24;
    private static final int[] BACK = {0, 2, 3, 5, 20, 256, 257};

    private final Subscriptions subscriptions;
    private final Map<Pattern, Set<Integer>> model = new HashMap<>();
    private final List<Pattern> changed = new ArrayList<>();
    private final List<byte[]> subjects = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch(2);

    private record Answer(SubjectTrie trie, byte[] subject, long[] matches) {}

    private SubscriptionsFuzz(final long hashMask) {
        subscriptions = new Subscriptions(hashMask);
    }

    /** Called by Jazzer. @param input see the class. */
    public static void fuzzerTestOneInput(final byte[] input) {
        if (input.length == 0) {
            return;
        }
        final List<byte[]> lines = Fuzz.lines(Arrays.copyOfRange(input, 1, input.length));
        new SubscriptionsFuzz(HASH_MASKS[input[0] & 3]).run(lines.subList(0, Math.min(lines.size(), MAX_STEPS)));
    }

    private static boolean isStep(final byte[] line) {
        return line.length > 2 && (line[0] == '+' || line[0] == '-' || line[0] == '~');
    }

    private void run(final List<byte[]> lines) {
        lines.stream()
                .filter(line -> !isStep(line) && SubjectRules.problemOfSubject(line, Integer.MAX_VALUE) == null)
                .limit(MAX_SUBJECTS)
                .forEach(subjects::add);
        for (final byte[] line : lines) {
            if (isStep(line)) {
                final byte[] text = Arrays.copyOfRange(line, 2, line.length);
                if (SubjectRules.problemOfPattern(text, Integer.MAX_VALUE) == null) {
                    step(line[0], line[1] - '0' & 0xFF, new Pattern(text, Integer.MAX_VALUE));
                    subjects.forEach(this::ask);
                }
            }
        }
        for (final Answer answer : answers) {
            final long[] now = match(answer.trie, new UnsafeBuffer(answer.subject), 0, answer.subject.length);
            check(Arrays.equals(now, answer.matches), "old snapshot", answer.trie.version(), answer.subject);
        }
        Map.copyOf(model)
                .forEach((pattern, consumers) -> Set.copyOf(consumers).forEach(consumer -> remove(pattern, consumer)));
        check(subscriptions.snapshot().root() == TrieNode.EMPTY, "all was removed, but nodes are left");
    }

    private void step(final byte kind, final int consumer, final Pattern pattern) {
        switch (kind) {
            case '+' -> add(pattern, consumer);
            case '-' -> remove(pattern, consumer);
            default -> {
                for (int i = 0; i < MANY; i++) {
                    add(pattern, consumer);
                    remove(pattern, consumer);
                }
            }
        }
    }

    private void add(final Pattern pattern, final int consumer) {
        final boolean isNew =
                model.computeIfAbsent(pattern, key -> new TreeSet<>()).add(consumer);
        check(subscriptions.add(pattern, consumer) == isNew, "add", pattern, consumer, isNew);
        count(isNew, pattern);
    }

    private void remove(final Pattern pattern, final int consumer) {
        final boolean known = model.getOrDefault(pattern, new TreeSet<>()).remove(consumer);
        check(subscriptions.remove(pattern, consumer) == known, "remove", pattern, consumer, known);
        count(known, pattern);
    }

    private void count(final boolean done, final Pattern pattern) {
        if (done) {
            changed.add(pattern);
        }
        final long version = subscriptions.snapshot().version();
        check(version == changed.size(), "version", version, changed.size());
    }

    private void ask(final byte[] subject) {
        final SubjectTrie trie = subscriptions.snapshot();
        final long[] wanted = new long[WORDS];
        model.forEach((pattern, consumers) -> {
            if (pattern.matches(subject)) {
                consumers.forEach(consumer -> wanted[consumer >>> 6] |= 1L << consumer);
            }
        });
        final byte[] within = new byte[subject.length + 2 * MARGIN];
        Arrays.fill(within, (byte) '.');
        System.arraycopy(subject, 0, within, 3, subject.length);
        final long[] alone = match(trie, new UnsafeBuffer(subject), 0, subject.length);
        check(Arrays.equals(alone, wanted), "match", subject, alone, wanted, model);
        final long[] amidst = match(trie, new UnsafeBuffer(within), 3, subject.length);
        check(Arrays.equals(amidst, wanted), "match amidst others", subject, amidst, wanted, model);
        answers.add(new Answer(trie, subject, wanted));
        final int version = changed.size();
        touched(trie, subject, Math.max(0, version - 1));
        touched(trie, subject, Math.max(0, version - BACK[version % BACK.length]));
    }

    /** It may say so for nothing, and must never say no where it is. */
    private void touched(final SubjectTrie trie, final byte[] subject, final int since) {
        final List<Pattern> later = changed.subList(since, changed.size());
        final boolean wanted = later.stream().anyMatch(p -> p.matches(subject));
        match(trie, new UnsafeBuffer(subject), 0, subject.length);
        final boolean touched = trie.touchedSince(since, scratch.changesFront(), scratch.changesBack());
        check(touched || !wanted, "touchedSince", since, trie.version(), subject, touched, later);
        check(!touched || since < trie.version(), "touchedSince itself", since, trie.version(), subject);
    }

    private long[] match(final SubjectTrie trie, final DirectBuffer buffer, final int offset, final int length) {
        final long[] result = new long[WORDS];
        trie.match(buffer, offset, length, result, scratch);
        return result;
    }
}
