package io.ringline.router.consumer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/**
 * The fan-out stage lets a consumer back in before it offers event 6, and its channel overflows again at event 7; meanwhile
 * the consumer, which left at event 3, looks how far it may read the journal. Where it sees that 6 or more were fanned out it
 * must also see that it is to stop before 6.
 */
@JCStressTest
@Description(
        "how far the consumer reads the journal, whether the channel has the rest, and from where on it is away, which is read "
                + "last; the stage writes admit(6) fannedOut=6 detach(7) fannedOut=7")
@Outcome(id = "5, 0, (3|7)", expect = ACCEPTABLE, desc = "not back yet: reads to 5")
@Outcome(id = "5, 1, (3|7)", expect = ACCEPTABLE, desc = "back from 6 on: reads to 5")
@Outcome(expect = FORBIDDEN, desc = "it would read from the journal what its channel has, or miss that it has left it")
@State
public class ReplayGateStress {
    private volatile long fannedOut = 5;
    private final ReplayGate gate = new ReplayGate(() -> fannedOut);

    /** Away from event 3 on, and wanting back. */
    public ReplayGateStress() {
        gate.detach(3);
        gate.request(3);
    }

    /** The fan-out stage. */
    @Actor
    public void stage() {
        if (gate.isRequested()) {
            gate.admit(6);
        }
        fannedOut = 6;
        gate.detach(7);
        fannedOut = 7;
    }

    /** The consumer. @param r see the description. */
    @Actor
    public void consumer(final JJJ_Result r) {
        gate.look(3);
        r.r1 = gate.end();
        r.r2 = gate.isAdmitted() ? 1 : 0;
        r.r3 = gate.readChannel(limit -> 0, 10) == 0 ? gate.drained() : -1;
    }
}
