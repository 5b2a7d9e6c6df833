package io.ringline.router.stage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringline.router.consumer.HandoverSignal;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two channels have been full in turn. The first one's event is written; while the fan-out stage gives up the second one's, the
 * writer looks for dead letters, somebody else having told it to.
 */
@JCStressTest
@Description("whose event the writer finds, whether it appends one, and whose it says is safe then")
@Outcome(id = "-1, 0, -1", expect = ACCEPTABLE, desc = "none yet")
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "consumer 1's")
@Outcome(expect = FORBIDDEN, desc = "the dead letter would be told of, and counted for, another consumer than its own")
@State
public class OverflowLetterStress implements DeadLetterSink {
    private static final EventRecord EVENT = new EventRecord();

    static {
        EVENT.wrap(new UnsafeBuffer(new byte[EventRecord.HEADER_BYTES + 1]), 0);
        EVENT.init(RecordType.EVENT, 0, 1, 0, 0, 0);
    }

    private final OverflowLetter letter = new OverflowLetter(new HandoverSignal());

    /** Consumer 0's is written. */
    public OverflowLetterStress() {
        letter.give(0, EVENT);
        letter.writeTo(this, "0");
        letter.confirm();
    }

    /** The fan-out stage. */
    @Actor
    public void stage() {
        if (letter.isWritten()) {
            letter.give(1, EVENT);
        }
    }

    /** The dead letters' writer. @param r see the description. */
    @Actor
    public void writer(final III_Result r) {
        r.r1 = letter.offered();
        r.r2 = r.r1 == OverflowLetter.NONE ? 0 : letter.writeTo(this, "c");
        r.r3 = letter.confirm();
    }

    @Override
    public void append(
            final DeadLetterReason reason,
            final String consumer,
            final int attempts,
            final long firstFailureNanos,
            final long timeNanos,
            final @Nullable String firstError,
            final @Nullable String error,
            final DirectBuffer record,
            final int offset,
            final int length) {
        // it is enough that it was called
    }

    @Override
    public void flush() {
        // nothing is buffered
    }
}
