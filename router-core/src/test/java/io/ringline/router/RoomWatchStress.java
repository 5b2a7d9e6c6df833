package io.ringline.router;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringline.router.stage.PipelineCounters;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who waits for room is told once, and is not forgotten. */
public final class RoomWatchStress {
    private static final PipelineCounters COUNTERS = new PipelineCounters();

    private RoomWatchStress() {}

    /** One more begins to wait while the last stage looks who waits. */
    @JCStressTest
    @Description(
            "calls, after room for 4 twice, to one who waits for 2 slots from now on, and to one for 3 from before; who waits")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "each told once, and one for 6 waits")
    @Outcome(expect = FORBIDDEN, desc = "told twice, or forgotten: it waits for ever")
    @State
    public static class Told {
        private final RoomWatch room = new RoomWatch(COUNTERS);
        private int small;
        private int middle;
        private int large;

        /** Two wait. */
        public Told() {
            room.add(3, () -> middle++);
            room.add(6, () -> large++);
        }

        /** A publisher. */
        @Actor
        public void publisher() {
            room.add(2, () -> small++);
        }

        /** The last stage's thread. */
        @Actor
        public void stage() {
            room.tell(4);
        }

        /** Its next turn. @param r see the description. */
        @Arbiter
        public void nextTurn(final III_Result r) {
            if (room.isWanted()) {
                room.tell(4);
            }
            r.r1 = small;
            r.r2 = middle;
            r.r3 = room.isWanted() && large == 0 ? 1 : 0;
        }
    }

    /** One begins to wait while the router closes. */
    @JCStressTest
    @Description("whether add() promised a call, and how many came")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "told of the end")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "too late, and told so at once")
    @Outcome(expect = FORBIDDEN, desc = "it waits for ever, or is called though it was told that it will not be")
    @State
    public static class Closed {
        private final RoomWatch room = new RoomWatch(COUNTERS);
        private int calls;

        /** A publisher. @param r see the description. */
        @Actor
        public void publisher(final II_Result r) {
            r.r1 = room.add(2, () -> calls++) ? 1 : 0;
        }

        /** Who closes. */
        @Actor
        public void close() {
            room.close();
        }

        /** After both. @param r see the description. */
        @Arbiter
        public void end(final II_Result r) {
            r.r2 = calls;
        }
    }
}
