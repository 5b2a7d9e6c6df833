package io.ringline.router.stage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Large buffers are taken and given back at the same time. */
public final class LargeBuffersStress {
    private static final int BUFFER_BYTES = 8;

    private LargeBuffersStress() {}

    /** Two publishers. */
    @JCStressTest
    @Description("which of three buffers two publishers take")
    @Outcome(
            id = {"0, 1", "1, 0"},
            expect = ACCEPTABLE,
            desc = "one each")
    @Outcome(expect = FORBIDDEN, desc = "the same one: two records in one memory; or none although there is one")
    @State
    public static class Taken {
        private final LargeBuffers buffers = new LargeBuffers(3, BUFFER_BYTES);

        /** A publisher. @param r see the description. */
        @Actor
        public void one(final II_Result r) {
            r.r1 = buffers.take();
        }

        /** Another. @param r see the description. */
        @Actor
        public void other(final II_Result r) {
            r.r2 = buffers.take();
        }
    }

    /** The only buffer is read, given back, taken and written. */
    @JCStressTest
    @Description("what the fan-out stage reads of the buffer before it gives it back, and how many are free in the end")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "given back, and not taken yet")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "given back and taken")
    @Outcome(expect = FORBIDDEN, desc = "written while it was read")
    @State
    public static class GivenBack {
        private final LargeBuffers buffers = new LargeBuffers(1, BUFFER_BYTES);

        /** Taken. */
        public GivenBack() {
            buffers.buffer(buffers.take()).putLong(0, 1);
        }

        /** The fan-out stage. @param r see the description. */
        @Actor
        public void stage(final II_Result r) {
            r.r1 = (int) buffers.buffer(0).getLong(0);
            buffers.giveBack(0);
        }

        /** A publisher. */
        @Actor
        public void publisher() {
            final int index = buffers.take();
            if (index != LargeBuffers.NONE) {
                buffers.buffer(index).putLong(0, 2);
            }
        }

        /** After both. @param r see the description. */
        @Arbiter
        public void end(final II_Result r) {
            r.r2 = buffers.available();
        }
    }

    /** One is given back while another is taken. */
    @JCStressTest
    @Description(
            "which of two buffers a publisher takes while the first one is given back, and how many are free in the end")
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "either, and the other one is free")
    @Outcome(expect = FORBIDDEN, desc = "a buffer is lost, or two have it")
    @State
    public static class Both {
        private final LargeBuffers buffers = new LargeBuffers(2, BUFFER_BYTES);

        /** The first is taken. */
        public Both() {
            buffers.take();
        }

        /** The fan-out stage. */
        @Actor
        public void stage() {
            buffers.giveBack(0);
        }

        /** A publisher. @param r see the description. */
        @Actor
        public void publisher(final II_Result r) {
            r.r1 = buffers.take();
        }

        /** After both. @param r see the description. */
        @Arbiter
        public void end(final II_Result r) {
            r.r2 = buffers.available();
        }
    }
}
