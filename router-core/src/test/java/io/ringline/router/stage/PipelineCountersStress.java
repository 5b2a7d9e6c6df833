package io.ringline.router.stage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJI_Result;

/** Totals as another thread reads them: in the order in which their writer shows them, with what it did before. */
@JCStressTest
@Description("the total that was shown last, then the one before it, then what was done before both")
@Outcome(id = "0, 0, [01]", expect = ACCEPTABLE, desc = "not shown yet")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the first")
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "both")
@Outcome(
        expect = FORBIDDEN,
        desc = "a consumer would look for what was fanned out where it is not, or a release be reclaimed too early")
@State
public class PipelineCountersStress {
    private final PipelineCounters counters = new PipelineCounters();
    private int plain;

    /** The fan-out stage. */
    @Actor
    public void stage() {
        plain = 1;
        counters.set(PipelineCounter.RELEASES_CONSUMED, 1);
        counters.set(PipelineCounter.FANNED_OUT, 1);
    }

    /** Anybody. @param r see the description. */
    @Actor
    public void reader(final JJI_Result r) {
        r.r1 = counters.get(PipelineCounter.FANNED_OUT);
        r.r2 = counters.get(PipelineCounter.RELEASES_CONSUMED);
        r.r3 = plain;
    }
}
