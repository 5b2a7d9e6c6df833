package io.ringline.router.subject;

import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes a router's {@link Subject} handles. Their bytes stand in memory that many of them share, each from a cache line of its
 * own: a publisher with thousands of handles pays for the lines it touches. Any thread.
 */
public final class SubjectHandles {
    private static final int CHUNK_BYTES = 1 << 16;

    private final int maxSubjectBytes;
    private UnsafeBuffer chunk = new UnsafeBuffer(0, 0);
    private int used;
    private int made;

    /**
     * No handles yet.
     *
     * @param maxSubjectBytes longest subject that is allowed.
     */
    public SubjectHandles(final int maxSubjectBytes) {
        this.maxSubjectBytes = maxSubjectBytes;
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
        final int at = take(subject.length);
        chunk.putBytes(at, subject);
        return new Subject(chunk, at, subject.length, SubjectMatcher.CACHE_ENTRIES + made++);
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
