package io.ringline.router.consumer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** One dead letter on its way to the writer, and the way back. */
public final class DeadLetterHandoverStress {
    private static final int OFFSET = 8;
    private static final int LENGTH = 16;

    private DeadLetterHandoverStress() {}

    /** A handover and a sink that looks at what it is given. */
    abstract static class HandedOver implements DeadLetterSink {
        final HandoverSignal signal = new HandoverSignal();
        final DeadLetterHandover handover = new DeadLetterHandover(signal);
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[OFFSET + LENGTH]);
        long appended;

        HandedOver() {
            memory.putLong(OFFSET, 1);
        }

        final void offer() {
            handover.offer(DeadLetterReason.RETRIES_EXHAUSTED, 3, 5, 7, "first", "last", memory, OFFSET, LENGTH);
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
            final boolean whole = reason == DeadLetterReason.RETRIES_EXHAUSTED
                    && attempts == 3
                    && firstFailureNanos == 5
                    && timeNanos == 7
                    && "first".equals(firstError)
                    && "last".equals(error)
                    && offset == OFFSET
                    && length == LENGTH;
            appended = whole ? record.getLong(offset) : -1;
        }

        @Override
        public void flush() {
            // nothing is buffered
        }
    }

    /** A dead letter is offered while the writer looks whether there is one. */
    @JCStressTest
    @Description("whether the signal was raised, whether there was one then, and its record")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "not yet")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "there before the signal")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "there")
    @Outcome(
            expect = FORBIDDEN,
            desc = "a signal for nothing: nobody looks again, and its consumer waits for ever; or half a letter")
    @State
    public static class Offered extends HandedOver {
        /** The consumer. */
        @Actor
        public void giver() {
            offer();
        }

        /** The dead letters' writer. @param r see the description. */
        @Actor
        public void writer(final III_Result r) {
            r.r1 = signal.take() ? 1 : 0;
            r.r2 = handover.writeTo(this, "c");
            r.r3 = (int) appended;
        }
    }

    /** The consumer uses the record's memory again when it is written. */
    @JCStressTest
    @Description("the record that was written, and whether its memory was used again meanwhile")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "not safe yet")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "used again after it was")
    @Outcome(expect = FORBIDDEN, desc = "another record was written than the one given up")
    @State
    public static class Written extends HandedOver {
        /** Offered. */
        public Written() {
            offer();
        }

        /** The dead letters' writer. @param r see the description. */
        @Actor
        public void writer(final II_Result r) {
            handover.writeTo(this, "c");
            handover.confirm();
            r.r1 = (int) appended;
        }

        /** The consumer. @param r see the description. */
        @Actor
        public void giver(final II_Result r) {
            if (handover.isWritten()) {
                handover.clear();
                memory.putLong(OFFSET, 2);
                r.r2 = 1;
            }
        }
    }
}
