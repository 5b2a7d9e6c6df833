package io.ringline.sequencer;

/** Bytes that are no snapshot that can be restored here: says what is wrong, and where. */
public final class SnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SnapshotException(final String message) {
        super(message);
    }
}
