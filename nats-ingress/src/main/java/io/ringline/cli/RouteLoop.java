package io.ringline.cli;

import io.ringline.router.EventDraft;
import io.ringline.router.Publisher;
import io.ringline.router.Ringline;
import io.ringline.sequencer.Ordering;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes lines and polls consumers, both on the thread that runs it. It never waits for the input, so that time-outs
 * fire and deliveries go out while a pipe is silent; and it never waits for the ring without polling, so that a full
 * channel always empties.
 */
final class RouteLoop {
    private static final int LINES_A_TURN = 64;
    private static final int MAX_UNKNOWN_FIELDS = 100;

    private final Ringline router;
    private final Publisher publisher;
    private final boolean numbersSource;
    private final Consumers consumers;
    private final PrintStream err;
    private final Lines lines = new Lines(this::onLine);
    private final EventLine parser = new EventLine(this::onUnknownField);
    private final EventDraft draft = new EventDraft();
    private final UnsafeBuffer lineBuffer = new UnsafeBuffer(0, 0);
    private final Set<String> unknownFields = new HashSet<>();
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
    private long accepted;
    private long malformed;
    private int sinceTurn;

    RouteLoop(final Ringline router, final Ordering ordering, final Consumers consumers, final PrintStream err) {
        this.router = router;
        this.publisher = router.publisher();
        this.numbersSource = ordering == Ordering.GLOBAL;
        this.consumers = consumers;
        this.err = err;
    }

    /** Runs until the input has ended and all is delivered, or nobody wants any more, or the router has failed. */
    void run(final InputBlocks input) throws IOException {
        boolean more = true;
        while (more && !isOver()) {
            final InputBlocks.Block block = input.poll();
            if (block == null) {
                idleTurn();
            } else {
                more = onBlock(input, block);
            }
        }
        if (!more) {
            lines.onEnd();
        }
        // With the ring empty the order to release finds a slot at once: nobody would poll while it waits for one.
        runUntilQuiet();
        if (!more) { // else the input goes on, and numbers that nobody waits for any more are not missing
            router.releaseHeld();
            runUntilQuiet();
        }
        consumers.flush();
    }

    private boolean isOver() {
        return consumers.isGone() || router.failure() != null;
    }

    private boolean onBlock(final InputBlocks input, final InputBlocks.Block block) throws IOException {
        idle.reset();
        if (block.failure != null) {
            throw new CommandFailure(
                    ExitStatus.CANNOT_WRITE, "cannot read the input: " + block.failure.getMessage(), block.failure);
        }
        if (block.length < 0) {
            return false;
        }
        lines.onBytes(block.bytes, block.length);
        input.release(block);
        turn();
        return true;
    }

    private int turn() {
        sinceTurn = 0;
        return router.doWork() + consumers.poll();
    }

    private void idleTurn() {
        final int work = turn();
        if (work == 0) {
            consumers.flush();
        }
        idle.idle(work);
    }

    private void runUntilQuiet() {
        while (router.failure() == null) {
            final boolean quiet = router.isQuiet();
            final int work = turn();
            if (quiet && work == 0 && consumers.isEmpty()) {
                return;
            }
            idle.idle(work);
        }
    }

    /** How many lines were no events. */
    long malformed() {
        return malformed;
    }

    private void onLine(
            final long number, final byte[] bytes, final int offset, final int length, final boolean tooLong) {
        if (isOver() || !tooLong && Lines.isBlank(bytes, offset, length)) {
            return;
        }
        final String reason =
                tooLong ? "longer than " + Lines.MAX_BYTES + " bytes" : publishEvent(bytes, offset, length);
        if (reason != null) {
            publishMalformed(number, bytes, offset, length, reason);
        }
        if (++sinceTurn >= LINES_A_TURN) {
            turn();
        }
    }

    private @Nullable String publishEvent(final byte[] bytes, final int offset, final int length) {
        final String reason = parser.parse(bytes, offset, length, draft);
        if (reason != null) {
            return reason;
        }
        if (numbersSource && !parser.hasSourceSequence()) {
            draft.sourceSequence(accepted + 1);
        }
        long answer = 0;
        if (parser.startAt() > 0) {
            answer = publisher.refusalOf(draft); // a line that is refused must not start its aggregate
            answer = answer == 0 ? start(parser.startAt()) : answer;
        }
        if (answer >= 0) {
            answer = publish();
            accepted += answer >= 0 ? 1 : 0;
        }
        return answer >= 0 || answer == Publisher.CLOSED ? null : parser.refusal(answer);
    }

    private void publishMalformed(
            final long number, final byte[] bytes, final int offset, final int length, final String reason) {
        malformed++;
        err.println("line " + number + ": " + reason);
        final int kept = Math.min(length, RouterSettings.MAX_PAYLOAD_BYTES);
        lineBuffer.wrap(bytes, offset, kept);
        draft.malformed(
                lineBuffer,
                0,
                kept,
                "line " + number + ": " + reason + (kept < length ? "; its first " + kept + " bytes are kept" : ""));
        publish();
    }

    private long start(final long first) {
        long answer = publisher.tryStartAt(draft, first);
        while (answer == Publisher.BACK_PRESSURED) {
            idle.idle(turn());
            answer = publisher.tryStartAt(draft, first);
        }
        return answer;
    }

    /** Waits for room in the ring, delivering meanwhile. */
    private long publish() {
        long answer = publisher.tryPublish(draft);
        while (answer == Publisher.BACK_PRESSURED) {
            idle.idle(turn());
            answer = publisher.tryPublish(draft);
        }
        return answer;
    }

    private void onUnknownField(final String name) {
        if (unknownFields.size() < MAX_UNKNOWN_FIELDS && unknownFields.add(name)) {
            err.println("field \"" + Json.printable(name, 80) + "\" is not known and is ignored");
        }
    }
}
