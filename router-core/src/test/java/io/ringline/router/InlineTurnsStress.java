package io.ringline.router;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Turns under {@code INLINE}: one at a time, each sees what those before it did, and none after the end. */
public final class InlineTurnsStress {
    private InlineTurnsStress() {}

    /** Two callers at once. */
    @JCStressTest
    @Description("what each caller made of a plain field in its turn; 0 where it had none")
    @Outcome(
            id = {"1, 2", "2, 1"},
            expect = ACCEPTABLE,
            desc = "one after the other")
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "one found the other in its turn")
    @Outcome(expect = FORBIDDEN, desc = "both at once, one did not see what the other had done, or neither had a turn")
    @State
    public static class OneAtATime {
        private final InlineTurns turns = new InlineTurns();
        private int plain;

        private int turn() {
            if (!turns.begin()) {
                return 0;
            }
            try {
                return ++plain;
            } finally {
                turns.end();
            }
        }

        /** A caller. @param r see the description. */
        @Actor
        public void one(final II_Result r) {
            r.r1 = turn();
        }

        /** Another. @param r see the description. */
        @Actor
        public void other(final II_Result r) {
            r.r2 = turn();
        }
    }

    /** The router is closed while a turn is under way. */
    @JCStressTest
    @Description("turns that a caller had of the two it tried, and what stop() left to see; 9 where one began after it")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "stopped first")
    @Outcome(
            id = {"1, 2", "2, 4"},
            expect = ACCEPTABLE,
            desc = "stopped after one or two turns, and waited for it")
    @Outcome(expect = FORBIDDEN, desc = "the files would be closed under the stages, or these go on after it")
    @State
    public static class Stopped {
        private final InlineTurns turns = new InlineTurns();
        private int plain;

        /** A caller. @param r see the description. */
        @Actor
        public void caller(final II_Result r) {
            for (int i = 0; i < 2; i++) {
                if (turns.begin()) {
                    plain++;
                    r.r1++;
                    plain++;
                    turns.end();
                }
            }
        }

        /** Who closes. @param r see the description. */
        @Actor
        public void close(final II_Result r) {
            turns.stop();
            r.r2 = turns.begin() ? 9 : plain;
        }
    }
}
