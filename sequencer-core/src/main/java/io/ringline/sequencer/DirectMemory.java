package io.ringline.sequencer;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where memory outside the heap comes from. For what can be refused, that there is none is an answer and no error. Not
 * thread-safe.
 */
final class DirectMemory {
    /** Sets memory aside. */
    @FunctionalInterface
    interface Source {
        /** As {@link BufferUtil#allocateDirectAligned}. @throws OutOfMemoryError where there is none. */
        ByteBuffer allocate(int bytes, int alignment);
    }

    /**
     * How long none is asked for after there was none: the JVM collects garbage and waits, for half a second or so, before it
     * says no, and all events wait with it.
     */
    static final long PAUSE_NS = 60_000_000_000L;

    private final Source source;
    private boolean exhausted;
    private boolean pausing;
    private long pauseEndNs;

    DirectMemory() {
        this(BufferUtil::allocateDirectAligned);
    }

    /** For tests: with memory that ends. */
    DirectMemory(final Source source) {
        this.source = source;
    }

    UnsafeBuffer allocate(final int bytes, final int alignment) {
        return new UnsafeBuffer(source.allocate(bytes, alignment));
    }

    /** The same where the caller can do without. @return null where there is none, or was none a short while ago. */
    @Nullable
    UnsafeBuffer tryAllocate(final int bytes, final int alignment) {
        if (exhausted) {
            return null;
        }
        try {
            return allocate(bytes, alignment);
        } catch (final OutOfMemoryError none) {
            // The limit of the JVM, or the machine's: nothing is broken by it, and the caller counts it.
            exhausted = true;
            return null;
        }
    }

    /** Where there was none, it is asked for again in the end. @param nowNs of an event that was refused. */
    void pause(final long nowNs) {
        if (exhausted && !pausing) {
            pausing = true;
            pauseEndNs = nowNs + PAUSE_NS;
        } else if (exhausted && nowNs - pauseEndNs >= 0) {
            pausing = false;
            exhausted = false;
        }
    }
}
