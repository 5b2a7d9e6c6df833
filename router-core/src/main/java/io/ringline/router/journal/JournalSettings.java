package io.ringline.router.journal;

import java.util.function.LongSupplier;

/**
 * How a journal or a dead-letter log is written. Fluent; a log copies what it needs when it is opened.
 *
 * <p>Files roll every hour: that is the unit in which old data can be let go, small enough for a retention of a few
 * hours and, at about 100 KiB of index for an hour that is almost idle, cheap enough to be the only choice.
 */
public final class JournalSettings {
    /** The largest excerpt, and so the largest record with its frame: 15 MiB, within Chronicle's limit of 16. */
    static final int MAX_EXCERPT_BYTES = 15 << 20;

    private int batchBytes = 64 << 10;
    private LongSupplier clockMillis = System::currentTimeMillis;

    /** The defaults: batches of 64 KiB, the system's clock. */
    public JournalSettings() {
        // See the fields.
    }

    /**
     * How much is gathered before it is written without being asked to. A larger record is written alone.
     *
     * @param bytes 1 KiB to 8 MiB; 64 KiB by default: the cost of an excerpt is then spread over hundreds of records,
     *              and the batch stays in the core's own cache.
     * @return this.
     */
    public JournalSettings batchBytes(final int bytes) {
        if (bytes < 1 << 10 || bytes > 8 << 20) {
            throw new IllegalArgumentException("batchBytes is " + bytes + ": give 1024 to 8388608");
        }
        batchBytes = bytes;
        return this;
    }

    /**
     * How much is gathered before it is written without being asked to.
     *
     * @return bytes.
     */
    public int batchBytes() {
        return batchBytes;
    }

    /**
     * Which clock decides when files roll. It may be set back: the files then roll later, never back.
     *
     * @param clock milliseconds since the epoch; called by the writing thread.
     * @return this.
     */
    public JournalSettings clockMillis(final LongSupplier clock) {
        clockMillis = clock;
        return this;
    }

    /**
     * Which clock decides when files roll.
     *
     * @return milliseconds since the epoch.
     */
    public LongSupplier clockMillis() {
        return clockMillis;
    }
}
