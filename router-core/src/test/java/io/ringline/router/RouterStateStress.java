package io.ringline.router;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The router is sealed while a publisher asks: where it is told {@code CLOSED} on that account, the cause is there. */
@JCStressTest
@Description("whether events are taken in, then whether there is a cause why not")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "before")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "sealed in between")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "sealed, and why")
@Outcome(expect = FORBIDDEN, desc = "sealed without a cause: taken to be closed in the ordinary way")
@State
public class RouterStateStress {
    private static final IllegalStateException CAUSE = new IllegalStateException("the disk is full");

    private final RouterState state = new RouterState();

    /** A stage. */
    @Actor
    public void stage() {
        state.seal(CAUSE);
    }

    /** A publisher. @param r see the description. */
    @Actor
    public void publisher(final ZZ_Result r) {
        r.r1 = state.isAccepting();
        r.r2 = state.failure() != null;
    }
}
