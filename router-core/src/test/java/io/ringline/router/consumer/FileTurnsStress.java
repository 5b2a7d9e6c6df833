package io.ringline.router.consumer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Files are closed while a turn is under way, or begins: in the end none is open. */
@JCStressTest
@Description("whether a file was opened, and whether one is left open when both are done")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "closed before: none was opened")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "let go of, by either")
@Outcome(expect = FORBIDDEN, desc = "each left it to the other: the file stays open")
@State
public class FileTurnsStress {
    private boolean open; // as plain as the reader
    private final FileTurns turns = new FileTurns(() -> open = false);

    /** The polling thread. @param r see the description. */
    @Actor
    public void poll(final ZZ_Result r) {
        if (turns.begin()) {
            if (!turns.isClosed()) {
                open = true;
                r.r1 = true;
            }
            turns.end();
        }
    }

    /** Who closes the router. */
    @Actor
    public void close() {
        turns.close();
    }

    /** After both. @param r see the description. */
    @Arbiter
    public void end(final ZZ_Result r) {
        r.r2 = open;
    }
}
