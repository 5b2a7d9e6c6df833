package io.ringline.router.journal;

import org.jspecify.annotations.Nullable;

/** A journal or a dead-letter log cannot be opened, written or read. The message says what, where, and what to do. */
public class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure of our own finding.
     *
     * @param message what, where, what to do.
     */
    public JournalException(final String message) {
        super(message);
    }

    /**
     * A failure with a cause.
     *
     * @param message what, where, what to do.
     * @param cause   what was thrown.
     */
    public JournalException(final String message, final @Nullable Throwable cause) {
        super(message, cause);
    }
}
