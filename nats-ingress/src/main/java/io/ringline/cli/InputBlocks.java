package io.ringline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on a thread of its own, so that the one that takes the blocks never waits for a slow pipe. A few blocks
 * go round between the two; that bounds the memory.
 */
final class InputBlocks {
    private static final int BLOCKS = 4;
    private static final int BLOCK_BYTES = 64 << 10;

    /** Some bytes of the input, or its end. */
    static final class Block {
        final byte[] bytes = new byte[BLOCK_BYTES];
        /** From 1; -1 at the end of the input. */
        int length;
        /** Why the input ended before its end. */
        @Nullable
        IOException failure;
    }

    private final InputStream in;
    private final BlockingQueue<Block> free = new ArrayBlockingQueue<>(BLOCKS);
    private final BlockingQueue<Block> filled = new ArrayBlockingQueue<>(BLOCKS);

    /** Starts reading. */
    InputBlocks(final InputStream in) {
        this.in = in;
        for (int i = 0; i < BLOCKS; i++) {
            free.add(new Block());
        }
        final Thread reader = new Thread(this::read, "ringline-input");
        reader.setDaemon(true); // it may sit in a read that never returns
        reader.start();
    }

    private void read() {
        try {
            boolean more = true;
            while (more) {
                final Block block = free.take();
                fill(block);
                more = block.length > 0;
                filled.put(block);
            }
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void fill(final Block block) {
        try {
            do {
                block.length = in.read(block.bytes);
            } while (block.length == 0);
        } catch (final IOException failure) {
            block.length = -1;
            block.failure = failure;
        }
    }

    /** The next block, or null where there is none yet. To be {@link #release}d. */
    @Nullable
    Block poll() {
        return filled.poll();
    }

    /** Gives a block back. */
    void release(final Block block) {
        free.add(block);
    }
}
