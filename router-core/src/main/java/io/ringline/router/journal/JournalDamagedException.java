package io.ringline.router.journal;

import org.jspecify.annotations.Nullable;

/** A reader met bytes that are torn, changed or foreign. Nothing at or after {@link #place()} was delivered. */
public final class JournalDamagedException extends JournalException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long byteOffset;
    private final String place;
    private final String problem;

    JournalDamagedException(
            final String file,
            final long byteOffset,
            final String place,
            final String problem,
            final @Nullable Throwable cause) {
        super("damaged at " + place + ": " + problem + ". What stands before it is whole and can be read", cause);
        this.file = file;
        this.byteOffset = byteOffset;
        this.place = place;
        this.problem = problem;
    }

    /**
     * Whether the bytes could not be read at all: what stands there may be whole, and read another time.
     *
     * @return false where they were read, and are wrong.
     */
    public boolean isReadError() {
        return getCause() != null;
    }

    /**
     * Where the damage is.
     *
     * @return file, byte offset in it, excerpt, and offset in the excerpt.
     */
    public String place() {
        return place;
    }

    /**
     * In which file the damage is.
     *
     * @return its name, without its directory; empty where no file was opened yet.
     */
    public String file() {
        return file;
    }

    /**
     * From which byte of the file on the bytes are not to be believed.
     *
     * @return from 0.
     */
    public long byteOffset() {
        return byteOffset;
    }

    /**
     * What is wrong.
     *
     * @return a sentence without its end.
     */
    public String problem() {
        return problem;
    }
}
