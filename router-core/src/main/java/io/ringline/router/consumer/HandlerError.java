package io.ringline.router.consumer;

import org.jspecify.annotations.Nullable;

/**
 * Why a try failed. What was thrown is put into words only where the event becomes a dead letter: a stack trace as text
 * costs a thousand times what a retry does.
 */
final class HandlerError {
    static final HandlerError RETRY = new HandlerError(null, "the handler answered RETRY");
    static final HandlerError REJECT = new HandlerError(null, "the handler answered REJECT");
    static final HandlerError NO_ANSWER =
            new HandlerError(null, "the handler answered null: it must answer ACK, RETRY, REJECT or DEFER");
    static final HandlerError LATER_RETRY = new HandlerError(null, "the event was acknowledged later, with RETRY");
    static final HandlerError LATER_REJECT = new HandlerError(null, "the event was acknowledged later, with REJECT");
    static final HandlerError HELD = new HandlerError(
            null, "an earlier event of its aggregate became a dead letter, and the aggregate was not released since");
    private static final HandlerError NO_MEMORY =
            new HandlerError(null, "the handler threw something, and there was no memory left to say what");

    private static final int MAX_CHARS = 2_000;
    private static final int MAX_FRAMES = 5;
    private static final int MAX_CAUSES = 3;

    private final @Nullable Throwable thrown;
    private final String answer;

    private HandlerError(final @Nullable Throwable thrown, final String answer) {
        this.thrown = thrown;
        this.answer = answer;
    }

    static HandlerError thrown(final Throwable failure) {
        try {
            return new HandlerError(failure, "");
        } catch (final OutOfMemoryError none) {
            return NO_MEMORY;
        }
    }

    /** What a handler's answer that is no ACK says. */
    static HandlerError of(final @Nullable Outcome answer) {
        if (answer == null) {
            return NO_ANSWER;
        }
        return answer == Outcome.REJECT ? REJECT : RETRY;
    }

    /** Class, message, first frames, and the same of the causes; of bounded length. Never throws. */
    String text() {
        if (thrown == null) {
            return answer;
        }
        try {
            final StringBuilder text = new StringBuilder(256);
            Throwable next = thrown;
            for (int i = 0; i < MAX_CAUSES && next != null; i++) {
                describe(next, i == 0 ? "" : "\ncaused by ", text);
                next = next.getCause();
            }
            return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text.toString();
        } catch (final Throwable alsoFailed) { // getCause() is the user's code too, and memory may be short
            return NO_MEMORY.answer;
        }
    }

    private static void describe(final Throwable failure, final String before, final StringBuilder text) {
        text.append(before);
        try {
            text.append(failure);
            final StackTraceElement[] frames = failure.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
                text.append("\n  at ").append(frames[i]);
            }
        } catch (final Throwable alsoFailed) { // toString() is the user's code too
            text.append(failure.getClass().getName()).append(" (its message could not be had)");
        }
    }
}
