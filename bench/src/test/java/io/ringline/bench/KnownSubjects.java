package io.ringline.bench;

import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectTrie;
import io.ringline.router.subject.Subscriptions;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * No matcher but a table of all subjects and their results: the least that anything before a matcher can take. Ringline works
 * the results out. The keys are other objects than those looked up, as in life.
 */
abstract class KnownSubjects implements PeerMatcher {
    private final Subscriptions subscriptions = new Subscriptions();
    private final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch();

    @Override
    public final void subscribe(final String pattern, final int consumer) {
        subscriptions.add(new Pattern(pattern.getBytes(StandardCharsets.UTF_8)), consumer);
    }

    /** To be called once all are subscribed. */
    abstract void fill();

    /** The match words looked up. */
    abstract long[] words(int subject);

    final long[] wordsOf(final byte[] subject) {
        final SubjectTrie trie = subscriptions.snapshot();
        final long[] words = new long[trie.words()];
        trie.match(new UnsafeBuffer(subject), 0, subject.length, words, scratch);
        return words;
    }

    @Override
    public final long match(final int subject) {
        long all = 0;
        for (final long word : words(subject)) {
            all ^= word;
        }
        return all;
    }

    @Override
    public final int count(final int subject) {
        int count = 0;
        for (final long word : words(subject)) {
            count += Long.bitCount(word);
        }
        return count;
    }

    @Override
    public final boolean countsConsumers() {
        return true;
    }

    /** By String; each keeps its hash. */
    static final class Strings extends KnownSubjects {
        private final Map<String, long[]> table = new HashMap<>();
        private final String[] subjects;

        Strings(final String[] subjects) {
            this.subjects = subjects;
        }

        @Override
        void fill() {
            for (final String subject : subjects) {
                final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
                table.put(new String(bytes, StandardCharsets.UTF_8), wordsOf(bytes));
            }
        }

        @Override
        long[] words(final int subject) {
            return table.get(subjects[subject]);
        }
    }

    /** By bytes, hashed and compared each time. */
    static final class Bytes extends KnownSubjects {
        private final SubjectWorkload workload;
        private final byte[][] subjects = new byte[SubjectWorkload.SUBJECTS][];
        private final long[][] words = new long[SubjectWorkload.SUBJECTS][];
        private final HandWrittenTable table;

        Bytes(final SubjectWorkload workload) {
            this.workload = workload;
            for (int i = 0; i < subjects.length; i++) {
                subjects[i] = SubjectText.bytes(workload, i);
            }
            table = new HandWrittenTable(subjects);
        }

        @Override
        void fill() {
            for (int i = 0; i < words.length; i++) {
                words[i] = wordsOf(subjects[i]);
            }
        }

        @Override
        long[] words(final int subject) {
            final int offset = workload.offsets[subject];
            final int length = workload.lengths[subject];
            final int hash = HandWrittenTable.hash(workload.subjects, offset, length);
            return words[table.find(hash, workload.subjects, offset, length)];
        }
    }
}
