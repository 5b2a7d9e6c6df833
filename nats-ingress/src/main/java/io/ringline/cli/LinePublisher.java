package io.ringline.cli;

import io.ringline.router.EventDraft;
import io.ringline.router.Publisher;
import io.ringline.router.Ringline;
import io.ringline.router.journal.JournalException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** Publishes lines of JSON: an event each, or a malformed line, reported with its number and kept as a dead letter. */
final class LinePublisher {
    private static final int MAX_SUBJECT_BYTES = 4_096;

    /** Lets deliveries go on while the ring is full. */
    @FunctionalInterface
    interface Turn {
        /** One turn. Returns how much was done. */
        int run() throws IOException;
    }

    private final Ringline router;
    private final Publisher publisher;
    private final Turn turn;
    private final PrintStream err;
    private final EventLine parser;
    private final EventDraft draft = new EventDraft();
    private final boolean numberSource;
    private final int maxPayloadBytes;
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000L, TimeUnit.MICROSECONDS.toNanos(100));
    private long malformed;
    private long accepted;

    LinePublisher(
            final Ringline router,
            final Turn turn,
            final PrintStream err,
            final boolean numberSource,
            final int maxPayloadBytes) {
        this.router = router;
        this.publisher = router.publisher();
        this.turn = turn;
        this.err = err;
        this.numberSource = numberSource;
        this.maxPayloadBytes = maxPayloadBytes;
        this.parser = new EventLine(
                MAX_SUBJECT_BYTES,
                name -> err.println("ringline: unknown field '" + name + "' is ignored, here and further on"));
    }

    /** Publishes the line that a source is at. */
    void publish(final LineSource line) throws IOException {
        if (line.isBlank()) {
            return;
        }
        String problem;
        if (line.isTooLong()) {
            problem = "longer than " + LineSource.MAX_LINE_BYTES + " bytes";
        } else {
            problem = tryPublish(line);
        }
        if (!problem.isEmpty()) {
            malformed++;
            err.println("line " + line.number() + ": " + problem);
            final int length = Math.min(line.length(), maxPayloadBytes);
            offer(draft.malformed(new UnsafeBuffer(line.bytes()), line.offset(), length, problem));
        }
    }

    private String tryPublish(final LineSource line) throws IOException {
        try {
            parser.read(line.bytes(), line.offset(), line.length(), draft);
        } catch (final MalformedLineException failure) {
            return String.valueOf(failure.getMessage());
        }
        if (numberSource && parser.sourceSequence() == 0) {
            draft.sourceSequence(accepted + 1);
        }
        final long answer = offer(draft);
        if (answer >= 0) {
            accepted++;
            return "";
        }
        return problem(answer);
    }

    private String problem(final long answer) {
        if (answer == Publisher.PAYLOAD_TOO_LARGE) {
            return "the payload is larger than " + maxPayloadBytes + " bytes";
        }
        if (answer == Publisher.HEADERS_TOO_LARGE) {
            return "the headers are too large";
        }
        return "refused by the router, code " + answer;
    }

    /** Offers until the ring has room; everything that keeps it full is driven meanwhile. */
    private long offer(final EventDraft what) throws IOException {
        long answer = publisher.tryPublish(what);
        while (answer == Publisher.BACK_PRESSURED) {
            checkOpen();
            idle.idle(turn.run());
            answer = publisher.tryPublish(what);
        }
        if (answer == Publisher.CLOSED) {
            checkOpen();
            throw new IllegalStateException("the router is closed");
        }
        return answer;
    }

    /** Fails where the router is sealed. */
    void checkOpen() {
        final Throwable failure = router.failure();
        if (failure instanceof JournalException journal) {
            throw journal;
        }
        if (failure != null) {
            throw new JournalException("the router stopped: " + failure, failure);
        }
    }

    long malformed() {
        return malformed;
    }
}
