package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.stage.TestStages;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DirtyMarksTest {
    private static long[] taken(final DirtyMarks marks, final int words) {
        final long[] into = new long[words];
        marks.take(into);
        return into;
    }

    @Test
    void aMarkIsSeenOnceAndOnlyByWhoseItIs() {
        final DirtyMarks marks = new DirtyMarks(new long[] {0b0110, 1L << 63});
        assertThat(taken(marks, 2)).containsExactly(0, 0);
        marks.offer(new long[] {0b1011, 0});
        marks.offer(new long[] {0b1001, 1});
        marks.offer(new long[] {0b0100, -1});
        assertThat(taken(marks, 2)).containsExactly(0b0110, 1L << 63);
        assertThat(taken(marks, 2)).containsExactly(0, 0);
    }

    @Test
    void marksAreAddedToThoseThatAreThere() {
        final DirtyMarks marks = new DirtyMarks(new long[] {0b111});
        marks.offer(new long[] {0b001});
        final long[] into = {0b100};
        marks.take(into);
        assertThat(into).containsExactly(0b101);
        marks.take(into);
        assertThat(into).containsExactly(0b101);
    }

    @Test
    void whatDoesNotFitTheQueueMarksAll() {
        final DirtyMarks marks = new DirtyMarks(new long[] {0b1111});
        for (int lap = 0; lap < 3; lap++) {
            for (int i = 0; i < DirtyMarks.SETS; i++) {
                marks.offer(new long[] {1});
            }
            assertThat(taken(marks, 1)).as("as many as fit").containsExactly(1);
            for (int i = 0; i < DirtyMarks.SETS; i++) {
                marks.offer(new long[] {1});
            }
            marks.offer(new long[] {0b10000});
            assertThat(taken(marks, 1)).as("others' do not count").containsExactly(1);
            for (int i = 0; i <= DirtyMarks.SETS; i++) {
                marks.offer(new long[] {1});
            }
            assertThat(taken(marks, 1)).as("one too many").containsExactly(0b1111);
            assertThat(taken(marks, 1)).isEqualTo(new long[1]);
        }
    }

    @Test
    void agreesWithAModel() {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        System.out.println("DirtyMarksTest seed " + seed);
        final Random random = new Random(seed);
        for (int words = 1; words <= 3; words++) {
            final long[] mine = random.longs(words).toArray();
            final DirtyMarks marks = new DirtyMarks(mine);
            final long[] expected = new long[words];
            int sets = 0;
            for (int step = 0; step < 20_000; step++) {
                if (random.nextInt(random.nextInt(4) == 0 ? 100 : 8) != 0) {
                    final long[] bits = new long[words];
                    bits[random.nextInt(words)] = 1L << random.nextInt(64) | 1L << random.nextInt(64);
                    marks.offer(bits);
                    sets += add(bits, mine, expected) ? 1 : 0;
                } else {
                    assertThat(taken(marks, words))
                            .as("seed %d words %d", seed, words)
                            .containsExactly(sets > DirtyMarks.SETS ? mine : expected);
                    Arrays.fill(expected, 0);
                    sets = 0;
                }
            }
        }
    }

    private static boolean add(final long[] bits, final long[] mine, final long[] expected) {
        long any = 0;
        for (int word = 0; word < bits.length; word++) {
            any |= bits[word] & mine[word];
            expected[word] |= bits[word] & mine[word];
        }
        return any != 0;
    }

    @Test
    void aConsumerHasOnePollerOnly() {
        final DirtyChannels dirty = new DirtyChannels(70);
        assertThat(dirty.words()).isEqualTo(2);
        dirty.mark(new long[] {1, 1}); // nobody watches
        final DirtyMarks first = dirty.watch(new long[] {0b0011, 0});
        final DirtyMarks second = dirty.watch(new long[] {0b0100, 0b1});
        assertThatThrownBy(() -> dirty.watch(new long[] {0b1010, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has a poller already");
        assertThatThrownBy(() -> dirty.watch(new long[] {0, 0b1})).isInstanceOf(IllegalStateException.class);
        dirty.mark(new long[] {0b1110, 0b11});
        assertThat(taken(first, 2)).containsExactly(0b0010, 0);
        assertThat(taken(second, 2)).containsExactly(0b0100, 0b1);
    }

    @Test
    void theFanOutStageMarksWhatItHasOfferedAndNothingWhileItWaitsForRoom() {
        final TestStages stages = new TestStages(1, OverflowPolicy.BACK_PRESSURE, 5, 1, 5);
        final DirtyMarks marks = stages.dirty.watch(new long[] {0b111});
        stages.fanOut.onSlot(stages.putReleased(1));
        stages.fanOut.onBatchEnd();
        assertThat(taken(marks, 1)).containsExactly(0b111);
        final int stopped = stages.putReleased(2);
        assertThat(stages.fanOut.onSlot(stopped)).isFalse();
        stages.fanOut.onBatchEnd();
        assertThat(taken(marks, 1)).as("before the full channel").containsExactly(0b001);
        for (int i = 0; i < 2 * DirtyMarks.SETS; i++) {
            assertThat(stages.fanOut.onSlot(stopped)).isFalse();
            stages.fanOut.onBatchEnd();
        }
        assertThat(taken(marks, 1)).as("nothing new, however often it tries").containsExactly(0);
        stages.consumer(1).poll(event -> Outcome.ACK, 1);
        assertThat(stages.fanOut.onSlot(stopped)).isTrue();
        stages.fanOut.onBatchEnd();
        assertThat(taken(marks, 1)).containsExactly(0b110);
    }
}
