package io.ringline.sequencer;

import io.ringline.sequencer.SequencerHarness.Token;
import io.ringline.sequencer.model.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that is written while steps go on. What is restored from it shows how things stood at its begin: so it is played
 * all steps since then, must make the same of each, and then goes on instead of the one that never stopped.
 */
final class ProofSnapshot {
    private record Played(
            ProofStep step, Token token, @Nullable List<Result<Token>> results) {}

    private final ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
    private final UnsafeBuffer piece = new UnsafeBuffer(new byte[512]);
    private final List<Played> since = new ArrayList<>();
    private @Nullable SequencerSnapshot snapshot;
    private int length;

    /** Copies held events out of a harness. */
    record Held(SequencerHarness of) implements SequencerSnapshot.HeldBytes {
        @Override
        public int length(final int entry) {
            return SequencerHarness.BLOCK;
        }

        @Override
        public void copy(final int entry, final MutableDirectBuffer to, final int offset) {
            to.putBytes(offset, of.arena.buffer(entry), of.arena.offset(entry), SequencerHarness.BLOCK);
        }
    }

    void begin(final SequencerHarness of) {
        if (snapshot == null) {
            snapshot = new SequencerSnapshot(of.sequencer);
            snapshot.begin();
            since.clear();
            length = 0;
        }
    }

    /** Writes a piece of the snapshot under way. @return whether that was the last. */
    boolean writePiece(final SequencerHarness of) {
        if (snapshot == null) {
            return false;
        }
        final int written = snapshot.step(piece, 0, piece.capacity(), new Held(of));
        bytes.putBytes(length, piece, 0, written);
        length += written;
        return !snapshot.isUnderWay();
    }

    void note(final ProofStep step, final Token token, final @Nullable List<Result<Token>> results) {
        if (snapshot != null) {
            since.add(new Played(step, token, results));
        }
    }

    SequencerHarness restore(final SequencerSettings settings, final int ringSize) {
        snapshot = null;
        final HeldArena arena = new HeldArena(settings.maxHeld(), SequencerHarness.BLOCK);
        final Sequencer sequencer = SequencerRestore.restore(
                new Reorder(settings, ringSize, SequencerHarness.GIVEN_UP),
                bytes,
                0,
                length,
                SequencerHarness::hash,
                (entry, from, offset, count) -> arena.buffer(entry).putBytes(arena.offset(entry), from, offset, count));
        final SequencerHarness restored = new SequencerHarness(sequencer, ringSize, arena);
        for (final Played played : since) {
            final List<Result<Token>> again = ProofRun.playOnce(restored, played.step, played.token);
            if (!Objects.equals(again, played.results)) {
                throw new AssertionError("restored, then " + played.step + ":\n  " + again + "\nand not what it was\n  "
                        + played.results);
            }
            while (restored.selfBehind() >= ringSize) {
                restored.consume(1);
            }
        }
        return restored;
    }
}
