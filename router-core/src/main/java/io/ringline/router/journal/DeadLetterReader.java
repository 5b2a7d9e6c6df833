package io.ringline.router.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.File;
import org.jspecify.annotations.Nullable;

/**
 * Reads dead letters from the first, beside a running writer or after it was killed. Changes nothing, checks
 * everything, and stops at the first damage, like {@link JournalReader}. Single-threaded.
 */
public final class DeadLetterReader implements AutoCloseable {
    private final ExcerptReader entries;
    private long lastId = -1; // not known yet

    private DeadLetterReader(final ExcerptReader entries) {
        this.entries = entries;
    }

    /**
     * Opens dead letters for reading.
     *
     * @param dir that {@link DeadLetterLog} writes.
     * @return a reader before the first.
     * @throws JournalException where there are none; nothing is created.
     */
    public static DeadLetterReader open(final File dir) {
        return new DeadLetterReader(ExcerptReader.open(dir, Frame.KIND_DEAD_LETTERS));
    }

    /**
     * The last dead letter's number, without reading them all.
     *
     * @param dir that {@link DeadLetterLog} writes.
     * @return from 1; 0 for none.
     * @throws JournalDamagedException where the end of the log is not sound.
     * @throws JournalException        where there are none.
     */
    public static long lastId(final File dir) {
        return DeadLetterLog.lastLetter(dir);
    }

    /**
     * Goes to the next dead letter.
     *
     * @param into is pointed at it, in memory of this reader that is good until the next call.
     * @return false where there is none yet.
     * @throws JournalDamagedException where the next one is torn, changed or foreign.
     */
    public boolean next(final DeadLetter into) {
        if (!entries.next()) {
            return false;
        }
        final String problem = problem();
        if (problem != null) {
            throw entries.damaged(problem);
        }
        into.wrap(entries.buffer(), entries.offset());
        return true;
    }

    private @Nullable String problem() {
        final int at = entries.offset();
        final String problem = DeadLetter.problem(entries.buffer(), at, entries.length());
        if (problem != null) {
            return problem;
        }
        final long id = entries.buffer().getLong(at + DeadLetter.ID_OFFSET, LITTLE_ENDIAN);
        if (id < 1 || (lastId >= 0 && id != lastId + 1) || (entries.atFrameStart() && id != entries.base())) {
            return "dead letter " + id + " after " + lastId + ": some are missing or doubled";
        }
        lastId = id;
        return null;
    }

    /**
     * Where the reader is.
     *
     * @return file, byte offset in it, excerpt, and offset in the excerpt.
     */
    public String place() {
        return entries.place();
    }

    @Override
    public void close() {
        entries.close();
    }
}
