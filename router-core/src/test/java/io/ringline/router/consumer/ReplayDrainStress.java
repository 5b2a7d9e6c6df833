package io.ringline.router.consumer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/**
 * The fan-out stage offers two events, finds the channel full at event 3 and leaves; meanwhile the consumer reads its channel.
 * Where it goes on to the journal from 3 it must have had both: nobody would look for them in the channel again before.
 */
@JCStressTest
@Description(
        "how many events the channel gave, and from where on the journal is read; a channel's memory is written as here")
@Outcome(id = "[012], 0", expect = ACCEPTABLE, desc = "it goes on reading its channel")
@Outcome(id = "2, 3", expect = ACCEPTABLE, desc = "it has had all, and goes on from the journal")
@Outcome(expect = FORBIDDEN, desc = "it would go on from the journal with an event left in its channel")
@State
public class ReplayDrainStress {
    private final ReplayGate gate = new ReplayGate(() -> 5);
    private final AtomicInteger offered = new AtomicInteger();

    /** The fan-out stage. */
    @Actor
    public void stage() {
        offered.lazySet(1);
        offered.lazySet(2);
        gate.detach(3);
    }

    /** The consumer. @param r see the description. */
    @Actor
    public void consumer(final IJ_Result r) {
        r.r1 = gate.readChannel(limit -> offered.get(), 10);
        r.r2 = gate.drained();
    }
}
