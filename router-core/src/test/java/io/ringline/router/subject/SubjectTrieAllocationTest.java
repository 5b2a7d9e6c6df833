package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Matching allocates nothing, whatever snapshot; and a million patterns take the memory they may, before and after churn. */
class SubjectTrieAllocationTest {
    private static final int SUBJECTS = 1_000;
    private static final int MATCHES = 200_000;
    private static final int PATTERNS = 1_000_000;
    private static final int BYTES_A_PATTERN = 250;

    private final Subscriptions subscriptions = new Subscriptions();
    private final UnsafeBuffer[] subjects = new UnsafeBuffer[SUBJECTS];
    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();
    private final long[] result = new long[4];

    @Test
    void matchingAllocatesNothing() {
        final Random random = new Random(1);
        for (int i = 0; i < SUBJECTS; i++) {
            subjects[i] = new UnsafeBuffer(RandomPatterns.subject(random));
            subscriptions.add(pattern(RandomPatterns.pattern(random)), i % 256);
        }
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // The least of some: the measuring itself, and the compiler, may allocate now and then.
        for (int i = 0; i < 5; i++) {
            subscriptions.add(pattern("round." + i + ".*.*.*.*.*.*"), i);
            final long before = threads.getCurrentThreadAllocatedBytes();
            run(subscriptions.snapshot());
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(1_000);
    }

    private void run(final SubjectTrie trie) {
        for (int i = 0; i < MATCHES; i++) {
            final UnsafeBuffer subject = subjects[i % SUBJECTS];
            trie.match(subject, 0, subject.capacity(), result, scratch);
            trie.touchedSince(trie.version() - 3, scratch.changesFront(), scratch.changesBack());
        }
    }

    @Test
    void aMillionPatternsTakeAQuarterOfAKilobyteEach() {
        final long before = usedBytes();
        for (int i = 0; i < PATTERNS; i++) {
            subscriptions.add(nth(i), i % 256);
        }
        final long filled = usedBytes() - before;
        System.out.println("SubjectTrieAllocationTest bytes a pattern " + filled / (double) PATTERNS);
        assertThat(filled / PATTERNS).isLessThanOrEqualTo(BYTES_A_PATTERN);
        for (int i = 0; i < PATTERNS; i++) {
            subscriptions.remove(nth(i), i % 256);
        }
        assertThat(subscriptions.snapshot().root()).isSameAs(TrieNode.EMPTY);
        assertThat(usedBytes() - before).as("after churn").isLessThan(1_000_000);
    }

    /** 70% literal, 20% with a star, 10% with a rest; four to a graph. */
    private static Pattern nth(final int i) {
        final String graph = "event.graph." + i / 4;
        final int kind = i % 10;
        if (kind < 7) {
            return pattern(graph + (i % 4 == 0 ? ".node.added" : ".subgraph." + i + ".created"));
        }
        return pattern(kind < 9 ? graph + ".node." + i + ".*" : graph + ".edge" + i + ".>");
    }

    private static Pattern pattern(final String text) {
        return new Pattern(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long usedBytes() {
        final Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
