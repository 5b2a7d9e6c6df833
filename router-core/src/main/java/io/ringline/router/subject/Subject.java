package io.ringline.router.subject;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A handle for a subject that is published to often: checked, hashed and matched once, so that publishing through it only
 * copies. Immutable; belongs to the router that made it.
 */
public final class Subject {
    private final UnsafeBuffer buffer;
    private final int length;
    private final long hash;
    private final long[] matchWords;
    private final int token;

    /**
     * A handle that matches nobody yet.
     *
     * @param subject  its bytes; copied.
     * @param maxBytes longest that is allowed.
     * @throws IllegalArgumentException where a rule is broken, with the token and the rule.
     */
    public Subject(final byte[] subject, final int maxBytes) {
        final String problem = SubjectRules.problemOfSubject(subject, maxBytes);
        if (problem != null) {
            throw new IllegalArgumentException("invalid subject '" + SubjectRules.show(subject) + "': " + problem);
        }
        this.buffer = new UnsafeBuffer(subject.clone());
        this.length = subject.length;
        this.hash = SubjectHash.hash(buffer, 0, length);
        this.matchWords = new long[0];
        this.token = -1;
    }

    private Subject(final Subject other, final long[] matchWords, final int token) {
        this.buffer = other.buffer;
        this.length = other.length;
        this.hash = other.hash;
        this.matchWords = matchWords;
        this.token = token;
    }

    /**
     * The same as a router's own.
     *
     * @param words  one bit for each consumer that it matches.
     * @param number unique among the router's handles, from 0.
     * @return a new handle.
     */
    public Subject resolved(final long[] words, final int number) {
        return new Subject(this, words.clone(), SubjectMatcher.CACHE_ENTRIES + number);
    }

    /** Stands for the subject's bytes within its router. @return -1 where no router has resolved it. */
    public int token() {
        return token;
    }

    /** The subject's bytes, from offset 0. @return not to be written to. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** How long the subject is. @return bytes. */
    public int length() {
        return length;
    }

    /** The hash of its bytes. @return see {@link SubjectHash}. */
    public long hash() {
        return hash;
    }

    /** One bit for each consumer that it matches. @return not to be written to. */
    public long[] matchWords() {
        return matchWords;
    }

    @Override
    public String toString() {
        return buffer.getStringWithoutLengthUtf8(0, length);
    }
}
