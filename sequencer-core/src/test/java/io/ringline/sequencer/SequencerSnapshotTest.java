package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.sequencer.SequencerHarness.Token;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SequencerSnapshotTest {
    private static final int RING = 64;
    private static final SequencerSettings SETTINGS =
            new SequencerSettings(Ordering.GLOBAL, 100, 50, 100, 1_000, OnGapTooWide.FORCE, 40, FirstSequence.ONE);

    private final SequencerHarness harness = new SequencerHarness(SETTINGS, RING);
    private long ids;

    private void offer(final int aggregate, final long sequence, final long source) {
        harness.offer(aggregate, sequence, source, ids, new Token(++ids, sequence));
    }

    /** Something of everything: held in both orders, given up, evicted, a gap of the source's that is still to be shown. */
    private void fill() {
        for (int i = 0; i < 50; i++) {
            offer(i, 1, 0);
        }
        for (int i = 20; i < 45; i++) {
            offer(i, 3, 0);
            offer(i, 5, 0);
        }
        harness.consume(1_000);
        harness.tick(20_000);
        for (int i = 20; i < 40; i++) {
            offer(i, 9, 0);
            offer(i, 7, 10 + i);
        }
        harness.consume(1_000);
    }

    private byte[] snapshot() {
        final SequencerSnapshot snapshot = new SequencerSnapshot(harness.sequencer);
        final UnsafeBuffer to = new UnsafeBuffer(new byte[1 << 16]);
        snapshot.begin();
        int length = 0;
        while (snapshot.isUnderWay()) {
            length += snapshot.step(to, length, 700, new ProofSnapshot.Held(harness));
        }
        assertThat(snapshot.step(to, length, 700, new ProofSnapshot.Held(harness)))
                .as("nothing is left")
                .isZero();
        return Arrays.copyOf(to.byteArray(), length);
    }

    private static Sequencer restore(final SequencerSettings settings, final byte[] bytes) {
        return restore(settings, new UnsafeBuffer(bytes), bytes.length);
    }

    private static Sequencer restore(final SequencerSettings settings, final UnsafeBuffer bytes, final int length) {
        final HeldArena arena = new HeldArena(settings.maxHeld(), SequencerHarness.BLOCK);
        return SequencerRestore.restore(
                new Reorder(settings, RING, SequencerHarness.GIVEN_UP),
                bytes,
                0,
                length,
                SequencerHarness::hash,
                (entry, from, offset, count) -> arena.buffer(entry).putBytes(arena.offset(entry), from, offset, count));
    }

    @Test
    void whatIsRestoredIsTheSameAndSoIsItsOwnSnapshot() {
        fill();
        final byte[] bytes = snapshot();
        final ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length);
        direct.put(bytes);
        final Sequencer restored = restore(SETTINGS, new UnsafeBuffer(direct), bytes.length);
        final Sequencer original = harness.sequencer;
        assertThat(restored.heldNow()).isEqualTo(original.heldNow()).isPositive();
        assertThat(restored.aggregates().size()).isEqualTo(40);
        assertThat(restored.lastGlobalSequence()).isEqualTo(original.lastGlobalSequence());
        assertThat(restored.statistics().totals())
                .isEqualTo(original.statistics().totals());
        final AggregateState wanted = new AggregateState();
        final AggregateState found = new AggregateState();
        for (int id = 0; id < 50; id += 3) {
            final boolean known = original.aggregates().describeId(id, wanted);
            assertThat(restored.aggregates().describeId(id, found)).isEqualTo(known);
            assertThat(new long[] {found.next(), found.held(), found.oldestHeldNs(), found.deadlineNs()})
                    .containsExactly(wanted.next(), wanted.held(), wanted.oldestHeldNs(), wanted.deadlineNs());
        }
    }

    @Test
    void everyChangedByteIsRefusedWithItsPlace() {
        fill();
        final byte[] bytes = snapshot();
        final long seed = new Random().nextLong();
        System.out.println("SequencerSnapshotTest: seed " + seed);
        final Random random = new Random(seed);
        for (int at = 0; at < bytes.length; at += 1 + random.nextInt(8)) { // any byte, over the runs
            final byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> restore(SETTINGS, damaged))
                    .as("byte %d", at)
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("byte ");
        }
    }

    @Test
    void everyCutIsRefused() {
        fill();
        final byte[] bytes = snapshot();
        for (int length = 0; length < bytes.length; length += length < 600 ? 1 : 17) {
            final byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> restore(SETTINGS, cut)).isInstanceOf(SnapshotException.class);
        }
        assertThatThrownBy(() -> restore(SETTINGS, Arrays.copyOf(bytes, bytes.length + 1)))
                .hasMessageContaining("follow behind the end");
    }

    /** A damage that has the right checksum: nothing but a refusal, or a sequencer that works, may come of it. */
    @Test
    void hostileBytesAreRefusedOrHarmless() {
        fill();
        final byte[] bytes = snapshot();
        final long seed = new Random().nextLong();
        System.out.println("SequencerSnapshotTest: seed " + seed);
        final Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 4_000; round++) {
            final byte[] hostile = bytes.clone();
            final int part = anyPart(hostile, random);
            final int partBytes =
                    ByteBuffer.wrap(hostile).order(ByteOrder.LITTLE_ENDIAN).getInt(part + 16);
            final int at = part + 8 + random.nextInt(SnapshotPart.HEADER_BYTES - 12 + partBytes);
            hostile[at >= part + 20 ? at + 4 : at] = (byte) (random.nextBoolean() ? random.nextInt() : -1);
            sign(hostile, part);
            try {
                use(restore(SETTINGS, hostile), random);
            } catch (final SnapshotException expected) {
                assertThat(expected).hasMessageContaining("byte ");
                refused++;
            }
        }
        assertThat(refused).isBetween(200, 3_999);
    }

    private static int anyPart(final byte[] bytes, final Random random) {
        final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (int skip = random.nextInt(40); skip > 0; skip--) {
            final int next = at + SnapshotPart.HEADER_BYTES + view.getInt(at + 16);
            at = next < bytes.length ? next : 0;
        }
        return at;
    }

    static void sign(final byte[] bytes, final int part) {
        final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final int length = Math.max(0, Math.min(view.getInt(part + 16), bytes.length - part - 24));
        final CRC32C crc = new CRC32C();
        crc.update(bytes, part, 20);
        crc.update(bytes, part + 24, length);
        view.putInt(part + 20, (int) crc.getValue());
    }

    private static void use(final Sequencer sequencer, final Random random) {
        for (int i = 0; i < 30; i++) {
            sequencer.offerId(3L * random.nextInt(20), random.nextInt(12), random.nextInt(50), 30_000);
            sequencer.reclaim(sequencer.releaseFrom() + sequencer.releaseCount());
        }
        sequencer.releaseAll();
        sequencer.reclaim(sequencer.releaseFrom() + sequencer.releaseCount());
    }

    @Test
    void aNewerVersionIsRefusedByItsVersion() {
        final byte[] bytes = snapshot();
        bytes[4] = 2;
        sign(bytes, 0);
        assertThatThrownBy(() -> restore(SETTINGS, bytes))
                .hasMessageContaining("at byte 0: version 2; this is version 1");
    }

    @Test
    void otherSettingsAreRefused() {
        final byte[] bytes = snapshot();
        final SequencerSettings other =
                new SequencerSettings(Ordering.AGGREGATE, 100, 50, 100, 1_000, OnGapTooWide.FORCE);
        assertThatThrownBy(() -> restore(other, bytes)).hasMessageContaining("ordering was 2 and is 1 here");
    }

    @Test
    void aPieceNeedsRoomForARecordAndSaysHowMuch() {
        fill();
        final SequencerSnapshot snapshot = new SequencerSnapshot(harness.sequencer);
        final UnsafeBuffer to = new UnsafeBuffer(new byte[1 << 12]);
        snapshot.begin();
        assertThatThrownBy(snapshot::begin).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> snapshot.step(to, 0, 100, new ProofSnapshot.Held(harness)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(SnapshotHead.BYTES + " bytes");
        assertThat(snapshot.step(to, 0, 1_000, new ProofSnapshot.Held(harness))).isPositive();
        assertThatThrownBy(() -> snapshot.step(to, 0, 40, new ProofSnapshot.Held(harness)))
                .hasMessageContaining("needs 60 bytes");
        snapshot.abort();
        assertThat(snapshot.isUnderWay()).isFalse();
        snapshot.begin();
        snapshot.abort();
    }

    /** Of an empty sequencer, the held part and the end are headers alone. */
    @Test
    void nothingIsWrittenBehindTheRoomThatIsGivenAndThePieceComesAgain() {
        final byte[] wanted = snapshot();
        final SequencerSnapshot snapshot = new SequencerSnapshot(harness.sequencer);
        final UnsafeBuffer to = new UnsafeBuffer(new byte[1 << 12]);
        snapshot.begin();
        int length = 0;
        while (snapshot.isUnderWay()) {
            for (int room = 0; room < SnapshotPart.HEADER_BYTES; room++) {
                final int offset = length;
                final int tight = room;
                assertThatThrownBy(() -> snapshot.step(to, offset, tight, new ProofSnapshot.Held(harness)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("needs 24 bytes and there are " + tight);
            }
            assertThat(to.getInt(length)).as("written behind the room").isZero();
            final int headed = SnapshotPart.HEADER_BYTES + (length == 0 ? SnapshotHead.BYTES : 0);
            length += snapshot.step(to, length, headed, new ProofSnapshot.Held(harness));
        }
        assertThat(Arrays.copyOf(to.byteArray(), length)).isEqualTo(wanted);
    }

    @Test
    void memoryWithoutAChecksumIsRefusedBeforeThePieceIsPassedOver() {
        final byte[] wanted = snapshot();
        final UnsafeBuffer raw = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 10));
        final UnsafeBuffer bare = new UnsafeBuffer(raw.addressOffset(), raw.capacity());
        final SequencerSnapshot snapshot = new SequencerSnapshot(harness.sequencer);
        snapshot.begin();
        int length = 0;
        final UnsafeBuffer to = new UnsafeBuffer(new byte[1 << 12]);
        while (snapshot.isUnderWay()) {
            assertThatThrownBy(() -> snapshot.step(bare, 0, 1 << 10, new ProofSnapshot.Held(harness)))
                    .hasMessageContaining("an array or a ByteBuffer");
            length += snapshot.step(to, length, 1_000, new ProofSnapshot.Held(harness));
        }
        assertThat(Arrays.copyOf(to.byteArray(), length)).isEqualTo(wanted);
    }

    @Test
    void aLargeSnapshotComesInSmallPiecesAndShowsItsBeginWhateverHappensMeanwhile() {
        final int count = 100_000;
        final SequencerSettings settings = new SequencerSettings(
                Ordering.AGGREGATE, 100, 50, 100, 1_000, OnGapTooWide.FORCE, count, FirstSequence.ONE);
        final Sequencer sequencer = new Sequencer(new Reorder(settings, RING, SequencerHarness.GIVEN_UP));
        for (int i = 0; i < count; i++) {
            offerLarge(sequencer, i);
        }
        final SequencerSnapshot snapshot = new SequencerSnapshot(sequencer);
        final UnsafeBuffer to = new UnsafeBuffer(new byte[1 << 24]);
        snapshot.begin();
        int length = 0;
        int other = 0;
        while (snapshot.isUnderWay()) {
            final int written = snapshot.step(to, length, to.capacity() - length, new ProofSnapshot.Held(harness));
            assertThat(written).isPositive().isLessThanOrEqualTo((1 << 16) + SnapshotPart.HEADER_BYTES);
            length += written;
            for (int i = 0; i < 2_000; i++) { // some go on; others are evicted, long keys among them
                other += 7_919;
                assertThat(offerLarge(sequencer, other % (2 * count))).isEqualTo(Sequencer.RELEASED);
            }
        }
        assertThat(sequencer.statistics().evicted()).isGreaterThan(count / 2);
        final Sequencer restored = restore(settings, to, length);
        final AggregateState state = new AggregateState();
        assertThat(restored.aggregates().size()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(describeLarge(restored, i, state)).isTrue();
            assertThat(state.next()).isEqualTo(2);
        }
        for (int i = 0; i < 1_000; i++) {
            offerLarge(restored, count + i);
            assertThat(describeLarge(restored, i, state))
                    .as("the oldest went first")
                    .isFalse();
            assertThat(describeLarge(restored, i + 1, state)).isTrue();
        }
    }

    private static UnsafeBuffer largeKey(final int i) {
        return new UnsafeBuffer(("a key that is longer than a line: " + i).getBytes(StandardCharsets.US_ASCII));
    }

    private static int offerLarge(final Sequencer sequencer, final int i) {
        if (i % 4 != 0) {
            return sequencer.offerId(i, 0, 0, 0);
        }
        final UnsafeBuffer key = largeKey(i);
        final long hash = SequencerHarness.hash(key, 0, key.capacity());
        return sequencer.offerBytes(key, 0, key.capacity(), hash, 0, 0, 0);
    }

    private static boolean describeLarge(final Sequencer sequencer, final int i, final AggregateState state) {
        if (i % 4 != 0) {
            return sequencer.aggregates().describeId(i, state);
        }
        final UnsafeBuffer key = largeKey(i);
        final long hash = SequencerHarness.hash(key, 0, key.capacity());
        return sequencer.aggregates().describeBytes(key, 0, key.capacity(), hash, state);
    }
}
