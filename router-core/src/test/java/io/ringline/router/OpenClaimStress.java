package io.ringline.router;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringline.router.stage.LargeBuffers;
import io.ringline.router.stage.NoWaitStrategy;
import io.ringline.router.stage.Slot;
import io.ringline.router.stage.SlotMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** How a claim gets from a thread that has died to another one: the publisher's next, or the one that watches for such claims. */
public final class OpenClaimStress {
    private static final Thread DEAD = new Thread("dead"); // never started: not alive
    private static final Object PUBLISHER = new Object();
    private static final int SLOTS = 3;
    private static final SlotMemory MEMORY = new SlotMemory(4, 64, 1, new LargeBuffers(1, 64));

    private OpenClaimStress() {}

    /** A batch of three slots that a thread left open. */
    abstract static class Left {
        final RingBuffer<Slot> ring = RingBuffer.createMultiProducer(Slot::new, 4, new NoWaitStrategy());
        final OpenClaim claim = new OpenClaim(PUBLISHER, null);

        Left() {
            ring.addGatingSequences(new Sequence());
            final long last = ring.next(SLOTS);
            claim.openBatch(last - SLOTS + 1, last, SLOTS, DEAD);
        }

        int passed() {
            int passed = 0;
            for (long sequence = 0; sequence < SLOTS; sequence++) {
                passed += OpenClaim.isPublished(ring, sequence) ? 1 : 0;
            }
            return passed;
        }
    }

    /** Either the publisher's next thread goes on with what is open, or it is passed. */
    @JCStressTest
    @Description("whether own() made the next thread the owner, and how many slots abandon() passed")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the next thread has it")
    @Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "it was passed")
    @Outcome(
            expect = FORBIDDEN,
            desc = "two have it, and both publish its slots; or nobody has, and the ring stops there")
    @State
    public static class OneHasIt extends Left {
        /** The publisher's next thread. @param r see the description. */
        @Actor
        public void next(final II_Result r) {
            r.r1 = claim.own(Thread.currentThread()) ? 1 : 0;
        }

        /** The first stage's thread. @param r see the description. */
        @Actor
        public void watch(final II_Result r) {
            r.r2 = claim.abandon(DEAD, MEMORY, ring);
        }
    }

    /** Taking over ends with nothing open and all passed, whoever passed it: else the publisher could never claim again. */
    @JCStressTest
    @Description(
            "slots passed by takeOver()'s steps, passed at their end, passed by abandon(); whether anything is open at last")
    @Outcome(id = "3, 3, 0, 0", expect = ACCEPTABLE, desc = "passed by the one who takes over")
    @Outcome(id = "0, 3, 3, 0", expect = ACCEPTABLE, desc = "passed by the one who watches, and waited for")
    @Outcome(
            expect = FORBIDDEN,
            desc = "passed twice or not at all, gone on with before it was, or marked as abandoned after it")
    @State
    public static class TakenOver extends Left {
        /** As Publisher.takeOver(). @param r see the description. */
        @Actor
        public void next(final IIII_Result r) {
            r.r1 = claim.own(Thread.currentThread()) ? claim.passAbandoned(MEMORY, ring) : 0;
            claim.awaitPassed();
            r.r2 = passed();
            claim.close();
        }

        /** The first stage's thread. @param r see the description. */
        @Actor
        public void watch(final IIII_Result r) {
            r.r3 = claim.abandon(DEAD, MEMORY, ring);
        }

        /** After both. @param r see the description. */
        @Arbiter
        public void end(final IIII_Result r) {
            r.r4 = claim.isOpen() ? 1 : 0;
        }
    }

    /** Who sees an owner sees what it opened. */
    @JCStressTest
    @Description("the batch's first slot, its last one and how many are left, where there is an owner")
    @Outcome(id = "-1, -1, -1", expect = ACCEPTABLE, desc = "nothing is open")
    @Outcome(id = "4, 6, 3", expect = ACCEPTABLE, desc = "the batch")
    @Outcome(expect = FORBIDDEN, desc = "the watcher would pass other slots than those that are open")
    @State
    public static class Seen {
        private final OpenClaim claim = new OpenClaim(PUBLISHER, null);

        /** A publisher. */
        @Actor
        public void open() {
            claim.openBatch(4, 6, SLOTS, DEAD);
        }

        /** The first stage's thread. @param r see the description. */
        @Actor
        public void watch(final III_Result r) {
            final boolean open = claim.owner() != null;
            r.r1 = open ? (int) claim.first() : -1;
            r.r2 = open ? (int) claim.last() : -1;
            r.r3 = open ? claim.left() : -1;
        }
    }
}
