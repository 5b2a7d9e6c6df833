package io.ringline.sequencer;

import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Records of equal size, outside the heap, in chunks that are set aside one by one: growth costs one chunk and moves
 * nothing. Little-endian by the machines this runs on; a record of 64 bytes is one cache line. Not thread-safe.
 *
 * <p>A chunk can be frozen: the first write to it, announced by {@link #beforeWrite}, then keeps a copy of how it was, for a
 * snapshot to read at its leisure. The memory of copies is used again by later ones, and not given back.
 */
final class ChunkedMemory {
    private static final int LIVE = 0;
    private static final int FROZEN = 1;

    private final DirectMemory direct;
    private final int strideShift;
    private final int chunkShift;
    private final int indexMask;
    private UnsafeBuffer[] chunks = new UnsafeBuffer[4];
    private long[] addresses = new long[4];
    private int count;
    private byte[] states = new byte[0];
    private @Nullable UnsafeBuffer[] copies = new UnsafeBuffer[0];
    private @Nullable UnsafeBuffer[] spares =
            new UnsafeBuffer[0]; // memory for copies, which is kept: the next one needs it
    private int spareCount;
    private int copiesMade;

    /**
     * No record.
     *
     * @param strideBytes     of a record, a power of two from 8.
     * @param recordsPerChunk a power of two.
     */
    ChunkedMemory(final int strideBytes, final int recordsPerChunk) {
        this(strideBytes, recordsPerChunk, new DirectMemory());
    }

    /** The same. @param direct where the chunks come from. */
    ChunkedMemory(final int strideBytes, final int recordsPerChunk, final DirectMemory direct) {
        this.direct = direct;
        strideShift = Integer.numberOfTrailingZeros(strideBytes);
        chunkShift = Integer.numberOfTrailingZeros(recordsPerChunk);
        indexMask = recordsPerChunk - 1;
    }

    private UnsafeBuffer newChunk() {
        return direct.allocate(chunkBytes(), alignment());
    }

    /** Makes room for a record, zeroed, where there is none. */
    void ensure(final int index) {
        while (index >>> chunkShift >= count) {
            add(newChunk());
        }
    }

    /** The same. @return false where there is no memory for it; all that is there stays as it is. */
    boolean tryEnsure(final int index) {
        while (index >>> chunkShift >= count) {
            final UnsafeBuffer chunk = direct.tryAllocate(chunkBytes(), alignment());
            if (chunk == null) {
                return false;
            }
            add(chunk);
        }
        return true;
    }

    private void add(final UnsafeBuffer chunk) {
        if (count == chunks.length) {
            chunks = Arrays.copyOf(chunks, count * 2); // of references: one for thousands of records
            addresses = Arrays.copyOf(addresses, count * 2);
        }
        chunks[count] = chunk;
        addresses[count] = chunk.addressOffset();
        count++;
    }

    UnsafeBuffer chunk(final int index) {
        return chunks[index >>> chunkShift];
    }

    /**
     * Where a record stands, for the hot path alone: reading it there takes one instruction and no check, so that the
     * processor has several events' memory under way at a time. The record must be there.
     */
    long address(final int index) {
        return addresses[index >>> chunkShift] + ((long) (index & indexMask) << strideShift);
    }

    int offset(final int index) {
        return (index & indexMask) << strideShift;
    }

    long getLong(final int index, final int field) {
        return chunk(index).getLong(offset(index) + field);
    }

    int getInt(final int index, final int field) {
        return chunk(index).getInt(offset(index) + field);
    }

    void putLong(final int index, final int field, final long value) {
        beforeWrite(index);
        chunk(index).putLong(offset(index) + field, value);
    }

    void putInt(final int index, final int field, final int value) {
        beforeWrite(index);
        chunk(index).putInt(offset(index) + field, value);
    }

    int recordsPerChunk() {
        return indexMask + 1;
    }

    /** What the chunks and the memory for copies of them take. */
    long bytes() {
        return (long) (count + copiesMade) * (chunkBytes() + alignment());
    }

    private int chunkBytes() {
        return indexMask + 1 << strideShift;
    }

    private int alignment() {
        return Math.max(1 << strideShift, BitUtil.CACHE_LINE_LENGTH);
    }

    /** From now on the first so many records stay readable as they are, see {@link #frozen}. */
    void freeze(final int records) {
        final int chunksUsed = records + indexMask >>> chunkShift;
        if (states.length < chunksUsed) {
            states = new byte[chunksUsed];
            copies = new UnsafeBuffer[chunksUsed]; // all copies are among the spares: nothing is frozen yet
            spares = Arrays.copyOf(spares, chunksUsed);
        }
        Arrays.fill(states, 0, chunksUsed, (byte) FROZEN);
    }

    /** Announces a write to a record. */
    void beforeWrite(final int index) {
        final int chunk = index >>> chunkShift;
        if (chunk < states.length && states[chunk] == FROZEN && copies[chunk] == null) {
            final UnsafeBuffer copy = takeSpare();
            copy.putBytes(0, chunks[chunk], 0, copy.capacity());
            copies[chunk] = copy;
        }
    }

    private UnsafeBuffer takeSpare() {
        if (spareCount == 0) {
            copiesMade++;
            return newChunk();
        }
        spareCount--;
        final UnsafeBuffer spare = spares[spareCount];
        spares[spareCount] = null;
        return spare;
    }

    /** How much memory for copies was ever set aside, in chunks. */
    int copiesMade() {
        return copiesMade;
    }

    /** The memory that has a record as it was when it was frozen. */
    UnsafeBuffer frozen(final int index) {
        final int chunk = index >>> chunkShift;
        final UnsafeBuffer copy = chunk < copies.length ? copies[chunk] : null;
        return copy != null ? copy : chunks[chunk];
    }

    /** A record's chunk need not be kept any longer. */
    void thaw(final int index) {
        thawChunk(index >>> chunkShift);
    }

    void thawAll() {
        for (int chunk = 0; chunk < states.length; chunk++) {
            thawChunk(chunk);
        }
    }

    private void thawChunk(final int chunk) {
        states[chunk] = LIVE;
        final UnsafeBuffer copy = copies[chunk];
        if (copy != null) {
            spares[spareCount++] = copy;
            copies[chunk] = null;
        }
    }
}
