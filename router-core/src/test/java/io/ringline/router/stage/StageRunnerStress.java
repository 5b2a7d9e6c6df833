package io.ringline.router.stage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import com.lmax.disruptor.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A tick on its way from the first runner to the last: at the same place for both, and one at a time. */
public final class StageRunnerStress {
    private static final LargeBuffers NONE_LARGE = new LargeBuffers(1, 64);

    private StageRunnerStress() {}

    /** Two runners over a ring of four slots; what each has seen is a number of one digit for each thing. */
    abstract static class Wired {
        final SlotMemory slots = new SlotMemory(4, 8, 1, NONE_LARGE);
        final RingBuffer<Slot> ring = RingBuffer.createSingleProducer(Slot::new, 4, new NoWaitStrategy());
        final StageRunner first;
        final StageRunner last;
        int seen; // by the last

        Wired(final int events, final StageRunner.Ticks ticks) {
            first = new StageRunner(slots, ring.newBarrier(), null, new Look(this::onFirst), 1, this::fail);
            last = new StageRunner(
                    slots, ring.newBarrier(first.sequence()), first, new Look(this::onLast), 4, this::fail);
            ring.addGatingSequences(last.sequence());
            first.tickBy(ticks, last);
            for (int i = 0; i < events; i++) {
                ring.publish(ring.next());
            }
        }

        abstract void onFirst(int base);

        abstract void onLast(int base);

        final void note(final int digit) {
            seen = seen * 10 + digit;
        }

        private void fail(final Throwable failure) {
            throw new AssertionError("a stage threw", failure);
        }
    }

    private record Look(java.util.function.IntConsumer stage) implements SlotHandler {
        @Override
        public boolean onSlot(final int base) {
            stage.accept(base);
            return true;
        }

        @Override
        public void onBatchStart() {
            // nothing to do
        }

        @Override
        public void onBatchEnd() {
            // nothing to do
        }
    }

    /** Asked before each batch of the first runner: due before the third. */
    private static final class ThirdTime implements StageRunner.Ticks {
        private int asked;

        @Override
        public boolean isDue() {
            return ++asked == 3;
        }
    }

    /** A tick between two slots, at another place than where a runner begins. */
    @JCStressTest
    @Description("what the last runner has seen in five turns: slots 1 and 2, the tick (9), slot 3")
    @Outcome(
            id = "(0|1|12|129|1293)",
            expect = ACCEPTABLE,
            desc = "in the order of the first runner, as far as that had come")
    @Outcome(
            expect = FORBIDDEN,
            desc = "the tick elsewhere, twice or not at all: two runs of the same input would differ")
    @State
    public static class Between extends Wired {
        /** Three events. */
        public Between() {
            super(3, new ThirdTime());
        }

        /** The first runner. */
        @Actor
        public void first() {
            for (int turn = 0; turn < 4; turn++) {
                first.poll();
            }
        }

        /** The last. @param r see the description. */
        @Actor
        public void last(final I_Result r) {
            for (int turn = 0; turn < 5; turn++) {
                last.poll();
            }
            r.r1 = seen;
        }

        @Override
        void onFirst(final int base) {
            // it is the order that counts
        }

        @Override
        void onLast(final int base) {
            note(base == slots.tickBase() ? 9 : base == slots.base(0) ? 1 : base == slots.base(1) ? 2 : 3);
        }
    }

    /** One tick after the other in the one slot that there is for them. */
    @JCStressTest
    @Description("the times that the last runner has read from the ticks in four turns")
    @Outcome(id = "(0|1|12|123)", expect = ACCEPTABLE, desc = "each one's own")
    @Outcome(expect = FORBIDDEN, desc = "a tick with the time of the next one, or without any")
    @State
    public static class InTurn extends Wired {
        private long time;

        /** Ticks only, at every turn. */
        public InTurn() {
            super(0, () -> true);
        }

        /** The first runner. */
        @Actor
        public void first() {
            for (int turn = 0; turn < 3; turn++) {
                first.poll();
            }
        }

        /** The last. @param r see the description. */
        @Actor
        public void last(final I_Result r) {
            for (int turn = 0; turn < 4; turn++) {
                last.poll();
            }
            r.r1 = seen;
        }

        @Override
        void onFirst(final int base) {
            slots.buffer().putLong(base + SlotMemory.HASH_OFFSET, ++time);
        }

        @Override
        void onLast(final int base) {
            note((int) slots.buffer().getLong(base + SlotMemory.HASH_OFFSET));
        }
    }
}
