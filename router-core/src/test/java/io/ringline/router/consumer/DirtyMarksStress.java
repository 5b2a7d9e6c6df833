package io.ringline.router.consumer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Marks on their way from the fan-out stage to a poller: none is lost, and what it stands for is there. */
public final class DirtyMarksStress {
    private DirtyMarksStress() {}

    /** The first mark. */
    @JCStressTest
    @Description(
            "the words of a set as the poller takes them, one bit each; what it finds in the channel then; and, in all, the words after one more take: "
                    + "r1 both words, r2 the channel, r3 both words in the end")
    @Outcome(id = "0, 0, 3", expect = ACCEPTABLE, desc = "nothing yet, and a mark for later")
    @Outcome(id = "0, 1, 3", expect = ACCEPTABLE, desc = "offered, and marked later")
    @Outcome(id = "3, 1, 3", expect = ACCEPTABLE, desc = "marked, and there")
    @Outcome(
            expect = FORBIDDEN,
            desc = "marked and not there, half a set, or a mark that never comes: the event would lie there")
    @State
    public static class Marked {
        private final DirtyMarks marks = new DirtyMarks(new long[] {1, 1});
        private final AtomicInteger channel = new AtomicInteger(); // its memory is written as here
        private final long[] taken = new long[2];

        /** The fan-out stage. */
        @Actor
        public void stage() {
            channel.lazySet(1);
            marks.offer(new long[] {1, 1});
        }

        /** The poller. @param r see the description. */
        @Actor
        public void poller(final III_Result r) {
            marks.take(taken);
            r.r1 = both();
            r.r2 = channel.get();
        }

        /** Its next poll. @param r see the description. */
        @Arbiter
        public void nextPoll(final III_Result r) {
            marks.take(taken);
            r.r3 = both();
        }

        private int both() {
            return (int) (taken[0] | taken[1] << 1);
        }
    }

    /** The queue of sets is full; the next mark takes the first one's place, or tells the poller to look everywhere. */
    @JCStressTest
    @Description(
            "consumers that a take names, those that this one and the next name: 1 in the first of 64 sets, 4 in the others, 2 to come")
    @Outcome(id = "5, 7", expect = ACCEPTABLE, desc = "those before, then the new one")
    @Outcome(id = "7, 7", expect = ACCEPTABLE, desc = "all at once")
    @Outcome(
            expect = FORBIDDEN,
            desc = "a mark was lost: its set was written over, or nobody told the poller that there was no room")
    @State
    public static class Full {
        private final DirtyMarks marks = new DirtyMarks(new long[] {7});
        private final long[] taken = new long[1];

        /** Full. */
        public Full() {
            for (int i = 0; i < DirtyMarks.SETS; i++) {
                marks.offer(new long[] {i == 0 ? 1 : 4});
            }
        }

        /** The fan-out stage. */
        @Actor
        public void stage() {
            marks.offer(new long[] {2});
        }

        /** The poller. @param r see the description. */
        @Actor
        public void poller(final II_Result r) {
            marks.take(taken);
            r.r1 = (int) taken[0];
        }

        /** Its next poll. @param r see the description. */
        @Arbiter
        public void nextPoll(final II_Result r) {
            marks.take(taken);
            r.r2 = (int) taken[0];
        }
    }
}
