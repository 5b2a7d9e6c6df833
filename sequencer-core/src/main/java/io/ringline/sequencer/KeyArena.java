package io.ringline.sequencer;

import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of keys that do not fit a line, in chunks; runs that are given back are used again for keys of about the same
 * length. A run never moves. Not thread-safe.
 */
final class KeyArena {
    static final int NONE = -1;
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int GRAIN = 16;
    private static final int FINE_BYTES = 1_024;
    private static final int FINE = FINE_BYTES / GRAIN;
    private static final int CLASSES = FINE + 22;

    private final DirectMemory direct;
    private final long[] free = new long[CLASSES]; // the first free run of each class, plus 1; each names the next
    private UnsafeBuffer[] chunks = new UnsafeBuffer[4];
    private int count;
    private int filling;
    private int end = CHUNK_BYTES;
    private boolean keeping;
    private long[] kept = new long[16]; // pairs of place and length
    private int keptCount;

    KeyArena(final DirectMemory direct) {
        this.direct = direct;
    }

    /** By 16 bytes up to 1,024, then by powers of two: at most half of a run is lost. */
    private static int classOf(final int length) {
        return length <= FINE_BYTES
                ? Math.max(1, length + GRAIN - 1 >>> 4)
                : FINE + 22 - Integer.numberOfLeadingZeros(length - 1);
    }

    private static int sizeOf(final int sizeClass) {
        return sizeClass <= FINE ? sizeClass * GRAIN : FINE_BYTES << sizeClass - FINE;
    }

    /** Stores a key. @return its place, or {@link #NONE} where there is no memory for it. */
    long add(final DirectBuffer key, final int offset, final int length) {
        final int sizeClass = classOf(length);
        final long place = free[sizeClass] != 0 ? reuse(sizeClass) : append(sizeOf(sizeClass));
        if (place != NONE) {
            buffer(place).putBytes(offset(place), key, offset, length);
        }
        return place;
    }

    private long reuse(final int sizeClass) {
        final long place = free[sizeClass] - 1;
        free[sizeClass] = buffer(place).getLong(offset(place));
        return place;
    }

    private long append(final int bytes) {
        if (bytes > CHUNK_BYTES) {
            return addChunk(bytes) ? (long) (count - 1) << Integer.SIZE : NONE; // one of its own
        }
        if (end + bytes > CHUNK_BYTES) {
            if (!addChunk(CHUNK_BYTES)) {
                return NONE;
            }
            filling = count - 1;
            end = 0;
        }
        final long place = (long) filling << Integer.SIZE | end;
        end += bytes;
        return place;
    }

    private boolean addChunk(final int bytes) {
        final UnsafeBuffer chunk = direct.tryAllocate(bytes, BitUtil.CACHE_LINE_LENGTH);
        if (chunk == null) {
            return false;
        }
        if (count == chunks.length) {
            chunks = Arrays.copyOf(chunks, count * 2);
        }
        chunks[count++] = chunk;
        return true;
    }

    UnsafeBuffer buffer(final long place) {
        return chunks[(int) (place >>> Integer.SIZE)];
    }

    static int offset(final long place) {
        return (int) place;
    }

    boolean same(final long place, final DirectBuffer key, final int offset, final int length) {
        final UnsafeBuffer stored = buffer(place);
        final int at = offset(place);
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (stored.getLong(at + i) != key.getLong(offset + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (stored.getByte(at + i) != key.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** Gives a run back; while a snapshot may still read it, later. */
    void free(final long place, final int length) {
        if (!keeping) {
            link(place, length);
            return;
        }
        if (keptCount == kept.length) {
            kept = Arrays.copyOf(kept, keptCount * 2);
        }
        kept[keptCount++] = place;
        kept[keptCount++] = length;
    }

    private void link(final long place, final int length) {
        final int sizeClass = classOf(length);
        buffer(place).putLong(offset(place), free[sizeClass]);
        free[sizeClass] = place + 1;
    }

    /** Whether runs that are given back keep their bytes. */
    void keep(final boolean on) {
        keeping = on;
        for (int i = 0; !on && i < keptCount; i += 2) {
            link(kept[i], (int) kept[i + 1]);
        }
        keptCount = on ? keptCount : 0;
    }

    /** What the chunks take. */
    long bytes() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += chunks[i].capacity();
        }
        return sum;
    }
}
