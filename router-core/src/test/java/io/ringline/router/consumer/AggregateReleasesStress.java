package io.ringline.router.consumer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** An aggregate is held while somebody orders its release: an order that was taken is found. */
@JCStressTest
@Description("whether the order was taken, and whether the consumer finds one")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "refused: nothing was held yet")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "taken and found")
@Outcome(expect = FORBIDDEN, desc = "taken, and thrown away as if it were older than the hold; or refused and found")
@State
public class AggregateReleasesStress {
    private static final AggregateReleases.Order ORDER =
            new AggregateReleases.Order(true, 7, new UnsafeBuffer(new byte[0]));

    private final AggregateReleases releases = new AggregateReleases();

    /** The consumer. */
    @Actor
    public void consumer() {
        releases.onHeld();
    }

    /** Who orders. @param r see the description. */
    @Actor
    public void order(final ZZ_Result r) {
        r.r1 = releases.offer(ORDER);
    }

    /** The consumer's next poll. @param r see the description. */
    @Arbiter
    public void nextPoll(final ZZ_Result r) {
        r.r2 = releases.poll() != null;
    }
}
