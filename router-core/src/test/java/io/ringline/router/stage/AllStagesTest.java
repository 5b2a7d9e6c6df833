package io.ringline.router.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.OverflowPolicy;
import org.junit.jupiter.api.Test;

class AllStagesTest {
    @Test
    void aFullChannelStopsAllAndNothingIsDoneTwiceWhenItGoesOn() {
        final TestStages stages = new TestStages(16, OverflowPolicy.BACK_PRESSURE, 10, 2, 10);
        assertThat(stages.run(stages.put(0))).isTrue();
        assertThat(stages.run(stages.put(0))).isTrue();
        final int stopped = stages.put(0);
        for (int i = 0; i < 5; i++) {
            assertThat(stages.run(stopped)).as("c1 is full").isFalse();
        }
        assertThat(stages.counters.get(PipelineCounter.ACCEPTED)).isEqualTo(3);
        assertThat(stages.counters.get(PipelineCounter.RELEASED)).isEqualTo(3);
        assertThat(stages.counters.get(PipelineCounter.FANNED_OUT)).isEqualTo(2);
        assertThat(stages.poll(0, 10)).as("before the full one").isEqualTo(3);
        assertThat(stages.poll(2, 10)).as("behind the full one").isEqualTo(2);
        assertThat(stages.poll(1, 1)).isEqualTo(1);
        assertThat(stages.run(stopped)).isTrue();
        assertThat(stages.counters.get(PipelineCounter.FANNED_OUT)).isEqualTo(3);
        assertThat(stages.poll(1, 10)).isEqualTo(2);
        assertThat(stages.run(stages.put(0))).isTrue();
        stages.poll(0, 10);
        stages.poll(1, 10);
        stages.poll(2, 10);
        for (int i = 0; i < 3; i++) {
            final String name = "c" + i + " ";
            assertThat(stages.seen.stream().filter(s -> s.startsWith(name)))
                    .containsExactly(name + "1 1", name + "2 2", name + "3 3", name + "4 4");
        }
        assertThat(stages.counters.get(PipelineCounter.ACCEPTED)).isEqualTo(4);
        assertThat(stages.counters.get(PipelineCounter.RELEASED)).isEqualTo(4);
        assertThat(stages.counters.get(PipelineCounter.DUPLICATES)).isZero();
    }

    @Test
    void aFullChannelAmongReleasesThatWereHeldStopsAndGoesOnToo() {
        final TestStages stages = new TestStages(16, OverflowPolicy.BACK_PRESSURE, 10, 1);
        assertThat(stages.run(stages.put(3))).isTrue();
        assertThat(stages.run(stages.put(2))).isTrue();
        final int releasesThree = stages.put(1);
        for (int i = 1; i <= 2; i++) {
            assertThat(stages.run(releasesThree)).isFalse();
            assertThat(stages.run(releasesThree)).isFalse();
            assertThat(stages.poll(1, 10)).isEqualTo(1);
        }
        assertThat(stages.run(releasesThree)).isTrue();
        stages.poll(0, 10);
        stages.poll(1, 10);
        assertThat(stages.seen).containsExactly("c1 1 1", "c1 2 2", "c0 1 1", "c0 2 2", "c0 3 3", "c1 3 3");
        assertThat(stages.counters.get(PipelineCounter.REORDERED)).isEqualTo(2);
        assertThat(stages.counters.get(PipelineCounter.RELEASES_CONSUMED)).isEqualTo(3);
    }

    @Test
    void aSlotThatFindsNoRoomToBeHeldComesAgainAndIsStampedOnce() {
        final TestStages stages = new TestStages(1, OverflowPolicy.BACK_PRESSURE, 10);
        stages.all.onBatchStart();
        assertThat(stages.all.onSlot(stages.put(2)))
                .as("takes the one place; released at once, and still there until the batch ends")
                .isTrue();
        final int ahead = stages.put(4);
        assertThat(stages.all.onSlot(ahead)).isFalse();
        stages.all.onBatchEnd();
        assertThat(stages.counters.get(PipelineCounter.ACCEPTED)).isEqualTo(2);
        assertThat(stages.run(ahead)).isTrue();
        assertThat(stages.counters.get(PipelineCounter.ACCEPTED)).isEqualTo(2);
        stages.poll(0, 10);
        assertThat(stages.seen).containsExactly("c0 2 1", "c0 4 2");
    }

    @Test
    void whereFullChannelsDropNothingStops() {
        final TestStages stages = new TestStages(16, OverflowPolicy.DROP_NEWEST, 3, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(stages.run(stages.put(0))).isTrue();
        }
        assertThat(stages.consumer(0).dropped()).isEqualTo(2);
        assertThat(stages.consumer(1).dropped()).isEqualTo(4);
        stages.poll(0, 10);
        stages.poll(1, 10);
        assertThat(stages.seen).containsExactly("c0 1 1", "c0 2 2", "c0 3 3", "c1 1 1");
    }
}
