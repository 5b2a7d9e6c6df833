package io.ringline.router.consumer;

import static io.ringline.router.consumer.Outcome.ACK;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** The first two acknowledgements of deferred events, from two threads: the memory that they go into is taken once. */
@JCStressTest
@Description("whether each acknowledgement was taken, and the sum of those that the consumer finds")
@Outcome(id = "true, true, 3", expect = ACCEPTABLE, desc = "both")
@Outcome(expect = FORBIDDEN, desc = "one was lost in memory that nobody reads: its event would wait for ever")
@State
public class AcknowledgementsStress {
    private final Acknowledgements acknowledgements = new Acknowledgements(1);

    /** A thread. @param r see the description. */
    @Actor
    public void one(final ZZI_Result r) {
        r.r1 = acknowledgements.offer(1, 1, ACK);
    }

    /** Another. @param r see the description. */
    @Actor
    public void other(final ZZI_Result r) {
        r.r2 = acknowledgements.offer(2, 1, ACK);
    }

    /** The consumer. @param r see the description. */
    @Arbiter
    public void consumer(final ZZI_Result r) {
        acknowledgements.drain(
                (type, buffer, index, length) -> r.r3 += (int) Acknowledgements.globalSequence(buffer, index));
    }
}
