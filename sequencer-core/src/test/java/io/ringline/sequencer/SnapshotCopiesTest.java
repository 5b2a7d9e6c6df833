package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Memory that snapshots copy chunks into is outside the heap: it is used again, and none waits for a collection. */
class SnapshotCopiesTest {
    private static final int AGGREGATES = 3 * AggregateTable.LINES_PER_CHUNK;
    private static final SequencerSnapshot.HeldBytes NO_BYTES = new SequencerSnapshot.HeldBytes() {
        @Override
        public int length(final int entry) {
            return 0;
        }

        @Override
        public void copy(final int entry, final MutableDirectBuffer to, final int offset) {}
    };

    private final Sequencer sequencer = new Sequencer(
            new SequencerSettings(
                    Ordering.AGGREGATE, 100, 50, 100, 1_000, OnGapTooWide.FORCE, AGGREGATES, FirstSequence.ONE),
            16,
            0);
    private final SequencerSnapshot snapshot = new SequencerSnapshot(sequencer);
    private final UnsafeBuffer to = new UnsafeBuffer(new byte[1 << 17]);

    private void writeToAllChunks() {
        for (int id = 0; id < AGGREGATES; id++) {
            assertThat(sequencer.offerId(id, 0, 0, 0)).isEqualTo(Sequencer.RELEASED);
        }
    }

    private int copiesMade() {
        final Reorder reorder = sequencer.reorder();
        return reorder.table.lines.copiesMade() + reorder.table.idle.links.copiesMade();
    }

    @Test
    void laterSnapshotsSetNoMoreMemoryAsideThanTheFirst() {
        writeToAllChunks();
        int first = 0;
        long bytes = 0;
        final long before = sequencer.reorder().table.lines.bytes();
        for (int round = 0; round < 20; round++) {
            snapshot.begin();
            writeToAllChunks();
            while (snapshot.isUnderWay()) {
                snapshot.step(to, 0, to.capacity(), NO_BYTES);
                if (round % 4 == 3) {
                    snapshot.abort();
                }
            }
            if (round == 0) {
                first = copiesMade();
                bytes = sequencer.reorder().table.bytes();
            }
            assertThat(copiesMade()).as("round %d", round).isEqualTo(first);
            assertThat(sequencer.reorder().table.bytes()).isEqualTo(bytes);
        }
        assertThat(sequencer.reorder().table.lines.copiesMade()).isEqualTo(3);
        assertThat(sequencer.reorder().table.lines.bytes()).as("copies count").isEqualTo(2 * before);
    }

    @Test
    void aCopyShowsTheChunkAsItWasAlsoInMemoryThatIsUsedAgain() {
        final ChunkedMemory memory = new ChunkedMemory(8, 4);
        memory.ensure(7);
        for (int round = 1; round <= 3; round++) {
            memory.ensure(round * 8 - 1); // more chunks than at the last freeze
            memory.freeze(round * 8);
            for (int i = 0; i < round * 8; i++) {
                memory.putLong(i, 0, round * 100L + i);
            }
            for (int i = 0; i < (round - 1) * 8; i++) {
                assertThat(memory.frozen(i).getLong(memory.offset(i))).isEqualTo((round - 1) * 100L + i);
            }
            memory.thaw(5);
            assertThat(memory.frozen(5).getLong(memory.offset(5))).isEqualTo(round * 100L + 5);
            memory.thawAll();
            assertThat(memory.copiesMade()).isEqualTo(round * 2);
        }
    }
}
