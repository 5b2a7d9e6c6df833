package io.ringline.cli;

/** A line of input is no event; the message says why. */
final class MalformedLineException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedLineException(final String reason) {
        super(reason, null, false, false);
    }
}
