package io.ringline.router.consumer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** One thread polls while another closes the consumer and, where it has stopped, takes over what the polls have left. */
@JCStressTest
@Description("how many polls the closer sees done, -1 where polling has not stopped; how many were allowed")
@Outcome(
        id = {"-1, 1", "-1, 2"},
        expect = ACCEPTABLE,
        desc = "under way")
@Outcome(
        id = {"0, 0", "1, 1", "2, 2"},
        expect = ACCEPTABLE,
        desc = "stopped, after all that were allowed")
@Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "stopped by the poll that was not allowed, a moment later")
@Outcome(expect = FORBIDDEN, desc = "a poll goes on, or its work is not seen, though polling has stopped")
@State
public class ConsumerPulseStress {
    private final ConsumerPulse pulse = new ConsumerPulse();
    private int done; // plain, as what a consumer's thread leaves

    /** Polls twice. @param r how many polls were allowed. */
    @Actor
    public void polls(final II_Result r) {
        int allowed = 0;
        for (int i = 0; i < 2; i++) {
            if (pulse.take()) {
                allowed++;
                done++;
                pulse.leave();
            }
        }
        r.r2 = allowed;
    }

    /** Closes. @param r what it sees then. */
    @Actor
    public void closes(final II_Result r) {
        pulse.stop();
        r.r1 = pulse.isStopped() ? done : -1;
    }
}
