package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** One thread subscribes and unsubscribes while another matches. */
class SubscriptionsSystemTest {
    private static final int CHANGES = 60_000;
    private static final int ALWAYS = 50;
    private static final int PASSING = 64;
    private static final int NEVER = 65;

    private final Subscriptions subscriptions = new Subscriptions();

    /** Pattern {@code new.N} was added for all numbers up to here. */
    private final AtomicInteger added = new AtomicInteger(-1);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private static Pattern pattern(final String text) {
        return new Pattern(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsSubscribedMatchesAndWhatIsNotDoesNot() throws InterruptedException {
        for (int i = 0; i < ALWAYS; i++) {
            subscriptions.add(pattern("a." + i + ".*.x"), i);
        }
        subscriptions.add(pattern("never"), NEVER);
        final Thread writer = new Thread(this::change, "writer");
        writer.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        writer.start();
        final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
        long version = 0;
        for (int i = 0; added.get() < CHANGES - 1 && failure.get() == null; i++) {
            final int upTo = added.get();
            final SubjectTrie trie = subscriptions.snapshot();
            assertThat(trie.version()).isGreaterThanOrEqualTo(version);
            version = trie.version();
            final long[] result = match(trie, "a." + i % ALWAYS + ".c.x", scratch);
            assertThat(result[0]).isEqualTo(1L << i % ALWAYS);
            assertThat(result[1] & 1L << NEVER).isZero();
            if (upTo >= 0) {
                assertThat(match(trie, "new." + upTo, scratch)[1])
                        .as("added before the snapshot was taken")
                        .isEqualTo(1L << PASSING);
            }
        }
        writer.join();
        assertThat(failure.get()).isNull();
    }

    private void change() {
        for (int i = 0; i < CHANGES; i++) {
            subscriptions.add(pattern("a." + i % 100 + ".b." + i), PASSING);
            subscriptions.add(pattern("new." + i), PASSING);
            added.set(i);
            subscriptions.remove(pattern("a." + i % 100 + ".b." + i), PASSING);
            if (i >= 3 * ALWAYS) {
                subscriptions.remove(pattern("other." + (i - 3 * ALWAYS) + ".*"), PASSING);
            }
            subscriptions.add(pattern("other." + i + ".*"), PASSING);
        }
    }

    private static long[] match(final SubjectTrie trie, final String text, final SubjectTrie.Scratch scratch) {
        final byte[] subject = text.getBytes(StandardCharsets.UTF_8);
        final long[] result = new long[2];
        trie.match(new UnsafeBuffer(subject), 0, subject.length, result, scratch);
        return result;
    }
}
