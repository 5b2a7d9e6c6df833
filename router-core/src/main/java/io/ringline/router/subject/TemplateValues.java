package io.ringline.router.subject;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Values of a {@link SubjectTemplate}'s parameters, by index from 0: what to format a subject from, and what one is taken
 * apart into. Made once, reused without allocating; refers to the caller's memory, so a value is good for as long as that
 * is. Not thread-safe.
 */
public final class TemplateValues {
    /** Digits and sign of {@link Long#MIN_VALUE}. */
    private static final int LONG_BYTES = 20;

    private final UnsafeBuffer decimals;
    private final DirectBuffer[] buffers;
    private final int[] offsets;
    private final int[] lengths;

    /**
     * Values that are all empty yet.
     *
     * @param capacity for how many parameters, from 0; the same object may serve templates with fewer.
     */
    public TemplateValues(final int capacity) {
        decimals = new UnsafeBuffer(new byte[capacity * LONG_BYTES]);
        buffers = new DirectBuffer[capacity];
        Arrays.fill(buffers, decimals);
        offsets = new int[capacity];
        lengths = new int[capacity];
    }

    /** For how many parameters there is room. @return from 0. */
    public int capacity() {
        return buffers.length;
    }

    /**
     * Sets a value to bytes, without a copy and without a check: that is {@link SubjectTemplate#format}'s.
     *
     * @param index  of the parameter, from 0.
     * @param buffer memory.
     * @param offset of the value.
     * @param length in bytes.
     * @return this.
     * @throws ArrayIndexOutOfBoundsException where the index is not below {@link #capacity}.
     */
    public TemplateValues set(final int index, final DirectBuffer buffer, final int offset, final int length) {
        buffers[index] = buffer;
        offsets[index] = offset;
        lengths[index] = length;
        return this;
    }

    /**
     * Sets a value to a number in decimal.
     *
     * @param index of the parameter, from 0.
     * @param value any; negative with a leading minus.
     * @return this.
     * @throws ArrayIndexOutOfBoundsException where the index is not below {@link #capacity}.
     */
    public TemplateValues set(final int index, final long value) {
        final int offset = index * LONG_BYTES;
        return set(index, decimals, offset, decimals.putLongAscii(offset, value));
    }

    /** The memory that a value stands in. @param index from 0. @return not to be written to. */
    public DirectBuffer buffer(final int index) {
        return buffers[index];
    }

    /** Where a value starts. @param index from 0. @return offset in {@link #buffer}. */
    public int offset(final int index) {
        return offsets[index];
    }

    /** How long a value is. @param index from 0. @return bytes; 0 where it was never set. */
    public int length(final int index) {
        return lengths[index];
    }

    /**
     * A value as a number, in the one way that {@link #set(int, long)} writes it: so two tokens that differ, such as
     * {@code 7} and {@code 07}, never give the same number.
     *
     * @param index     of the parameter, from 0.
     * @param otherwise the answer where the value is no such number.
     * @return the number.
     */
    public long longValue(final int index, final long otherwise) {
        final DirectBuffer buffer = buffers[index];
        final int end = offsets[index] + lengths[index];
        int at = offsets[index];
        final boolean negative = at < end && buffer.getByte(at) == '-';
        if (negative) {
            at++;
        }
        if (at == end || buffer.getByte(at) == '0' && (negative || at + 1 < end)) {
            return otherwise;
        }
        long value = 0; // below 0, where there is room for one more
        for (; at < end; at++) {
            final int digit = buffer.getByte(at) - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                return otherwise;
            }
            value = 10 * value - digit;
        }
        return negative ? value : value == Long.MIN_VALUE ? otherwise : -value;
    }

    /** A value as text. @param index from 0. @return a new string, decoded as UTF-8. */
    public String string(final int index) {
        return buffers[index].getStringWithoutLengthUtf8(offsets[index], lengths[index]);
    }
}
