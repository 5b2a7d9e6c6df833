package io.ringline.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with a message for its user and an exit status, and without a stack trace. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    CommandFailure(final int status, final String message) {
        this(status, message, null);
    }

    CommandFailure(final int status, final String message, final @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    int status() {
        return status;
    }
}
