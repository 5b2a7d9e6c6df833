package io.ringline.router.subject;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A handle for a subject that is published to often: checked and hashed once, and matched once for each change of the
 * subscriptions that touches it, so that publishing through it only copies. Immutable; belongs to the router that made it,
 * see {@code Ringline.subject}.
 */
public final class Subject {
    private final UnsafeBuffer memory;
    private final int offset;
    private final int length;
    private final int token;
    private final long hash;

    Subject(final UnsafeBuffer memory, final int offset, final int length, final int token) {
        this.memory = memory;
        this.offset = offset;
        this.length = length;
        this.token = token;
        this.hash = SubjectHash.hash(memory, offset, length);
    }

    /** Stands for the subject's bytes within its router. @return at least {@link SubjectMatcher#CACHE_ENTRIES}. */
    public int token() {
        return token;
    }

    /** The memory that holds the subject's bytes. @return not to be written to. */
    public UnsafeBuffer buffer() {
        return memory;
    }

    /** Where the subject's bytes start. @return offset in {@link #buffer()}. */
    public int offset() {
        return offset;
    }

    /** How long the subject is. @return bytes. */
    public int length() {
        return length;
    }

    /** The hash of its bytes. @return see {@link SubjectHash}. */
    public long hash() {
        return hash;
    }

    @Override
    public String toString() {
        return memory.getStringWithoutLengthUtf8(offset, length);
    }
}
