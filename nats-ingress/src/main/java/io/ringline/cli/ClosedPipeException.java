package io.ringline.cli;

import java.io.IOException;

/** Nobody reads the output any more. */
final class ClosedPipeException extends IOException {
    private static final long serialVersionUID = 1L;

    ClosedPipeException(final IOException cause) {
        super(cause);
    }
}
