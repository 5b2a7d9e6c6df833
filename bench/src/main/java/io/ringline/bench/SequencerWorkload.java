package io.ringline.bench;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keys, and draws of them at random, laid out one after the other as they would come in: too many to be learned, and read in
 * order, so that the only far memory that an event touches is the sequencer's. A draw knows how often its key was drawn before it
 * and how often it is in all, so its number follows from that of the pass. Seed 42.
 */
final class SequencerWorkload {
    private static final int DRAW_BYTES = 24;
    private static final int BEFORE = 16;
    private static final int IN_ALL = 20;
    private static final int LEAST_DRAWS = 1 << 20;
    private static final int DRAWS_A_KEY = 4;
    private static final long SEED = 42;

    /** How many there are. */
    final int aggregates;

    /** All keys, of {@link Orderer#KEY_BYTES} each; the first eight bytes are an id. */
    final UnsafeBuffer keys;

    /** All draws; a key stands at the start of each. */
    final UnsafeBuffer draws;

    private final int end;
    private int at = -DRAW_BYTES;
    private long pass;

    SequencerWorkload(final int aggregates) {
        this.aggregates = aggregates;
        final SplittableRandom random = new SplittableRandom(SEED);
        keys = new UnsafeBuffer(ByteBuffer.allocateDirect(aggregates * Orderer.KEY_BYTES));
        for (int i = 0; i < keys.capacity(); i += Long.BYTES) {
            keys.putLong(i, random.nextLong());
        }
        final int count = Math.max(LEAST_DRAWS, aggregates * DRAWS_A_KEY);
        end = count * DRAW_BYTES;
        draws = new UnsafeBuffer(BufferUtil.allocateDirectAligned(end, 64));
        final int[] drawn = new int[aggregates];
        final int[] keyOf = new int[count];
        for (int i = 0; i < count; i++) {
            final int key = random.nextInt(aggregates);
            keyOf[i] = key;
            draws.putBytes(i * DRAW_BYTES, keys, key * Orderer.KEY_BYTES, Orderer.KEY_BYTES);
            draws.putInt(i * DRAW_BYTES + BEFORE, drawn[key]++);
        }
        for (int i = 0; i < count; i++) {
            draws.putInt(i * DRAW_BYTES + IN_ALL, drawn[keyOf[i]]);
        }
    }

    /** Goes on to the next draw; after the last comes the first. @return where its key stands in {@link #draws}. */
    int next() {
        at += DRAW_BYTES;
        if (at == end) {
            at = 0;
            pass++;
        }
        return at;
    }

    /** Where a later draw stands. @param ahead how many draws after the current one, from 1. @return as {@link #next}. */
    int peek(final int ahead) {
        final int place = at + ahead * DRAW_BYTES;
        return place >= end ? place - end : place;
    }

    /** How often the current draw's key was drawn before it. @return from 0. */
    long drawnBefore() {
        return draws.getInt(at + BEFORE) + pass * draws.getInt(at + IN_ALL);
    }
}
