package io.ringline.router.subject;

import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes a router's {@link Subject} handles. What publishing reads of each, its matches and its bytes, stands together in
 * memory that many of them share, each from a cache line of its own: a publisher with thousands of handles pays for the
 * lines it touches. Any thread.
 */
public final class SubjectHandles {
    private static final int CHUNK_BYTES = 1 << 16;

    private final SubjectTrie trie;
    private final SubjectTrie.Scratch scratch;
    private final int maxSubjectBytes;
    private final long[] words;
    private UnsafeBuffer chunk = new UnsafeBuffer(0, 0);
    private int used;
    private int made;

    /**
     * No handles yet.
     *
     * @param trie            patterns.
     * @param words           of match bits.
     * @param maxSubjectBytes longest subject that is allowed.
     */
    public SubjectHandles(final SubjectTrie trie, final int words, final int maxSubjectBytes) {
        this.trie = trie;
        this.scratch = new SubjectTrie.Scratch(trie);
        this.maxSubjectBytes = maxSubjectBytes;
        this.words = new long[words];
    }

    /**
     * A handle.
     *
     * @param text literal subject.
     * @return a new handle.
     * @throws IllegalArgumentException where a rule is broken, with the token and the rule.
     */
    public synchronized Subject resolve(final String text) {
        final byte[] subject = text.getBytes(StandardCharsets.UTF_8);
        final String problem = SubjectRules.problemOfSubject(subject, maxSubjectBytes);
        if (problem != null) {
            throw new IllegalArgumentException("invalid subject '" + SubjectRules.show(subject) + "': " + problem);
        }
        trie.match(new UnsafeBuffer(subject), 0, subject.length, words, scratch);
        final int at = take(words.length * Long.BYTES + subject.length);
        for (int i = 0; i < words.length; i++) {
            chunk.putLong(at + i * Long.BYTES, words[i]);
        }
        chunk.putBytes(at + words.length * Long.BYTES, subject);
        return new Subject(chunk, at, words.length, subject.length, SubjectMatcher.CACHE_ENTRIES + made++);
    }

    private int take(final int bytes) {
        final int aligned = BitUtil.align(bytes, BitUtil.CACHE_LINE_LENGTH);
        if (used + aligned > chunk.capacity()) {
            chunk = new UnsafeBuffer(
                    BufferUtil.allocateDirectAligned(Math.max(CHUNK_BYTES, aligned), BitUtil.CACHE_LINE_LENGTH));
            used = 0;
        }
        used += aligned;
        return used - aligned;
    }
}
