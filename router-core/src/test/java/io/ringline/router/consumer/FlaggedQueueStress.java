package io.ringline.router.consumer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The one that takes has taken all, and finds nothing, while another one is added. */
@JCStressTest
@Description("what the taking thread finds, and whether the flag tells of what it has not found")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "nothing yet; told")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "found")
@Outcome(expect = FORBIDDEN, desc = "there is one, and nobody is told")
@State
public class FlaggedQueueStress {
    private final FlaggedQueue<Integer> queue = new FlaggedQueue<>();

    /** One was added, and taken; the flag is up still. */
    public FlaggedQueueStress() {
        queue.add(1);
        queue.removeFirst();
    }

    /** Adds. */
    @Actor
    public void adds() {
        queue.add(2);
    }

    /** Looks. @param r what it finds. */
    @Actor
    public void looks(final II_Result r) {
        final Integer first = queue.any() ? queue.first() : null;
        r.r1 = first == null ? 0 : first;
    }

    /** Afterwards. @param r whether the flag is up. */
    @Arbiter
    public void after(final II_Result r) {
        r.r2 = queue.any() ? 1 : 0;
    }
}
