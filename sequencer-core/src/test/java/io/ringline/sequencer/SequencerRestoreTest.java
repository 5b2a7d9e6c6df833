package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What no sequencer of these settings can have held or expected is refused, however well it is signed. */
class SequencerRestoreTest {
    private static final int RING = 16;
    private static final int HEAD_SOURCE_NEXT = SnapshotPart.HEADER_BYTES + 12 * Long.BYTES;

    private static final SequencerSnapshot.HeldBytes NO_BYTES = new SequencerSnapshot.HeldBytes() {
        @Override
        public int length(final int entry) {
            return 0;
        }

        @Override
        public void copy(final int entry, final MutableDirectBuffer to, final int offset) {}
    };

    private static SequencerSettings settings(final int gap, final int buffer, final int held) {
        return new SequencerSettings(Ordering.GLOBAL, gap, buffer, held, 1_000, OnGapTooWide.FORCE);
    }

    /** Number 11 and three below it wait for 1 in their aggregate, or in the source's order. */
    private static byte[] snapshot(final boolean inSource) {
        final Sequencer sequencer = new Sequencer(settings(10, 4, 5), RING, 0);
        for (int number = 11; number > 7; number--) {
            assertThat(sequencer.offerId(7, number, inSource ? number : 0, 0)).isEqualTo(Sequencer.HELD);
        }
        final SequencerSnapshot snapshot = new SequencerSnapshot(sequencer);
        final UnsafeBuffer to = new UnsafeBuffer(new byte[1 << 13]);
        snapshot.begin();
        int length = 0;
        while (snapshot.isUnderWay()) {
            length += snapshot.step(to, length, 2_000, NO_BYTES);
        }
        return Arrays.copyOf(to.byteArray(), length);
    }

    private static Sequencer restore(final SequencerSettings settings, final byte[] bytes) {
        return SequencerRestore.restore(
                settings,
                RING,
                new UnsafeBuffer(bytes),
                0,
                bytes.length,
                SequencerHarness::hash,
                (entry, from, offset, length) -> {});
    }

    private static int partOf(final byte[] bytes, final int type) {
        final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (view.getInt(at + 8) != type) {
            at += SnapshotPart.HEADER_BYTES + view.getInt(at + 16);
        }
        return at;
    }

    private static byte[] with(final byte[] bytes, final int part, final int at, final long value) {
        final byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(part + at, value);
        SequencerSnapshotTest.sign(changed, part);
        return changed;
    }

    @Test
    void whatJustFitsTheLimitsIsRestored() {
        for (final boolean inSource : new boolean[] {false, true}) {
            assertThat(restore(settings(10, 4, 5), snapshot(inSource)).heldNow())
                    .isEqualTo(4);
        }
    }

    @Test
    void aNumberFurtherAheadThanTheGapIsRefused() {
        for (final boolean inSource : new boolean[] {false, true}) {
            final byte[] bytes = snapshot(inSource);
            assertThatThrownBy(() -> restore(settings(9, 4, 5), bytes))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("at byte ")
                    .hasMessageContaining("number 11 is held, where 1 is expected: a maxSequenceGap of 9");
            final int held = partOf(bytes, SnapshotPart.HELD);
            final int numberAt = SnapshotPart.HEADER_BYTES + (inSource ? 24 : 16);
            final byte[] far = with(bytes, held, numberAt, Long.MAX_VALUE);
            assertThatThrownBy(() -> restore(settings(Integer.MAX_VALUE, 4, 5), far))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("number " + Long.MAX_VALUE + " is held");
        }
    }

    @Test
    void moreThanTheBufferHoldsIsRefused() {
        for (final boolean inSource : new boolean[] {false, true}) {
            final byte[] bytes = snapshot(inSource);
            assertThatThrownBy(() -> restore(settings(10, 3, 5), bytes))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("at byte ")
                    .hasMessageContaining("a maxBufferSize of 3 is too small");
        }
    }

    @Test
    void aSmallerMaxHeldIsRefusedByItsNameAndWithWhatWouldDo() {
        final byte[] bytes = snapshot(false);
        assertThatThrownBy(() -> restore(settings(10, 4, 4), bytes))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("4 events are held, and a maxHeld of 4 is too small")
                .hasMessageContaining("at least 5");
    }

    @Test
    void anExpectedNumberThatLeavesNoRoomToGoOnIsRefused() {
        final byte[] bytes = snapshot(false);
        final int aggregates = partOf(bytes, SnapshotPart.AGGREGATES);
        final long most = Long.MAX_VALUE - (1L << 61);
        assertThatThrownBy(() -> restore(settings(10, 4, 5), with(bytes, 0, HEAD_SOURCE_NEXT, most + 1)))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("the source's number is " + (most + 1));
        assertThatThrownBy(
                        () -> restore(settings(10, 4, 5), with(bytes, aggregates, SnapshotPart.HEADER_BYTES, most + 1)))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("the next number is " + (most + 1));
        assertThatCode(() -> restore(settings(10, 4, 5), with(bytes, 0, HEAD_SOURCE_NEXT, most)))
                .doesNotThrowAnyException();
        assertThat(most).isGreaterThan(Sequencer.MAX_FIRST);
    }

    @Test
    void aCountWithoutRoomToGoOnIsRefused() {
        final byte[] bytes = snapshot(false);
        final long most = 1L << 62;
        final Map<Integer, String> counts =
                Map.of(5, "globalSequence", 7, "arrivals", 10, "given-up ranges", 15, "a total", 34, "a total");
        counts.forEach((index, name) -> {
            final int at = SnapshotPart.HEADER_BYTES + index * Long.BYTES;
            assertThatThrownBy(() -> restore(settings(10, 4, 5), with(bytes, 0, at, most + 1)))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining(name + " is " + (most + 1));
        });
        final int globalAt = SnapshotPart.HEADER_BYTES + 5 * Long.BYTES;
        final Sequencer restored = restore(settings(10, 4, 5), with(bytes, 0, globalAt, most));
        assertThat(restored.offerId(1, 1, 0, 0)).isEqualTo(Sequencer.RELEASED);
        assertThat(restored.lastGlobalSequence()).isEqualTo(most + 1);
    }

    @Test
    void aggregatesForWhichThereIsNoMemoryAreRefusedWithWhatToDo() {
        final byte[] bytes = snapshot(false);
        final int[] left = {1}; // the index has its first chunk from the start
        final DirectMemory direct = new DirectMemory((size, alignment) -> {
            if (left[0]-- == 0) {
                throw new OutOfMemoryError("Cannot reserve " + size + " bytes");
            }
            return BufferUtil.allocateDirectAligned(size, alignment);
        });
        final Reorder into = new Reorder(settings(10, 4, 5), RING, Sequencer.GIVEN_UP_LIMIT, direct);
        assertThatThrownBy(() -> SequencerRestore.restore(
                        into,
                        new UnsafeBuffer(bytes),
                        0,
                        bytes.length,
                        SequencerHarness::hash,
                        (entry, from, offset, length) -> {}))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("no memory outside the heap for more than 0 aggregates")
                .hasMessageContaining("-XX:MaxDirectMemorySize");
    }
}
