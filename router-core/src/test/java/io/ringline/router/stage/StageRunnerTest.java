package io.ringline.router.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.RingBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Three runners behind each other, cranked by hand: where slots and ticks get to. */
class StageRunnerTest {
    private static final int RING_SIZE = 16;

    private final SlotMemory slots = new SlotMemory(RING_SIZE, 128, 1, new LargeBuffers(2, 256));
    private final RingBuffer<Slot> ring = RingBuffer.createSingleProducer(Slot::new, RING_SIZE, new NoWaitStrategy());
    private final List<Recorder> recorders = new ArrayList<>();
    private final List<StageRunner> runners = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private int ticksWanted;
    private int ticksStarted;

    /** Notes what it is given; refuses all while it is blocked. */
    private final class Recorder implements SlotHandler {
        private final List<String> seen = new ArrayList<>();
        private boolean blocked;
        private boolean broken;
        private int slotsSeen;

        @Override
        public boolean onSlot(final int base) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            if (blocked) {
                return false;
            }
            seen.add(base == slots.tickBase() ? "tick" : Integer.toString(slotsSeen++));
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

    StageRunnerTest() {
        StageRunner before = null;
        for (int i = 0; i < 3; i++) {
            recorders.add(new Recorder());
            before = new StageRunner(
                    slots,
                    before == null ? ring.newBarrier() : ring.newBarrier(before.sequence()),
                    before,
                    recorders.get(i),
                    4,
                    failures::add);
            runners.add(before);
        }
        ring.addGatingSequences(runners.get(2).sequence());
        runners.get(0)
                .tickBy(
                        () -> {
                            if (ticksWanted == 0) {
                                return false;
                            }
                            ticksWanted--;
                            ticksStarted++;
                            return true;
                        },
                        runners.get(2));
    }

    private void publish(final int number) {
        for (int i = 0; i < number; i++) {
            ring.publish(ring.next());
        }
    }

    private void turn(final int... which) {
        for (final int runner : which) {
            runners.get(runner).poll();
        }
    }

    private List<String> seen(final int runner) {
        return recorders.get(runner).seen;
    }

    @Test
    void aTickStandsAtTheSamePlaceForEveryRunner() {
        publish(2);
        turn(0);
        ticksWanted = 1;
        publish(2);
        turn(0, 0);
        assertThat(seen(0)).containsExactly("0", "1", "tick", "2", "3");
        turn(1);
        assertThat(seen(1)).as("not past the tick in one batch").containsExactly("0", "1");
        turn(1);
        assertThat(seen(1)).containsExactly("0", "1", "tick");
        assertThat(runners.get(2).isBehindTick(runners.get(0))).isTrue();
        turn(1, 2, 2, 2);
        assertThat(seen(1)).isEqualTo(seen(0));
        assertThat(seen(2)).isEqualTo(seen(0));
        assertThat(runners.get(2).isBehindTick(runners.get(0))).isFalse();
    }

    @Test
    void timePassesThoughNothingIsPublished() {
        ticksWanted = 2;
        turn(0, 1, 2, 0, 1, 2);
        assertThat(seen(2)).containsExactly("tick", "tick");
        assertThat(ring.getCursor()).as("no slot of the ring was used").isEqualTo(-1);
    }

    @Test
    void theNextTickWaitsForTheLastRunner() {
        ticksWanted = 5;
        publish(1);
        turn(0, 0, 1, 1, 0);
        assertThat(seen(0)).as("the slot goes on, the second tick does not").containsExactly("tick", "0");
        assertThat(ticksStarted).isEqualTo(1);
        turn(2, 0);
        assertThat(seen(0)).containsExactly("tick", "0", "tick");
    }

    @Test
    void aTickThatMustWaitComesAgainAndHoldsUpWhatFollows() {
        publish(1);
        turn(0);
        ticksWanted = 1;
        recorders.get(0).blocked = true;
        publish(1);
        turn(0, 0);
        assertThat(seen(0)).containsExactly("0");
        assertThat(ticksStarted).as("asked once").isEqualTo(1);
        recorders.get(0).blocked = false;
        turn(0, 0);
        assertThat(seen(0)).containsExactly("0", "tick", "1");
        recorders.get(1).blocked = true;
        turn(1, 1);
        assertThat(seen(1)).isEmpty();
        recorders.get(1).blocked = false;
        turn(1, 1, 1);
        assertThat(seen(1)).containsExactly("0", "tick", "1");
    }

    @Test
    void noTickComesBetweenTheTriesOfASlot() {
        publish(2);
        recorders.get(0).blocked = true;
        turn(0);
        ticksWanted = 1;
        turn(0);
        assertThat(ticksStarted).as("the first slot has been begun").isZero();
        recorders.get(0).blocked = false;
        turn(0, 0);
        assertThat(seen(0)).containsExactly("0", "1", "tick");
    }

    @Test
    void aStageThatThrowsIsReportedOnceAndStandsStill() {
        recorders.get(1).broken = true;
        publish(3);
        turn(0, 1, 1, 2);
        assertThat(failures).hasSize(1).first().isInstanceOf(IllegalStateException.class);
        assertThat(seen(0)).hasSize(3);
        assertThat(seen(2)).isEmpty();
        assertThat(runners.get(1).sequence().get()).isEqualTo(-1);
        ticksWanted = 1;
        turn(0, 1, 2);
        assertThat(failures).as("by a tick neither").hasSize(1);
    }

    @Test
    void everyRunnerSeesTheSameWhateverTheTurns() {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        System.out.println("StageRunnerTest seed " + seed);
        final Random random = new Random(seed);
        for (int step = 0; step < 100_000; step++) {
            ticksWanted = random.nextInt(8) == 0 ? 1 : 0;
            recorders.get(random.nextInt(3)).blocked = random.nextInt(4) == 0;
            final int room = (int) ring.remainingCapacity();
            publish(room == 0 ? 0 : random.nextInt(Math.min(room, 3)));
            turn(random.nextInt(3));
        }
        recorders.forEach(recorder -> recorder.blocked = false);
        ticksWanted = 0;
        for (int i = 0; i < 100; i++) {
            turn(0, 1, 2);
        }
        assertThat(seen(0)).hasSizeGreaterThan(10_000).contains("tick");
        assertThat(seen(0).stream().filter("tick"::equals).count()).isEqualTo(ticksStarted);
        assertThat(seen(1)).as("seed %d", seed).isEqualTo(seen(0));
        assertThat(seen(2)).as("seed %d", seed).isEqualTo(seen(0));
        assertThat(runners.get(2).sequence().get()).isEqualTo(ring.getCursor());
    }
}
